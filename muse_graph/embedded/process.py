"""The processes of a home: found by it in their command lines, never by a number that may have gone stale."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from muse_graph.embedded.home import Home
from muse_graph.embedded.ports import answers_bolt
from muse_graph.embedded.runtime import Runtime
from muse_graph.errors import EmbeddedError

__all__ = [
    "START_TIMEOUT_S",
    "admin_mark",
    "find_server",
    "has_admins",
    "kill_admins",
    "launch_guard",
    "launch_server",
    "stop_server",
    "wait_for_server",
]

MAIN_CLASS = "org.neo4j.server.Neo4jCommunity"
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 120.0
POLL_S = 0.1
TAIL_LINES = 15
STARTED = " INFO  Started."


class _Detached(subprocess.Popen[bytes]):
    """A process meant to outlive the object that started it, which therefore goes without a warning."""

    def __del__(self) -> None:
        """Leave the process alone."""


def server_arguments(home: Home) -> list[str]:
    """Main class and arguments of the server: the process with all of them is the one of this home."""
    return [MAIN_CLASS, f"--home-dir={home.path}", f"--config-dir={home.conf}", "--console-mode"]


def admin_mark(home: Home) -> str:
    """Option of Java by which the admin commands of a home are found."""
    return f"-Dmuse.home={home.path}"


def find_server(home: Home) -> psutil.Process | None:
    """The process that serves ``home``, whichever process started it."""
    return next(_find(server_arguments(home)), None)


def has_admins(home: Home) -> bool:
    """Whether an admin command works on a home."""
    return next(_find([admin_mark(home)]), None) is not None


def kill_admins(home: Home) -> None:
    """End admin commands whose owner has ended; for one who has claimed the home."""
    found = list(_find([admin_mark(home)]))
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(found, timeout=STOP_TIMEOUT_S)


def _find(arguments: list[str]) -> Iterator[psutil.Process]:
    """Processes with all of these in their command line."""
    wanted = set(arguments)
    for process in psutil.process_iter(["cmdline"]):
        if wanted.issubset(process.info["cmdline"] or ()):
            yield process


def launch_server(home: Home, runtime: Runtime) -> psutil.Process:
    """Start the server in a session of its own: a Ctrl-C in the terminal is for us, who then stop it."""
    with home.console_log.open("wb") as log:
        return _launch(runtime.command(*server_arguments(home)), stdout=log)


def launch_guard(home: Home) -> None:
    """Start what stops the server once nobody uses the home any more, however its users ended."""
    # By its path: the package would load what only a start needs, and a guard waits for days.
    script = Path(__file__).with_name("guard.py")
    root = str(script.parents[2])
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-P", str(script), str(home.path)]
    _launch(command, stdout=subprocess.DEVNULL, environ={**os.environ, "PYTHONPATH": paths})


def _launch(
    command: list[str], *, stdout: IO[bytes] | int, environ: dict[str, str] | None = None
) -> psutil.Process:
    process = _Detached(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env=environ,
        start_new_session=True,
        # What Windows has for a session.
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    return psutil.Process(process.pid)


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
