"""The server's process: found by the home in its command line, never by a number that may have gone stale."""

from __future__ import annotations

import signal
import subprocess
import time

import psutil

from muse_graph.embedded.home import Home
from muse_graph.embedded.ports import answers_bolt
from muse_graph.embedded.runtime import Runtime
from muse_graph.errors import EmbeddedError

__all__ = ["find_server", "launch_server", "stop_server", "wait_for_server"]

MAIN_CLASS = "org.neo4j.server.Neo4jCommunity"
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 120.0
POLL_S = 0.1
TAIL_LINES = 15
STARTED = " INFO  Started."


class _Server(subprocess.Popen[bytes]):
    """A process meant to outlive the object that started it, which therefore goes without a warning."""

    def __del__(self) -> None:
        """Leave the process alone."""


def server_arguments(home: Home) -> list[str]:
    """Main class and arguments of the server: the process with all of them is the one of this home."""
    return [MAIN_CLASS, f"--home-dir={home.path}", f"--config-dir={home.conf}", "--console-mode"]


def find_server(home: Home) -> psutil.Process | None:
    """The process that serves ``home``, whichever process started it."""
    wanted = set(server_arguments(home))
    for process in psutil.process_iter(["cmdline"]):
        if wanted.issubset(process.info["cmdline"] or ()):
            return process
    return None


def launch_server(home: Home, runtime: Runtime) -> psutil.Process:
    """Start the server in a session of its own: a Ctrl-C in the terminal is for us, who then stop it."""
    with home.console_log.open("wb") as log:
        server = _Server(
            runtime.command(*server_arguments(home)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=getattr(
                subprocess, "CREATE_NEW_PROCESS_GROUP", 0
            ),  # what Windows has for a session
        )
    return psutil.Process(server.pid)


def wait_for_server(home: Home, server: psutil.Process) -> None:
    """Return once Bolt answers and the server has started; stopped earlier, it has to recover next time.

    Raises:
        EmbeddedError: With the end of the server's log if it ends instead, or is not up in time.
    """
    ports = home.ports
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if not is_alive(server):
            raise EmbeddedError(f"Neo4j exited while starting; {_log_tail(home)}")
        if _has_started(home) and answers_bolt(ports.bolt):
            return
        time.sleep(POLL_S)
    raise EmbeddedError(f"Neo4j did not answer within {START_TIMEOUT_S:.0f} s; {_log_tail(home)}")


def stop_server(server: psutil.Process) -> None:
    """Ask the server to end and wait for it, so that its store is clean; one that has ended is no error.

    Raises:
        EmbeddedError: If it does not end in time; it is not killed, for it may be writing.
    """
    try:
        # Windows has no SIGTERM a program could answer; Java ends in order on a break event, too.
        server.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
    except psutil.NoSuchProcess:
        return
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while not _has_ended(server):
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"Neo4j, process {server.pid}, still runs {STOP_TIMEOUT_S:.0f} s after the stop"
            )


def _has_ended(server: psutil.Process) -> bool:
    """Wait a moment and check; a child of another process stays a zombie until that looks after it."""
    try:
        server.wait(POLL_S)
    except psutil.TimeoutExpired:
        return not is_alive(server)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; a zombie child does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _has_started(home: Home) -> bool:
    return any(line.endswith(STARTED) for line in _log_lines(home))


def _log_tail(home: Home) -> str:
    return "\n".join([f"the end of {home.console_log}:", *_log_lines(home)[-TAIL_LINES:]])


def _log_lines(home: Home) -> list[str]:
    return home.console_log.read_text(encoding="utf-8", errors="replace").splitlines()
