"""Ctrl-C while something is served, which a terminal sends to every process of the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# A child that lives for a moment, as a worker does that is still starting.
CODE = """
import os, signal, subprocess, sys, time
from muse_graph.cli.commands.serving import interrupt_as_end

def end(number, frame):
    print("told to end", flush=True)
    print(child.stdout.read(), flush=True)
    sys.exit(child.wait())

signal.signal(signal.SIGTERM, end)
with interrupt_as_end():
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(0.5); print('undisturbed')"],
        stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "up\\n"
    os.killpg(0, signal.SIGINT)
    for _ in range(1000):
        time.sleep(0.05)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a process has no signal mask")
def test_only_the_first_process_hears_of_it() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
        timeout=60,
        cwd=root,
    )
    assert (done.stdout.split("\n"), done.stderr, done.returncode) == (
        ["told to end", "undisturbed", "", ""],
        "",
        0,
    )


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (("evaluate", "cold-start", "--data", "graph"), "interrupted: nothing was written"),
        (("users",), "interrupted"),
    ],
)
def test_the_last_line_says_what_is_kept(
    command: tuple[str, ...], kept: str, run: Any, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(graph), "read", interrupt)
    done = run(*command)
    assert (done.code, done.out, done.err) == (130, "", f"{kept}\n")


def test_the_driver_may_fail_as_it_is_interrupted(
    run: Any, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise BufferError("cannot be closed")

    monkeypatch.setattr(type(graph), "read", interrupt)
    done = run("users")
    assert (done.code, done.err) == (130, "interrupted\n")
