"""Where bad rows go, and the counts that have to add up: read = loaded + rejected + repeated."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from muse_graph.errors import InvalidRequest, MuseError

__all__ = ["Rejects", "Tally"]

_TEXT_KEPT = 2_000


@dataclass
class Tally:
    """What became of the rows of one table; the reading and the writing half both add to it."""

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    repeated: int = 0

    def check(self) -> None:
        """Raise MuseError unless every row read is accounted for; asked when a load is over."""
        if self.read != self.loaded + self.rejected + self.repeated:
            raise MuseError(f"read must be loaded + rejected + repeated, got {self}")


class Rejects:
    """Collects rejected rows in a CSV of (file, line, reason, row).

    Args:
        path: the file, begun at the first reject; None counts only

    Attributes:
        tally: table -> Tally
        files: table -> name of the file its `line` column speaks of
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.tally: defaultdict[str, Tally] = defaultdict(Tally)
        self.files: dict[str, str] = {}
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, file: str, line: int, reason: str, text: str = "") -> None:
        """Write one bad row, counting nothing. raises: InvalidRequest if the file cannot be written."""
        if self.path is None:
            return
        if self._writer is None:
            self._open(self.path)
        cells = (file, str(line), reason, text[:_TEXT_KEPT])
        self._writer.writerow([cell.replace("\0", "\\0") for cell in cells])

    def reject(self, table: str, line: int, reason: str, text: str = "") -> None:
        """Write one bad row of a table and count it."""
        self.tally[table].rejected += 1
        self.add(self.files.get(table, table), line, reason, text)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, path: Path) -> None:
        try:
            # A lone surrogate in a value must not stop the load at the moment it is being reported.
            self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        except OSError as error:
            raise InvalidRequest(f"reject file {path} cannot be written: {error.strerror}") from None
        self._writer = csv.writer(self._file)
        self._writer.writerow(("file", "line", "reason", "row"))
