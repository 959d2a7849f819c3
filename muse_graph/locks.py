"""Locks between processes that end with the process that holds them, however that one ends.

A lock belongs to an open file, and closing the file lets go.
"""

from __future__ import annotations

import sys
from typing import IO, Any

__all__ = ["try_lock", "try_share"]

if sys.platform == "win32":
    import msvcrt

    def try_lock(file: IO[Any]) -> bool:
        """Take the lock of an open file, or say that another process has it."""
        # A byte far behind the text, so that the text stays readable for others.
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def try_share(_file: IO[Any]) -> bool:
        """Take no lock: an open file cannot be deleted here, which is what sharing is for."""
        return True
else:
    import fcntl

    def try_lock(file: IO[Any]) -> bool:
        """Take the lock of an open file, or say that another process has it."""
        return _try(file, fcntl.LOCK_EX)

    def try_share(file: IO[Any]) -> bool:
        """Hold a lock together with others who share it, or say that somebody has it alone."""
        return _try(file, fcntl.LOCK_SH)

    def _try(file: IO[Any], kind: int) -> bool:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
