"""Locks of open files: who gets them, and that they end with their process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from muse_graph.locks import announce, announced, forget_ended, try_lock, try_share

HOLD = """
import sys
from muse_graph.locks import {take}
file = open(sys.argv[1], "rb")
print({take}(file), flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, take: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a lock until it is killed."""
    with holding(HOLD.format(take=take), path) as process:
        yield process


@contextmanager
def holding(code: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A Python that runs code with a path, once it has said that all is well, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("text", "utf-8")
    return path


def test_one_at_a_time_until_the_file_is_closed(path: Path) -> None:
    with path.open("rb") as one, path.open("rb") as other:
        assert try_lock(one)
        assert not try_lock(other)
        one.close()
        assert try_lock(other)


def test_a_lock_keeps_other_processes_out_and_ends_with_a_killed_one(path: Path) -> None:
    with path.open("rb") as file, held(path, "try_lock") as process:
        assert not try_lock(file)
        process.kill()
        process.wait()
        assert try_lock(file)


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file cannot be deleted: nothing is locked")
def test_many_share_and_nobody_has_it_alone_meanwhile(path: Path) -> None:
    with path.open("rb") as one, path.open("rb") as other, held(path, "try_share") as process:
        assert try_share(one)
        assert not try_lock(other)
        one.close()
        assert not try_lock(other)
        process.kill()
        process.wait()
        assert try_lock(other)


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file cannot be deleted: nothing is locked")
def test_what_somebody_has_alone_is_not_shared(path: Path) -> None:
    with path.open("rb") as file, held(path, "try_lock"):
        assert not try_share(file)


ANNOUNCE = """
import sys
from pathlib import Path
from muse_graph.locks import announce
with announce(Path(sys.argv[1]), "serving"):
    print("True", flush=True)
    sys.stdin.read()
"""


def test_what_is_announced_is_seen_until_it_is_over(tmp_path: Path) -> None:
    with announce(tmp_path, "loading"), announce(tmp_path, "training"):
        ours = [f"{what}, process {os.getpid()}" for what in ("loading", "training")]
        assert sorted(announced(tmp_path)) == ours
        forget_ended(tmp_path)
        assert sorted(announced(tmp_path)) == ours
    assert announced(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_has_announced_is_over(tmp_path: Path) -> None:
    with holding(ANNOUNCE, tmp_path) as process:
        assert announced(tmp_path) == [f"serving, process {process.pid}"]
        process.kill()
        process.wait()
        assert announced(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 2
    forget_ended(tmp_path)
    assert list(tmp_path.iterdir()) == []
