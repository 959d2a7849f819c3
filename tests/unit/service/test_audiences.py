"""The audience of an artist under filters, beside plays filtered one by one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.answers import AnalyticsFilters, LeftOut
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownTrack
from muse_graph.service.artists.audiences import ArtistAudience, read_audience
from muse_graph.service.artists.choices import FilterChoices, read_choices
from muse_graph.service.artists.filters import filters_of
from tests.fakes import FakeGraph
from tests.worlds.asked import analytics
from tests.worlds.months import Play, artist_graph, crowd

PLAYS = crowd(1, listeners=60, plays=500)
DAYS = st.none() | st.integers(-3, 63).map(lambda n: date(2026, 1, 5) + timedelta(n))


def audience(plays: list[Play], *, exact: bool = False, **filters: Any) -> ArtistAudience:
    return read_audience(artist_graph(plays), "a1", filters_of(**filters), exact=exact)


def segment_of(plays: list[Play]) -> dict[int, str]:
    """The segment of each listener, counted one by one."""
    last = max(p.day for p in plays if p.day)
    found = {}
    for who in {p.listener for p in plays}:
        days = {p.day for p in plays if p.listener == who and p.day and (last - p.day).days < 28}
        found[who] = (
            "super" if len(days) >= 8 else "moderate" if len(days) >= 3 else "light" if days else "lapsed"
        )
    return found


def kept(plays: list[Play], asked: AnalyticsFilters) -> list[Play]:
    """The plays under a filter."""
    segment = segment_of(plays)
    start, end = (day and date.fromisoformat(day) for day in (asked.from_day, asked.to_day))
    return [
        p
        for p in plays
        if (not asked.tracks or p.track in asked.tracks)
        and (not asked.countries or p.country in asked.countries)
        and (not asked.sources or SOURCES[p.source] in asked.sources)
        and (not asked.segments or segment[p.listener] in asked.segments)
        and (not (start or end) or p.day is not None)
        and (not start or (p.day is not None and p.day >= start))
        and (not end or (p.day is not None and p.day <= end))
    ]


def first_days(plays: list[Play], who: list[int]) -> list[date | None]:
    return [min((p.day for p in plays if p.listener == one and p.day), default=None) for one in who]


def some(values: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3)


asked_filters = st.builds(
    lambda track, country, source, segment, days: filters_of(
        track=track,
        country=country,
        source=source,
        segment=segment,
        from_day=days[0],
        to_day=max(days) if days[0] and days[1] else days[1],  # type: ignore[type-var]
    ),
    some(["t1", "t2", "t3"]),
    some(["CO", "PT", "JP", "ZZ", "FR"]),
    some(SOURCES),
    some(SEGMENTS),
    st.tuples(DAYS, DAYS),
)


@settings(max_examples=60)
@given(asked=asked_filters)
def test_who_sees_all_gets_what_was_asked_for(asked: AnalyticsFilters) -> None:
    found = read_audience(artist_graph(PLAYS), "a1", asked, exact=True)
    rows = kept(PLAYS, asked)
    assert found.listeners.tolist() == sorted({p.listener for p in rows})
    assert found.first_days.tolist() == first_days(PLAYS, found.listeners.tolist())
    assert found.first_days_here.tolist() == first_days(rows, found.listeners.tolist())
    assert (found.suppressed, found.left_out) == (None, [])
    assert found.period == (asked.from_day, asked.to_day)
    assert found.units.unit == "day"


@settings(max_examples=60)
@given(asked=asked_filters)
def test_an_artist_sees_none_or_ten_listeners_of_what_is_left(asked: AnalyticsFilters) -> None:
    found = read_audience(artist_graph(PLAYS), "a1", asked, exact=False)
    if found.suppressed:
        assert len(found.listeners) == len(found.first_days) == len(found.first_days_here) == 0
        return
    left = {
        one.filter: [value for value in getattr(asked, one.filter) if value not in one.values]
        for one in found.left_out
        if one.filter != "period"
    }
    assert all(left.values())
    effective = AnalyticsFilters(
        *(left.get(name, getattr(asked, name)) for name in ("tracks", "countries", "sources", "segments")),  # type: ignore[call-overload]
        *found.period,
    )
    who = sorted({p.listener for p in kept(PLAYS, effective)})
    assert found.listeners.tolist() == who
    assert len(who) >= 10
    shortened = [one.filter for one in found.left_out if one.filter == "period"]
    assert bool(shortened) == (found.period != (asked.from_day, asked.to_day))


def test_what_is_left_out_and_why() -> None:
    day = date(2026, 1, 7)
    plays = [Play(n, "t1", "CO", day) for n in range(40)]
    plays += [Play(100 + n, "t1", "PT", day + timedelta(days)) for n in range(20) for days in (0, 7)]
    plays += [Play(200 + n, "t1", "JP", day) for n in range(3)]
    found = audience(plays, country=["CO", "JP", "FR"], from_day=date(2026, 1, 1), to_day=date(2026, 1, 13))
    # JP has three listeners: all others together would tell how many, so PT could not be shown beside CO.
    assert found.units.unit == "day"
    assert found.left_out == [
        LeftOut(
            "countries",
            ["JP", "FR"],
            "2 countries are left out for fewer than 10 listeners, "
            "or because the others would tell such a number.",
        ),
        LeftOut(
            "period",
            ["2026-01-01", "2026-01-13"],
            "The period is shortened to whole days with at least 10 listeners at its ends: "
            "from 2026-01-01 to 2026-01-07.",
        ),
    ]
    assert found.listeners.tolist() == [*range(40)]
    assert audience(plays, country="JP").suppressed == "fewer than 10 listeners, perhaps none."


def test_periods_come_in_whole_units() -> None:
    monday = date(2026, 1, 5)
    plays = [Play(n, "t1", "CO", monday + timedelta(n % 28)) for n in range(112)]
    found = audience(plays, from_day=date(2026, 1, 7), to_day=date(2026, 1, 31))
    assert found.units.unit == "week"
    assert found.period == ("2026-01-12", "2026-01-25")
    assert found.left_out[0].why == (
        "The period is shortened to whole weeks with at least 10 listeners at its ends: "
        "from 2026-01-12 to 2026-01-25."
    )
    assert len(found.listeners) == 56
    none = audience(plays, from_day=date(2026, 1, 7), to_day=date(2026, 1, 9))
    assert none.left_out[0].why == "The period has no whole week."
    assert none.suppressed


def test_a_wider_filter_with_a_few_more() -> None:
    plays = [Play(n, "t1", "CO", None) for n in range(20)]
    plays += [Play(n, "t1" if n < 53 else "t2", "PT", None) for n in range(50, 73)]
    found = audience(plays, country="CO")
    assert found.suppressed == (
        "A wider filter has a few listeners more: the difference would be fewer than 10 listeners."
    )


def test_cells_are_read_for_segments_only() -> None:
    graph = artist_graph(PLAYS)
    assert read_audience(graph, "a1", filters_of(), exact=True).stored.cells == []
    assert all(read_audience(graph, "a1", filters_of(segment="light"), exact=True).stored.cells)
    assert [asked["with_cells"] for _, asked in graph.asked] == [False, True]


def test_an_artist_nobody_has_heard() -> None:
    assert audience([], exact=True, country="CO", from_day=date(2026, 1, 1)).listeners.tolist() == []
    assert audience([]).suppressed == "fewer than 10 listeners, perhaps none."


def test_who_is_not_there() -> None:
    with pytest.raises(UnknownArtist, match="'a9'"):
        read_audience(FakeGraph({"artist_audience": []}), "a9", filters_of(), exact=True)
    with pytest.raises(UnknownTrack, match="no track of artist 'a1' has the id 't9'"):
        audience(PLAYS, track=["t1", "t9"])


def test_filters_in_their_normal_form() -> None:
    assert filters_of(
        track=["t2", "t1", "t2"],
        country=("pt", "CO"),
        source=["Feed"],
        segment="Super",
        from_day=date(2026, 1, 1),
    ) == AnalyticsFilters(["t2", "t1"], ["PT", "CO"], ["feed"], ["super"], "2026-01-01", None)
    with pytest.raises(InvalidRequest, match="segment must be super, moderate, light or lapsed"):
        filters_of(segment="fans")
    with pytest.raises(InvalidRequest, match="from must not be after to"):
        filters_of(from_day=date(2026, 1, 2), to_day=date(2026, 1, 1))


def test_keys_of_any_size() -> None:
    keys = [-(2**63), -1, 2**63 - 1]
    plays = [Play(key, "t1", "CO", date(2026, 1, 1)) for key in keys]
    assert np.array_equal(audience(plays, exact=True).listeners, np.array(keys))


@pytest.mark.parametrize("exact", [True, False])
def test_what_can_be_chosen_is_what_the_figures_have(exact: bool) -> None:
    graph = artist_graph(PLAYS, artist_savers=[])
    found = read_choices(graph, "a1", exact=exact)
    figures = analytics(graph, "a1", exact=exact)
    assert found.unit == figures.unit
    assert {*found.countries} == {one.country for one in figures.countries}
    listeners = {one.country: one.listeners or 0 for one in figures.countries}
    assert found.countries == sorted(found.countries, key=lambda one: (-listeners[one], one))
    assert found.last_day is not None
    assert found.last_day >= max(p.day for p in PLAYS if p.day)
    assert read_choices(artist_graph([]), "a1", exact=exact) == FilterChoices(
        [], "day" if exact else "year", None
    )
