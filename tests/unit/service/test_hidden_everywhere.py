"""What is hidden in one answer of an artist is told by no other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from muse_graph.answers import ArtistSpread
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.artists.influencers import artist_influencers
from muse_graph.service.artists.spread import artist_spread
from tests.worlds.asked import analytics
from tests.worlds.months import Play, artist_graph

FIRST = date(2026, 3, 2)


def influencer(country: str) -> list[Any]:
    return [f"i{country}", f"@{country}", country, ["pop"], 100.0, 1_000, [], []]


def test_the_fit_of_influencers_tells_no_plays_of_a_country_that_is_not_shown() -> None:
    # SE is hidden to hide DK: the total less NO and SE would be the plays of the three.
    plays = [
        Play(who, "t1", country, FIRST)
        for country, listeners in (("NO", range(100)), ("SE", range(100, 112)), ("DK", range(112, 115)))
        for who in listeners
    ]
    graph = artist_graph(
        plays,
        artist_savers=[],
        artist_influencers=[
            {
                "name": "Ana",
                "genre_known": True,
                "kinds": [[["pop"], 115]],
                "places": [["DK", 3], ["NO", 100], ["SE", 12]],
                "influencers": [influencer(country) for country in ("DK", "NO", "SE")],
            }
        ],
        # All of them live in NO, wherever they played it.
        artist_listeners=[{"keys": [*range(115)]}],
        genre_listeners=[{"country": "NO", "keys": [*range(1_000)]}],
    )
    shown = {place.country: place.plays for place in analytics(graph, "a1").countries}
    assert shown == {"NO": 100, "SE": None, "DK": None}
    for exact, sweden, denmark in ((False, 0, 0), (True, 12 / 115, 3 / 115)):
        found = artist_influencers(graph, "a1", Everybody(), exact=exact)
        fits = {one.country: one.country_fit for one in found}
        assert fits == pytest.approx({"NO": 100 / 115, "SE": sweden, "DK": denmark}, rel=1e-12)


def spread_of(dated: int, undated: int, passed_on: int, *, exact: bool = False) -> ArtistSpread:
    """Of some listeners each of so many is the friend of another who heard it two days before."""
    keys = range(dated + undated)
    days = [FIRST + timedelta(2 if key < passed_on else 0) if key < dated else None for key in keys]
    later = [Play(key, "t1", "NO", FIRST + timedelta(30)) for key in range(dated)]
    friends = [key for child in range(passed_on) for key in (child, passed_on + child)]
    graph = artist_graph(
        [Play(key, "t1", "NO", day) for key, day in zip(keys, days, strict=True)] + later,
        friends_among=lambda keys: [{"friends": friends, "homes": [["NO", keys]]}],
    )
    return artist_spread(graph, "a1", filters_of(), exact=exact)


def test_how_it_spread_tells_not_how_few_have_no_first_day() -> None:
    found = [spread_of(120 - undated, undated, 45) for undated in (0, 3, 9)]
    assert [one.undated.count for one in found] == [None] * 3
    assert {one.through_share for one in found} == {40 / 120}
    assert spread_of(100, 20, 45).through_share == 40 / 100
    assert spread_of(117, 3, 45, exact=True).through_share == 45 / 117


def test_shuffles_tell_not_how_many_were_followed() -> None:
    # Numbers of listeners over n: in full they would tell n, which is shown in tens.
    found = spread_of(53, 0, 18).reproduction
    assert found.listeners.count == 50
    for number in (found.r, found.shuffled, found.low, found.high):
        assert number == round(number or 0, 2)
    assert spread_of(53, 0, 18, exact=True).reproduction.r == 18 / 53


def test_nobody_came_through_a_friend() -> None:
    assert spread_of(30, 0, 0, exact=True).through_share == 0
    assert spread_of(30, 0, 0).through_share is None


@pytest.mark.parametrize(
    ("homes", "named"),
    [
        ({"NO": 31}, {"NO"}),
        ({"NO": 20, "SE": 11}, {"NO", "SE"}),
        ({"NO": 20, "SE": 5, "DK": 6}, {"NO", None}),
        # The others would be three: neither is named.
        ({"NO": 28, "SE": 3}, {None}),
        ({"NO": 17, "SE": 11, "DK": 3}, {"NO", None}),
    ],
)
def test_a_cascade_tells_not_how_few_live_elsewhere(homes: dict[str, int], named: set[str | None]) -> None:
    keys = [*range(31)]
    codes = [code for code, n in homes.items() for _ in range(n)]
    graph = artist_graph(
        [Play(key, "t1", "NO", FIRST + timedelta(key > 0)) for key in keys],
        friends_among=[
            {
                "friends": [end for key in keys[1:] for end in (0, key)],
                "homes": [[code, [key for key in keys if codes[key] == code]] for code in homes],
            }
        ],
    )
    found = artist_spread(graph, "a1", filters_of())
    assert found.largest is not None
    assert {one.country for one in found.largest.listeners} == named
    # None of 50 and more is known to be none.
    assert [row.listeners.count for row in found.cascades] == [None] * 4 + [30, 0]
