"""How much of an artist's tracks is heard, where, when, how listeners came to it, and by how many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.arrays import group_sums
from muse_graph.core.listening.reports import N_REPORTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.core.types import BoolArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = ["Audience", "Months", "audience"]

_DAYS = 32


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Months of tracks in countries as the graph has them, n of them end to end.

    Attributes:
        month: (n,) int64, yyyymm, 0 for no time
        country: (n,) str
        days, sources, reports, plays: (s,) int64, sums as in `muse_graph.core.listening.buckets.Buckets`
        sum_offsets: (n + 1,) int64
        listeners: (m,) `muse_graph.core.listening.buckets.LISTENER`
        listener_offsets: (n + 1,) int64
    """

    month: IntArray
    country: NDArray[np.str_]
    days: IntArray
    sources: IntArray
    reports: IntArray
    plays: IntArray
    sum_offsets: IntArray
    listeners: NDArray[np.void]
    listener_offsets: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """Who heard how much in a period.

    Attributes:
        reports: (N_REPORTS,) int64, plays by report
        listeners: distinct listeners
        countries: (c,) str ascending, countries with plays in the period
        country_plays, country_listeners: (c,) int64, plays and distinct listeners in each
        days: (d,) int64 ascending, yyyymmdd of days with plays, 0 for no time
        day_plays, day_listeners: (d,) int64
        source_plays, source_listeners: (len(SOURCES),) int64
    """

    reports: IntArray
    listeners: int
    countries: NDArray[np.str_]
    country_plays: IntArray
    country_listeners: IntArray
    days: IntArray
    day_plays: IntArray
    day_listeners: IntArray
    source_plays: IntArray
    source_listeners: IntArray


def audience(
    months: Months,
    from_day: int | None = None,
    to_day: int | None = None,
    sources: Collection[int] = (),
) -> Audience:
    """Sum months over a period.

    Args:
        from_day, to_day: yyyymmdd, both inclusive; None for open. With either, plays without a time do not
            count
        sources: positions in `SOURCES` of those that count; empty for all

    Raises:
        ShapeError: If arrays of months do not fit together.
    """
    _check(months)
    wanted = _wanted_sources(sources)
    names, country = np.unique(months.country, return_inverse=True)
    row_month = _month_of_rows(months.sum_offsets)
    within = _within(months.month[row_month], months.days, from_day, to_day)
    row = np.flatnonzero(within & wanted[months.sources])
    row_month, plays = row_month[row], months.plays[row]
    country_plays = group_sums(country[row_month], plays, len(names))
    days, day = np.unique(months.month[row_month] * 100 + months.days[row], return_inverse=True)
    people = _people(months, from_day, to_day, wanted)
    seen = country_plays > 0
    return Audience(
        reports=group_sums(months.reports[row], plays, N_REPORTS),
        listeners=people.n,
        countries=names[seen],
        country_plays=country_plays[seen],
        country_listeners=people.distinct(country[people.bucket], len(names))[seen],
        days=days,
        day_plays=group_sums(day, plays, len(days)),
        day_listeners=people.by_day(months.month, days),
        source_plays=group_sums(months.sources[row], plays, len(SOURCES)),
        source_listeners=people.distinct(people.source, len(SOURCES)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _People:
    """Rows of listeners: (r,) month, rank of the listener among the n distinct ones, source, days as bits."""

    bucket: IntArray
    rank: IntArray
    source: IntArray
    mask: IntArray
    n: int

    def distinct(self, group: IntArray, n_groups: int) -> IntArray:
        """(n_groups,) int64 distinct listeners of each group of rows."""
        pairs = np.unique(group * self.n + self.rank)
        return np.bincount(pairs // max(self.n, 1), minlength=n_groups)

    def by_day(self, months: IntArray, days: IntArray) -> IntArray:
        """(d,) int64 distinct listeners on each day, given as yyyymmdd or 0 for no time."""
        month, index = np.unique(months, return_inverse=True)
        pair = index[self.bucket] * self.n + self.rank
        order = np.argsort(pair)
        pair = pair[order]
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        if not len(starts):
            return np.zeros(len(days), np.int64)
        # Of all tracks and countries together; then one pass for each day of the month.
        mask = np.bitwise_or.reduceat(self.mask[order], starts)
        of_month = pair[starts] // self.n
        counts = np.stack(
            [np.bincount(of_month[(mask >> day) & 1 > 0], minlength=len(month)) for day in range(_DAYS)],
            axis=1,
        )
        return counts[np.searchsorted(month, days // 100), days % 100]


def _people(months: Months, from_day: int | None, to_day: int | None, wanted: BoolArray) -> _People:
    bucket = _month_of_rows(months.listener_offsets)
    source = months.listeners["source"].astype(np.int64)
    mask = months.listeners["days"].astype(np.int64) & _day_bits(months.month, from_day, to_day)[bucket]
    row = np.flatnonzero((mask > 0) & wanted[source])
    keys, rank = np.unique(months.listeners["listener"][row], return_inverse=True)
    return _People(bucket[row], rank, source[row], mask[row], len(keys))


def _day_bits(month: IntArray, from_day: int | None, to_day: int | None) -> IntArray:
    """(n,) int64, bit d for each day d of a month that is within the period."""
    distinct, index = np.unique(month, return_inverse=True)
    day = np.arange(_DAYS)
    bits = [int((_within(np.full(_DAYS, one), day, from_day, to_day) << day).sum()) for one in distinct]
    return np.array(bits, np.int64)[index]


def _wanted_sources(sources: Collection[int]) -> BoolArray:
    wanted = np.ones(len(SOURCES), np.bool_)
    if sources:
        wanted[:] = False
        wanted[list(sources)] = True
    return wanted


def _within(month: IntArray, day: IntArray, from_day: int | None, to_day: int | None) -> BoolArray:
    if from_day is None and to_day is None:
        return np.ones(len(day), np.bool_)
    date = month * 100 + day
    dated = (month > 0) & (day > 0)
    after = True if from_day is None else date >= from_day
    before = True if to_day is None else date <= to_day
    return dated & after & before


def _month_of_rows(offsets: IntArray) -> IntArray:
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def _check(months: Months) -> None:
    n = check_lengths(month=months.month, country=months.country)
    check_lengths(days=months.days, sources=months.sources, reports=months.reports, plays=months.plays)
    for name, offsets, rows in (
        ("sum_offsets", months.sum_offsets, months.plays),
        ("listener_offsets", months.listener_offsets, months.listeners),
    ):
        if offsets.shape != (n + 1,) or offsets[-1] != len(rows):
            raise ShapeError(f"{name} must be ({n + 1},) up to {len(rows)}, got {offsets.shape}")
