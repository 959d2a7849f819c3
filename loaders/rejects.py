"""Where bad rows go, and the counts that have to add up: read = loaded + rejected + repeated.

A folder of rejects has `reasons.csv` and, for each file, its rejected rows as they stood there, under its
name and header: corrected, they can be loaded like any other file.
"""

from __future__ import annotations

import csv
from array import array
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from muse_graph.errors import InvalidRequest, MuseError
from muse_graph.loaders.formats.copies import copy_rows

__all__ = ["REASONS", "Rejects", "Tally", "free_folder"]

REASONS = "reasons.csv"


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


def free_folder(path: Path) -> Path:
    """This path, or with the first free number added: rejects that somebody is correcting are kept."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(folder for folder in chain([path], numbered) if _is_free(folder))


def _is_free(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


class Rejects:
    """Collects rejected rows in a folder.

    Args:
        folder: begun at the first reject; None counts only

    Attributes:
        tally: table -> Tally
        files: table -> the file its `line` column speaks of

    Raises:
        InvalidRequest: If the folder has files already.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not _is_free(folder):
            raise InvalidRequest(f"the folder of rejects must be new or empty, got {folder}")
        self.folder = folder
        self.tally: defaultdict[str, Tally] = defaultdict(Tally)
        self.files: dict[str, Path] = {}
        self._lines: defaultdict[Path, array[int]] = defaultdict(lambda: array("q"))
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, file: Path, line: int, reason: str) -> None:
        """Note one bad row, counting nothing. raises: InvalidRequest if the folder cannot be written."""
        if self.folder is None:
            return
        if self._writer is None:
            self._open(self.folder)
        self._lines[file].append(line)
        self._writer.writerow((file.name, line, reason.replace("\0", "\\0")))

    def reject(self, table: str, line: int, reason: str) -> None:
        """Note one bad row of a table and count it."""
        self.tally[table].rejected += 1
        self.add(self.files.get(table, Path(table)), line, reason)

    def close(self) -> None:
        """Close the reasons; safe to call twice."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        # A load that was cut off is run again, and rejects these rows again.
        if kind is None and self.folder is not None:
            for file, lines in self._lines.items():
                copy_rows(file, frozenset(lines), self.folder)

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(exist_ok=True)
            # A lone surrogate in a value must not stop the load at the moment it is being reported.
            self._file = (folder / REASONS).open("w", encoding="utf-8", errors="backslashreplace", newline="")
        except OSError as error:
            raise InvalidRequest(f"rejects cannot be written to {folder}: {error.strerror}") from None
        self._writer = csv.writer(self._file)
        self._writer.writerow(("file", "line", "reason"))
