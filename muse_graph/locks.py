"""Locks between processes that end with the process that holds them, however that one ends.

A lock belongs to an open file, and closing the file lets go. `portalocker.Lock` is for a lock to wait for.
"""

from __future__ import annotations

import sys
from typing import IO, Any

from portalocker import AlreadyLocked, LockFlags, lock

__all__ = ["try_lock", "try_share"]


def try_lock(file: IO[Any]) -> bool:
    """Take the lock of an open file; return False if it is taken, in this process or another."""
    return _try(file, LockFlags.EXCLUSIVE)


def try_share(file: IO[Any]) -> bool:
    """Share a lock with others; return False if it is held exclusively."""
    # On Windows an open file cannot be deleted, which is what sharing is for.
    return sys.platform == "win32" or _try(file, LockFlags.SHARED)


def _try(file: IO[Any], kind: LockFlags) -> bool:
    try:
        lock(file, kind | LockFlags.NON_BLOCKING)
    except AlreadyLocked:
        return False
    return True
