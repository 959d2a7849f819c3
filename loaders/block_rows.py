"""The rules of a table for whole columns at once: what they find clean is clean by the rules of a row, too.

Each column answers which of its values it is sure of. A row with a doubtful value is judged by the rules of
`table_rules.py`, as is every row that is in no column: so a reason is the same, whoever found the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muse_graph.core.types import BoolArray
from muse_graph.loaders.block_times import read_times
from muse_graph.loaders.columns import SCHEMAS, TIME
from muse_graph.loaders.formats.blocks import Block
from muse_graph.loaders.formats.lines import Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.table_rules import (
    REQUIRED,
    Check,
    clean_cell,
    columns_of,
    pack,
    rules_of,
    validate_rows,
)
from muse_graph.loaders.text_bytes import bytes_of
from muse_graph.service.field_kinds import FieldRule
from muse_graph.service.field_rules import MAX_ID
from muse_graph.service.listens.record import listen_id_of
from muse_graph.timestamps import latest_ms

__all__ = ["BLOCK_TABLES", "validate_blocks"]

#: Tables whose rows can be judged in columns; in the others rows have lists, or depend on those before.
BLOCK_TABLES = frozenset(SCHEMAS) - {"tracks", "influencers"}

_IDS = frozenset({"user_id", "friend_id", "track_id", "artist_id", "genre_id", "listen_id", "influencer_id"})

Column = tuple[pa.Array, BoolArray]


def validate_blocks(
    table: str, blocks: Iterable[Block], check: Check, now: datetime, rejects: Rejects, batch_rows: int
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows of a table that keep its rules, in batches in their order; the others are rejected.

    Args:
        check: judges a row
    """
    judge = _Judge(table, now)
    for block in blocks:
        batch, sure = judge.clean(block)
        rest = sorted([*block.others, *_rows(table, block, ~sure)], key=lambda row: row.line)
        rejects.tally[table].read += int(sure.sum())
        parts = [batch if sure.all() else batch.filter(pa.array(sure))]
        parts += [one for _, one in pack(table, validate_rows(table, rest, check, rejects), len(rest) or 1)]
        whole = pa.Table.from_batches(parts).combine_chunks()
        if len(parts) > 1:
            whole = whole.sort_by("line").combine_chunks()
        for one in whole.to_batches(max_chunksize=batch_rows):
            yield table, one


def _rows(table: str, block: Block, chosen: BoolArray) -> list[Row]:
    """Rows of a block as a reader of rows has them."""
    if not chosen.any():
        return []
    some = pa.array(chosen)
    nothing = [None] * int(chosen.sum())
    cells = [
        block.columns[name].filter(some).to_pylist() if name in block.columns else nothing
        for name in columns_of(table)
    ]
    lines = block.lines[chosen].tolist()
    return [Row(line, values, b"") for line, *values in zip(lines, *cells, strict=True)]


class _Judge:
    """The rules of one table."""

    def __init__(self, table: str, now: datetime) -> None:
        self._table = table
        self._latest = latest_ms(now)
        self._rules = rules_of(table, now)

    def clean(self, block: Block) -> tuple[pa.RecordBatch, BoolArray]:
        """All rows of a block and (n,) whether a row is sure to be good, as it is there."""
        n = len(block.lines)
        sure = np.ones(n, np.bool_)
        found: dict[str, pa.Array] = {}
        for name in columns_of(self._table):
            if name in block.columns:
                found[name], known = self._column(name, block.columns[name])
                sure &= known
            else:
                found[name] = pa.nulls(n, SCHEMAS[self._table].field(name).type)
                sure &= name not in REQUIRED[self._table]
        if agree := _AGREE.get(self._table):
            sure &= agree(found, sure)
        found["line"] = pa.array(block.lines)
        schema = SCHEMAS[self._table]
        return pa.RecordBatch.from_arrays([found[name] for name in schema.names], schema=schema), sure

    def _column(self, name: str, cells: pa.Array) -> Column:
        kind = SCHEMAS[self._table].field(name).type
        required = name in REQUIRED[self._table]
        if name in _IDS and _is_plain(cells, MAX_ID):
            return cells, np.ones(len(cells), np.bool_)
        if kind == TIME and not required:
            at, sure = read_times(cells, self._latest)
            return pa.array(at, pa.int64(), mask=at < 0).cast(TIME), sure
        return _by_distinct(name, self._rules[name], required, cells, kind)


def _is_plain(texts: pa.Array, longest: int) -> bool:
    """Whether each of these is ASCII of 1 to so many characters, no blank and no control character."""
    offsets, content = bytes_of(texts)
    lengths = np.diff(offsets)
    if not len(lengths) or lengths.min() < 1 or lengths.max() > longest or texts.null_count:
        return False
    return bool(content.min() > ord(" ") and content.max() < 0x7F)


def _by_distinct(name: str, rule: FieldRule, required: bool, cells: pa.Array, kind: pa.DataType) -> Column:
    """A column judged by its rule, each distinct value once."""
    encoded = pc.dictionary_encode(cells)
    values, sure = [], []
    for cell in encoded.dictionary.to_pylist():
        try:
            values.append(clean_cell(name, rule, required, cell))
            sure.append(True)
        except ValueError:
            values.append(None)
            sure.append(False)
    return pa.array(values, kind).take(encoded.indices), np.array(sure, np.bool_)[encoded.indices.to_numpy()]


def _two_friends(found: dict[str, pa.Array], _sure: BoolArray) -> BoolArray:
    same: BoolArray = pc.fill_null(pc.equal(found["user_id"], found["friend_id"]), True).to_numpy(False)
    return ~same


def _named_genre(found: dict[str, pa.Array], sure: BoolArray) -> BoolArray:
    found["name"] = pc.coalesce(found["name"], found["genre_id"])
    return np.ones(len(sure), np.bool_)


def _one_listen(found: dict[str, pa.Array], sure: BoolArray) -> BoolArray:
    """Fill in plays and ids, as a row's are."""
    found["plays"] = pc.fill_null(found["plays"], 1)
    both = pc.and_(found["heard"].is_valid(), found["heard_at_least"].is_valid())
    timed_aggregate = pc.and_(pc.not_equal(found["plays"], 1), found["listened_at"].is_valid())
    sure = sure & ~pc.or_(both, timed_aggregate).to_numpy(False)
    nameless = found["listen_id"].is_null().to_numpy(False) & sure
    if nameless.any():
        _name_listens(found, nameless)
    return sure


def _name_listens(found: dict[str, pa.Array], nameless: BoolArray) -> None:
    some = pa.array(nameless)
    at = found["listened_at"].cast(pa.int64())
    columns = [found["user_id"], found["track_id"], at, pc.fill_null(found["source"], "")]
    cells = zip(*(column.filter(some).to_pylist() for column in columns), strict=True)
    ids = pa.array([listen_id_of(*one) for one in cells], pa.string())
    found["listen_id"] = pc.replace_with_mask(found["listen_id"], some, ids)


_AGREE = {"friendships": _two_friends, "genres": _named_genre, "listens": _one_listen}
