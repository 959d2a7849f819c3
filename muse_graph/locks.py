"""Locks between processes that end with the process that holds them, however that one ends.

A lock belongs to an open file, and closing the file lets go. `portalocker.Lock` is for a lock to wait for.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from portalocker import AlreadyLocked, LockFlags, lock

__all__ = ["announce", "announced", "forget_ended", "try_lock", "try_share"]


def try_lock(file: IO[Any]) -> bool:
    """Take the lock of an open file; return False if it is taken, in this process or another."""
    return _try(file, LockFlags.EXCLUSIVE)


def try_share(file: IO[Any]) -> bool:
    """Share a lock with others; return False if it is held exclusively."""
    # On Windows an open file cannot be deleted, which is what sharing is for.
    return sys.platform == "win32" or _try(file, LockFlags.SHARED)


@contextmanager
def announce(folder: Path, purpose: str) -> Iterator[None]:
    """Let others see in a folder what this process is doing, until the end of the process at the latest."""
    path = folder / f"{os.getpid()}-{secrets.token_hex(4)}.lock"
    try:
        # Beside the lock, because on Windows others cannot read a locked file; and before it, for what is
        # locked is read.
        path.with_suffix(".txt").write_text(f"{purpose}, process {os.getpid()}", "utf-8")
        with path.open("wb") as file:
            # Waits: whoever looks whether it is taken has it for a moment.
            lock(file, LockFlags.EXCLUSIVE)
            yield
    finally:
        _forget(path)


def announced(folder: Path) -> list[str]:
    """What living processes have announced in a folder, in the order of their names."""
    return [_said(path) for path in sorted(folder.glob("*.lock")) if _is_held(path)]


def forget_ended(folder: Path) -> None:
    """Delete what processes have left that ended without doing so; only while none can announce anything."""
    for path in folder.glob("*.lock"):
        if not _is_held(path):
            _forget(path)


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb+") as file:
            return not try_lock(file)
    except FileNotFoundError:  # let go of just now
        return False


def _said(path: Path) -> str:
    try:
        return path.with_suffix(".txt").read_text("utf-8")
    except FileNotFoundError:  # let go of just now
        return "another process"


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".txt").unlink(missing_ok=True)


def _try(file: IO[Any], kind: LockFlags) -> bool:
    try:
        lock(file, kind | LockFlags.NON_BLOCKING)
    except AlreadyLocked:
        return False
    return True
