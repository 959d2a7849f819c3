"""HEARD_IN: a track's months in a country, kept up to date as plays come in and read as columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from muse_graph.core.listening.buckets import STEPS, Bucket, Buckets, fold_many, merge_many, without
from muse_graph.graph.connection import Row, Transaction

__all__ = ["NO_MONTH", "Play", "add_plays", "bucket_of", "remove_plays", "row_of"]

#: The month and the day of plays whose time is not known.
NO_MONTH = NO_DAY = 0

_Key = tuple[str, str, int]
_NAME = ("track_id", "country", "month")


@dataclass(frozen=True, slots=True)
class Play:
    """One listen as a month sees it; listener is the user's key."""

    track_id: str
    country: str
    at: datetime | None
    heard: float | None
    plays: int
    listener: int


def add_plays(transaction: Transaction, plays: Sequence[Play]) -> None:
    """Add plays to the months of their tracks and countries."""
    keys, added = _folded(plays)
    names = [_name(key) for key in keys]
    stored = _stored(transaction, names)
    before = Buckets.of(bucket_of(stored[key]) if key in stored else _EMPTY for key in keys)
    after = merge_many(before, added)
    transaction.run(
        "put_month_buckets", rows=[name | row_of(after[position]) for position, name in enumerate(names)]
    )


def remove_plays(transaction: Transaction, plays: Sequence[Play], left: Iterable[Row]) -> None:
    """Take plays of one user out of the months of their tracks and countries; a month without plays goes.

    Args:
        left: track_id, country, month and day of other plays that the user has of these tracks
    """
    keys, removed = _folded(plays)
    stored = _stored(transaction, [_name(key) for key in keys])
    days: defaultdict[_Key, list[int]] = defaultdict(list)
    for row in left:
        days[row["track_id"], row["country"], row["month"]].append(row["day"])
    kept: list[Row] = []
    empty: list[Row] = []
    for position, key in enumerate(keys):
        if key in stored:
            days_left = np.array(days[key], np.int64)
            bucket = without(bucket_of(stored[key]), removed[position], plays[0].listener, days_left)
            row = _name(key) | row_of(bucket)
            (kept if row["plays"] > 0 else empty).append(row)
    transaction.run("put_month_buckets", rows=kept)
    transaction.run("delete_months", rows=[{name: row[name] for name in _NAME} for row in empty])


def _folded(plays: Sequence[Play]) -> tuple[list[_Key], Buckets]:
    """The months that plays are in, and a bucket of each."""
    keys = sorted({_key(play) for play in plays})
    index = {key: position for position, key in enumerate(keys)}
    return keys, fold_many(
        np.array([index[_key(play)] for play in plays], np.int64),
        len(keys),
        np.array([_day(play) for play in plays], np.int64),
        np.array([np.nan if play.heard is None else play.heard for play in plays], np.float64),
        np.array([play.plays for play in plays], np.int64),
        np.array([play.listener for play in plays], np.int64),
    )


def bucket_of(row: Row) -> Bucket:
    """The lists of a HEARD_IN relationship as arrays."""
    return Bucket(
        days=np.array(row["days"], np.int64),
        plays=np.array(row["day_plays"], np.int64),
        unknown=np.array(row["day_unknown"], np.int64),
        reached=np.array(row["reached"], np.int64).reshape(-1, len(STEPS)),
        listeners=np.array(row["listeners"], np.int64),
        listener_days=np.array(row["listener_days"], np.int64),
    )


def row_of(bucket: Bucket) -> Row:
    """The arrays of a bucket as the lists of a HEARD_IN relationship."""
    return {
        "plays": int(bucket.plays.sum()),
        "days": bucket.days.tolist(),
        "day_plays": bucket.plays.tolist(),
        "day_unknown": bucket.unknown.tolist(),
        "reached": bucket.reached.ravel().tolist(),
        "listeners": bucket.listeners.tolist(),
        "listener_days": bucket.listener_days.tolist(),
    }


_EMPTY = bucket_of(
    {"days": [], "day_plays": [], "day_unknown": [], "reached": [], "listeners": [], "listener_days": []}
)


def _stored(transaction: Transaction, names: list[Row]) -> dict[_Key, Row]:
    rows = transaction.run("month_buckets", rows=names)
    return {(row["track_id"], row["country"], row["month"]): row for row in rows}


def _name(key: _Key) -> Row:
    return dict(zip(_NAME, key, strict=True))


def _key(play: Play) -> _Key:
    if play.at is None:
        return play.track_id, play.country, NO_MONTH
    at = play.at.astimezone(UTC)
    return play.track_id, play.country, at.year * 100 + at.month


def _day(play: Play) -> int:
    return NO_DAY if play.at is None else play.at.astimezone(UTC).day
