"""Sums over months beside plain dictionaries and sets of raw plays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.listening.audience import Audience, Months, audience
from muse_graph.core.listening.buckets import Rows, add_up, pack
from muse_graph.core.listening.sources import SOURCES
from muse_graph.errors import ShapeError

#: Place, listener, day, source, report, plays.
Play = tuple[int, int, int, int, int, int]

PLACES = [(202401, "DE"), (202401, "PT"), (202402, "DE"), (0, "PT"), (0, ""), (202401, "PT")]
placed = st.lists(
    st.tuples(
        st.integers(0, len(PLACES) - 1),
        st.integers(0, 4) | st.integers(-(2**63), 2**63 - 1),
        st.integers(1, 31),
        st.integers(0, len(SOURCES) - 1),
        st.integers(0, 19),
        st.integers(1, 5),
    ),
    max_size=25,
).map(lambda plays: [play if PLACES[play[0]][0] else (*play[:2], 0, *play[3:]) for play in plays])


def months_of(plays: list[Play]) -> Months:
    rows = Rows(*np.array(plays, np.int64).reshape(-1, 6).T)
    buckets = pack(add_up(len(PLACES), rows), len(PLACES))
    return Months(
        np.array([month for month, _ in PLACES]),
        np.array([country for _, country in PLACES]),
        *(buckets.days, buckets.sources, buckets.reports, buckets.sum_plays, buckets.sum_offsets),
        *(buckets.listeners, buckets.listener_offsets),
    )


def slow_audience(
    plays: list[Play], start: int | None, end: int | None, sources: list[int]
) -> tuple[object, ...]:
    kept = []
    for place, listener, day, source, report, n in plays:
        month, country = PLACES[place]
        date = month * 100 + day if month else None
        within = (start is None and end is None) or (
            date is not None and (start is None or date >= start) and (end is None or date <= end)
        )
        if within and (not sources or source in sources):
            kept.append((country, date or 0, source, report, listener, n))
    countries, days = sorted({play[0] for play in kept}), sorted({play[1] for play in kept})
    every_source = range(len(SOURCES))

    def plays_by(column: int, keys: list[object]) -> list[int]:
        return [sum(play[5] for play in kept if play[column] == key) for key in keys]

    def listeners_by(column: int, keys: list[object]) -> list[int]:
        return [len({play[4] for play in kept if play[column] == key}) for key in keys]

    return (
        plays_by(3, [*range(20)]),
        len({play[4] for play in kept}),
        countries,
        *(plays_by(0, [*countries]), listeners_by(0, [*countries])),
        days,
        *(plays_by(1, [*days]), listeners_by(1, [*days])),
        *(plays_by(2, [*every_source]), listeners_by(2, [*every_source])),
    )


def told(found: Audience) -> tuple[object, ...]:
    return (
        found.reports.tolist(),
        found.listeners,
        found.countries.tolist(),
        *(found.country_plays.tolist(), found.country_listeners.tolist()),
        found.days.tolist(),
        *(found.day_plays.tolist(), found.day_listeners.tolist()),
        *(found.source_plays.tolist(), found.source_listeners.tolist()),
    )


days = st.none() | st.integers(20240101, 20240131) | st.integers(20240201, 20240229)
some_sources = st.lists(st.integers(0, len(SOURCES) - 1), max_size=3, unique=True)


@given(plays=placed, start=days, end=days, sources=some_sources)
def test_audience_agrees_with_the_raw_plays(
    plays: list[Play], start: int | None, end: int | None, sources: list[int]
) -> None:
    found = audience(months_of(plays), start, end, sources)
    assert told(found) == slow_audience(plays, start, end, sources)


def test_a_listener_in_two_countries_counts_once_in_all_and_once_in_each() -> None:
    found = audience(
        months_of([(0, 7, 1, 0, 5, 1), (0, 7, 2, 0, 5, 1), (1, 7, 1, 1, 10, 2), (1, 8, 3, 0, 9, 1)])
    )
    assert (found.reports.sum(), found.listeners) == (5, 2)
    assert (found.country_plays.tolist(), found.country_listeners.tolist()) == ([2, 3], [1, 2])
    assert found.days.tolist() == [20240101, 20240102, 20240103]
    assert (found.day_plays.tolist(), found.day_listeners.tolist()) == ([3, 1, 1], [1, 1, 1])
    assert (found.source_plays[:2].tolist(), found.source_listeners[:2].tolist()) == ([3, 2], [2, 1])


def test_nothing_at_all() -> None:
    none = np.empty(0, np.int64)
    listeners = months_of([]).listeners
    nothing = Months(
        none,
        np.empty(0, np.str_),
        none,
        none,
        none,
        none,
        np.zeros(1, np.int64),
        listeners,
        np.zeros(1, np.int64),
    )
    for months in (nothing, months_of([])):
        found = audience(months, 20240101)
        assert told(found) == ([0] * 20, 0, [], [], [], [], [], [], [0] * 8, [0] * 8)


def test_what_does_not_fit_is_refused() -> None:
    months = months_of([(0, 7, 1, 0, 5, 1)])
    with pytest.raises(ShapeError, match=r"month \(6,\), country \(1,\)"):
        audience(replace(months, country=np.array(["DE"])))
    with pytest.raises(ShapeError, match=r"reports \(2,\)"):
        audience(replace(months, reports=np.array([1, 2])))
    for name in ("sum_offsets", "listener_offsets"):
        for wrong in (np.zeros(7, np.int64), np.array([0, 1])):
            with pytest.raises(ShapeError, match=rf"{name} must be \(7,\) up to 1"):
                audience(replace(months, **{name: wrong}))
