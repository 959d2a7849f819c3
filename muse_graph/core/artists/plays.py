"""Plays of an artist by all that they are filtered by: the sums that figures are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.arrays import group_sums
from muse_graph.core.artists.months import Months, days_of
from muse_graph.core.artists.presence import Codes, Masks, rows_within
from muse_graph.core.artists.units import Days
from muse_graph.core.listening.buckets import Rows
from muse_graph.core.listening.reports import N_REPORTS
from muse_graph.core.types import BoolArray, IntArray

__all__ = ["PlayTable", "plays_by_listener", "plays_of_all"]


@dataclass(frozen=True, slots=True, eq=False)
class PlayTable:
    """Plays, (n,) rows.

    Attributes:
        codes: for each dimension as in `muse_graph.core.artists.presence.Presence`
        report: int64, as in `muse_graph.core.listening.reports`
        plays: int64
    """

    codes: Codes
    report: IntArray
    plays: IntArray

    def reports(self, masks: Masks) -> IntArray:
        """(N_REPORTS,) int64, plays in a box by report."""
        rows = self.within(masks)
        return group_sums(self.report[rows], self.plays[rows], N_REPORTS)

    def by_code(self, dimension: int, masks: Masks, size: int) -> IntArray:
        """(size + 1,) int64, plays in a box of each code at code + 1, of none at 0."""
        rows = self.within(masks)
        return group_sums(self.codes[dimension][rows].astype(np.int64), self.plays[rows], size + 1)

    def reports_by_code(self, dimension: int, masks: Masks, size: int) -> IntArray:
        """(size + 1, N_REPORTS) int64, plays in a box of each code by report, as `by_code`."""
        rows = self.within(masks)
        cell = self.codes[dimension][rows].astype(np.int64) * N_REPORTS + self.report[rows]
        return group_sums(cell, self.plays[rows], (size + 1) * N_REPORTS).reshape(-1, N_REPORTS)

    def within(self, masks: Masks) -> BoolArray:
        """(n,) bool, the rows in a box."""
        return rows_within(self.codes, masks)


def plays_of_all(months: Months, first: Days) -> PlayTable:
    """Plays of months, whoever the listener: no row has a segment. first : days on which units begin"""
    month = np.repeat(np.arange(len(months.month)), np.diff(months.sum_offsets))
    day = days_of(months.month[month], months.days)
    nobody = np.full(len(month), -1)
    return _table(months, month, day, first, nobody, months.sources, months.reports, months.plays)


def plays_by_listener(months: Months, rows: Rows, first: Days, segment: IntArray) -> PlayTable:
    """Plays of months, with the segment of who played.

    Args:
        rows: the table that the months were made of
        segment: (n,) int64 of its rows
    """
    day = days_of(months.month[rows.bucket], rows.day)
    return _table(months, rows.bucket, day, first, segment, rows.source, rows.report, rows.plays)


def _table(
    months: Months,
    month: IntArray,
    day: Days,
    first: Days,
    segment: IntArray,
    source: IntArray,
    report: IntArray,
    plays: IntArray,
) -> PlayTable:
    unit = np.where(np.isnat(day), -1, np.searchsorted(first, day, "right") - 1)
    columns = (months.track[month], months.country[month], unit, segment, source)
    return PlayTable(tuple((column + 1).astype(np.uint16) for column in columns), report, plays)
