"""Importing the package does nothing: no network, no file, no process, no environment variable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Imports each module named on the command line and prints what the package's own code did meanwhile.
# A step is its own when no import stands between the two: what numpy does as it loads is numpy's. Pydantic
# asks for a variable of its own, about its plugins, whenever a class of ours becomes a model.
WATCH = """
import importlib, os, sys

WATCHED = ("open", "socket.", "subprocess.", "os.listdir", "os.scandir", "os.mkdir", "os.putenv", "os.system")
steps = []

def note(event):
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        if frame.f_globals.get("__name__", "").partition(".")[0] == "muse_graph":
            steps.append(f"{frame.f_globals['__name__']}:{frame.f_lineno} {event}")
            return
        frame = frame.f_back

def watch(event, arguments):
    if event.startswith(WATCHED):
        note(f"{event} {arguments[:1]}")

def read(environ, name, original=os._Environ.__getitem__):
    if name != "PYDANTIC_DISABLE_PLUGINS":
        note(f"environment {name}")
    return original(environ, name)

sys.addaudithook(watch)
os._Environ.__getitem__ = read
for name in sys.argv[1:]:
    importlib.import_module(name)
print("\\n".join(steps))
"""


def watched_import(folder: Path, *names: str) -> list[str]:
    """Import modules found in a folder in a fresh interpreter and return their steps."""
    command = [sys.executable, "-W", "error", "-c", WATCH, *names]
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


def module_names() -> list[str]:
    """Every module of the package that is meant to be imported, the linked folders included."""
    found = []
    for folder in (ROOT / "muse_graph", ROOT / "muse_graph" / "api", ROOT / "muse_graph" / "loaders"):
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if not name.endswith("__main__"):
                found.append(name)
    return sorted(set(found))


def test_importing_any_module_does_nothing() -> None:
    assert watched_import(ROOT, *module_names()) == []


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("open(__file__).close()", "open"),
        ("import pathlib; pathlib.Path(__file__).read_bytes()", "open"),
        ("import os; os.environ.get('NEO4J_URI')", "environment NEO4J_URI"),
        ("import socket; socket.socket().close()", "socket"),
        ("import json, tempfile", ""),
    ],
)
def test_a_step_at_import_is_seen(tmp_path: Path, source: str, seen: str) -> None:
    (tmp_path / "muse_graph.py").write_text(source)
    steps = watched_import(tmp_path, "muse_graph")
    assert bool(steps) is bool(seen)
    assert all(seen in step for step in steps)
