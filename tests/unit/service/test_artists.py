"""What artists ask, answered from known months and known influencers."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from muse_graph.answers import AnalyticsFilters, CountryAudience, DayAudience, Reports, SourceAudience
from muse_graph.core.listening.buckets import Rows, add_up, pack
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownGenre, UnknownTrack
from muse_graph.graph.connection import Row
from muse_graph.service.artists.analytics import analytics
from muse_graph.service.artists.influencers import artist_influencers, match_influencers
from tests.unit.writes import WritingGraph

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
    """A month as `artist_months` returns it."""
    rows = Rows(np.zeros(len(plays), np.int64), *np.array(plays, np.int64).T)
    (values,) = pack(add_up(1, rows), 1).properties()
    columns = ("days", "day_sources", "day_reports", "day_plays", "listeners")
    return [country, month, *(values[column] for column in columns)]


def listened(months: list[tuple[str, int, list[tuple[int, ...]]]] = MONTHS, **more: Any) -> WritingGraph:
    row = {"name": "Ana", "unknown_tracks": [], "months": [stored(*month) for month in months]}
    return WritingGraph({"artist_months": [row | more]})


class TestAnalytics:
    def test_all_of_it(self) -> None:
        found = analytics(listened(), "a1")
        assert (found.artist_id, found.name, found.plays, found.unknown, found.listeners) == (
            "a1",
            "Ana",
            17,
            8,
            3,
        )
        assert found.countries == [
            CountryAudience("CO", "Colombia", 11, 3),
            CountryAudience("PT", "Portugal", 6, 1),
        ]
        assert (found.track_id, found.country, found.from_day, found.to_day) == (None, None, None, None)

    def test_shares_are_of_the_plays_whose_length_is_known(self) -> None:
        reach = analytics(listened(), "a1").reach
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
        found = analytics(listened([MONTHS[1]]), "a1")
        assert (found.plays, found.unknown) == (5, 5)
        assert {step.share for step in found.reach} == {None}

    def test_an_artist_nobody_has_heard(self) -> None:
        found = analytics(listened([]), "a1")
        assert (found.plays, found.unknown, found.listeners, found.countries) == (0, 0, 0, [])
        assert [(step.plays, step.share) for step in found.reach] == [(0, None)] * 9

    @pytest.mark.parametrize(
        ("first", "last", "plays", "listeners", "months"),
        [
            (date(2026, 9, 1), date(2026, 9, 1), 4, 2, (202609, 202609)),
            (date(2026, 9, 2), None, 8, 1, (202609, 999912)),
            (None, date(2026, 10, 2), 6, 2, (101, 202610)),
            (date(2026, 9, 20), date(2026, 10, 3), 8, 1, (202609, 202610)),
            (date(2027, 1, 1), date(2027, 1, 1), 0, 0, (202701, 202701)),
            (None, None, 17, 3, (0, 999912)),
        ],
    )
    def test_a_period_takes_in_both_its_days(
        self, first: date | None, last: date | None, plays: int, listeners: int, months: tuple[int, int]
    ) -> None:
        graph = listened()
        found = analytics(graph, "a1", from_day=first, to_day=last)
        assert (found.plays, found.listeners) == (plays, listeners)
        ((_, asked),) = graph.asked
        assert (asked["from_month"], asked["to_month"]) == months
        assert found.from_day == (first.isoformat() if first else None)
        assert found.to_day == (last.isoformat() if last else None)

    def test_filters_are_handed_on(self) -> None:
        graph = listened()
        found = analytics(graph, "a1", track_id="t1", country="ZZ")
        assert (found.track_id, found.country) == ("t1", "ZZ")
        ((_, asked),) = graph.asked
        assert (asked["artist_id"], asked["track_ids"], asked["countries"]) == ("a1", ["t1"], ["ZZ"])

    def test_several_of_a_filter_are_any_of_them(self) -> None:
        graph = listened()
        found = analytics(graph, "a1", track_id=["t2", "t1", "t2"], country=("pt", "CO"), source=["Feed"])
        assert (found.track_id, found.country) == (None, None)
        assert found.filters == AnalyticsFilters(["t2", "t1"], ["PT", "CO"], ["feed"])
        ((_, asked),) = graph.asked
        assert (asked["track_ids"], asked["countries"]) == (["t2", "t1"], ["PT", "CO"])
        analytics(graph, "a1", track_id=[], country=[], source=[])
        assert {graph.asked[1][1][name] for name in ("track_ids", "countries")} == {None}

    def test_sources_and_days(self) -> None:
        found = analytics(listened(), "a1")
        assert found.sources == [
            SourceAudience("unknown", 7, 2),
            SourceAudience("recommendation", 5, 1),
            SourceAudience("other", 5, 1),
        ]
        assert found.days == [
            DayAudience("2026-09-01", 4, 2),
            DayAudience("2026-09-20", 2, 1),
            DayAudience("2026-10-03", 6, 1),
        ]
        assert found.undated == 5
        recommended = analytics(listened(), "a1", source="recommendation")
        assert (recommended.plays, recommended.listeners, recommended.undated) == (5, 1, 0)
        assert [one.source for one in recommended.sources] == ["recommendation"]
        both = analytics(listened(), "a1", source=["other", "recommendation"])
        assert (both.plays, both.listeners) == (10, 2)

    def test_reports_are_exact_or_at_least(self) -> None:
        reports = analytics(listened(), "a1").reports
        assert reports == Reports([0, 0, 1, 0, 0, 5, 0, 0, 0, 3], [7, 0, 0, 0, 1, 0, 0, 0, 0, 0])

    def test_a_source_that_is_none(self) -> None:
        with pytest.raises(InvalidRequest, match="source must be") as caught:
            analytics(listened(), "a1", source="radio")
        assert caught.value.fields[0][0] == "source"

    def test_countries_of_equal_plays_go_by_code(self) -> None:
        months = [(code, 202609, [(1, 1, 0, 10, n)]) for code, n in (("PT", 2), ("CO", 2), ("JP", 9))]
        found = analytics(listened(months), "a1")
        assert [one.country for one in found.countries] == ["JP", "CO", "PT"]

    def test_who_is_not_there(self) -> None:
        with pytest.raises(UnknownArtist):
            analytics(WritingGraph({"artist_months": []}), "a9")
        with pytest.raises(UnknownTrack):
            analytics(listened(unknown_tracks=["t9"]), "a1", track_id=["t1", "t9"])

    @pytest.mark.parametrize("country", ["XX", "ß", "", "COL"])
    def test_a_country_that_is_none(self, country: str) -> None:
        with pytest.raises(InvalidRequest, match="country must be an ISO 3166-1") as caught:
            analytics(listened(), "a1", country=country)
        assert caught.value.fields[0][0] == "country"

    def test_a_period_that_ends_before_it_begins(self) -> None:
        with pytest.raises(InvalidRequest, match="from must not be after to") as caught:
            analytics(listened(), "a1", from_day=date(2026, 9, 2), to_day=date(2026, 9, 1))
        assert caught.value.fields[0][0] == "from"


def influencer(**changed: Any) -> Row:
    return {
        "influencer_id": "i1",
        "handle": "@luz",
        "country": "CO",
        "genre_ids": ["cumbia", "pop"],
        "avg_likes": 1200.0,
        "followers": 50_000,
        "score": 1200.0 * 0.75 * 0.5,
        "genre_fit": 0.75,
        "country_fit": 0.5,
    } | changed


def fitting(*found: Row, genre_known: bool = True) -> WritingGraph:
    row = {"name": "Ana", "genre_known": genre_known, "influencers": [*found]}
    return WritingGraph({"artist_influencers": [row]})


class TestInfluencersOfAnArtist:
    def test_each_reason_has_the_part_of_its_own_fit(self) -> None:
        first, second = artist_influencers(
            fitting(
                influencer(), influencer(influencer_id="i2", genre_fit=0.004, country_fit=1.0, score=50.2)
            ),
            "a1",
        )
        assert (first.rank, first.influencer_id, second.rank, second.influencer_id) == (1, "i1", 2, "i2")
        assert [(reason.kind, reason.text) for reason in first.reasons] == [
            ("genre", "posts in genres that 75 % of the plays of Ana are in"),
            ("country", "50 % overlap of the audience with the countries where Ana is played"),
        ]
        assert [reason.part for reason in first.reasons] == pytest.approx([270.0, 180.0])
        assert [reason.text[:25] for reason in second.reasons] == [
            "posts in genres that less",
            "100 % overlap of the audi",
        ]
        assert [reason.part for reason in second.reasons] == pytest.approx([0.2, 50.0])
        for one in (first, second):
            assert sum(reason.part for reason in one.reasons) == pytest.approx(one.score)

    def test_who_they_are(self) -> None:
        (found,) = artist_influencers(fitting(influencer()), "a1")
        assert (found.handle, found.country, found.genres) == ("@luz", "CO", ["cumbia", "pop"])
        assert (found.avg_likes, found.followers, found.score) == (1200.0, 50_000, 450.0)

    def test_filters_are_handed_on(self) -> None:
        graph = fitting()
        assert artist_influencers(graph, "a1", country="CO", genre_id="pop", k=3) == []
        assert graph.asked == [
            ("artist_influencers", {"artist_id": "a1", "country": "CO", "genre_id": "pop", "limit": 3})
        ]

    def test_who_is_not_there(self) -> None:
        with pytest.raises(UnknownArtist):
            artist_influencers(WritingGraph({"artist_influencers": []}), "a9")
        with pytest.raises(UnknownGenre):
            artist_influencers(fitting(genre_known=False), "a1", genre_id="polka")
        assert artist_influencers(fitting(genre_known=False), "a1") == []

    def test_wrong_values(self) -> None:
        for wrong in ({"k": 0}, {"k": 1001}, {"country": "ZZ"}):
            with pytest.raises(InvalidRequest, match=next(iter(wrong))):
                artist_influencers(fitting(), "a1", **wrong)  # type: ignore[arg-type]


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
