"""The synthetic world as files: one table each, as `load tables` reads them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from muse_graph.errors import InvalidRequest
from muse_graph.loaders.synthetic.world import world

__all__ = ["write_world"]


def write_world(folder: Path, users: int, seed: int) -> dict[str, int]:
    """Write the tables of a world as CSV into a new or empty folder; return how many rows each has.

    Raises:
        InvalidRequest: If the folder has files already or cannot be written, or for a wrong size or seed.
    """
    tables = world(users, seed)
    if folder.is_dir() and any(folder.iterdir()):
        raise InvalidRequest(f"the folder of a world must be new or empty, got {folder}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidRequest(f"a world cannot be written to {folder}: {error.strerror}") from None
    rows: dict[str, int] = {}
    writers: dict[str, csv.CSVWriter] = {}
    with ExitStack() as stack:
        for table, batch in tables:
            spelled = _spelled(batch)
            if table not in writers:
                writer = csv.CSVWriter(folder / f"{table}.csv", spelled.schema)
                writers[table] = stack.enter_context(writer)
            writers[table].write_table(spelled)
            rows[table] = rows.get(table, 0) + batch.num_rows
    return rows


def _spelled(batch: pa.RecordBatch) -> pa.Table:
    """A batch as it is written, without its lines."""
    names = [name for name in batch.schema.names if name != "line"]
    return pa.table({name: _cells(batch[name]) for name in names})


def _cells(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "|")
    if pa.types.is_timestamp(column.type):
        texts = column.cast(pa.timestamp("ms")).cast(pa.string())
        return pc.binary_join_element_wise(pc.binary_replace_slice(texts, 10, 11, "T"), "Z", "")
    return column
