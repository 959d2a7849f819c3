"""The importer's CSV files: one for each kind of node and relationship, written column by column.

A thread writes them while the columns of the next are computed: both are work of numpy and Arrow, which leave
Python to others meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import accumulate
from pathlib import Path
from threading import Event
from types import MappingProxyType, TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from muse_graph.core.search_text import search_text
from muse_graph.core.types import IntArray
from muse_graph.loaders.text_bytes import bytes_of

__all__ = [
    "TIME",
    "ImportFiles",
    "MadeColumn",
    "bytes_text",
    "list_text",
    "search_texts",
    "time_text",
    "times",
]

#: Of columns of `time_text`. Each text names its zone: one named in the header would be looked up again for
#: each value.
TIME = "datetime"


_CHUNK = 500_000
_MADE_CHUNK = 2_000
#: Files whose columns may wait in memory to be written.
_MOST_WAITING = 2

#: Makes the values of the rows from a position up to another, for a column too large to be there at once.
MadeColumn = Callable[[int, int], pa.Array]


class ImportFiles:
    """Writes the files into a folder and remembers the importer's arguments for them.

    Args:
        n_nodes: how many of each label; they get their ids in this order

    Attributes:
        arguments: one for each file, with names relative to the folder; all are there after `finish`
        broken_lines: whether a value holds a line break, which the importer has to be told; after `finish`
    """

    def __init__(self, folder: Path, n_nodes: Mapping[str, int]) -> None:
        self.folder = folder
        self.arguments: list[str] = []
        self.broken_lines = False
        #: By label, the id of the node at position 0.
        self._first = dict(zip(n_nodes, accumulate(n_nodes.values(), initial=0), strict=False))
        self._writer = ThreadPoolExecutor(1)
        self._over = Event()
        self._waiting: deque[Future[bool]] = deque()

    def __enter__(self) -> ImportFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever deletes the folder afterwards must not meet a file that is being written.
        self._over.set()
        self._writer.shutdown(cancel_futures=True)

    def finish(self) -> None:
        """Wait until all files are written; raises what went wrong."""
        self._wait(0)

    def _wait(self, most: int) -> None:
        while len(self._waiting) > most:
            self.broken_lines |= self._waiting.popleft().result()

    def nodes(
        self,
        label: str,
        columns: Mapping[str, Any],
        made: Mapping[str, MadeColumn] | None = None,
        begin: int = 0,
    ) -> None:
        """Write nodes from position `begin` on. columns, made : "property:type" -> (n,) values."""
        ids = self._first[label] + begin + np.arange(len(next(iter(columns.values()))))
        self._write("nodes", label, {":ID": ids} | dict(columns), made=made or {})

    def relationships(
        self,
        kind: str,
        ends: tuple[str, str],
        source: IntArray,
        target: IntArray,
        columns: Mapping[str, Any] | None = None,
        made: Mapping[str, MadeColumn] | None = None,
    ) -> None:
        """Write relationships between positions of two labels; rows with an end below 0 are left out.

        Args:
            made: as for nodes; no row may be left out then
        """
        first, second = (self._first[label] for label in ends)
        table: dict[str, Any] = {":START_ID": first + source, ":END_ID": second + target}
        whole = (source >= 0) & (target >= 0)
        self._write("relationships", kind, table | dict(columns or {}), whole, made or {})

    def _write(
        self,
        what: str,
        name: str,
        columns: dict[str, Any],
        mask: Any = None,
        made: Mapping[str, MadeColumn] = MappingProxyType({}),
    ) -> None:
        # One kind may have several files, for its parts or for different ends.
        stem = f"{len(self.arguments):02}-{name}"
        header, rows = f"{stem}.header.csv", f"{stem}.csv"
        (self.folder / header).write_text(",".join([*columns, *made]) + "\n", "utf-8")
        self.arguments.append(f"--{what}={name}={header},{rows}")
        self._wait(_MOST_WAITING - 1)
        self._waiting.append(self._writer.submit(self._fill, rows, columns, mask, made))

    def _fill(self, rows: str, columns: dict[str, Any], mask: Any, made: Mapping[str, MadeColumn]) -> bool:
        """Write a file; return whether a value has a line break."""
        table = pa.table(columns)
        if mask is not None and not mask.all():
            table = table.filter(pa.array(mask))
        schema = pa.schema([*table.schema, *(pa.field(column, pa.string()) for column in made)])
        options = csv.WriteOptions(include_header=False, quoting_style="needed")
        size = _MADE_CHUNK if made else _CHUNK
        with csv.CSVWriter(self.folder / rows, schema, write_options=options) as writer:
            for begin in range(0, table.num_rows, size):
                if self._over.is_set():
                    break
                part = table.slice(begin, size)
                for column, make in made.items():
                    part = part.append_column(column, make(begin, begin + part.num_rows))
                writer.write_table(part)
        return any(map(_has_line_break, table.columns))


def _has_line_break(column: pa.ChunkedArray) -> bool:
    if column.type != pa.string():
        return False
    for chunk in column.chunks:
        _, letters = bytes_of(chunk)
        if (letters == ord("\n")).any() or (letters == ord("\r")).any():
            return True
    return False


@cache
def _signed_bytes() -> pa.Array:
    """The text of each byte as the importer reads it, from -128 to 127."""
    return pa.array([str(np.uint8(value).astype(np.int8)) for value in range(256)])


def bytes_text(values: NDArray[np.uint8], bounds: IntArray) -> pa.Array:
    """(n,) texts "1;-2" of the bytes values[bounds[i]:bounds[i + 1]], null where none."""
    texts = _signed_bytes().take(pa.array(values[bounds[0] : bounds[-1]]))
    lists = pa.LargeListArray.from_arrays(pa.array(bounds - bounds[0], pa.int64()), texts)
    return pc.if_else(pa.array(np.diff(bounds) > 0), pc.binary_join(lists, ";"), None)


def list_text(values: IntArray, offsets: IntArray) -> pa.Array:
    """(n,) texts "1;2;3" of the lists values[offsets[i]:offsets[i + 1]]; null for an empty one."""
    texts = pa.array(values).cast(pa.string())
    lists = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), texts)
    return pc.binary_join(lists, ";")


def time_text(ms: IntArray) -> pa.Array:
    """(n,) ISO 8601 texts of milliseconds since 1970 in UTC; null below 0."""
    # Far quicker than strftime: "2026-01-31 23:59:59.999", with another letter and the zone.
    texts = pa.array(ms, pa.timestamp("ms"), mask=ms < 0).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(texts, 10, 11, "T"), "Z", "")


def times(column: pa.ChunkedArray) -> pa.Array:
    """(n,) texts of a column of times; null where there is none."""
    return time_text(pc.fill_null(column.cast(pa.int64()), -1).to_numpy())


def search_texts(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """(n,) texts that names are found by; null where there is no name."""
    return pa.array([name and search_text(name) for name in names.to_pylist()], pa.string())
