"""`serve`: the API and the pages."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from muse_graph.cli.connection import connect, database
from muse_graph.cli.options import Home, Host, Port, read_settings
from muse_graph.cli.output import note
from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable, InvalidRequest, MuseError
from muse_graph.loopback import is_loopback

__all__ = ["check_loopback", "check_port", "interrupt_as_end", "serve"]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    threads: Annotated[int, typer.Option(help="Requests that a process answers at once.", min=1)] = 8,
    workers: Annotated[int, typer.Option(help="Processes; each has its own metrics.", min=1)] = 1,
    is_open: Annotated[
        bool, typer.Option("--open", help="Nobody has to sign in; only on a loopback address.")
    ] = False,
    home: Home = None,
) -> None:
    """Serve the API and the pages until Ctrl-C; who uses them signs in.

    Accounts are made by `muse-graph account create`, and by who signs up.
    """
    from muse_graph.api import server

    if is_open:
        check_loopback(host, "--open")
    check_port(host, port)
    with database(read_settings(home)) as settings:
        _prepare(settings)
        note(f"serving on http://{host}:{port}/, docs on http://{host}:{port}/docs; Ctrl-C stops it")
        with interrupt_as_end():
            server.serve(
                settings,
                host=host,
                port=port,
                threads=threads,
                workers=workers,
                sign_in="off" if is_open else "required",
            )


@contextmanager
def interrupt_as_end() -> Iterator[None]:
    """Within it, Ctrl-C asks this process to end as SIGTERM does, and its children do not hear of it.

    A terminal sends it to all of them. A worker that is still importing would answer with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Children inherit what is blocked.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    main = threading.get_ident()
    threading.Thread(target=_pass_on, args=[main], name="interrupt", daemon=True).start()
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pass_on(main: int) -> None:
    while True:
        signal.sigwait({signal.SIGINT})
        # Sent to the process it might reach this thread, and the main one would go on waiting.
        signal.pthread_kill(main, signal.SIGTERM)


def _prepare(settings: Settings) -> None:
    """Migrate the schema before the first request; the service itself waits for a database."""
    try:
        with connect(settings):
            pass
    except GraphUnavailable as error:
        note(f"not ready yet: {error}")


def check_loopback(host: str, option: str) -> None:
    """Raise InvalidRequest unless only this machine can reach the address."""
    if not is_loopback(host):
        raise InvalidRequest(
            f"{option} lets everybody do everything, so --host must be a loopback address, got {host}"
        )


def check_port(host: str, port: int) -> None:
    """Raise MuseError if the address is not free, before Neo4j is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise MuseError(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
            ) from None
