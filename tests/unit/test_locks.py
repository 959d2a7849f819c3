"""Locks of open files: who gets them, and that they end with their process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from muse_graph.locks import try_lock, try_share

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
    with subprocess.Popen(
        [sys.executable, "-c", HOLD.format(take=take), str(path)],
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
