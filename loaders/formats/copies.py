"""Some rows of a file as they stand there, in a file of the same name elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from muse_graph.loaders.formats.files import format_of, open_file, plain_name
from muse_graph.loaders.formats.formats import csv_records, header, read_rows

__all__ = ["copy_rows"]

Lines = Collection[int]


def copy_rows(file: Path, lines: Lines, folder: Path) -> None:
    """Copy the rows that begin at these lines, and the header, byte by byte; rows of Parquet as JSON lines.

    Of a compressed file the copy is not. A file in another format, or none, is left out.
    """
    kind = format_of(file) or file.suffix.lower()
    if kind not in _COPIERS or not file.is_file():
        return
    name = file.with_suffix(".jsonl").name if kind == ".parquet" else plain_name(file)
    with (folder / name).open("wb") as copied:
        for raw in _COPIERS[kind](file, lines):
            copied.write(raw if raw.endswith(b"\n") else raw + b"\n")


def _csv(file: Path, lines: Lines) -> Iterator[bytes]:
    for place, row in enumerate(csv_records(file)):
        if place == 0 or row.line in lines:
            yield row.raw


def _lines(file: Path, lines: Lines) -> Iterator[bytes]:
    with open_file(file) as source:
        yield from (raw for line, raw in enumerate(source, start=1) if line in lines)


def _lines_below_header(file: Path, lines: Lines) -> Iterator[bytes]:
    return _lines(file, {1, *lines})


def _parquet(file: Path, lines: Lines) -> Iterator[bytes]:
    columns = header(file)
    for row in read_rows(file, columns):
        if row.line in lines:
            cells = {name: _plain(value) for name, value in zip(columns, row.cells(), strict=True)}
            yield json.dumps(cells, default=str).encode()


def _plain(value: object) -> object:
    """A number of JSON for a decimal; anything else as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


_COPIERS: dict[str, Callable[[Path, Lines], Iterable[bytes]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".parquet": _parquet,
    ".dat": _lines_below_header,
}
