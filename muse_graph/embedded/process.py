"""The server's process: found by the home in its command line, never by a number that may have gone stale."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import psutil

from muse_graph.embedded.home import Home
from muse_graph.embedded.ports import answers_bolt
from muse_graph.errors import EmbeddedError

__all__ = ["find_server", "launch", "stop_server", "wait_for_bolt"]

MAIN_CLASS = "org.neo4j.server.Neo4jCommunity"
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 120.0
POLL_S = 0.1
TAIL_LINES = 15


def server_arguments(home: Home) -> list[str]:
    """Main class and arguments of the server; the only process with both is the one of this home."""
    return [MAIN_CLASS, f"--home-dir={home.path}", f"--config-dir={home.conf}", "--console-mode"]


def find_server(home: Home) -> psutil.Process | None:
    """The process that serves ``home``, whoever started it."""
    wanted = set(server_arguments(home))
    for process in psutil.process_iter(["cmdline"]):
        if wanted.issubset(process.info["cmdline"] or ()):
            return process
    return None


def launch(home: Home, java: Path, options: list[str], lib: Path) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own: a Ctrl-C in the terminal is for us, who then stop it."""
    command = [str(java), *options, "-cp", str(lib / "*"), *server_arguments(home)]
    with home.console_log.open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=getattr(
                subprocess, "CREATE_NEW_PROCESS_GROUP", 0
            ),  # what Windows has for a session
        )


def wait_for_bolt(home: Home, process: psutil.Process | subprocess.Popen[bytes]) -> None:
    """Return once Bolt answers.

    raises: EmbeddedError with the end of the server's log if it ends instead, or does not answer in time
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if not _runs(process):
            raise EmbeddedError(f"Neo4j ended while starting; {_log_tail(home)}")
        if answers_bolt(home.ports.bolt):
            return
        time.sleep(POLL_S)
    raise EmbeddedError(f"Neo4j did not answer within {START_TIMEOUT_S:.0f} s; {_log_tail(home)}")


def stop_server(process: psutil.Process) -> None:
    """Ask the server to end and wait for it, so that its store is clean.

    raises: EmbeddedError if it does not end in time; it is not killed, for it may be writing
    """
    try:
        # Windows has no SIGTERM one can answer to; Java ends in order on a break event, too.
        process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
        process.wait(STOP_TIMEOUT_S)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        raise EmbeddedError(
            f"Neo4j, process {process.pid}, still runs {STOP_TIMEOUT_S:.0f} s after the stop"
        ) from None


def _runs(process: psutil.Process | subprocess.Popen[bytes]) -> bool:
    if isinstance(process, subprocess.Popen):
        return process.poll() is None
    return process.is_running()


def _log_tail(home: Home) -> str:
    lines = home.console_log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join([f"the end of {home.console_log}:", *lines])
