"""Segments beside the days of each listener, counted one by one; days of months beside the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.artists.months import days_of
from muse_graph.core.artists.segments import SEGMENT_DAYS, segments
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.errors import ShapeError

LAST = date(2026, 3, 1)
ages = st.none() | st.integers(0, 40)


def slow(rows: list[tuple[int, int | None]], listener: int) -> str:
    """The segment of a listener; rows: listener, age of a play in days before `LAST`."""
    known = [age for _, age in rows if age is not None]
    youngest = min(known, default=0)
    days = {age for who, age in rows if who == listener and age is not None and age - youngest < SEGMENT_DAYS}
    return "super" if len(days) >= 8 else "moderate" if len(days) >= 3 else "light" if days else "lapsed"


@given(rows=st.lists(st.tuples(st.integers(0, 2), ages), max_size=60))
def test_segments(rows: list[tuple[int, int | None]]) -> None:
    days = [None if age is None else LAST - timedelta(age) for _, age in rows]
    found = segments(np.array([who for who, _ in rows], np.int64), np.array(days, "datetime64[D]"), 3)
    assert [SEGMENTS[code] for code in found] == [slow(rows, who) for who in range(3)]


@pytest.mark.parametrize(
    ("days", "segment"), [(8, "super"), (7, "moderate"), (3, "moderate"), (2, "light"), (1, "light")]
)
def test_days_of_each_segment(days: int, segment: str) -> None:
    heard = np.array([LAST - timedelta(n) for n in range(days)], "datetime64[D]")
    assert SEGMENTS[segments(np.zeros(days, np.int64), heard, 1)[0]] == segment


def test_the_twenty_eighth_day_before_counts_no_more() -> None:
    heard = np.array([LAST, LAST - timedelta(27), LAST - timedelta(28)], "datetime64[D]")
    assert [SEGMENTS[code] for code in segments(np.arange(3), heard, 3)] == ["light", "light", "lapsed"]


def test_columns_of_one_length() -> None:
    with pytest.raises(ShapeError, match="equally long"):
        segments(np.arange(2), np.array([LAST], "datetime64[D]"), 2)


@given(at=st.dates(date(1970, 1, 1), date(2999, 12, 31)))
def test_days_of_months(at: date) -> None:
    month = np.array([at.year * 100 + at.month, at.year * 100 + at.month, 0])
    found = days_of(month, np.array([at.day, 0, at.day]))
    assert found[0] == np.datetime64(at)
    assert np.isnat(found[1:]).all()
