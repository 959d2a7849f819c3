"""What figures are compared with, for who sees all and for artists, on small groups made for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from muse_graph.answers import Analytics, Beside, CurvePoint, PeriodBefore
from tests.worlds.asked import analytics
from tests.worlds.months import Play, artist_graph

MONDAY = date(2026, 1, 5)


def day(n: int) -> date:
    return MONDAY + timedelta(n)


def heard(who: range, n: int, track: str = "t1", country: str = "CO", report: int = 9) -> list[Play]:
    """One play of each listener on the nth day."""
    return [Play(one, track, country, day(n), report=report) for one in who]


def asked(plays: list[Play], saved: dict[str, range] | None = None, **more: Any) -> Analytics:
    savers = [{"track_id": track, "keys": [*who]} for track, who in (saved or {}).items()]
    genre = more.pop("genre", [])
    return analytics(artist_graph(plays, artist_savers=savers, genre_reports=genre), "a1", **more)


DAYS = [
    *heard(range(20), 0),
    *heard(range(20), 0, report=3),
    *heard(range(30), 1),
    *heard(range(35), 2),
    *heard(range(100, 104), 3),
    *heard(range(60), 4),
    *heard(range(40), 5),
]


class TestPeriodBefore:
    def test_as_many_days_and_the_change(self) -> None:
        found = asked(DAYS, from_day=day(1), to_day=day(1))
        assert found.before == PeriodBefore("2026-01-05", "2026-01-05", 40, 20, 0.5, -0.25, 0.5, 0.5)

    def test_without_a_first_day_there_is_none(self) -> None:
        assert asked(DAYS).before is None
        assert asked(DAYS, to_day=day(1)).before is None

    def test_an_open_period_ends_with_the_last_play(self) -> None:
        found = asked(DAYS, from_day=day(4), exact=True)
        assert found.before is not None
        assert (found.before.from_day, found.before.to_day) == (str(day(2)), str(day(3)))
        assert (found.before.plays, found.before.listeners) == (39, 39)

    def test_what_an_artist_may_not_see_of_it_is_null(self) -> None:
        # Four listeners on the day before.
        nothing = PeriodBefore("2026-01-08", "2026-01-08", None, None, None, None, None, None)
        assert asked(DAYS, from_day=day(4), to_day=day(4)).before == nothing
        whole = asked(DAYS, from_day=day(4), to_day=day(4), exact=True).before
        assert whole == PeriodBefore("2026-01-08", "2026-01-08", 4, 4, 1.0, 14.0, 14.0, 0.0)

    def test_before_the_first_play_there_is_nothing_to_compare_with(self) -> None:
        found = asked(DAYS, from_day=day(0), to_day=day(1), exact=True).before
        assert found == PeriodBefore("2026-01-03", "2026-01-04", 0, 0, None, None, None, None)

    def test_no_period_before_the_calendar_begins(self) -> None:
        assert asked(DAYS, from_day=date.min, to_day=date.max, exact=True).before is None
        late = asked(DAYS, from_day=date.max, exact=True)
        assert (late.before, late.plays) == (None, 0)

    def test_months_before_months(self) -> None:
        plays = [Play(n, "t1", "CO", date(2026, month, 1 + n)) for n in range(28) for month in range(1, 5)]
        found = asked(plays, from_day=date(2026, 3, 1), to_day=date(2026, 4, 30))
        assert found.unit == "month"
        assert found.before is not None
        assert (found.before.from_day, found.before.to_day) == ("2026-01-01", "2026-02-28")
        assert (found.before.plays, found.before.plays_change) == (56, 0.0)
        assert [month.listeners for month in found.months] == [28, 28]
        assert (found.days, found.weeks, found.years) == ([], [], [])


class TestNewcomers:
    def test_new_is_who_never_heard_the_artist_before(self) -> None:
        plays = heard(range(20), 0) + heard(range(10, 40), 1, track="t2")
        found = asked(plays, from_day=day(1), track="t2")
        assert (found.new_listeners, found.returning_listeners) == (20, 10)
        assert asked(plays).new_listeners is None

    @pytest.mark.parametrize(("returning", "shown"), [(0, True), (9, False), (10, True)])
    def test_both_or_none(self, returning: int, shown: bool) -> None:
        plays = heard(range(returning + 30), 0) + heard(range(30, 60 + returning), 1)
        found = asked(plays, from_day=day(1))
        both = (30, returning)
        assert (found.new_listeners, found.returning_listeners) == (both if shown else (None, None))
        exact = asked(plays, from_day=day(1), exact=True)
        assert (exact.new_listeners, exact.returning_listeners) == both

    def test_few_new_ones_a_day_are_counted_by_the_week(self) -> None:
        # Three more a day hear it every day.
        plays = [one for n in range(28) for one in heard(range(20 + 3 * n), n)]
        week = asked(plays, from_day=day(7), to_day=day(13))
        assert (week.unit, week.new_listeners, week.returning_listeners) == ("day", 21, 38)
        days = asked(plays, from_day=day(8), to_day=day(13))
        assert (days.listeners, days.new_listeners, days.returning_listeners) == (59, None, None)
        assert (week.newcomers_unit, days.newcomers_unit, asked(plays).newcomers_unit) == (
            "week",
            "week",
            None,
        )


class TestSavers:
    @pytest.mark.parametrize(
        ("savers", "shown"), [(0, 0), (9, None), (10, 10), (20, 20), (21, None), (30, 30)]
    )
    def test_neither_few_savers_nor_few_others(self, savers: int, shown: int | None) -> None:
        plays = heard(range(30), 0)
        found = asked(plays, {"t1": range(savers), "t9": range(30)})
        assert found.savers == shown
        assert found.save_rate == (None if shown is None else shown / 30)
        assert asked(plays, {"t1": range(savers)}, exact=True).savers == savers

    def test_a_track_is_saved_by_who_heard_it_here(self) -> None:
        plays = heard(range(30), 0) + heard(range(30), 1, track="t2")
        assert asked(plays, {"t2": range(20)}, track="t1").savers == 0
        assert asked(plays, {"t2": range(20)}, to_day=day(0)).savers == 0
        assert asked(plays, {"t2": range(20), "t1": range(10, 15)}).savers == 20


class TestBeside:
    def test_another_track_under_the_same_filters(self) -> None:
        plays = heard(range(20), 0) + heard(range(15), 0, track="t2", report=4)
        plays += heard(range(15, 20), 0, track="t2", report=9, country="PT")
        found = asked(plays, track="t1", country="CO", beside="t2", exact=True).beside
        assert found is not None
        assert (found.kind, found.id, found.name, found.n_tracks) == ("track", "t2", "Title of t2", 1)
        assert [point.share for point in found.points] == [1, 1, 1, 1, 0, 0, 0, 0, 0]
        assert (found.completion, found.suppressed) == (0.0, None)

    def test_a_track_with_few_listeners_has_no_curve_for_artists(self) -> None:
        plays = heard(range(20), 0) + heard(range(9), 0, track="t2") + heard(range(15), 0, track="t3")
        few = "fewer than 10 listeners, perhaps none."
        expected = Beside("track", "t2", "Title of t2", 1, [], None, few)
        assert asked(plays, track="t1", beside="t2").beside == expected
        own = asked(plays, track="t1", beside="t2", exact=True).beside
        assert own is not None
        assert own.completion == 1.0

    def test_a_track_of_which_little_is_known(self) -> None:
        plays = heard(range(20), 0) + heard(range(20), 0, track="t2", report=12)
        found = asked(plays, track="t1", beside="t2").beside
        assert found is not None
        assert found.suppressed == "The share heard is known exactly of less than 20 % of the plays."

    def test_the_median_of_the_genre(self) -> None:
        def genre(n: int, listeners: int = 10) -> list[dict[str, Any]]:
            # Track i has i + 1 of 10 plays to the end.
            tracks = [[f"x{i}", listeners, [[0, 9 - i], [9, i + 1]]] for i in range(n)]
            return [{"genre_id": "g1", "name": "Cumbia", "tracks": [*tracks, ["few", 2, [[9, 1]]]]}]

        plays = heard(range(20), 0)
        shares = [CurvePoint(10 * step, 0.55, None, None) for step in range(1, 10)]
        found = asked(plays, beside="genre", genre=genre(10)).beside
        assert found is not None
        assert [point.share for point in found.points] == pytest.approx([one.share for one in shares])
        assert (found.id, found.name, found.n_tracks, found.suppressed) == ("g1", "Cumbia", 10, None)
        for few in (genre(9), genre(10, 9)):
            seen = asked(plays, beside="genre", genre=few).beside
            assert seen is not None
            assert (seen.points, seen.suppressed) == (
                [],
                "Fewer than 10 tracks of the genre have 10 listeners and a curve.",
            )
        exact = asked(plays, beside="genre", genre=genre(9), exact=True).beside
        assert exact is not None
        assert exact.n_tracks == 10

    def test_an_artist_without_a_genre(self) -> None:
        found = asked(heard(range(20), 0), beside="genre").beside
        assert found == Beside("genre", None, None, 0, [], None, "The artist has no track with a genre.")


def test_an_answer_that_is_suppressed_has_no_number() -> None:
    found = asked(heard(range(9), 0), {"t1": range(9)}, beside="t1", from_day=day(0))
    assert found.suppressed
    numbers = ("plays", "unknown", "listeners", "undated", "reports", "curve", "before", "new_listeners")
    numbers += ("returning_listeners", "newcomers_unit", "savers", "save_rate", "savers_unit", "beside")
    assert {name: getattr(found, name) for name in numbers} == dict.fromkeys(numbers)
    assert not any(getattr(found, name) for name in ("reach", "countries", "days", "weeks", "sources"))


def test_cells_that_are_not_shown_come_last_and_are_null() -> None:
    plays = heard(range(20), 0) + heard(range(100, 103), 0, country="AD")
    plays += heard(range(40, 55), 0, country="PT") + heard(range(200, 230), 0, country="JP")
    found = asked(plays)
    assert [(one.country, one.plays, one.listeners, one.share) for one in found.countries] == [
        ("JP", 30, 30, 30 / 68),
        ("CO", 20, 20, 20 / 68),
        ("AD", None, None, None),
        ("PT", None, None, None),
    ]
    assert [one.plays_per_listener for one in found.countries] == [1.0, 1.0, None, None]
