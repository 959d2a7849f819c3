"""Start, stop and look at the Neo4j of a home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from rich.console import Console
from rich.status import Status as Spinner

from muse_graph.config import Settings
from muse_graph.embedded.admin import run_admin
from muse_graph.embedded.conf import conf_text
from muse_graph.embedded.home import START, STOP, Home, HomeInUse
from muse_graph.embedded.install.jars import read_lock, server_version
from muse_graph.embedded.ports import HOST, answers_bolt, choose_ports, is_free
from muse_graph.embedded.process import (
    START_TIMEOUT_S,
    find_server,
    has_admins,
    kill_admins,
    launch_guard,
    launch_server,
    stop_server,
    wait_for_server,
)
from muse_graph.embedded.runtime import Runtime, prepare_runtime
from muse_graph.embedded.shutdown import signals_as_exit
from muse_graph.errors import EmbeddedError

__all__ = [
    "START_PATIENCE_S",
    "Status",
    "describe",
    "ensure_server",
    "has_store",
    "running",
    "start",
    "status",
    "stop",
    "stop_claimed",
    "stop_unused",
]

#: How long another process may take to start or stop the server.
START_PATIENCE_S = START_TIMEOUT_S


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
    return describe(home, find_server(home))


def has_store(settings: Settings) -> bool:
    """Whether the home holds a graph already, empty or not; starts and writes nothing."""
    return (Home.at(settings.home).path / "data" / "databases" / "neo4j").exists()


def start(settings: Settings) -> Status:
    """Start the Neo4j of the home and let it run until it is stopped, whoever uses it; also one that runs.

    Raises:
        EmbeddedError: If it cannot be fetched or started, or the home is busy.
    """
    home = Home.at(settings.home)
    home.make()
    with signals_as_exit(), home.claim(START, START_PATIENCE_S):
        server = ensure_server(settings, home)
        home.keep(True)
    return describe(home, server)


def stop(settings: Settings) -> Status:
    """Stop the Neo4j of the home, whoever uses it; none running is not an error.

    Raises:
        EmbeddedError: If it does not stop, or the home is busy.
    """
    home = Home.at(settings.home)
    if find_server(home):
        with home.claim(STOP, START_PATIENCE_S):
            stop_claimed(home)
    return describe(home, find_server(home))


@contextmanager
def running(settings: Settings, purpose: str = "a program") -> Iterator[Status]:
    """A running Neo4j: the one there, or a new one. The last to use it stops it, unless `start` did start it.

    Args:
        purpose: what others are told who would have the home for themselves
    """
    home = Home.at(settings.home)
    home.make()
    with signals_as_exit(), ExitStack() as until_end:
        with home.claim(START, START_PATIENCE_S):
            until_end.callback(stop_unused, home.path)
            until_end.enter_context(home.announce(purpose))
            server = ensure_server(settings, home)
        yield describe(home, server)


def stop_unused(path: Path) -> bool:
    """Stop the server of the home at ``path`` unless somebody uses it; return False if its use goes on."""
    home = Home(path)
    server = find_server(home)
    if server is None and not has_admins(home):
        return True  # and no file is touched, for who has used the home may be deleting it
    if not path.is_dir():  # deleted under its server, which nobody can use any more
        if server:
            stop_server(server)
        return True
    try:
        with home.claim(STOP):
            if home.users():
                return False
            kill_admins(home)
            if not home.is_kept:
                stop_claimed(home)
            return True
    except HomeInUse:
        return False


def ensure_server(settings: Settings, home: Home) -> psutil.Process:
    """A server that answers, started if need be, for one who has claimed the home."""
    kill_admins(home)
    if home.discard_import():
        Console(stderr=True).print(
            "an import into this home, or its reset, was interrupted: nothing was kept, the graph is empty",
            soft_wrap=True,
        )
    if server := find_server(home):
        if not home.is_kept:
            launch_guard(home)  # in case the one of its start was killed, too
        with _spinner("Neo4j starts"):
            wait_for_server(home, server)
    else:
        home.keep(False)
        server = _start_server(home, prepare_runtime(settings))
    return server


def _start_server(home: Home, runtime: Runtime) -> psutil.Process:
    """Start the server of a claimed home; one that does not come up is stopped again."""
    if home.has_users and not home.password:
        raise EmbeddedError(f"the password of the Neo4j in {home.path} is lost: restore {home.password_file}")
    with _spinner("Neo4j starts"):
        try:
            return _start_once(home, runtime)
        except EmbeddedError:
            # Java takes seconds to listen, and meanwhile another may have taken a port that was free.
            if is_free(home.ports.bolt) and is_free(home.ports.http):
                raise
            return _start_once(home, runtime)


def _start_once(home: Home, runtime: Runtime) -> psutil.Process:
    ports = choose_ports(home.ports)
    home.remember_ports(ports)
    home.conf_file.write_text(conf_text(ports, runtime), encoding="utf-8")
    if not home.has_users:
        _set_first_password(home, runtime)
    # First, for whatever happens to us from now on.
    launch_guard(home)
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


def stop_claimed(home: Home) -> None:
    """Stop the server, for one who has claimed the home."""
    if server := find_server(home):
        with _spinner("Neo4j stops"):
            stop_server(server)
    home.keep(False)


def describe(home: Home, server: psutil.Process | None) -> Status:
    """How to reach the server of a home, and whether it answers."""
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
