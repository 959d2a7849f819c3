"""Influencers: worked by hand on the toy graph, and beside a networkx twin."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from muse_graph.answers import Match
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownGenre
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.influencers import artist_influencers, match_influencers
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from tests.reference.network import artist_matches, genre_matches, network
from tests.worlds.toy import TABLES

GENRES = [genre["genre_id"] for genre in TABLES["genres"]]
ARTISTS = [artist["artist_id"] for artist in TABLES["artists"]]
COUNTRIES = ["CO", "PT", "JP", "FR"]

#: Ties, no likes, no audience, an audience without shares, with some, and with more than there is.
MORE = [
    ("i4", "@uno", "CO", ["pop"], 1200.0, []),
    ("i5", "@dos", "CO", ["pop", "rock"], None, ["CO:1.0"]),
    ("i6", "@tres", "CO", ["pop"], 1200.0, ["CO", "JP"]),
    ("i7", "@quatro", "PT", ["jazz", "pop"], 700.0, ["CO:0.5", "PT", "JP"]),
    ("i8", "@cinco", "JP", ["fado"], 0.0, ["JP:0.9", "PT:0.9", "CO"]),
    ("i9", "@seis", "JP", ["rock", "fado"], 300.0, ["JP:0.9", "PT:0.9", "CO"]),
]


@pytest.fixture
def similarity_index(toy_graph: Graph) -> tuple[Graph, Any]:
    """The toy graph with more influencers, and its twin."""
    columns = ("influencer_id", "handle", "country", "genre_ids", "avg_likes", "audience")
    rows = [dict(zip(columns, values, strict=True)) | {"followers": None} for values in MORE]
    toy_graph.transact(lambda transaction: write_rows(transaction, "influencers", rows, LoadedRows()))
    return toy_graph, network(TABLES | {"influencers": TABLES["influencers"] + rows})


def ranked(matches: list[Match]) -> list[tuple[str, float]]:
    """Ids and scores, after a look at what every answer has to keep."""
    assert [match.rank for match in matches] == list(range(1, len(matches) + 1))
    for match in matches:
        assert sum(reason.part for reason in match.reasons) == pytest.approx(match.score, rel=1e-15)
        assert all(reason.part >= 0 and reason.text for reason in match.reasons)
    return [(match.influencer_id, match.score) for match in matches]


def test_a_country_and_a_genre(toy_graph: Graph) -> None:
    (match,) = match_influencers(toy_graph, country="CO", genre_id="cumbia")
    assert (match.influencer_id, match.handle, match.country) == ("i1", "@luz", "CO")
    assert (match.genres, match.avg_likes, match.followers, match.score) == (
        ["cumbia"],
        1200.0,
        50_000,
        1200.0,
    )
    (reason,) = match.reasons
    assert (reason.kind, reason.genre_id) == ("genre", "cumbia")
    assert reason.text == "posts in Cumbia from Colombia; 1,200 likes on average"
    assert match_influencers(toy_graph, country="CO", genre_id="fado") == []
    assert match_influencers(toy_graph, country="FR", genre_id="fado") == []


def test_an_artist(toy_graph: Graph) -> None:
    # a1 has 33 plays of pop, one of cumbia and pop; 31 of them in CO, two in JP, one in PT.
    luz, aya = artist_influencers(toy_graph, "a1")
    assert (luz.influencer_id, luz.genres) == ("i1", ["cumbia", "pop"])
    assert luz.score == pytest.approx(1200 * 34 / 34 * (31 * 0.8 + 1 * 0.1) / 34)
    assert (aya.influencer_id, aya.genres) == ("i3", ["cumbia"])
    assert aya.score == pytest.approx(1500 * 1 / 34 * (2 * 0.6 + 31 * 0.3) / 34)
    assert [reason.kind for reason in luz.reasons] == ["genre", "country"]
    assert [reason.part / luz.score for reason in luz.reasons] == pytest.approx([34 / 58.9, 24.9 / 58.9])
    assert luz.reasons[0].text == "posts in genres that 100 % of the plays of Las Estrellas are in"
    assert luz.reasons[1].text == (
        "73 % overlap of the audience with the countries where Las Estrellas is played"
    )


def test_an_audience_without_shares(toy_graph: Graph) -> None:
    # a7 has five plays in JP and one in PT; i2 reaches PT, which has no share beside it: all of it.
    aya, rui = artist_influencers(toy_graph, "a7")
    assert (aya.influencer_id, aya.score) == ("i3", pytest.approx(1500 * 5 / 6 * 0.6))
    assert (rui.influencer_id, rui.score) == ("i2", pytest.approx(900 / 6))


def test_the_twin_agrees_for_every_country_and_genre(similarity_index: tuple[Graph, Any]) -> None:
    graph, twin = similarity_index
    for country, genre in product(COUNTRIES, GENRES):
        found = ranked(match_influencers(graph, country=country, genre_id=genre))
        assert found == genre_matches(twin, country, genre)
    assert [one for one, _ in genre_matches(twin, "CO", "pop")] == ["i1", "i4", "i6", "i5"]


@pytest.mark.parametrize("artist_id", ARTISTS)
def test_the_twin_agrees_for_every_artist(similarity_index: tuple[Graph, Any], artist_id: str) -> None:
    graph, twin = similarity_index
    for country, genre in product([None, *COUNTRIES], [None, *GENRES]):
        found = ranked(artist_influencers(graph, artist_id, country=country, genre_id=genre))
        expected = artist_matches(twin, artist_id, country, genre)
        assert [one for one, _ in found] == [one for one, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], rel=1e-12)


def test_a_cutoff_keeps_the_best(similarity_index: tuple[Graph, Any]) -> None:
    graph, twin = similarity_index
    for k in (1, 2, 3):
        found = ranked(match_influencers(graph, country="CO", genre_id="pop", k=k))
        assert found == genre_matches(twin, "CO", "pop")[:k]
        best = [one for one, _ in artist_matches(twin, "a1")[:k]]
        assert [match.influencer_id for match in artist_influencers(graph, "a1", k=k)] == best


def test_an_artist_without_plays_or_tracks_has_no_match(toy_graph: Graph) -> None:
    toy_graph.run("CREATE (:Artist {artist_id: 'a9', name: 'Nobody Yet', plays: 0})", writes=True)
    assert artist_influencers(toy_graph, "a9") == []
    toy_graph.run(
        "MATCH (a:Artist {artist_id: 'a9'}), (g:Genre {genre_id: 'pop'}) "
        "CREATE (t:Track {track_id: 't9', title: 'Yet', plays: 0}), (t)-[:BY]->(a), (t)-[:IN_GENRE]->(g)",
        writes=True,
    )
    assert artist_influencers(toy_graph, "a9") == []


def test_who_is_not_there(toy_graph: Graph) -> None:
    with pytest.raises(UnknownGenre, match="'polka'"):
        match_influencers(toy_graph, country="CO", genre_id="polka")
    with pytest.raises(UnknownGenre, match="'polka'"):
        artist_influencers(toy_graph, "a1", genre_id="polka")
    with pytest.raises(UnknownArtist, match="'a99'"):
        artist_influencers(toy_graph, "a99", genre_id="polka")


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"country": "ß"}, "country"),
        ({"country": "ZZ"}, "country"),
        ({"country": ""}, "country"),
        ({"k": 0}, "k"),
        ({"k": 1001}, "k"),
    ],
)
def test_what_breaks_a_rule(toy_graph: Graph, value: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        match_influencers(toy_graph, **({"country": "CO", "genre_id": "pop"} | value))
    assert [name for name, _ in raised.value.fields] == [field]
    with pytest.raises(InvalidRequest) as raised:
        artist_influencers(toy_graph, "a1", **value)
    assert [name for name, _ in raised.value.fields] == [field]
