"""The importer's CSV files: one for each kind of node and relationship, written column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from muse_graph.core.types import IntArray

__all__ = ["ImportFiles", "list_text", "time_text"]

_CHUNK = 500_000


@dataclass
class ImportFiles:
    """Writes the files into a folder and remembers the importer's arguments for them."""

    folder: Path
    arguments: list[str] = field(default_factory=list)

    def nodes(self, label: str, columns: Mapping[str, Any]) -> None:
        """Write nodes; their position is their id. columns : "property:type" -> (n,) values."""
        n = len(next(iter(columns.values())))
        self._write("nodes", label, {f":ID({label})": np.arange(n)} | dict(columns))

    def relationships(
        self,
        kind: str,
        ends: tuple[str, str],
        source: IntArray,
        target: IntArray,
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        """Write relationships between positions of two labels; rows with an end below 0 are left out."""
        table: dict[str, Any] = {f":START_ID({ends[0]})": source, f":END_ID({ends[1]})": target}
        self._write("relationships", kind, table | dict(columns or {}), (source >= 0) & (target >= 0))

    def _write(self, what: str, name: str, columns: dict[str, Any], mask: Any = None) -> None:
        table = pa.table(columns)
        if mask is not None and not mask.all():
            table = table.filter(pa.array(mask))
        # One kind of relationship may have several files, for different ends.
        stem = f"{len(self.arguments):02}-{name}"
        header, rows = self.folder / f"{stem}.header.csv", self.folder / f"{stem}.csv"
        header.write_text(",".join(columns) + "\n", "utf-8")
        options = csv.WriteOptions(include_header=False, quoting_style="needed")
        with csv.CSVWriter(rows, table.schema, write_options=options) as writer:
            for batch in table.to_batches(max_chunksize=_CHUNK):
                writer.write_batch(batch)
        self.arguments.append(f"--{what}={name}={header},{rows}")


def list_text(values: IntArray, offsets: IntArray) -> pa.Array:
    """(n,) texts "1;2;3" of the lists values[offsets[i]:offsets[i + 1]]; null for an empty one."""
    texts = pa.array(values).cast(pa.string())
    lists = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), texts)
    return pc.binary_join(lists, ";")


def time_text(ms: IntArray) -> pa.Array:
    """(n,) ISO 8601 texts of milliseconds since 1970 in UTC; null below 0."""
    times = pa.array(ms, pa.timestamp("ms", tz="UTC"), mask=ms < 0)
    return pc.strftime(times, format="%Y-%m-%dT%H:%M:%SZ")
