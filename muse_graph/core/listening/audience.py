"""How much of an artist's tracks is heard, where, and by how many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.listening.buckets import Buckets
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.errors import ShapeError

__all__ = ["Audience", "audience"]


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """Who heard how much in a period.

    Attributes:
        plays, unknown: plays, and those of them whose share heard is unknown
        reached: (9,) int64, plays that reached 10 %, ... 90 %
        listeners: distinct listeners
        countries: (c,) str ascending, countries with plays in the period
        country_plays: (c,) int64
        country_listeners: (c,) int64, distinct listeners in each
    """

    plays: int
    unknown: int
    reached: IntArray
    listeners: int
    countries: NDArray[np.str_]
    country_plays: IntArray
    country_listeners: IntArray


def audience(
    buckets: Buckets,
    months: IntArray,
    countries: NDArray[np.str_],
    from_day: int | None = None,
    to_day: int | None = None,
) -> Audience:
    """Sum buckets over a period.

    Args:
        months: (n_buckets,) int64, yyyymm of each bucket, 0 for no time
        countries: (n_buckets,) str, country of each bucket
        from_day, to_day: yyyymmdd, both inclusive; None for open. With either, plays without a time do not
            count

    Raises:
        ShapeError: If months or countries is not (n_buckets,).
    """
    if months.shape != (len(buckets),) or countries.shape != (len(buckets),):
        shapes = f"months {months.shape}, countries {countries.shape}"
        raise ShapeError(f"months and countries must be ({len(buckets)},), got {shapes}")
    names, country = np.unique(countries, return_inverse=True)
    row_bucket = _bucket_of_rows(buckets.day_offsets)
    person_bucket = _bucket_of_rows(buckets.listener_offsets)
    row = np.flatnonzero(_within(months[row_bucket], buckets.days, from_day, to_day))
    person = np.flatnonzero(_within(months[person_bucket], buckets.listener_days, from_day, to_day))
    country_plays = np.zeros(len(names), np.int64)
    np.add.at(country_plays, country[row_bucket[row]], buckets.plays[row])
    country_listeners = _distinct(country[person_bucket[person]], buckets.listeners[person], len(names))
    seen = country_plays > 0
    return Audience(
        plays=int(buckets.plays[row].sum()),
        unknown=int(buckets.unknown[row].sum()),
        reached=buckets.reached[row].sum(axis=0),
        listeners=len(np.unique(buckets.listeners[person])),
        countries=names[seen],
        country_plays=country_plays[seen],
        country_listeners=country_listeners[seen],
    )


def _bucket_of_rows(offsets: IntArray) -> IntArray:
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def _within(month: IntArray, day: IntArray, from_day: int | None, to_day: int | None) -> BoolArray:
    if from_day is None and to_day is None:
        return np.ones(len(day), np.bool_)
    date = month * 100 + day
    dated = (month > 0) & (day > 0)
    after = True if from_day is None else date >= from_day
    before = True if to_day is None else date <= to_day
    return dated & after & before


def _distinct(group: IntArray, member: IntArray, n_groups: int) -> IntArray:
    """Count the distinct members of each group."""
    order = np.lexsort((member, group))
    group, member = group[order], member[order]
    first = np.ones(len(group), np.bool_)
    first[1:] = (group[1:] != group[:-1]) | (member[1:] != member[:-1])
    return np.bincount(group[first], minlength=n_groups)
