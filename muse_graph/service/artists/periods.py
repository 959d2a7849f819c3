"""Periods of filters in the units that an artist's figures come in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.answers import AnalyticsFilters
from muse_graph.core.artists.units import Days, last_days, whole_units
from muse_graph.core.artists.words import Unit

__all__ = ["NO_UNIT", "Span", "Units", "ends_before_it_begins"]

#: Of a period without a whole unit.
NO_UNIT = (0, -1)

Span = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of time from an artist's first play to the last.

    Attributes:
        unit: how long each is
        first: (n,) datetime64[D], the first day of each
    """

    unit: Unit
    first: Days

    @property
    def last(self) -> Days:
        """(n,) datetime64[D], the last day of each."""
        return last_days(self.first, self.unit)

    def whole(self, filters: AnalyticsFilters) -> Span:
        """The first and last day of the whole units in the period asked for; null where it is open."""
        return _edge(filters.from_day, self.unit, ends=False), _edge(filters.to_day, self.unit, ends=True)

    def codes(self, span: Span) -> tuple[int, int] | None:
        """The units that a period of whole ones has; None for all time."""
        start, end = span
        if start is None and end is None:
            return None
        first = 0 if start is None else int(np.searchsorted(self.first, np.datetime64(start)))
        n = len(self.first)
        last = n - 1 if end is None else int(np.searchsorted(self.last, np.datetime64(end), "right")) - 1
        return (first, last) if first <= last else NO_UNIT

    def days(self, codes: tuple[int, int] | None, asked: tuple[int, int] | None, span: Span) -> Span:
        """First and last day of some of the units asked for: those of the period at ends that are left."""
        if codes is None or asked is None or codes == NO_UNIT:
            return span
        start = span[0] if codes[0] == asked[0] else str(self.first[codes[0]])
        return start, span[1] if codes[1] == asked[1] else str(self.last[codes[1]])


def ends_before_it_begins(span: Span) -> bool:
    """Whether no day is in a period."""
    start, end = span
    return bool(start and end and np.datetime64(start) > np.datetime64(end))


def _edge(day: str | None, unit: Unit, *, ends: bool) -> str | None:
    return None if day is None else str(whole_units(np.datetime64(day), unit, ends=ends))
