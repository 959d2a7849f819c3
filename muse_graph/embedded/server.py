"""Start, stop and look at the Neo4j of a home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import psutil
from rich.console import Console
from rich.status import Status as Spinner

from muse_graph.config import Settings
from muse_graph.embedded.admin import run_admin
from muse_graph.embedded.conf import conf_text
from muse_graph.embedded.home import Home
from muse_graph.embedded.install.jars import read_lock, server_version
from muse_graph.embedded.ports import HOST, answers_bolt, choose_ports
from muse_graph.embedded.process import find_server, launch_server, stop_server, wait_for_server
from muse_graph.embedded.runtime import Runtime, prepare_runtime
from muse_graph.embedded.shutdown import signals_as_exit
from muse_graph.errors import EmbeddedError

__all__ = ["Status", "has_store", "running", "start", "status", "stop"]

# Long enough for another process to find the server running and let go; not for a whole start.
STOP_PATIENCE_S = 5.0


@dataclass(frozen=True)
class Status:
    """How to reach the Neo4j of a home.

    Attributes:
        running: whether its process lives and Bolt answers
        browser: address of Neo4j Browser, with server and user filled in
        pid: its process; None when there is none
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
    return _describe(home, find_server(home))


def has_store(settings: Settings) -> bool:
    """Whether the home holds a graph already, empty or not; starts and writes nothing."""
    return (Home.at(settings.home).path / "data" / "databases" / "neo4j").exists()


def start(settings: Settings) -> Status:
    """Start the Neo4j of the home, to outlive this process; one that runs is left as it is.

    Raises:
        EmbeddedError: If it cannot be fetched or started, or if another process is just doing so.
    """
    home = Home.at(settings.home)
    server, _ = _ensure_server(settings, home)
    return _describe(home, server)


def stop(settings: Settings) -> Status:
    """Stop the Neo4j of the home, whichever process started it; none running is not an error.

    Raises:
        EmbeddedError: If it does not stop, or if another process is just starting it.
    """
    home = Home.at(settings.home)
    if server := find_server(home):
        _stop_cleanly(home, server)
    return _describe(home, find_server(home))


@contextmanager
def running(settings: Settings) -> Iterator[Status]:
    """A running Neo4j: the one there, or one of our own that stops at the end, be it Ctrl-C or SIGTERM."""
    home = Home.at(settings.home)
    with signals_as_exit():
        server, ours = _ensure_server(settings, home)
        try:
            yield _describe(home, server)
        finally:
            if ours:
                _stop_cleanly(home, server)


def _ensure_server(settings: Settings, home: Home) -> tuple[psutil.Process, bool]:
    """A server that answers, and whether this call started it."""
    home.make()
    with home.claim("start"):
        server = find_server(home)
        if server is None:
            return _start_server(home, prepare_runtime(settings)), True
        with _spinner("Neo4j starts"):
            wait_for_server(home, server)
        return server, False


def _start_server(home: Home, runtime: Runtime) -> psutil.Process:
    """Start the server of a claimed home; one that does not come up is stopped again."""
    if home.has_users and not home.password:
        raise EmbeddedError(f"the password of the Neo4j in {home.path} is lost: restore {home.password_file}")
    ports = choose_ports(home.ports)
    home.remember_ports(ports)
    home.conf_file.write_text(conf_text(ports, runtime), encoding="utf-8")
    with _spinner("Neo4j starts"):
        if not home.has_users:
            _set_first_password(home, runtime)
        server = launch_server(home, runtime)
        try:
            wait_for_server(home, server)
        except BaseException:
            stop_server(server)
            raise
    return server


def _set_first_password(home: Home, runtime: Runtime) -> None:
    home.make_password()
    # The command reads "@file" itself, so the password shows in no list of processes.
    args = ["dbms", "set-initial-password", f"@{home.password_file}"]
    done = run_admin(home, runtime, args, capture=True)
    if done.returncode:
        raise EmbeddedError(f"cannot set the password of Neo4j: {done.stdout}{done.stderr}")


def _stop_cleanly(home: Home, server: psutil.Process) -> None:
    with home.claim("stop", patience_s=STOP_PATIENCE_S), _spinner("Neo4j stops"):
        stop_server(server)


def _describe(home: Home, server: psutil.Process | None) -> Status:
    ports = home.ports
    address = f"{HOST}:{ports.bolt}"
    return Status(
        running=server is not None and answers_bolt(ports.bolt),
        uri=f"bolt://{address}",
        username="neo4j",
        password=home.password,
        # Without "db": Browser would ask for the database by name before it knows which there are, and fail.
        browser=f"http://{HOST}:{ports.http}/browser/?dbms=bolt://neo4j@{address}",
        home=str(home.path),
        pid=server.pid if server else None,
        version=server_version(read_lock()),
    )


def _spinner(text: str) -> Spinner:
    return Console(stderr=True).status(text)
