"""CSV, JSON lines and Parquet as raw rows, streamed: a row that cannot be read says why and stops nothing."""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from muse_graph.errors import DataError

__all__ = ["FORMATS", "Row", "header", "read_rows"]

LONGEST_LINE = 1 << 20


class Row(NamedTuple):
    """One row as it stands in a file.

    line   : physical line where it starts, from 1; in Parquet the row number
    values : as many as columns were asked for, None where absent; None when the row cannot be read
    raw    : the row itself, for the reject file
    fault  : why it cannot be read
    """

    line: int
    values: Sequence[object] | None
    raw: object
    fault: str = ""

    def cells(self) -> Sequence[object]:
        """The values. raises: ValueError if the row cannot be read."""
        if self.values is None:
            raise ValueError(self.fault)
        return self.values

    def text(self) -> str:
        """The row as it stood, for the reject file."""
        if isinstance(self.raw, bytes):
            return self.raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
        return repr(self.raw)


class _Line(NamedTuple):
    number: int
    raw: bytes
    whole: bool


class _Lines:
    """Physical lines of a file as text; those of the current record are kept, to be read again if need be."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._number = 0
        self._again: deque[_Line] = deque()
        self.taken: list[_Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        self.taken.append(line)
        if not line.whole:
            raise csv.Error(f"line is longer than {LONGEST_LINE} bytes")
        return line.raw.decode("utf-8", "surrogateescape")

    def _read(self) -> _Line:
        raw = self._file.readline(LONGEST_LINE)
        if not raw:
            raise StopIteration
        self._number += 1
        if self._number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        whole = raw.endswith(b"\n") or len(raw) < LONGEST_LINE
        rest = raw
        while rest and not rest.endswith(b"\n"):
            rest = self._file.readline(LONGEST_LINE)
        return _Line(self._number, raw, whole)

    def begin(self) -> None:
        """Forget the last record."""
        self.taken = []

    def keep_first(self) -> None:
        """Give back every line but the first: an open quote must not take the rows below with it."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def row(self, values: Sequence[object] | None, fault: str = "") -> Row:
        return Row(self.taken[0].number, values, b"".join(line.raw for line in self.taken), fault)


def _is_utf8(cells: Sequence[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def _csv_records(file: BinaryIO, width: int | None = None) -> Iterator[Row]:
    """Records of a CSV file, the header among them; every one after the first has to be as wide as it is."""
    lines = _Lines(file)
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.keep_first()
            yield lines.row(None, f"not a row of CSV: {error}")
            continue
        if not cells:
            continue
        if width is not None and len(cells) != width:
            lines.keep_first()
            yield lines.row(None, f"must have {width} fields, got {len(cells)}")
        elif not _is_utf8(cells):
            yield lines.row(None, "must be UTF-8")
        else:
            width = len(cells)
            yield lines.row(cells)


def _read_csv(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    with path.open("rb") as file:
        records = _csv_records(file)
        names = _names(path, next(records, None))
        places = [names.index(name) if name in names else None for name in columns]
        for row in records:
            if row.values is None:
                yield row
            else:
                cells = row.values
                yield row._replace(values=[None if place is None else cells[place] for place in places])


def _names(path: Path, row: Row | None) -> list[str]:
    if row is None or row.values is None:
        raise DataError(path.name, 1, f"must begin with a header, {row.fault if row else 'is empty'}")
    return [str(name).strip() for name in row.values]


def _csv_header(path: Path) -> list[str]:
    with path.open("rb") as file:
        names = _names(path, next(_csv_records(file), None))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DataError(
            path.name, 1, f"each column must be named once, got {', '.join(twice)} more than once"
        )
    return names


def _read_json_lines(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    with path.open("rb") as file:
        lines = _Lines(file)
        while True:
            lines.begin()
            try:
                line = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                yield lines.row(None, str(error))
                continue
            if line.strip():
                yield _json_row(lines, line, columns)


def _json_row(lines: _Lines, line: str, columns: Sequence[str]) -> Row:
    if not _is_utf8([line]):
        return lines.row(None, "must be UTF-8")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return lines.row(None, f"must be one JSON object, {error}")
    if not isinstance(found, dict):
        return lines.row(None, "must be one JSON object")
    return lines.row([found.get(name) for name in columns])


def _json_header(path: Path) -> list[str]:
    """The names in the first object; later objects may have others, and each row answers for itself."""
    with path.open("rb") as file:
        for line in _Lines(file):
            if line.strip():
                try:
                    found = json.loads(line)
                except (ValueError, RecursionError):
                    return []
                return list(found) if isinstance(found, dict) else []
    return []


def _read_parquet(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    number = 0
    with _parquet(path) as file:
        present = [name for name in columns if name in file.schema_arrow.names]
        try:
            for batch in file.iter_batches(batch_size=10_000, columns=present):
                cells = {name: _cells(batch.column(name)) for name in present}
                nothing = [None] * batch.num_rows
                for values in zip(*(cells.get(name, nothing) for name in columns), strict=True):
                    number += 1
                    yield Row(number, values, values)
        except (pa.ArrowException, OSError) as error:
            raise DataError(path.name, number + 1, f"cannot be read on: {error}") from None


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise DataError(path.name, 1, f"must be a Parquet file, {error}") from None


def _cells(column: pa.Array) -> list[object]:
    if pa.types.is_timestamp(column.type):
        # As epoch seconds: nanoseconds and far-off years have no datetime.
        return [None if ms is None else ms / 1000 for ms in _epoch_ms(column)]
    return [_cell(scalar) for scalar in column]


def _epoch_ms(column: pa.Array) -> list[int | None]:
    values: list[int | None] = (
        column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast("int64").to_pylist()
    )
    return values


def _cell(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return "\udcff"  # no UTF-8 text holds this, so the column's rule turns it away


def _parquet_header(path: Path) -> list[str]:
    with _parquet(path) as file:
        return list(file.schema_arrow.names)


Reader = Callable[[Path, Sequence[str]], Iterator[Row]]

FORMATS: dict[str, tuple[Callable[[Path], list[str]], Reader]] = {
    ".csv": (_csv_header, _read_csv),
    ".jsonl": (_json_header, _read_json_lines),
    ".ndjson": (_json_header, _read_json_lines),
    ".parquet": (_parquet_header, _read_parquet),
}


def header(path: Path) -> list[str]:
    """The columns of a file. raises: DataError if it has no readable header."""
    return FORMATS[path.suffix.lower()][0](path)


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows with the values of `columns`, in this order, whatever the order in the file."""
    return FORMATS[path.suffix.lower()][1](path, columns)
