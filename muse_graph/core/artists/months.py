"""Months of an artist's tracks in countries, end to end, and what their bytes say of listeners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.artists.units import Days
from muse_graph.core.types import IntArray

__all__ = ["DayRows", "Months", "day_rows", "days_of"]

_DAYS = 32


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Months as the graph has them, n of them.

    Attributes:
        track, country: (n,) int64 codes
        month: (n,) int64, yyyymm, 0 for no time
        days, sources, reports, plays: (s,) int64, sums as in `muse_graph.core.listening.buckets.Buckets`
        sum_offsets: (n + 1,) int64
        listeners: (m,) `muse_graph.core.listening.buckets.LISTENER`
        listener_offsets: (n + 1,) int64
    """

    track: IntArray
    country: IntArray
    month: IntArray
    days: IntArray
    sources: IntArray
    reports: IntArray
    plays: IntArray
    sum_offsets: IntArray
    listeners: NDArray[np.void]
    listener_offsets: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class DayRows:
    """Who heard what on which day by which source, (r,) each.

    Attributes:
        month: position of the month
        listener: key of the user
        source: position in `muse_graph.core.listening.sources.SOURCES`
        day: datetime64[D], NaT for no time
    """

    month: IntArray
    listener: IntArray
    source: IntArray
    day: Days


def day_rows(months: Months) -> DayRows:
    """The listeners of months day by day, in the order in which they are stored."""
    masks = np.ascontiguousarray(months.listeners["days"].astype("<u4"))
    bits = np.unpackbits(masks.view(np.uint8).reshape(-1, 4), axis=1, count=_DAYS, bitorder="little")
    row, day = np.nonzero(bits)
    month = np.repeat(np.arange(len(months.month)), np.diff(months.listener_offsets))[row]
    return DayRows(
        month=month,
        listener=months.listeners["listener"][row].astype(np.int64),
        source=months.listeners["source"][row].astype(np.int64),
        day=days_of(months.month[month], day),
    )


def days_of(month: IntArray, day: IntArray) -> Days:
    """Dates of months yyyymm and days of them; NaT where one of the two is 0."""
    since = (month // 100 - 1970) * 12 + month % 100 - 1
    dates = since.astype("datetime64[M]").astype("datetime64[D]") + (day - 1)
    return np.where((month > 0) & (day > 0), dates, np.datetime64("NaT"))
