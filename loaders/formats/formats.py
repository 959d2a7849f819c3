"""CSV, JSON lines and Parquet as raw rows, streamed; an unreadable row is reported and skipped."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from muse_graph.errors import DataError
from muse_graph.loaders.formats.files import format_of, open_file
from muse_graph.loaders.formats.lines import Lines, Row

__all__ = [
    "csv_records",
    "header",
    "must_have",
    "names_in",
    "read_records",
    "read_rows",
    "separator_of",
]

#: What may be between the columns of a `.csv` file, the likeliest first.
_SEPARATORS = (",", ";", "\t")


def _is_utf8(cells: Sequence[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def csv_records(path: Path) -> Iterator[Row]:
    """Records of a CSV file, the header among them; every one after the first has to be as wide as it is."""
    with open_file(path) as file:
        yield from read_records(Lines(file, path.name), separator_of(path))


def separator_of(path: Path) -> str:
    """What is between the columns of a CSV file."""
    return "\t" if format_of(path) == ".tsv" else max(_SEPARATORS, key=lambda one: _width(path, one))


def _width(path: Path, separator: str) -> int:
    """How many columns the header has with this between them."""
    with open_file(path) as file:
        first = next(read_records(Lines(file, path.name), separator), None)
    return len(first.values or ()) if first else 0


def read_records(lines: Lines, separator: str, width: int | None = None) -> Iterator[Row]:
    """Records of lines of CSV, each as wide as `width` or else as the first that can be read."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
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
    records = csv_records(path)
    names = names_in(path, next(records, None))
    places = [names.index(name) if name in names else None for name in columns]
    for row in records:
        if row.values is None:
            yield row
        else:
            cells = row.values
            yield row._replace(values=[None if place is None else cells[place] for place in places])


def names_in(path: Path, row: Row | None) -> list[str]:
    """The names in a header. raises: DataError if there is none."""
    if row is None or row.values is None:
        raise DataError(path.name, 1, f"must begin with a header, {row.reason if row else 'is empty'}")
    return [str(name).strip() for name in row.values]


def _csv_header(path: Path) -> list[str]:
    names = names_in(path, next(csv_records(path), None))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DataError(
            path.name, 1, f"each column must be named once, got {', '.join(twice)} more than once"
        )
    return names


def _read_json_lines(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    with open_file(path) as file:
        lines = Lines(file, path.name)
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


def _json_row(lines: Lines, line: str, columns: Sequence[str]) -> Row:
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
    with open_file(path) as file:
        try:
            line = next((line for line in Lines(file, path.name) if line.strip()), "{}")
            found = json.loads(line)
        except (csv.Error, ValueError, RecursionError):
            return []
    return list(found) if isinstance(found, dict) else []


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
                    yield Row(number, values, b"")
        except (pa.ArrowException, OSError) as error:
            raise DataError(path.name, number + 1, f"cannot be read further: {error}") from None


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except PermissionError as error:
        raise DataError(path.name, 1, f"cannot be read: {error.strerror}") from None
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


Header = Callable[[Path], list[str]]
Reader = Callable[[Path, Sequence[str]], Iterator[Row]]

_FORMATS: dict[str, tuple[Header, Reader]] = {
    ".csv": (_csv_header, _read_csv),
    ".tsv": (_csv_header, _read_csv),
    ".jsonl": (_json_header, _read_json_lines),
    ".ndjson": (_json_header, _read_json_lines),
    ".parquet": (_parquet_header, _read_parquet),
}

# Formats whose rows name their own columns: one row without a column implies nothing about the others.
_HEADLESS = frozenset({".jsonl", ".ndjson"})


def header(path: Path) -> list[str]:
    """The columns of a file; of JSON lines, those of the first row. raises: DataError without a header."""
    return _FORMATS[format_of(path)][0](path)


def must_have(path: Path, what: str, required: Sequence[str], names: Sequence[str]) -> None:
    """Raise DataError unless the columns of a file, `names`, include those required."""
    missing = [name for name in required if name not in names]
    if not missing or format_of(path) in _HEADLESS:
        return
    reason = f"{what} must have the columns {', '.join(missing)}, got {', '.join(names)}"
    if len(names) == 1 and format_of(path) != ".parquet":
        reason += "; between columns there must be a comma, a semicolon or a tab"
    raise DataError(path.name, 1, reason)


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows with the values of `columns`, in this order, whatever the order in the file."""
    return _FORMATS[format_of(path)][1](path, columns)
