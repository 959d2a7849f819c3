"""Start, stop and look at the Neo4j of a home."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from types import FrameType
from typing import NoReturn

import psutil
from rich.console import Console
from rich.status import Status as ConsoleStatus

from muse_graph.config import Settings
from muse_graph.embedded.admin import run_admin
from muse_graph.embedded.conf import heap_options, jvm_options
from muse_graph.embedded.home import Home
from muse_graph.embedded.jars import fetch_jars, read_lock, server_version
from muse_graph.embedded.java import find_java
from muse_graph.embedded.memory import machine_memory_mb, size_memory
from muse_graph.embedded.ports import HOST, answers_bolt, choose_ports
from muse_graph.embedded.process import find_server, launch, stop_server, wait_for_bolt
from muse_graph.embedded.setup import write_conf
from muse_graph.errors import EmbeddedError

__all__ = ["Status", "running", "start", "status", "stop"]


@dataclass(frozen=True)
class Status:
    """How to reach the Neo4j of a home.

    running : whether its process lives and Bolt answers
    browser : address of Neo4j Browser, with server and database filled in
    pid     : its process; None when there is none
    """

    running: bool
    uri: str
    username: str
    password: str = field(repr=False)
    browser: str
    home: str
    pid: int | None
    version: str

    def as_dict(self) -> dict[str, str | int | bool | None]:
        """Field by field, for JSON; with the password."""
        return asdict(self)


def status(settings: Settings) -> Status:
    """The state of the home now; starts and writes nothing."""
    home = Home.at(settings.home)
    return _status(home, find_server(home))


def start(settings: Settings) -> Status:
    """Start the Neo4j of the home, detached: it outlives this process. One that runs is left as it is.

    raises: EmbeddedError if it cannot be fetched or started, or if another process is just doing so
    """
    return _start(settings)[0]


def stop(settings: Settings) -> Status:
    """Stop the Neo4j of the home, whoever started it; none running is no error."""
    home = Home.at(settings.home)
    if server := find_server(home):
        with _spinner("Neo4j stops"):
            stop_server(server)
    return _status(home, None)


@contextmanager
def running(settings: Settings) -> Iterator[Status]:
    """A running Neo4j: the one there, or one of our own that is stopped at the end.

    The end comes with Ctrl-C and, in the main thread, with SIGTERM too.
    """
    with _terminated_as_exit():
        found, ours = _start(settings)
        try:
            yield found
        finally:
            if ours:
                stop(settings)


def _start(settings: Settings) -> tuple[Status, bool]:
    """Status of a server that answers, and whether this call started it."""
    home = Home.at(settings.home)
    home.make()
    with home.claim("start"):
        server = find_server(home)
        if server is not None:
            with _spinner("Neo4j starts"):
                wait_for_bolt(home, server)
            return _status(home, server), False
        return _status(home, _launch(settings, home)), True


def _launch(settings: Settings, home: Home) -> psutil.Process:
    java, lib = find_java(), fetch_jars(settings)
    memory = size_memory(settings, machine_memory_mb())
    ports = choose_ports(home.ports)
    home.remember_ports(ports)
    write_conf(settings, home, ports)
    with _spinner("Neo4j starts"):
        if not home.has_users:
            _set_first_password(settings, home)
        child = launch(home, java.path, jvm_options(java) + heap_options(memory), lib)
        try:
            wait_for_bolt(home, child)
        except BaseException:
            child.terminate()
            child.wait()
            raise
    return psutil.Process(child.pid)


def _set_first_password(settings: Settings, home: Home) -> None:
    # "@file" is read by the command itself, so the password shows in no list of processes.
    args = ["dbms", "set-initial-password", f"@{home.password_file}"]
    done = run_admin(settings, home, args, capture=True)
    if done.returncode:
        raise EmbeddedError(f"cannot set the password of Neo4j: {done.stdout}{done.stderr}")


def _status(home: Home, server: psutil.Process | None) -> Status:
    ports = home.ports
    address = f"{HOST}:{ports.bolt}"
    return Status(
        running=server is not None and answers_bolt(ports.bolt),
        uri=f"bolt://{address}",
        username="neo4j",
        password=home.password,
        browser=f"http://{HOST}:{ports.http}/browser/?dbms=bolt://neo4j@{address}&db=neo4j",
        home=str(home.path),
        pid=server.pid if server else None,
        version=server_version(read_lock()),
    )


def _spinner(text: str) -> ConsoleStatus:
    return Console(stderr=True).status(text)


@contextmanager
def _terminated_as_exit() -> Iterator[None]:
    """SIGTERM unwinds this process as an exit does, unless someone handles it already."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
    ):
        yield
        return
    signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
