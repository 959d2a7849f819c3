"""Influencers: worked by hand on the toy graph, and beside slow references on it and on a sample world."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import product
from typing import Any, get_args

import pyarrow as pa
import pytest

from muse_graph.answers import ArtistMatch, Match, NewReach, ShownCount, SortBy
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownGenre
from muse_graph.graph.connection import Graph
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.influencer_sets import Price, influencers_together
from muse_graph.service.artists.influencers import artist_influencers, match_influencers
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from tests.conftest import wipe
from tests.reference.influencers import Found, ReferenceInfluencers, score
from tests.reference.network import genre_matches, network
from tests.worlds.asked import analytics
from tests.worlds.sample import corner
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
_COLUMNS = ("influencer_id", "handle", "country", "genre_ids", "avg_likes", "audience")
ALL = TABLES | {
    "influencers": TABLES["influencers"]
    + [dict(zip(_COLUMNS, values, strict=True)) | {"followers": None} for values in MORE]
}


@pytest.fixture
def similarity_index(toy_graph: Graph) -> tuple[Graph, Any]:
    """The toy graph with more influencers, and its twin."""
    rows = ALL["influencers"][len(TABLES["influencers"]) :]
    toy_graph.transact(lambda transaction: write_rows(transaction, "influencers", rows, LoadedRows()))
    return toy_graph, network(ALL)


def ranked(matches: Sequence[Match | ArtistMatch]) -> list[tuple[str, float]]:
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
    # a1 has 33 plays of pop, one of cumbia and pop; 31 of them in CO, two in JP, one in PT. Ana, Ben, Cleo
    # and Dov have heard it: of those who follow @luz only Eva has not.
    luz, aya = artist_influencers(toy_graph, "a1", Everybody(), exact=True)
    assert (luz.influencer_id, luz.genres) == ("i1", ["cumbia", "pop"])
    assert luz.fitting_likes == pytest.approx(1200 * 34 / 34 * (31 * 0.8 + 1 * 0.1) / 34)
    assert (luz.genre_fit, luz.country_fit) == pytest.approx((1.0, 24.9 / 34))
    assert (luz.followers_here, luz.already_listening) == (ShownCount(3, False), ShownCount(2, False))
    assert luz.new_reach == NewReach(1, 1, 1, estimated=False, suppressed=False)
    assert luz.engagement == 1200 / 50_000
    # Nobody is known to follow @aya. In JP and CO all who play cumbia have heard a1: nobody is expected.
    assert (aya.influencer_id, aya.genres) == ("i3", ["cumbia"])
    assert aya.fitting_likes == pytest.approx(1500 * 1 / 34 * (2 * 0.6 + 31 * 0.3) / 34)
    assert (aya.followers_here, aya.already_listening) == (None, None)
    assert aya.new_reach == NewReach(0, 0, 0, estimated=True, suppressed=False)
    # @luz has the most fitting likes and new listeners, @aya the better engagement: 0.075 against 0.024.
    assert [reason.kind for reason in luz.reasons] == ["genre", "country", "new-reach", "engagement"]
    assert [reason.part for reason in luz.reasons] == pytest.approx(
        [40 * 34 / 58.9, 40 * 24.9 / 58.9, 40, 20 * 0.024 / 0.075]
    )
    assert [reason.text for reason in luz.reasons] == [
        "posts in genres that 100 % of the plays of Las Estrellas are in",
        "73 % overlap of the audience with the countries where Las Estrellas is played",
        "1 of the followers are listeners here who have not heard Las Estrellas",
        "2 % of the followers like a post on average",
    ]


def test_what_artists_see_of_few_listeners(toy_graph: Graph) -> None:
    aya, luz = artist_influencers(toy_graph, "a1", Everybody())
    assert luz.followers_here == luz.already_listening == ShownCount(None, True)
    assert luz.new_reach == NewReach(None, 0, 9, estimated=False, suppressed=True)
    assert aya.new_reach == NewReach(None, 0, 9, estimated=True, suppressed=True)
    assert (
        luz.reasons[2].text
        == "fewer than 10 of the followers are listeners here who have not heard Las Estrellas"
    )
    # All that is hidden is the same, and so is what is computed from it; in no country do ten listeners live.
    assert luz.reasons[2].part == aya.reasons[2].part == 40
    assert luz.country_fit == aya.country_fit == luz.fitting_likes == 0
    together = influencers_together(toy_graph, "a1")
    assert (together.items, together.total, together.gain) == ([], ShownCount(None, True), None)


def test_the_twin_agrees_for_every_country_and_genre(similarity_index: tuple[Graph, Any]) -> None:
    graph, twin = similarity_index
    for country, genre in product(COUNTRIES, GENRES):
        found = ranked(match_influencers(graph, country=country, genre_id=genre))
        assert found == genre_matches(twin, country, genre)
    assert [one for one, _ in genre_matches(twin, "CO", "pop")] == ["i1", "i4", "i6", "i5"]


@pytest.mark.parametrize("artist_id", ARTISTS)
def test_the_reference_agrees_for_every_artist(similarity_index: tuple[Graph, Any], artist_id: str) -> None:
    graph, _ = similarity_index
    for country, genre in product([None, *COUNTRIES], [None, *GENRES]):
        compare(graph, ReferenceInfluencers(ALL), artist_id, country, genre)


@pytest.fixture(scope="module")
def sample(graph: Graph) -> tuple[Graph, ReferenceInfluencers]:
    """A corner of the sample world, whose influencers have many more followers than there; five have none."""
    wipe(graph)
    tables = {name: rows.to_pylist() for name, rows in corner(300, 3, tracks=40)}
    rng = random.Random(1)
    followed = [row["influencer_id"] for row in tables["influencers"][5:]]
    tables["follows"] = [
        {"user_id": row["user_id"], "influencer_id": one, "since": None, "line": 1}
        for row in tables["users"]
        for one in rng.sample(followed, rng.randrange(6))
    ]
    rejects = Rejects()
    batches = ((name, pa.RecordBatch.from_pylist(rows, SCHEMAS[name])) for name, rows in tables.items())
    load(graph, batches, rejects, theta=0.2, advance=lambda *_: None)
    assert not any(tally.rejected for tally in rejects.tally.values())
    return graph, ReferenceInfluencers(tables)


def test_the_reference_agrees_on_a_sample_world(sample: tuple[Graph, ReferenceInfluencers]) -> None:
    graph, reference = sample
    artists = [row["artist_id"] for row in reference.tables["artists"]]
    most = sorted(artists, key=lambda one: (-len(reference.listeners(one)), one))
    for artist_id in (*most[:3], *most[10:40:10], most[-1]):
        found = compare(graph, reference, artist_id)
        for one in found[:2]:
            compare(graph, reference, artist_id, country=one["country"], genre=one["genre_ids"][0])


def compare(
    graph: Graph,
    reference: ReferenceInfluencers,
    artist_id: str,
    country: str | None = None,
    genre: str | None = None,
) -> list[dict[str, Any]]:
    """Every figure of every order, exact and as an artist sees it; the rows of the influencers expected."""
    expected = {one.influencer_id: one for one in reference.matches(artist_id, country, genre)}
    for sort in get_args(SortBy):
        found = artist_influencers(
            graph, artist_id, Everybody(), country=country, genre_id=genre, k=1000, sort=sort, exact=True
        )
        assert {one.influencer_id for one in found} == {one for one in expected if expected[one].score > 0}
        keys = [_key(expected[one.influencer_id], sort) for one in found]
        assert keys == sorted(keys)
        scores = dict(ranked(found))
        assert scores == pytest.approx({one: expected[one].score for one in scores}, rel=1e-12)
    for one in found:
        wanted = expected[one.influencer_id]
        assert (one.genre_fit, one.country_fit, one.fit) == pytest.approx(
            (wanted.genre_fit, wanted.country_fit, wanted.fit), rel=1e-12
        )
        assert one.fitting_likes == pytest.approx(wanted.likes * wanted.fit, rel=1e-12)
        assert one.engagement == wanted.engagement
        known = bool(wanted.followers_here)
        assert (one.followers_here is None, one.new_reach.estimated) == (not known, not known)
        if one.followers_here and one.already_listening:
            counts = (one.followers_here.count, one.already_listening.count, one.new_reach.count)
            here, listening = wanted.followers_here, wanted.listening
            assert counts == (len(here), len(listening), len(here - listening))
        assert wanted.low - 1 - 1e-9 < one.new_reach.low <= wanted.low + 1e-9
        assert abs((one.new_reach.count or 0) - wanted.new) <= 0.5 + 1e-9
        assert wanted.high - 1e-9 <= one.new_reach.high < wanted.high + 1 + 1e-9
    _compare_hidden(graph, reference, artist_id, country, genre)
    return [row for row in reference.tables["influencers"] if row["influencer_id"] in expected]


def _key(found: Found, sort: SortBy) -> tuple[float, str]:
    value = {
        "score": round(found.score, 9),
        "likes": found.likes,
        "engagement": found.engagement,
        "fit": round(found.fit, 12),
        "new_reach": round(found.new),
    }[sort]
    return (math.inf if value is None else -value, found.influencer_id)


def _compare_hidden(
    graph: Graph, reference: ReferenceInfluencers, artist_id: str, country: str | None, genre: str | None
) -> None:
    """As an artist sees it: what is shown depends on counts in tens and on countries that are shown."""
    places = analytics(graph, artist_id).countries
    shown_there = {place.country for place in places if place.plays is not None}
    expected = reference.matches(artist_id, country, genre, shown_in=shown_there)
    tens = [int(one.new + 1e-9) // 10 * 10 for one in expected]
    score(expected, [number or 5.0 for number in tens])
    found = {
        one.influencer_id: one
        for one in artist_influencers(graph, artist_id, Everybody(), country=country, genre_id=genre, k=1000)
    }
    assert found.keys() == {one.influencer_id for one in expected}
    for wanted, number in zip(expected, tens, strict=True):
        one = found[wanted.influencer_id]
        assert (one.new_reach.count, one.new_reach.suppressed) == (number or None, not number)
        assert one.score == pytest.approx(wanted.score, rel=1e-12)
        assert one.country_fit == pytest.approx(wanted.country_fit, rel=1e-12)
        for shown, users in (
            (one.followers_here, wanted.followers_here),
            (one.already_listening, wanted.listening),
        ):
            if wanted.followers_here:
                number = len(users) // 10 * 10
                assert shown == ShownCount(number or None, not number)
            else:
                assert shown is None


def test_sets_beside_all_sets(sample: tuple[Graph, ReferenceInfluencers]) -> None:
    """Greedy choice adds at least 1 - 1/e of what the best set does, and each member what is said of it."""
    graph, reference = sample
    artists = [row["artist_id"] for row in reference.tables["artists"]]
    most = sorted(artists, key=lambda one: (-len(reference.listeners(one)), one))
    for artist_id in (*most[:4], most[-1]):
        known = [one.influencer_id for one in reference.matches(artist_id) if one.followers_here]
        hears = reference.listeners(artist_id)
        for k in (1, 2, 3):
            found = influencers_together(graph, artist_id, k=k, exact=True)
            assert found.total.count is not None
            best = reference.best_set(known[:40], artist_id, k) if len(known) <= 40 else 0
            assert (1 - 1 / math.e) * best <= found.total.count
            assert k > 1 or len(known) > 40 or found.total.count == best
            covered: set[str] = set()
            for one in found.items:
                new = reference.followers(one.influencer_id) - hears
                assert (one.alone.count, one.adds.count) == (len(new), len(new - covered))
                covered |= new
            assert found.total.count == len(covered)
            likes = {row["influencer_id"]: row["avg_likes"] for row in reference.tables["influencers"]}
            plain = sorted(known, key=lambda one: (-likes[one], one))[:k]
            assert found.plain.influencer_ids == plain
            added = set().union(*(reference.followers(one) for one in plain)) - hears
            assert found.plain.total.count == len(added)
            assert found.gain == (pytest.approx(len(covered) / len(added) - 1) if added else None)


def test_a_budget(sample: tuple[Graph, ReferenceInfluencers]) -> None:
    graph, reference = sample
    artist_id = max(reference.tables["artists"], key=lambda row: len(reference.listeners(row["artist_id"])))[
        "artist_id"
    ]
    followers = {row["influencer_id"]: row["followers"] for row in reference.tables["influencers"]}
    free = influencers_together(graph, artist_id, k=9, exact=True)
    priced = influencers_together(graph, artist_id, k=9, exact=True, price=Price(10, 100))
    assert priced.not_priced == sum(
        followers[one.influencer_id] is None for one in reference.matches(artist_id) if one.followers_here
    )
    assert priced.cost == pytest.approx(sum(one.cost or 0 for one in priced.items))
    for one in priced.items:
        assert one.cost == pytest.approx(max(followers[one.influencer_id] / 100, 100))
    assert (free.cost, free.items[0].cost) == (None, None)
    half = influencers_together(graph, artist_id, k=9, exact=True, price=Price(10, 100, priced.cost / 2))
    for one in (half, half.plain):
        assert one.cost is not None
        assert one.cost <= priced.cost / 2
    assert 0 < (half.total.count or 0) <= (priced.total.count or 0)
    nothing = influencers_together(graph, artist_id, k=9, exact=True, price=Price(10, 100, 99))
    assert (nothing.items, nothing.cost, nothing.plain.influencer_ids) == ([], 0.0, [])


def test_artists_see_tens_of_a_set(sample: tuple[Graph, ReferenceInfluencers]) -> None:
    graph, reference = sample
    artist_id = max(reference.tables["artists"], key=lambda row: len(reference.listeners(row["artist_id"])))[
        "artist_id"
    ]
    exact = influencers_together(graph, artist_id, k=9, exact=True)
    shown = influencers_together(graph, artist_id, k=9)
    assert [one.influencer_id for one in shown.items] == [
        one.influencer_id for one in exact.items if (one.adds.count or 0) >= 10
    ]
    counts = [count.count for one in shown.items for count in (one.alone, one.adds)]
    assert counts
    assert all(count is not None and count % 10 == 0 for count in [*counts, shown.total.count])
    for one, wanted in zip(shown.items, exact.items, strict=False):
        assert one.adds.count == (wanted.adds.count or 0) // 10 * 10


def test_a_known_number_of_round_trips(
    sample: tuple[Graph, ReferenceInfluencers], monkeypatch: pytest.MonkeyPatch
) -> None:
    graph, reference = sample
    asked: list[str] = []
    estimated = 0
    read = Graph.read
    monkeypatch.setattr(
        Graph, "read", lambda self, name, /, **params: asked.append(name) or read(self, name, **params)
    )
    for row in reference.tables["artists"]:
        asked.clear()
        found = artist_influencers(graph, row["artist_id"], Everybody(), k=1000)
        known = [bool(one.followers_here) for one in reference.matches(row["artist_id"])]
        expected = ["artist_influencers", "artist_listeners"]
        genres = {
            genre
            for one in reference.tracks.values()
            if row["artist_id"] in one["artist_ids"]
            for genre in one["genre_ids"]
        }
        estimates = [] if all(known) else ["genre_listeners"] * len(genres)
        assert asked == [*expected, *estimates, "artist_audience"]
        estimated += any(one.new_reach.estimated for one in found)
    assert estimated > 0
    asked.clear()
    influencers_together(graph, row["artist_id"], k=50)
    assert asked == expected


def test_a_cutoff_keeps_the_best(similarity_index: tuple[Graph, Any]) -> None:
    graph, twin = similarity_index
    for k in (1, 2, 3):
        found = ranked(match_influencers(graph, country="CO", genre_id="pop", k=k))
        assert found == genre_matches(twin, "CO", "pop")[:k]
        best = ranked(artist_influencers(graph, "a1", Everybody(), exact=True))
        assert ranked(artist_influencers(graph, "a1", Everybody(), k=k, exact=True)) == best[:k]


def test_an_artist_without_plays_or_tracks(toy_graph: Graph) -> None:
    toy_graph.run("CREATE (:Artist {artist_id: 'a9', name: 'Nobody Yet', plays: 0})", writes=True)
    assert artist_influencers(toy_graph, "a9", Everybody(), exact=True) == []
    assert influencers_together(toy_graph, "a9", exact=True).items == []
    toy_graph.run(
        "MATCH (a:Artist {artist_id: 'a9'}), (g:Genre {genre_id: 'pop'}) "
        "CREATE (t:Track {track_id: 't9', title: 'Yet', plays: 0}), (t)-[:BY]->(a), (t)-[:IN_GENRE]->(g)",
        writes=True,
    )
    (luz,) = artist_influencers(toy_graph, "a9", Everybody(), exact=True)
    assert (luz.influencer_id, luz.fit, luz.new_reach.count) == ("i1", 0.0, 3)
    (first,) = influencers_together(toy_graph, "a9", exact=True).items
    assert (first.influencer_id, first.adds) == ("i1", ShownCount(3, False))


def test_who_is_not_there(toy_graph: Graph) -> None:
    with pytest.raises(UnknownGenre, match="'polka'"):
        match_influencers(toy_graph, country="CO", genre_id="polka")
    with pytest.raises(UnknownGenre, match="'polka'"):
        artist_influencers(toy_graph, "a1", Everybody(), genre_id="polka")
    with pytest.raises(UnknownArtist, match="'a99'"):
        artist_influencers(toy_graph, "a99", Everybody(), genre_id="polka")


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
        artist_influencers(toy_graph, "a1", Everybody(), **value)
    assert [name for name, _ in raised.value.fields] == [field]
