"""Units of time beside the calendar of the standard library."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.artists.units import choose_unit, last_days, unit_codes, whole_units
from muse_graph.core.artists.words import UNITS, Unit

days = st.lists(st.dates(date(1960, 1, 1), date(2060, 1, 1)) | st.none(), max_size=30)


def array(some: list[date | None]) -> np.ndarray:
    return np.array(["NaT" if day is None else day.isoformat() for day in some], "datetime64[D]")


def first_of(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(day.isocalendar().weekday - 1)
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[unit]


@given(some=days, unit=st.sampled_from(UNITS))
def test_units_begin_where_the_calendar_says(some: list[date | None], unit: Unit) -> None:
    codes, starts = unit_codes(array(some), unit)
    dated = [day for day in some if day is not None]
    assert [int(code) for code in codes if code < 0] == [-1] * (len(some) - len(dated))
    assert [starts[code].item() for code in codes if code >= 0] == [first_of(day, unit) for day in dated]
    assert not dated or (codes.max() == len(starts) - 1 and codes[~np.isnat(array(some))].min() == 0)


@pytest.mark.parametrize(
    ("per_day", "unit"), [(10, "day"), (2, "week"), (1, "month"), (0.2, "year"), (0.001, "year")]
)
def test_the_unit_is_as_fine_as_the_audience_allows(per_day: float, unit: str) -> None:
    n = int(364 * per_day) + 1
    day = np.datetime64("2024-01-01") + (np.arange(n) / per_day).astype(int)
    assert choose_unit(np.arange(n), day, 10) == unit


def test_half_of_the_units_are_enough_and_the_empty_ones_do_not_count() -> None:
    day = array([date(2024, 1, 1)] * 3 + [date(2024, 6, 1), None])
    assert choose_unit(np.array([1, 2, 3, 1, 9]), day, 3) == "day"
    assert choose_unit(np.array([1, 2, 2, 1, 9]), day, 3) == "year"


@given(day=st.dates(date(1960, 1, 1), date(2060, 1, 1)), unit=st.sampled_from(UNITS))
def test_whole_units_of_a_period(day: date, unit: Unit) -> None:
    _, (first,) = unit_codes(array([day]), unit)
    (last,) = last_days(np.array([first]), unit)
    assert first <= np.datetime64(day) <= last
    assert first_of((last + 1).item(), unit) == (last + 1).item() > day
    begins = whole_units(np.datetime64(day), unit, ends=False)
    assert begins == (first if first == np.datetime64(day) else last + 1)
    ends = whole_units(np.datetime64(day), unit, ends=True)
    assert ends == (last if last == np.datetime64(day) else first - 1)
