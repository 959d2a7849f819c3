"""What a row of each table must be: its columns, what they must agree on, and which rows are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

import pyarrow as pa

from muse_graph.countries import parse_country
from muse_graph.loaders import value_rules
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.formats.lines import Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.value_rules import Rule
from muse_graph.service.listens.record import listen_id_of

__all__ = ["REQUIRED", "Values", "columns_of", "key_of", "pack", "row_check", "today", "validate_rows"]

Values = list[Any]  # one row's values in the order of its table's schema, without `line`
Check = Callable[[Sequence[object]], Values]

REQUIRED: dict[str, frozenset[str]] = {
    "genres": frozenset({"genre_id"}),
    "artists": frozenset({"artist_id", "name"}),
    "tracks": frozenset({"track_id", "title", "artist_ids"}),
    "users": frozenset({"user_id"}),
    "friendships": frozenset({"user_id", "friend_id"}),
    "likes": frozenset({"user_id", "genre_id"}),
    "tags": frozenset({"user_id", "artist_id", "tag"}),
    "listens": frozenset({"user_id", "track_id"}),
    "feedback": frozenset({"user_id", "track_id", "action", "at"}),
    "influencers": frozenset({"influencer_id", "handle", "country", "genre_ids", "avg_likes"}),
}

# The columns whose values together make a row the same as another; listens may be too many to
# remember; the graph identifies them by its constraint on listen_id.
_KEYS: dict[str, int] = {
    "genres": 1,
    "artists": 1,
    "tracks": 1,
    "users": 1,
    "friendships": 2,
    "likes": 2,
    "tags": 3,
    "feedback": 4,
    "influencers": 1,
}


@dataclass(frozen=True)
class _Field:
    name: str
    rule: Rule
    required: bool


def columns_of(table: str) -> tuple[str, ...]:
    """A table's columns as files have them, in the order of its schema."""
    return tuple(name for name in SCHEMAS[table].names if name != "line")


def _rules(now: datetime) -> dict[str, Rule]:
    ids = value_rules.entries(value_rules.identifier)
    return {
        "name": value_rules.text(1_000),
        "title": value_rules.text(1_000),
        "handle": value_rules.text(200),
        "country": parse_country,
        "artist_ids": ids,
        "genre_ids": ids,
        "duration_s": value_rules.duration,
        "language": value_rules.text(20),
        "mbid": value_rules.mbid,
        "isrc": value_rules.isrc,
        "features": value_rules.vector(64),
        "since": value_rules.timestamp(now),
        "listened_at": value_rules.timestamp(now),
        "at": value_rules.timestamp(now),
        "heard": value_rules.share,
        "plays": value_rules.count(1),
        "source": value_rules.text(50),
        "tag": value_rules.text(200, lower=True),
        "action": value_rules.action,
        "avg_likes": value_rules.amount,
        "followers": value_rules.count(0),
        "audience": value_rules.entries(value_rules.reach),
    }


def row_check(table: str, now: datetime) -> Check:
    """The function that turns raw values of a table into clean ones; a new one for each file, whose first
    features fix the number of the others.

    Raises ValueError naming column, value and rule.
    """
    rules = _rules(now)
    columns = [
        _Field(name, rules.get(name, value_rules.identifier), name in REQUIRED[table])
        for name in columns_of(table)
    ]
    agree = _AGREE.get(table)

    def check(raw: Sequence[object]) -> Values:
        values = [_clean(column, value) for column, value in zip(columns, raw, strict=True)]
        return agree(values) if agree else values

    return check


def _clean(column: _Field, value: object) -> object:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if column.required:
            raise ValueError(f"{column.name} is missing")
        return None
    try:
        cleaned = column.rule(value)
    except ValueError as error:
        raise ValueError(f"{column.name} {error}, got {_shown(value)}") from None
    if column.required and cleaned == []:
        raise ValueError(f"{column.name} needs at least one entry")
    return cleaned


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _named_genre(values: Values) -> Values:
    genre_id, name = values
    return [genre_id, name or genre_id]


def _listed_track(values: Values) -> Values:
    values[3] = values[3] or []
    return values


def _two_friends(values: Values) -> Values:
    if values[0] == values[1]:
        raise ValueError(f"friend_id must be another user than user_id, got {_shown(values[1])} twice")
    return values


def _one_listen(values: Values) -> Values:
    given_id, user_id, track_id, listened_at, heard, plays, country, source = values
    plays = plays or 1
    if plays != 1 and listened_at is not None:
        raise ValueError(f"listened_at must be empty in an aggregate row (plays > 1), got plays {plays}")
    at_ms = listened_at if isinstance(listened_at, int) else None
    given_id = given_id or listen_id_of(str(user_id), str(track_id), at_ms, str(source or ""))
    return [given_id, user_id, track_id, listened_at, heard, plays, country, source]


_AGREE: dict[str, Callable[[Values], Values]] = {
    "genres": _named_genre,
    "tracks": _listed_track,
    "friendships": _two_friends,
    "listens": _one_listen,
}


def key_of(table: str, values: Sequence[object]) -> bytes | None:
    """What two rows of a table have in common when they are the same; None where the graph decides."""
    width = _KEYS.get(table)
    if width is None:
        return None
    parts = [str(value) for value in values[:width]]
    if table == "friendships":
        parts.sort()
    # 16 bytes instead of the ids themselves: millions of friendships have to fit in memory.
    return blake2b("\0".join(parts).encode(), digest_size=16).digest()


def validate_rows(table: str, rows: Iterable[Row], check: Check, rejects: Rejects) -> Iterator[Values]:
    """The good rows of a table, each key once, `line` last; the others are rejected or counted as repeated.

    Args:
        check: raw values -> clean ones; raises ValueError for a bad row
    """
    tally = rejects.tally[table]
    seen: set[bytes] = set()
    for row in rows:
        tally.read += 1
        try:
            values = check(row.cells())
        except ValueError as error:
            rejects.reject(table, row.line, str(error), row.text())
            continue
        key = key_of(table, values)
        if key in seen:
            tally.repeated += 1
            continue
        if key is not None:
            seen.add(key)
        yield [*values, row.line]


def pack(
    table: str, rows: Iterable[Sequence[object]], batch_rows: int
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Rows (the schema's columns, `line` last) in batches of at most `batch_rows`; times in ms since 1970."""
    schema = SCHEMAS[table]
    source = iter(rows)
    while block := list(islice(source, batch_rows)):
        columns = zip(*block, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        yield table, pa.RecordBatch.from_arrays(arrays, schema=schema)


def today() -> datetime:
    """The present, for loaders that were given none."""
    return datetime.now(UTC)
