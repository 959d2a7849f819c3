"""HEARD_IN: a track's months in a country, kept up to date as plays come in and read as columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from muse_graph.core.listening.buckets import STEPS, Bucket, Buckets, fold_many, merge_many
from muse_graph.graph.connection import Row, Transaction

__all__ = ["NO_MONTH", "Play", "add_plays", "bucket_of", "row_of"]

#: The month and the day of plays whose time is not known.
NO_MONTH = NO_DAY = 0

_Key = tuple[str, str, int]


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
    keys = sorted({_key(play) for play in plays})
    index = {key: position for position, key in enumerate(keys)}
    added = fold_many(
        np.array([index[_key(play)] for play in plays], np.int64),
        len(keys),
        np.array([_day(play) for play in plays], np.int64),
        np.array([np.nan if play.heard is None else play.heard for play in plays], np.float64),
        np.array([play.plays for play in plays], np.int64),
        np.array([play.listener for play in plays], np.int64),
    )
    names = [{"track_id": track, "country": country, "month": month} for track, country, month in keys]
    stored = {(row["track_id"], row["country"], row["month"]): row for row in _stored(transaction, names)}
    before = Buckets.of(bucket_of(stored[key]) if key in stored else _EMPTY for key in keys)
    after = merge_many(before, added)
    transaction.run(
        "put_month_buckets", rows=[name | row_of(after[position]) for position, name in enumerate(names)]
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


def _stored(transaction: Transaction, names: list[Row]) -> Iterable[Row]:
    return transaction.run("month_buckets", rows=names)


def _key(play: Play) -> _Key:
    if play.at is None:
        return play.track_id, play.country, NO_MONTH
    at = play.at.astimezone(UTC)
    return play.track_id, play.country, at.year * 100 + at.month


def _day(play: Play) -> int:
    return NO_DAY if play.at is None else play.at.astimezone(UTC).day
