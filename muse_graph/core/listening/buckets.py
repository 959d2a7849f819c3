"""What happened to one track in one country in one month, day by day, as columns.

Any period can be read from such a bucket exactly, and two buckets of the same key add up in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.types import FloatArray, IntArray, check_lengths
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = ["STEPS", "Bucket", "Buckets", "fold_many", "merge_many", "without"]

# Shares of a track that count as reached; d / 10 is the float nearest to the decimal.
STEPS: FloatArray = np.array([d / 10 for d in range(1, 10)])
_DAYS = 32  # day of month 1..31, and 0 for no time


@dataclass(frozen=True, slots=True, eq=False)
class Bucket:
    """One track in one country in one month.

    Attributes:
        days: (d,) int64 ascending, day of month, 0 for plays without a time
        plays: (d,) int64
        unknown: (d,) int64, those of the plays whose share heard is unknown
        reached: (d, 9) int64, those that reached 10 %, 20 %, ... 90 % of the track
        listeners: (m,) int64, keys of users
        listener_days: (m,) int64; (listener_days, listeners) are distinct pairs in ascending order
    """

    days: IntArray
    plays: IntArray
    unknown: IntArray
    reached: IntArray
    listeners: IntArray
    listener_days: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """Many buckets, end to end: bucket i has the rows offsets[i]:offsets[i + 1] of each array.

    Attributes:
        days, plays, unknown, reached: (D,), (D,), (D,), (D, 9) int64, as in `Bucket`
        day_offsets: (n_buckets + 1,) int64
        listeners, listener_days: (M,) int64, as in `Bucket`
        listener_offsets: (n_buckets + 1,) int64
    """

    days: IntArray
    plays: IntArray
    unknown: IntArray
    reached: IntArray
    day_offsets: IntArray
    listeners: IntArray
    listener_days: IntArray
    listener_offsets: IntArray

    def __len__(self) -> int:
        return len(self.day_offsets) - 1

    def __getitem__(self, index: int) -> Bucket:
        if not 0 <= index < len(self):
            raise IndexError(f"bucket must be 0..{len(self) - 1}, got {index}")
        days = slice(self.day_offsets[index], self.day_offsets[index + 1])
        people = slice(self.listener_offsets[index], self.listener_offsets[index + 1])
        return Bucket(
            self.days[days],
            self.plays[days],
            self.unknown[days],
            self.reached[days],
            self.listeners[people],
            self.listener_days[people],
        )

    @classmethod
    def of(cls, buckets: Iterable[Bucket]) -> Buckets:
        """Lay single buckets end to end."""
        parts = list(buckets)
        return cls(
            _join([part.days for part in parts]),
            _join([part.plays for part in parts]),
            _join([part.unknown for part in parts]),
            _join([part.reached for part in parts]).reshape(-1, len(STEPS)),
            _offsets(np.array([len(part.days) for part in parts], np.int64)),
            _join([part.listeners for part in parts]),
            _join([part.listener_days for part in parts]),
            _offsets(np.array([len(part.listeners) for part in parts], np.int64)),
        )


def fold_many(
    group_index: IntArray,
    n_groups: int,
    day: IntArray,
    heard: FloatArray,
    plays: IntArray,
    listener: IntArray,
) -> Buckets:
    """Make the buckets of plays.

    Args:
        group_index: (n,) int64 in 0..n_groups-1, the bucket of each play
        day: (n,) int64, day of month, 0 for no time
        heard: (n,) float64, share heard 0..1, NaN unknown
        plays: (n,) int64, number of plays of the row
        listener: (n,) int64, key of the user

    Returns:
        n_groups buckets, empty ones for groups without plays

    Raises:
        ShapeError: If lengths differ or a group is out of range.
        InvalidRequest: If a day is.
    """
    n = check_lengths(group_index=group_index, day=day, heard=heard, plays=plays, listener=listener)
    if n and not 0 <= group_index.min() <= group_index.max() < n_groups:
        raise ShapeError(
            f"group_index must be 0..{n_groups - 1}, got {group_index.min()}..{group_index.max()}"
        )
    if n and not 0 <= day.min() <= day.max() < _DAYS:
        raise InvalidRequest(f"day of month must be 0..31, got {day.min()}..{day.max()}")
    key = group_index * _DAYS + day
    order = np.lexsort((listener, key))
    key, listener, heard, plays = key[order], listener[order], heard[order], plays[order]
    reached = (np.where(heard >= step, plays, 0) for step in STEPS)
    unknown = np.where(np.isnan(heard), plays, 0)
    return _collapse(n_groups, key, (plays, unknown, *reached), key, listener)


def merge_many(a: Buckets, b: Buckets) -> Buckets:
    """Add up bucket i of one with bucket i of the other.

    Raises:
        ShapeError: If their lengths differ.
    """
    if len(a) != len(b):
        raise ShapeError(f"buckets to merge must have the same length, got {len(a)} and {len(b)}")
    key = np.concatenate([_keys(a.day_offsets, a.days), _keys(b.day_offsets, b.days)])
    order = np.argsort(key, kind="stable")
    plays, unknown = np.concatenate([a.plays, b.plays]), np.concatenate([a.unknown, b.unknown])
    columns = (plays, unknown, *np.concatenate([a.reached, b.reached]).T)
    person_key = np.concatenate(
        [_keys(a.listener_offsets, a.listener_days), _keys(b.listener_offsets, b.listener_days)]
    )
    listener = np.concatenate([a.listeners, b.listeners])
    people = np.lexsort((listener, person_key))
    sorted_columns = (column[order] for column in columns)
    return _collapse(len(a), key[order], sorted_columns, person_key[people], listener[people])


def without(bucket: Bucket, removed: Bucket, listener: int, days_left: IntArray) -> Bucket:
    """Take plays of one listener out of a bucket; days without a play are not in the result.

    Args:
        removed: these plays, as `fold_many` makes a bucket of them
        listener: key of the user
        days_left: days on which the user has other plays in the bucket
    """
    place = np.minimum(np.searchsorted(bucket.days, removed.days), max(len(bucket.days) - 1, 0))
    known = bucket.days[place] == removed.days if len(bucket.days) else np.zeros(len(place), np.bool_)
    columns = []
    for column, taken in (
        (bucket.plays, removed.plays),
        (bucket.unknown, removed.unknown),
        (bucket.reached, removed.reached),
    ):
        left = column.copy()
        left[place[known]] -= taken[known]
        columns.append(left)
    plays, unknown, reached = columns
    stays = plays > 0
    gone = np.setdiff1d(removed.days, days_left)
    keeps = (bucket.listeners != listener) | ~np.isin(bucket.listener_days, gone)
    return Bucket(
        bucket.days[stays],
        plays[stays],
        unknown[stays],
        reached[stays],
        bucket.listeners[keeps],
        bucket.listener_days[keeps],
    )


def _collapse(
    n_groups: int, key: IntArray, columns: Iterable[IntArray], person_key: IntArray, listener: IntArray
) -> Buckets:
    """Sum the columns over equal keys and drop repeated (person_key, listener); all sorted already."""
    starts = _run_starts(key)
    counts = np.empty((len(starts), 2 + len(STEPS)), np.int64)
    for position, column in enumerate(columns):
        counts[:, position] = np.add.reduceat(column, starts) if len(starts) else 0
    distinct = _run_starts(person_key, listener)
    key, person_key = key[starts], person_key[distinct]
    return Buckets(
        days=key % _DAYS,
        plays=counts[:, 0],
        unknown=counts[:, 1],
        reached=counts[:, 2:],
        day_offsets=_offsets(np.bincount(key // _DAYS, minlength=n_groups)),
        listeners=listener[distinct],
        listener_days=person_key % _DAYS,
        listener_offsets=_offsets(np.bincount(person_key // _DAYS, minlength=n_groups)),
    )


def _keys(offsets: IntArray, days: IntArray) -> IntArray:
    """Bucket and day of each row as one number."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)) * _DAYS + days


def _run_starts(*columns: IntArray) -> IntArray:
    """Positions where a row differs from the one before it in some column."""
    differs = np.zeros(len(columns[0]), np.bool_)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def _offsets(counts: IntArray) -> IntArray:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _join(arrays: list[NDArray[Any]]) -> IntArray:
    return np.concatenate(arrays) if arrays else np.empty(0, np.int64)
