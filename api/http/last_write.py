"""When a process of this service last wrote, for all processes of it on this machine.

So a client sees its own writes in the next answer, whichever process gives it, also without bookmarks.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from flask import Response, request

__all__ = ["WRITES", "LastWrite", "note"]

_log = logging.getLogger(__name__)
#: Methods that may change something.
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class LastWrite:
    """The time of a file that has nothing in it; the first write makes it.

    Where that cannot be written the processes do not know of each other's writes, but for bookmarks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    @property
    def at(self) -> int:
        """Nanoseconds since 1970; it grows with each write. 0 before the first."""
        try:
            return max(self._at, self._path.stat().st_mtime_ns)
        except OSError:
            return self._at

    def note(self) -> None:
        """Something has been written."""
        self._at = at = max(time.time_ns(), self.at + 1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            os.utime(self._path, ns=(at, at))
        except OSError as error:
            _log.warning("%s cannot be written: other processes see writes later: %s", self._path, error)


def note(response: Response, last_write: LastWrite) -> Response:
    """Note the write of a request, before its answer is sent."""
    if request.method in WRITES and response.status_code < 400:
        last_write.note()
    return response
