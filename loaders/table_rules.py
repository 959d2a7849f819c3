"""What a row of each table must be: its columns, what they must agree on, and which rows are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pyarrow as pa

from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.formats.lines import Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.service.field_kinds import BLANKS, FieldRule
from muse_graph.service.field_rules import COUNTRY_OR_UNKNOWN, ONE_SHARE, field_rules
from muse_graph.service.listens.record import listen_id_of
from muse_graph.service.maintenance.loaded_rows import LoadedRows

__all__ = [
    "REQUIRED",
    "Check",
    "Values",
    "clean_cell",
    "columns_of",
    "drop_repeated",
    "pack",
    "row_check",
    "rules_of",
    "today",
    "validate_rows",
]

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
    "follows": frozenset({"user_id", "influencer_id"}),
}


#: What an export has of a listen whose country is unknown, even of a user who lives somewhere by now.
_OWN_RULES: dict[str, dict[str, FieldRule]] = {"listens": {"country": COUNTRY_OR_UNKNOWN}}


def columns_of(table: str) -> tuple[str, ...]:
    """A table's columns as files have them, in the order of its schema."""
    return tuple(name for name in SCHEMAS[table].names if name != "line")


def rules_of(table: str, now: datetime) -> Mapping[str, FieldRule]:
    """The rule of each column of a table."""
    return {**field_rules(now), **_OWN_RULES.get(table, {})}


def row_check(table: str, now: datetime) -> Check:
    """The function that turns raw values of a table into clean ones; a new one for each file, whose first
    features fix the number of the others.

    Raises ValueError naming column, value and rule.
    """
    rules = rules_of(table, now)
    columns = [(name, rules[name], name in REQUIRED[table]) for name in columns_of(table)]
    agree = _SameFeatures() if table == "tracks" else _AGREE.get(table)

    def check(raw: Sequence[object]) -> Values:
        values = [clean_cell(*column, value) for column, value in zip(columns, raw, strict=True)]
        return agree(values) if agree else values

    return check


def clean_cell(column: str, rule: FieldRule, required: bool, value: object) -> Any:
    """The clean value of a cell, None for an empty one. raises: ValueError naming column, value and rule."""
    if isinstance(value, str):
        value = value.strip(BLANKS)
    if value is None or value == "":
        if required:
            raise ValueError(f"{column} is missing")
        return None
    try:
        cleaned = rule.read(value)
    except ValueError as error:
        raise ValueError(f"{column} {error}, got {_shown(value)}") from None
    if required and cleaned == []:
        raise ValueError(f"{column} needs at least one entry")
    return cleaned


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


class _SameFeatures:
    """Tracks of a file: as many features each as the first that has any; without genres the list is empty."""

    def __init__(self) -> None:
        self._length = 0

    def __call__(self, values: Values) -> Values:
        genres, features = 3, 8
        values[genres] = values[genres] or []
        values[features] = values[features] or None
        if found := values[features]:
            self._length = self._length or len(found)
            if len(found) != self._length:
                rule = f"must be {self._length} numbers, as in the first row that has any"
                raise ValueError(f"features {rule}, got {_shown(found)}")
        return values


def _named_genre(values: Values) -> Values:
    genre_id, name = values
    return [genre_id, name or genre_id]


def _two_friends(values: Values) -> Values:
    if values[0] == values[1]:
        raise ValueError(f"friend_id must be another user than user_id, got {_shown(values[1])} twice")
    return values


def _one_listen(values: Values) -> Values:
    given_id, user_id, track_id, listened_at, heard, at_least, plays, country, source = values
    if heard is not None and at_least is not None:
        raise ValueError(f"{ONE_SHARE}, got {heard} and {at_least}")
    plays = plays or 1
    if plays != 1 and listened_at is not None:
        raise ValueError(f"listened_at must be empty in an aggregate row (plays > 1), got plays {plays}")
    at_ms = listened_at if isinstance(listened_at, int) else None
    given_id = given_id or listen_id_of(str(user_id), str(track_id), at_ms, str(source or ""))
    return [given_id, user_id, track_id, listened_at, heard, at_least, plays, country, source]


_AGREE: dict[str, Callable[[Values], Values]] = {
    "genres": _named_genre,
    "friendships": _two_friends,
    "listens": _one_listen,
}


def validate_rows(table: str, rows: Iterable[Row], check: Check, rejects: Rejects) -> Iterator[Values]:
    """The rows of a table that keep its rules, `line` last; the others are rejected.

    Args:
        check: raw values -> clean ones; raises ValueError for a bad row
    """
    tally = rejects.tally[table]
    for row in rows:
        tally.read += 1
        try:
            values = check(row.cells())
        except ValueError as error:
            rejects.reject(table, row.line, str(error))
            continue
        yield [*values, row.line]


def drop_repeated(table: str, rows: Iterable[Values], rejects: Rejects) -> Iterator[Values]:
    """The first row about each thing, for sources that refer to nothing unknown; others count as repeated."""
    seen = LoadedRows()
    for row in rows:
        if seen.add(table, row):
            yield row
        else:
            rejects.tally[table].repeated += 1


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
