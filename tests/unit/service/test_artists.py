"""What artists ask, answered from known months and known influencers."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from muse_graph.answers import (
    AnalyticsFilters,
    CountryAudience,
    Curve,
    NewReach,
    PeriodAudience,
    Reports,
    ShownCount,
    SortBy,
    SourceAudience,
)
from muse_graph.core.listening.buckets import Rows, add_up, pack
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownGenre, UnknownTrack
from muse_graph.graph.connection import Row
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.influencer_sets import Price, influencers_together
from muse_graph.service.artists.influencers import artist_influencers, match_influencers, matches_and_set
from tests.unit.writes import WritingGraph
from tests.worlds.asked import exact_analytics

#: Country, month, and its plays: listener, day, source, report, number.
MONTHS: list[tuple[str, int, list[tuple[int, ...]]]] = [
    (
        "CO",
        202609,
        [(7, 1, 0, 2, 1), (7, 1, 1, 5, 1), (8, 1, 0, 9, 1), (8, 1, 0, 14, 1), (7, 20, 0, 9, 2)],
    ),
    ("CO", 0, [(9, 0, 7, 10, 5)]),
    ("PT", 202610, [(7, 3, 1, 5, 4), (7, 3, 0, 10, 2)]),
]


def stored(country: str, month: int, plays: list[tuple[int, ...]]) -> list[Any]:
    """A month as `artist_audience` returns it."""
    rows = Rows(np.zeros(len(plays), np.int64), *np.array(plays, np.int64).T)
    (values,) = pack(add_up(1, rows), 1).properties()
    columns = ("days", "day_sources", "day_reports", "day_plays", "listeners", "cells")
    return ["t1", country, month, *(values[column] for column in columns)]


def listened(months: list[tuple[str, int, list[tuple[int, ...]]]] = MONTHS, **more: Any) -> WritingGraph:
    titles = [["t1", "One"], ["t2", "Two"]]
    row = {"name": "Ana", "titles": titles, "months": [stored(*month) for month in months]}
    return WritingGraph({"artist_audience": [row | more], "artist_savers": []})


class TestAnalytics:
    def test_all_of_it(self) -> None:
        found = exact_analytics(listened(), "a1")
        assert (found.artist_id, found.name, found.plays, found.unknown, found.listeners) == (
            "a1",
            "Ana",
            17,
            8,
            3,
        )
        assert found.countries == [
            CountryAudience("CO", "Colombia", 11, 3, 11 / 17, 11 / 3),
            CountryAudience("PT", "Portugal", 6, 1, 6 / 17, 6.0),
        ]
        assert (found.track_id, found.country, found.from_day, found.to_day) == (None, None, None, None)

    def test_shares_are_of_the_plays_whose_length_is_known(self) -> None:
        reach = exact_analytics(listened(), "a1").reach
        assert [step.percent for step in reach] == [10, 20, 30, 40, 50, 60, 70, 80, 90]
        assert [step.plays for step in reach] == [9, 9, 8, 8, 8, 3, 3, 3, 3]
        # 17 plays, of which 8 are of unknown length: 9 could have reached a step.
        assert [step.share for step in reach] == [
            1.0,
            1.0,
            8 / 9,
            8 / 9,
            8 / 9,
            3 / 9,
            3 / 9,
            3 / 9,
            3 / 9,
        ]

    def test_where_no_length_is_known_there_is_no_share(self) -> None:
        found = exact_analytics(listened([MONTHS[1]]), "a1")
        assert (found.plays, found.unknown) == (5, 5)
        assert {step.share for step in found.reach} == {None}

    def test_an_artist_nobody_has_heard(self) -> None:
        found = exact_analytics(listened([]), "a1")
        assert (found.plays, found.unknown, found.listeners, found.countries) == (0, 0, 0, [])
        assert [(step.plays, step.share) for step in found.reach] == [(0, None)] * 9

    @pytest.mark.parametrize(
        ("first", "last", "plays", "listeners"),
        [
            (date(2026, 9, 1), date(2026, 9, 1), 4, 2),
            (date(2026, 9, 2), None, 8, 1),
            (None, date(2026, 10, 2), 6, 2),
            (date(2026, 9, 20), date(2026, 10, 3), 8, 1),
            (date(2027, 1, 1), date(2027, 1, 1), 0, 0),
            (None, None, 17, 3),
        ],
    )
    def test_a_period_takes_in_both_its_days(
        self, first: date | None, last: date | None, plays: int, listeners: int
    ) -> None:
        found = exact_analytics(listened(), "a1", from_day=first, to_day=last)
        assert (found.plays, found.listeners) == (plays, listeners)
        assert found.from_day == (first.isoformat() if first else None)
        assert found.to_day == (last.isoformat() if last else None)

    def test_filters_are_answered(self) -> None:
        found = exact_analytics(listened(), "a1", track="t1", country="ZZ")
        assert (found.track_id, found.country, found.plays) == ("t1", "ZZ", 0)

    def test_two_round_trips_and_one_more_for_the_genre(self) -> None:
        graph = listened()
        exact_analytics(graph, "a1", track="t1", beside="t2")
        first, second = graph.asked
        assert first == ("artist_audience", {"artist_id": "a1", "with_cells": False})
        assert second == ("artist_savers", {"artist_id": "a1"})
        graph.rows["genre_reports"] = []
        exact_analytics(graph, "a1", segment="light", beside="genre")
        assert [name for name, _ in graph.asked[2:]] == ["artist_audience", "artist_savers", "genre_reports"]

    def test_several_of_a_filter_are_any_of_them(self) -> None:
        graph = listened()
        found = exact_analytics(graph, "a1", track=["t2", "t1", "t2"], country=("pt", "CO"), source=["Feed"])
        assert (found.track_id, found.country) == (None, None)
        assert found.filters == AnalyticsFilters(["t2", "t1"], ["PT", "CO"], ["feed"], [], None, None)
        none = exact_analytics(graph, "a1", track=[], country=[], source=[], segment=[])
        assert (none.filters, none.plays) == (AnalyticsFilters([], [], [], [], None, None), 17)

    def test_sources_and_days(self) -> None:
        found = exact_analytics(listened(), "a1")
        assert found.sources == [
            SourceAudience("unknown", 7, 2),
            SourceAudience("recommendation", 5, 1),
            SourceAudience("other", 5, 1),
        ]
        assert found.days == [
            PeriodAudience("2026-09-01", 4, 2),
            PeriodAudience("2026-09-20", 2, 1),
            PeriodAudience("2026-10-03", 6, 1),
        ]
        assert found.weeks == [
            PeriodAudience("2026-08-31", 4, 2),
            PeriodAudience("2026-09-14", 2, 1),
            PeriodAudience("2026-09-28", 6, 1),
        ]
        assert found.undated == 5
        recommended = exact_analytics(listened(), "a1", source="recommendation")
        assert (recommended.plays, recommended.listeners, recommended.undated) == (5, 1, 0)
        assert [one.source for one in recommended.sources] == ["recommendation"]
        both = exact_analytics(listened(), "a1", source=["other", "recommendation"])
        assert (both.plays, both.listeners) == (10, 2)

    def test_reports_are_exact_or_at_least(self) -> None:
        reports = exact_analytics(listened(), "a1").reports
        assert reports == Reports([0, 0, 1, 0, 0, 5, 0, 0, 0, 3], [7, 0, 0, 0, 1, 0, 0, 0, 0, 0])

    def test_the_curve_is_of_all_plays(self) -> None:
        curve = exact_analytics(listened(), "a1").curve
        assert curve is not None
        # 9 of 17 are known exactly: one stops before 30 %, and five of the eight that tell of it before 60 %.
        assert curve.coverage == pytest.approx(9 / 17)
        assert [point.percent for point in curve.points] == list(range(10, 100, 10))
        shares = [point.share for point in curve.points]
        assert shares == pytest.approx([1, 1, 0.9, 0.9, 0.9, *[0.9 * 3 / 8] * 4])
        assert all((point.low or 0) < (point.share or 0) <= (point.high or 0) for point in curve.points)
        assert curve.biggest_drop is not None
        assert curve.biggest_drop.percent == 60
        assert curve.completion == pytest.approx(0.3375)

    def test_no_curve_below_a_fifth(self) -> None:
        few = exact_analytics(listened([("CO", 202609, [(1, 1, 0, 9, 1), (1, 1, 0, 10, 5)])]), "a1").curve
        assert few == Curve(pytest.approx(1 / 6), [], None, None)
        none = exact_analytics(listened([]), "a1").curve
        assert none == Curve(None, [], None, None)

    def test_a_source_that_is_none(self) -> None:
        with pytest.raises(InvalidRequest, match="source must be") as caught:
            exact_analytics(listened(), "a1", source="radio")
        assert caught.value.fields[0][0] == "source"

    def test_countries_of_equal_plays_go_by_code(self) -> None:
        months = [(code, 202609, [(1, 1, 0, 10, n)]) for code, n in (("PT", 2), ("CO", 2), ("JP", 9))]
        found = exact_analytics(listened(months), "a1")
        assert [one.country for one in found.countries] == ["JP", "CO", "PT"]

    def test_who_is_not_there(self) -> None:
        with pytest.raises(UnknownArtist):
            exact_analytics(WritingGraph({"artist_audience": []}), "a9")
        for asked in ({"track": ["t1", "t9"]}, {"beside": "t9"}):
            with pytest.raises(UnknownTrack, match="t9"):
                exact_analytics(listened(), "a1", **asked)

    @pytest.mark.parametrize("country", ["XX", "ß", "", "COL"])
    def test_a_country_that_is_none(self, country: str) -> None:
        with pytest.raises(InvalidRequest, match="country must be an ISO 3166-1") as caught:
            exact_analytics(listened(), "a1", country=country)
        assert caught.value.fields[0][0] == "country"

    def test_a_period_that_ends_before_it_begins(self) -> None:
        with pytest.raises(InvalidRequest, match="from must not be after to") as caught:
            exact_analytics(listened(), "a1", from_day=date(2026, 9, 2), to_day=date(2026, 9, 1))
        assert caught.value.fields[0][0] == "from"


def influencer(**changed: Any) -> list[Any]:
    row = {
        "influencer_id": "i1",
        "handle": "@luz",
        "country": "CO",
        "genre_ids": ["cumbia"],
        "avg_likes": 1200.0,
        "followers": 50_000,
        "audience": [["CO", 0.5]],
        "keys": [*range(60)],
    }
    return list((row | changed).values())


#: Three quarters of the plays are of cumbia; all are in CO, where 40 have heard Ana and 100 play cumbia.
HEARD = {"keys": [*range(40)]}
PLAYING = {
    "cumbia": {"CO": range(100), "PT": range(200, 270)},
    "pop": {"CO": [*range(3), *range(40, 60)]},
}


def fitting(*found: list[Any], **more: Any) -> WritingGraph:
    row = {
        "name": "Ana",
        "genre_known": True,
        "kinds": [[["cumbia"], 75], [["pop"], 25]],
        "places": [["CO", 100]],
        "influencers": [*found],
    }

    def listeners(*, genre_id: str) -> list[Row]:
        return [{"country": code, "keys": [*keys]} for code, keys in PLAYING[genre_id].items()]

    heard = stored("CO", 202609, [(listener, 1, 0, 9, 1) for listener in range(40)])
    return WritingGraph(
        {
            "artist_audience": [{"name": "Ana", "titles": [["t1", "One"]], "months": [heard]}],
            "artist_influencers": [row | more],
            "artist_listeners": [HEARD],
            "genre_listeners": listeners,
        }
    )


class TestInfluencersOfAnArtist:
    def test_a_score_in_its_parts(self) -> None:
        found = [
            influencer(),
            influencer(influencer_id="i2", avg_likes=600.0, followers=6_000, keys=[1, *range(50, 80)]),
        ]
        first, second = artist_influencers(fitting(*found), "a1", Everybody(), exact=True)
        assert (first.rank, first.influencer_id, second.rank, second.influencer_id) == (1, "i2", 2, "i1")
        assert (second.genre_fit, second.country_fit, second.fit) == (0.75, 0.5, 0.375)
        assert (second.fitting_likes, second.engagement) == (450.0, 0.024)
        assert (second.followers_here, second.already_listening) == (
            ShownCount(60, False),
            ShownCount(40, False),
        )
        assert [(reason.kind, reason.text) for reason in second.reasons] == [
            ("genre", "posts in genres that 75 % of the plays of Ana are in"),
            ("country", "50 % overlap of the audience with the countries where Ana is played"),
            ("new-reach", "20 of the followers are listeners here who have not heard Ana"),
            ("engagement", "2 % of the followers like a post on average"),
        ]
        assert [reason.part for reason in second.reasons] == pytest.approx(
            [24, 16, 40 * 20 / 30, 20 * 0.024 / 0.1]
        )
        assert [reason.part for reason in first.reasons] == pytest.approx([12, 8, 40, 20])
        for one in (first, second):
            assert sum(reason.part for reason in one.reasons) == one.score

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("score", "i1 i3 i2"),
            ("likes", "i2 i1 i3"),
            ("engagement", "i1 i2 i3"),
            ("fit", "i1 i3 i2"),
            ("new_reach", "i1 i3 i2"),
        ],
    )
    def test_orders(self, sort: SortBy, order: str) -> None:
        found = [
            influencer(),
            influencer(
                influencer_id="i2", avg_likes=1300.0, followers=None, audience=[["CO", 0.1]], keys=[1]
            ),
            influencer(influencer_id="i3", avg_likes=None, keys=[*range(30, 60)]),
        ]
        answer = artist_influencers(fitting(*found), "a1", Everybody(), sort=sort, exact=True)
        assert [one.influencer_id for one in answer] == order.split()

    def test_an_estimate_where_nobody_is_known_to_follow(self) -> None:
        found = [influencer(), influencer(influencer_id="i2", audience=[["CO", 0.5], ["PT", None]], keys=[])]
        graph = fitting(*found)
        first, second = artist_influencers(graph, "a1", Everybody(), exact=True, sort="new_reach")
        # 60 in CO who play cumbia have not heard Ana: half of them may follow i1, of whom 20 do; and i2, who
        # may have half of the 70 in PT as well.
        assert first.influencer_id == "i2"
        assert (first.followers_here, first.already_listening) == (None, None)
        assert first.new_reach == NewReach(round(65 * 20 / 30), 0, 65, estimated=True, suppressed=False)
        assert (
            first.reasons[2].text
            == "about 43 of the followers, by estimate, are listeners here who have not heard Ana"
        )
        assert second.new_reach == NewReach(20, 20, 20, estimated=False, suppressed=False)
        assert [name for name, _ in graph.asked] == [
            "artist_influencers",
            "artist_listeners",
            "genre_listeners",
            "genre_listeners",
        ]

    def test_what_artists_see(self) -> None:
        found = [influencer(), influencer(influencer_id="i2", keys=[*range(35, 44)])]
        first, second = artist_influencers(fitting(*found), "a1", Everybody())
        assert (first.followers_here, first.already_listening) == (
            ShownCount(60, False),
            ShownCount(40, False),
        )
        assert first.new_reach == NewReach(20, 20, 29, estimated=False, suppressed=False)
        hidden = ShownCount(None, True)
        assert second.followers_here == second.already_listening == hidden
        assert second.new_reach == NewReach(None, 0, 9, estimated=False, suppressed=True)
        assert (
            second.reasons[2].text
            == "fewer than 10 of the followers are listeners here who have not heard Ana"
        )
        assert second.reasons[2].part == pytest.approx(40 * 5 / 20)

    def test_what_is_asked(self) -> None:
        graph = fitting()
        assert artist_influencers(graph, "a1", Everybody(), country="CO", genre_id="pop", k=3) == []
        assert graph.asked == [
            ("artist_influencers", {"artist_id": "a1", "country": "CO", "genre_id": "pop"}),
            ("artist_listeners", {"artist_id": "a1"}),
            ("artist_audience", {"artist_id": "a1", "with_cells": False}),
        ]

    def test_who_is_not_there(self) -> None:
        def matches(graph: WritingGraph, artist_id: str, **asked: Any) -> object:
            return artist_influencers(graph, artist_id, Everybody(), **asked)

        for ask in (matches, influencers_together):
            with pytest.raises(UnknownArtist):
                ask(WritingGraph({"artist_influencers": []}), "a9")
            with pytest.raises(UnknownGenre):
                ask(fitting(genre_known=False), "a1", genre_id="polka")
            ask(fitting(genre_known=False), "a1")

    def test_counts_of_everybody_are_read_once_and_may_be_old(self) -> None:
        found = [influencer(), influencer(influencer_id="i2", keys=[])]
        graph, everybody = fitting(*found), Everybody()
        first = artist_influencers(graph, "a1", everybody, exact=True)
        graph.asked.clear()
        assert artist_influencers(graph, "a1", everybody, exact=True) == first
        assert [name for name, _ in graph.asked] == ["artist_influencers", "artist_listeners"]
        # All have heard Ana by now.
        graph.rows["artist_listeners"] = [{"keys": [*range(300)]}]
        later = artist_influencers(graph, "a1", everybody, exact=True, sort="new_reach")
        assert [one.new_reach.count for one in later] == [0, 0]

    def test_matches_and_a_set_of_what_is_read_once(self) -> None:
        found = [influencer(), influencer(influencer_id="i2", avg_likes=5.0, keys=[*range(50, 90)])]
        asked: dict[str, Any] = {"country": "CO", "genre_id": "pop", "exact": True}
        graph = fitting(*found)
        both = matches_and_set(graph, "a1", Everybody(), k=1, sort="likes", together=2, **asked)
        assert [name for name, _ in graph.asked] == ["artist_influencers", "artist_listeners"]
        assert both == (
            artist_influencers(graph, "a1", Everybody(), k=1, sort="likes", **asked),
            influencers_together(graph, "a1", k=2, **asked),
        )
        for wrong in ({"k": 0}, {"together": 51}, {"sort": "handle"}):
            with pytest.raises(InvalidRequest):
                matches_and_set(graph, "a1", Everybody(), **wrong)  # type: ignore[arg-type]

    def test_wrong_values(self) -> None:
        for wrong in ({"k": 0}, {"k": 1001}, {"country": "ZZ"}, {"sort": "handle"}):
            with pytest.raises(InvalidRequest, match=next(iter(wrong))):
                artist_influencers(fitting(), "a1", Everybody(), **wrong)  # type: ignore[arg-type]


class TestInfluencersTogether:
    FOUND = (
        influencer(keys=[*range(40, 80)]),
        influencer(influencer_id="i2", avg_likes=9_000.0, keys=[*range(45, 80)]),
        influencer(influencer_id="i3", followers=None, keys=[*range(80, 95)]),
        influencer(influencer_id="i4", followers=1_000, keys=[40, 95]),
        influencer(influencer_id="i5", keys=[]),
    )

    def test_nobody_is_counted_twice(self) -> None:
        found = influencers_together(fitting(*self.FOUND), "a1", k=3, exact=True)
        assert [(one.influencer_id, one.alone.count, one.adds.count) for one in found.items] == [
            ("i1", 40, 40),
            ("i3", 15, 15),
            ("i4", 2, 1),
        ]
        assert (found.total.count, found.plain.total.count) == (56, 55)
        # i2 has the most likes; of the others, which have as many, the ids decide.
        assert found.plain.influencer_ids == ["i2", "i1", "i3"]
        assert found.gain == pytest.approx(56 / 55 - 1)
        assert (found.not_known, found.not_priced, found.cost) == (1, 0, None)

    def test_artists_get_nobody_who_adds_few(self) -> None:
        found = influencers_together(fitting(*self.FOUND), "a1", k=3)
        assert [(one.influencer_id, one.adds) for one in found.items] == [
            ("i1", ShownCount(40, False)),
            ("i3", ShownCount(10, False)),
        ]
        assert (found.total, found.plain.total) == (ShownCount(50, False), ShownCount(50, False))
        assert found.gain == 0

    def test_a_price(self) -> None:
        found = influencers_together(fitting(*self.FOUND), "a1", k=3, exact=True, price=Price(10, 20, 520))
        assert {(one.influencer_id, one.cost) for one in found.items} == {("i1", 500.0), ("i4", 20.0)}
        assert (found.cost, found.budget, found.total.count) == (520.0, 520, 41)
        assert (found.plain.influencer_ids, found.plain.cost) == (["i2", "i4"], 520.0)
        assert (found.not_known, found.not_priced) == (1, 1)

    @pytest.mark.parametrize(
        ("price", "field"),
        [
            ((-1.0,), "cost_per_1000"),
            ((float("nan"),), "cost_per_1000"),
            ((1e15,), "cost_per_1000"),
            ((1.0, 1e308), "minimum_cost"),
            ((1.0, -1.0), "minimum_cost"),
            ((1.0, 0.0, 0.0), "budget"),
            ((1.0, 0.0, float("inf")), "budget"),
        ],
    )
    def test_wrong_prices(self, price: tuple[float, ...], field: str) -> None:
        with pytest.raises(InvalidRequest) as caught:
            Price(*price)
        assert [name for name, _ in caught.value.fields] == [field]

    def test_wrong_values(self) -> None:
        for wrong in ({"k": 0}, {"k": 51}, {"country": "ZZ"}):
            with pytest.raises(InvalidRequest, match=next(iter(wrong))):
                influencers_together(fitting(), "a1", **wrong)  # type: ignore[arg-type]


class TestInfluencersOfACountryAndGenre:
    def graph(self, *found: Row) -> WritingGraph:
        return WritingGraph({"country_influencers": [{"name": "Cumbia", "influencers": [*found]}]})

    def test_ranked_with_their_likes(self) -> None:
        row = {
            "influencer_id": "i1",
            "handle": "@luz",
            "avg_likes": 1200.4,
            "followers": None,
            "score": 1200.4,
        }
        silent = row | {"influencer_id": "i2", "avg_likes": None, "score": 0.0}
        first, second = match_influencers(self.graph(row, silent), country="CO", genre_id="cumbia")
        assert (first.rank, first.country, first.genres, first.score) == (1, "CO", ["cumbia"], 1200.4)
        (reason,) = first.reasons
        assert (reason.kind, reason.part, reason.genre_id) == ("genre", 1200.4, "cumbia")
        assert reason.text == "posts in Cumbia from Colombia; 1,200 likes on average"
        assert (second.rank, second.reasons[0].text) == (2, "posts in Cumbia from Colombia")

    def test_what_is_asked(self) -> None:
        graph = self.graph()
        assert match_influencers(graph, country="CO", genre_id="cumbia", k=7) == []
        assert graph.asked == [("country_influencers", {"country": "CO", "genre_id": "cumbia", "limit": 7})]

    def test_wrong_values(self) -> None:
        with pytest.raises(UnknownGenre):
            match_influencers(WritingGraph({"country_influencers": []}), country="CO", genre_id="polka")
        with pytest.raises(InvalidRequest, match="cutoff k"):
            match_influencers(self.graph(), country="CO", genre_id="cumbia", k=0)
        with pytest.raises(InvalidRequest, match="country must be"):
            match_influencers(self.graph(), country="ZZ", genre_id="cumbia")
