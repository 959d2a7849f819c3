"""The importer's CSV files: one for each kind of node and relationship, written column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from muse_graph.core.types import IntArray

__all__ = ["ImportFiles", "MadeColumn", "bytes_text", "list_text", "time_text"]

_CHUNK = 500_000
_MADE_CHUNK = 2_000

#: Makes the values of the rows from a position up to another, for a column too large to be there at once.
MadeColumn = Callable[[int, int], pa.Array]


@dataclass
class ImportFiles:
    """Writes the files into a folder and remembers the importer's arguments for them.

    Attributes:
        arguments: one for each file written, with names relative to the folder
        broken_lines: whether a value holds a line break, which the importer has to be told
    """

    folder: Path
    arguments: list[str] = field(default_factory=list)
    broken_lines: bool = False
    #: By label, the id of the node at position 0.
    _first: dict[str, int] = field(default_factory=dict)
    _n_nodes: int = 0

    def nodes(
        self, label: str, columns: Mapping[str, Any], made: Mapping[str, MadeColumn] | None = None
    ) -> None:
        """Write nodes, before any relationship of theirs. columns, made : "property:type" -> (n,) values."""
        n = len(next(iter(columns.values())))
        first = self._first[label] = self._n_nodes
        self._n_nodes += n
        self._write("nodes", label, {":ID": first + np.arange(n)} | dict(columns), made=made or {})

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
        table = pa.table(columns)
        if mask is not None and not mask.all():
            table = table.filter(pa.array(mask))
        self.broken_lines |= any(map(_has_line_break, table.columns))
        # One kind of relationship may have several files, for different ends.
        stem = f"{len(self.arguments):02}-{name}"
        header, rows = f"{stem}.header.csv", f"{stem}.csv"
        (self.folder / header).write_text(",".join([*columns, *made]) + "\n", "utf-8")
        schema = pa.schema([*table.schema, *(pa.field(column, pa.string()) for column in made)])
        options = csv.WriteOptions(include_header=False, quoting_style="needed")
        size = _MADE_CHUNK if made else _CHUNK
        with csv.CSVWriter(self.folder / rows, schema, write_options=options) as writer:
            for begin in range(0, table.num_rows, size):
                part = table.slice(begin, size)
                for column, make in made.items():
                    part = part.append_column(column, make(begin, begin + part.num_rows))
                writer.write_table(part)
        self.arguments.append(f"--{what}={name}={header},{rows}")


def _has_line_break(column: pa.ChunkedArray) -> bool:
    if column.type != pa.string():
        return False
    return bool(pc.any(pc.match_substring_regex(column, "[\r\n]")).as_py())


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
