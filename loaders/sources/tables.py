"""Own tables: a folder of `<table>.csv`, `.jsonl.gz`, `.parquet` and so on, any of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from muse_graph.errors import InvalidRequest
from muse_graph.loaders.block_rows import BLOCK_TABLES, validate_blocks
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.formats.blocks import has_blocks, read_ahead, read_blocks
from muse_graph.loaders.formats.files import ENDINGS, format_of, table_of
from muse_graph.loaders.formats.formats import header, must_have, read_rows
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.table_rules import REQUIRED, columns_of, pack, row_check, today, validate_rows

__all__ = ["find_tables", "read_tables"]


def find_tables(folder: Path) -> dict[str, Path]:
    """The tables a folder holds, in load order. raises: InvalidRequest if none, or one of them twice."""
    if not folder.is_dir():
        raise InvalidRequest(f"{folder} must be a folder of tables")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        table = table_of(path)
        if format_of(path) and table in SCHEMAS and path.is_file():
            if other := found.get(table):
                raise InvalidRequest(f"a table must be in one file, got {other.name} and {path.name}")
            found[table] = path
    if not found:
        raise InvalidRequest(
            f"{folder} must hold at least one table: {', '.join(SCHEMAS)}, each as {', '.join(ENDINGS)}"
        )
    return {table: found[table] for table in SCHEMAS if table in found}


def read_tables(
    folder: Path,
    rejects: Rejects,
    *,
    batch_rows: int = 10_000,
    now: datetime | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Batches of every table in a folder, in load order.

    Headers are looked at before the first row of any table is given out. A bad row goes to `rejects`. Which
    rows repeat others is for the load to tell: one that is rejected there does not count.

    Args:
        batch_rows: most rows in a batch
        now: no time may lie more than a day after it; None is the present
        note: called once a file with what was not understood

    Raises:
        InvalidRequest: For a folder without tables or with one twice.
        DataError: For a file without a required column.
    """
    found = find_tables(folder)
    for table, path in found.items():
        _check_header(table, path, note)
        rejects.files[table] = path
    return _batches(found, rejects, batch_rows, now or today())


def _check_header(table: str, path: Path, note: Callable[[str], None]) -> None:
    names = header(path)
    known = columns_of(table)
    must_have(path, table, [name for name in known if name in REQUIRED[table]], names)
    if extra := [name for name in names if name not in known]:
        note(f"{path.name}: columns not used: {', '.join(extra)}; known are {', '.join(known)}")


def _batches(
    found: dict[str, Path], rejects: Rejects, batch_rows: int, now: datetime
) -> Iterator[tuple[str, pa.RecordBatch]]:
    for table, path in found.items():
        check = row_check(table, now)
        if table in BLOCK_TABLES and has_blocks(path):
            blocks = read_ahead(read_blocks(path, columns_of(table)))
            yield from validate_blocks(table, blocks, check, now, rejects, batch_rows)
        else:
            rows = read_rows(path, columns_of(table))
            yield from pack(table, validate_rows(table, rows, check, rejects), batch_rows)
