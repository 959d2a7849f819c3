"""The units of time an artist's figures come in: as fine as the audience allows."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.artists.presence import firsts
from muse_graph.core.artists.words import UNITS, Unit
from muse_graph.core.types import IntArray, check_lengths

__all__ = [
    "Days",
    "choose_unit",
    "last_days",
    "period_before",
    "spans_of",
    "unit_codes",
    "whole_units",
]

Days: TypeAlias = NDArray[np.datetime64]


def choose_unit(listener: IntArray, day: Days, k: int) -> Unit:
    """The finest unit of which at least half, the empty ones aside, have k different listeners; else the
    year.

    Args:
        listener: (n,) int64 keys, all that the artist has
        day: (n,) datetime64[D], NaT for no time: such a row does not count

    Raises:
        ShapeError: If the arrays differ in length.
    """
    check_lengths(listener=listener, day=day)
    dated = ~np.isnat(day)
    for unit in UNITS[:-1]:
        counts = _listeners(_index(day[dated], unit), listener[dated])
        if len(counts) and 2 * np.count_nonzero(counts >= k) >= len(counts):
            return unit
    return UNITS[-1]


def _listeners(index: IntArray, listener: IntArray) -> IntArray:
    """How many different listeners each unit that has any has, in any order."""
    order = np.lexsort((listener, index))
    index, listener = index[order], listener[order]
    index = index[firsts(index) | firsts(listener)]
    return np.diff(np.flatnonzero(np.append(firsts(index), True)))


def unit_codes(day: Days, unit: Unit) -> tuple[IntArray, Days]:
    """Number the units from the first to the last, empty ones between them too.

    Args:
        day: (n,) datetime64[D], NaT for no time

    Returns:
        (n,) int64 codes from 0, -1 for no time; (n_units,) datetime64[D], the first day of each unit
    """
    dated = ~np.isnat(day)
    codes = np.full(len(day), -1, np.int64)
    if not dated.any():
        return codes, np.empty(0, "datetime64[D]")
    index = _index(day[dated], unit)
    codes[dated] = index - index.min()
    return codes, _first_day(np.arange(index.min(), index.max() + 1), unit)


def spans_of(first: Days, unit: Unit) -> tuple[Days, IntArray]:
    """Longer units of consecutive shorter ones.

    Args:
        first: (n,) datetime64[D] ascending, the first day of each shorter one

    Returns:
        (m,) datetime64[D], the first day of each longer one; (m, 2) int64, its first and last shorter one
    """
    index = _index(first, unit)
    starts = np.flatnonzero(firsts(index))
    ends = np.append(starts, len(index))[1:] - 1
    return _first_day(index[starts], unit), np.column_stack([starts, ends])


def period_before(
    start: np.datetime64, end: np.datetime64, unit: Unit
) -> tuple[np.datetime64, np.datetime64]:
    """The period of as many units before one. start, end : first and last day of whole units"""
    first, last = _index(np.array([start, end], "datetime64[D]"), unit)
    earlier = _first_day(np.array([2 * first - last - 1]), unit)
    return np.datetime64(earlier[0]), np.datetime64(start - 1)


def last_days(first: Days, unit: Unit) -> Days:
    """The last day of each unit, by its first day."""
    return _first_day(_index(first, unit) + 1, unit) - 1


def whole_units(day: np.datetime64, unit: Unit, *, ends: bool) -> np.datetime64:
    """The first day of the first unit that begins on that day or later; if it ends, the last day of the last
    unit that ends then or earlier.
    """
    index = _index(np.array([day], "datetime64[D]") + ends, unit)
    edge = _first_day(index, unit)
    if ends:
        return np.datetime64(edge[0] - 1)
    return np.datetime64((edge if edge[0] == day else _first_day(index + 1, unit))[0])


def _index(day: Days, unit: Unit) -> IntArray:
    """(n,) int64, units since that of 1 January 1970. ISO weeks begin on Monday; that day was a Thursday."""
    if unit == "week":
        return np.asarray((day.astype("datetime64[D]").astype(np.int64) + 3) // 7)
    return day.astype(f"datetime64[{_LETTER[unit]}]").astype(np.int64)


def _first_day(index: IntArray, unit: Unit) -> Days:
    if unit == "week":
        return (index * 7 - 3).astype("datetime64[D]")
    return index.astype(f"datetime64[{_LETTER[unit]}]").astype("datetime64[D]")


_LETTER: Final[dict[Unit, str]] = {"day": "D", "month": "M", "year": "Y"}
