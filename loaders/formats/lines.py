"""Files line by line: numbered as an editor shows them, and those already read can be read again."""

from __future__ import annotations

import csv
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from muse_graph.errors import DataError

__all__ = ["Lines", "Row"]

LONGEST_LINE = 1 << 20


class Row(NamedTuple):
    """One row as it is in a file.

    Attributes:
        line: physical line where it starts, from 1; in Parquet the row number
        values: as many as columns were asked for, None where absent; None when the row cannot be read
        raw: the row itself, empty where the format has no lines
        reason: why it cannot be read
    """

    line: int
    values: Sequence[object] | None
    raw: bytes
    reason: str = ""

    def cells(self) -> Sequence[object]:
        """The values. raises: ValueError if the row cannot be read."""
        if self.values is None:
            raise ValueError(self.reason)
        return self.values


class Line(NamedTuple):
    """One physical line; of a line that is too long only its beginning."""

    number: int
    raw: bytes
    whole: bool


class Lines:
    """Physical lines of a file as text; those of the current record are kept, to be read again if need be.

    Args:
        name: of the file, for the DataError of one that cannot be read to its end
        before: how many lines of it come before
    """

    def __init__(self, file: BinaryIO, name: str, before: int = 0) -> None:
        self._file = file
        self._name = name
        self._number = before
        self._again: deque[Line] = deque()
        self.taken: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        self.taken.append(line)
        if not line.whole:
            raise csv.Error(f"line is longer than {LONGEST_LINE} bytes")
        return line.raw.decode("utf-8", "surrogateescape")

    def _read(self) -> Line:
        raw = self._next_bytes()
        if not raw:
            raise StopIteration
        self._number += 1
        if self._number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        whole = raw.endswith(b"\n") or len(raw) < LONGEST_LINE
        rest = raw
        while rest and not rest.endswith(b"\n"):
            rest = self._next_bytes()
        return Line(self._number, raw, whole)

    def _next_bytes(self) -> bytes:
        try:
            return self._file.readline(LONGEST_LINE)
        except (OSError, EOFError, zlib.error) as error:  # the last two of what is compressed
            reason = getattr(error, "strerror", None) or str(error)
            raise DataError(self._name, self._number + 1, f"cannot be read further: {reason}") from None

    def begin(self) -> None:
        """Forget the last record."""
        self.taken = []

    def keep_first(self) -> None:
        """Give back every line but the first: an open quote must not take the rows below with it."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def row(self, values: Sequence[object] | None, reason: str = "") -> Row:
        """The current record as a row."""
        return Row(self.taken[0].number, values, b"".join(line.raw for line in self.taken), reason)
