"""What audiences like and share, and how artists spread: by hand on the toy graph, and beside a reference."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import networkx as nx
import numpy as np
import pytest

from muse_graph.answers import ArtistSpread, Interest, Interests
from muse_graph.core.artists.interests import interests as compare
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownTrack
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.artists import everybody as reading
from muse_graph.service.artists import interests as liking
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.artists.interests import interests
from muse_graph.service.artists.overlaps import audience_overlap
from muse_graph.service.artists.spread import artist_spread
from tests.conftest import load_toy, wipe
from tests.reference.interests import ReferenceInterests
from tests.worlds.sample import corner

ALL = filters_of()
World = tuple[Graph, ReferenceInterests, list[str]]


@pytest.fixture(scope="module")
def toy(graph: Graph) -> Graph:
    """The toy graph for tests that read; `world` replaces it."""
    wipe(graph)
    load_toy(graph)
    return graph


def names(items: list[Interest]) -> dict[str, tuple[int, float, float]]:
    return {one.id: (one.listeners, one.share, one.base_share) for one in items}


def test_what_the_listeners_of_an_artist_hear_besides(toy: Graph) -> None:
    # Ana, Ben, Cleo and Dov have heard a1, by t1 and t8: pop and cumbia. Fay has heard and likes nothing.
    found = interests(toy, "a1", ALL, Everybody(), exact=True)
    assert (found.listeners, found.compared, found.base_listeners, found.base_compared) == (4, 4, 5, 5)
    # Ana's pop is also t2; that of Ben, Cleo and Dov is the artist's alone. Of cumbia Ben and Cleo have t5,
    # Dov likes it.
    assert names(found.genres) == {
        "pop": (1, 0.25, 0.8),
        "rock": (2, 0.5, 0.4),
        "jazz": (3, 0.75, 0.8),
        "cumbia": (3, 0.75, 0.6),
        "fado": (1, 0.25, 0.4),
    }
    assert names(found.tracks) == {
        "t2": (1, 0.25, 0.2),
        "t3": (1, 0.25, 0.2),
        "t4": (2, 0.5, 0.4),
        "t5": (2, 0.5, 0.4),
        "t7": (1, 0.25, 0.4),
    }
    # a8 is on t8 alone, which is the artist's own.
    assert {one.id: one.listeners for one in found.artists} == {"a2": 1, "a3": 1, "a4": 2, "a5": 2, "a7": 1}
    (rio,) = [one for one in found.tracks if one.id == "t5"]
    assert (rio.name, [one.id for one in rio.artists]) == ("Río Abajo", ["a5"])
    # Of the audience seven, of everybody nine: Eva's Saudade is in Portuguese.
    assert [(row.language, row.share, row.base_share) for row in found.languages] == [
        ("en", 2 / 7, 2 / 9),
        ("es", 2 / 7, 2 / 9),
        ("pt", 0.0, 1 / 9),
        (None, 3 / 7, 4 / 9),
    ]


def test_a_filter_is_of_listeners(toy: Graph) -> None:
    in_colombia = interests(toy, "a1", filters_of(country="CO"), Everybody(), exact=True)
    assert in_colombia.listeners == 2
    assert {one.id for one in in_colombia.tracks} == {"t2", "t3", "t4", "t5"}


def test_an_artist_sees_nothing_of_few(toy: Graph) -> None:
    found = interests(toy, "a1", ALL, Everybody())
    assert (found.listeners, found.genres, found.tracks, found.languages) == (None, [], [], [])
    assert found.suppressed
    assert "fewer than 10" in found.suppressed
    shared = audience_overlap(toy, "a1", "a5")
    assert (shared.suppressed, shared.listeners, shared.shared) == (found.suppressed, None, None)
    spread = artist_spread(toy, "a1", ALL)
    assert (spread.suppressed, spread.listeners, spread.followed) == (found.suppressed, None, None)
    assert (spread.crossings, spread.cascades, spread.generations) == ([], [], [])
    assert (spread.largest, spread.reproduction.r) == (None, None)


def test_who_is_not_there(toy: Graph) -> None:
    with pytest.raises(UnknownArtist, match="'a99'"):
        interests(toy, "a99", ALL, Everybody())
    with pytest.raises(UnknownTrack, match="t2"):
        artist_spread(toy, "a1", filters_of(track="t2"))
    with pytest.raises(UnknownArtist, match="'a99'"):
        audience_overlap(toy, "a1", "a99")
    with pytest.raises(InvalidRequest, match=r"k must be 1\.\.100, got 0"):
        interests(toy, "a1", ALL, Everybody(), k=0)
    with pytest.raises(InvalidRequest, match=r"window must be 1\.\.60, got 61"):
        artist_spread(toy, "a1", ALL, window=61)


def test_an_artist_nobody_hears(toy: Graph) -> None:
    toy.run("MERGE (:Artist {artist_id: 'a9', name: 'Nobody Yet', plays: 0})", writes=True)
    found = interests(toy, "a9", ALL, Everybody(), exact=True)
    assert (found.listeners, found.suppressed, found.genres) == (0, None, [])
    shared = audience_overlap(toy, "a1", "a9", exact=True)
    assert (shared.shared, shared.jaccard, shared.of_artist, shared.of_other) == (0, 0.0, 0.0, None)
    spread = artist_spread(toy, "a9", ALL, exact=True)
    assert (spread.listeners, spread.followed, spread.generations, spread.first_day) == (0, 0, [], None)


def test_how_an_artist_spread_by_hand(toy: Graph) -> None:
    # Ana has it on September 1st, Ben, her friend, on the 5th; Cleo, Ben's friend, on October 10th; Dov has
    # no time.
    found = artist_spread(toy, "a1", ALL, exact=True)
    assert (found.listeners, found.followed, found.undated.count) == (4, 3, 1)
    assert (found.first_day, found.last_day) == ("2026-09-01", "2026-10-10")
    assert (found.through_friends.count, found.by_themselves.count) == (1, 2)
    assert found.largest
    assert [(one.parent, one.generation, one.country, one.day) for one in found.largest.listeners] == [
        (None, 0, "CO", "2026-09-01"),
        (0, 1, "PT", "2026-09-05"),
    ]
    # Cleo has not had her week: of Ana and Ben one brought one on.
    assert (found.reproduction.r, found.reproduction.listeners.count) == (0.5, 2)
    assert [(one.from_country, one.to_country, one.listeners) for one in found.crossings] == [("CO", "PT", 1)]
    later = artist_spread(toy, "a1", ALL, window=40, exact=True)
    assert [step.listeners.count for step in later.generations] == [1, 1, 1]
    assert [(one.from_country, one.to_country) for one in later.crossings] == [("CO", "PT"), ("PT", "CO")]
    short = artist_spread(toy, "a1", ALL, window=3, exact=True)
    assert (short.through_friends.count, short.largest, short.reproduction.r) == (0, None, 0.0)


@pytest.fixture(scope="module")
def world(graph: Graph) -> World:
    """A corner of the sample world, and its artists with most listeners."""
    wipe(graph)
    batches = list(corner(300, 3, tracks=40))
    rejects = Rejects()
    load(graph, iter(batches), rejects, theta=0.2, advance=lambda *_: None)
    assert not any(tally.rejected for tally in rejects.tally.values())
    reference = ReferenceInterests({name: rows.to_pylist() for name, rows in batches})
    artists = [row["artist_id"] for row in reference.tables["artists"]]
    return graph, reference, sorted(artists, key=lambda one: (-len(reference.audience(one)), one))


def test_the_reference_agrees_on_interests(world: World) -> None:
    graph, reference, artists = world
    everybody = Everybody()
    for artist_id, countries, to_day in [
        (artists[0], [], None),
        (artists[1], ["US", "BR"], None),
        (artists[3], [], date(2026, 8, 1)),
        (artists[-1], [], None),
    ]:
        filters = filters_of(country=countries, to_day=to_day)
        found = interests(graph, artist_id, filters, everybody, k=100, exact=True)
        users = reference.audience(artist_id, countries, to_day)
        assert (found.listeners, found.compared) == (len(users), len(users))
        assert found.base_listeners == found.base_compared == len(reference.everybody)
        tables = (
            (found.genres, reference.genres_liked(artist_id, users)),
            (found.tracks, reference.tracks_liked(artist_id, users)),
            (found.artists, reference.artists_liked(artist_id, users)),
        )
        for items, expected in tables:
            same(items, expected, len(users), len(reference.everybody))
        check_languages(found, reference, users)


def same(items: list[Interest], expected: dict[str, tuple[int, int]], n: int, n_base: int) -> None:
    """Counts and shares of all, lifts and their order as the core has them for these counts."""
    ids = sorted(expected)
    counts, base = np.array([expected[one] for one in ids], np.int64).reshape(-1, 2).T
    wanted = compare(counts, n, base, n_base)
    place = {one: position for position, one in enumerate(ids)}
    for one in items:
        at = place[one.id]
        assert (one.listeners, one.share, one.base_share) == (
            counts[at],
            counts[at] / n,
            base[at] / n_base,
        )
        assert (one.lift, one.low, one.high) == pytest.approx(
            (wanted.lift[at], wanted.low[at], wanted.high[at]), rel=1e-6
        )
    lifts = sorted(wanted.lift.tolist(), reverse=True)[:100]
    assert [one.lift for one in items[:100]] == pytest.approx(lifts, rel=1e-6)


def check_languages(found: Interests, reference: ReferenceInterests, users: set[str]) -> None:
    heard = reference.languages(found.artist_id, users)
    if not heard:
        assert found.languages == []
        return
    base = reference.languages(found.artist_id, reference.by_user)
    assert {row.language: (row.share, row.base_share) for row in found.languages} == {
        language: (heard[language] / heard.total(), n / base.total()) for language, n in base.items()
    }


def test_bridges_lead_from_the_audience_to_genres_of_the_artist(world: World) -> None:
    graph, reference, artists = world
    n_bridges = 0
    for artist_id in artists[:4]:
        found = interests(graph, artist_id, ALL, Everybody(), k=100, exact=True)
        own = {genre for track in reference.own(artist_id) for genre in reference.tracks[track]["genre_ids"]}
        play = {user: reference.genres_of(user, set()) for user in reference.everybody}
        insiders = {user for user in play if play[user] & own}
        liked = {one.id: one for one in found.genres}
        ids = sorted(set(liked) - own)
        inside = np.array([sum(one in play[user] for user in insiders) for one in ids], np.int64)
        everybody = np.array([sum(one in genres for genres in play.values()) for one in ids], np.int64)
        back = compare(inside, len(insiders), everybody, len(play))
        expected = {
            one: (liked[one].lift, back.lift[at])
            for at, one in enumerate(ids)
            if liked[one].low > 1 and back.low[at] > 1
        }
        bridges = {one.id: (one.lift, one.back_lift) for one in found.bridges}
        assert bridges.keys() == expected.keys()
        for one, lifts in bridges.items():
            assert lifts == pytest.approx(expected[one], rel=1e-6)
        weaker = [min(lifts) for lifts in bridges.values()]
        assert weaker == sorted(weaker, reverse=True)
        n_bridges += len(bridges)
    assert n_bridges


def test_an_artist_sees_tens_and_none_below_ten(world: World) -> None:
    graph, _, artists = world
    exact = interests(graph, artists[0], ALL, Everybody(), k=100, exact=True)
    shown = interests(graph, artists[0], ALL, Everybody(), k=100)
    assert shown.listeners == exact.listeners
    for some, all_of in ((shown.genres, exact.genres), (shown.artists, exact.artists)):
        counts = {one.id: one.listeners for one in all_of}
        assert {one.id for one in some} == {one for one, n in counts.items() if n >= 10}
        for one in some:
            assert one.listeners == min((counts[one.id] + 5) // 10 * 10, shown.compared)
            assert one.share == one.listeners / shown.compared
    for one in shown.artists:
        base = round(one.base_share * shown.base_listeners)
        assert base % 10 == 0 or base == one.listeners
    assert {row.language for row in shown.languages} <= {row.language for row in exact.languages}
    assert all(row.share == round(row.share or 0, 2) for row in shown.languages)


def test_many_listeners_are_sampled_the_same_each_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, reference, artists = world
    whole = interests(graph, artists[0], ALL, Everybody(), k=100, exact=True)
    monkeypatch.setattr(reading, "MOST_READ", 150)
    monkeypatch.setattr(liking, "MOST_READ", 40)
    first, again = (interests(graph, artists[0], ALL, Everybody(), k=100, exact=True) for _ in range(2))
    assert first == again
    assert (first.listeners, first.compared) == (whole.listeners, 40)
    assert first.base_compared <= 150
    assert first.base_listeners == pytest.approx(len(reference.everybody), rel=0.05)
    bases = {one.id: one.base_share * first.base_listeners for one in first.artists}
    truth = {one.id: one.base_share * whole.base_listeners for one in whole.artists}
    apart = [abs(bases[one] / truth[one] - 1) for one in bases.keys() & truth.keys()]
    assert np.median(apart) < 0.1


def test_the_reference_agrees_on_overlap(world: World) -> None:
    graph, reference, artists = world
    for other in (artists[1], artists[5], artists[-1], artists[0]):
        one, two = reference.audience(artists[0]), reference.audience(other)
        found = audience_overlap(graph, artists[0], other, exact=True)
        assert (found.listeners, found.other_listeners, found.shared) == (len(one), len(two), len(one & two))
        assert found.jaccard == len(one & two) / len(one | two)
        assert (found.of_artist, found.of_other) == (
            len(one & two) / len(one),
            len(one & two) / len(two) if two else None,
        )
        shown = audience_overlap(graph, artists[0], other)
        assert shown.other_listeners is None
        small = [len(one & two), len(one - two), len(two - one)]
        assert (shown.suppressed is not None) == any(0 < n < 10 for n in small)
        if shown.suppressed is None:
            assert shown.shared == min((len(one & two) + 5) // 10 * 10, len(one), len(two))
            assert shown.of_artist == round(shown.shared / len(one), 2)
        else:
            assert (shown.listeners, shown.shared, shown.jaccard, shown.of_artist, shown.of_other) == (
                None,
            ) * 5


@pytest.mark.parametrize(
    ("place", "window", "countries"), [(0, 7, []), (3, 60, []), (1, 60, ["NG", "MX", "IN"])]
)
def test_the_reference_agrees_on_spread(world: World, place: int, window: int, countries: list[str]) -> None:
    graph, reference, artists = world
    users = reference.audience(artists[place], countries)
    tree = reference.cascades(artists[place], users, window)
    found = artist_spread(graph, artists[place], filters_of(country=countries), window=window, exact=True)
    assert (found.listeners, found.followed) == (len(users), len(tree))
    assert found.undated.count == len(users) - len(tree)
    depth = {user: len(nx.ancestors(tree, user)) for user in tree}
    assert [step.listeners.count for step in found.generations] == list(
        Counter(sorted(depth.values())).values()
    )
    assert found.through_friends.count == tree.number_of_edges()
    sizes = [len(part) for part in nx.weakly_connected_components(tree)]
    for row in found.cascades:
        these = [n for n in sizes if row.least <= n <= (row.most or n)]
        assert (row.cascades, row.listeners.count) == (len(these), sum(these))
    check_largest(found, tree)
    check_crossings(found, tree)
    check_r(found, reference, tree, artists[place], window)


def check_largest(found: ArtistSpread, tree: nx.DiGraph) -> None:
    """It is one of the largest, with the days and countries it has in the reference."""
    if not tree.edges:
        assert found.largest is None
        return
    parts = [tree.subgraph(part) for part in nx.weakly_connected_components(tree)]
    assert found.largest
    assert found.largest.size == len(found.largest.listeners) == max(map(len, parts))
    edges = Counter(
        (found.largest.listeners[one.parent].day, one.day, one.country)
        for one in found.largest.listeners
        if one.parent is not None
    )
    assert edges in [
        Counter(
            (str(part.nodes[a]["day"]), str(part.nodes[b]["day"]), part.nodes[b]["country"])
            for a, b in part.edges
        )
        for part in parts
    ]


def check_crossings(found: ArtistSpread, tree: nx.DiGraph) -> None:
    pairs = Counter((tree.nodes[a]["country"], tree.nodes[b]["country"]) for a, b in tree.edges)
    known = {pair: n for pair, n in pairs.items() if None not in pair}
    assert {(one.from_country, one.to_country): one.listeners for one in found.crossings} == {
        (a, b): n for (a, b), n in known.items() if a != b
    }
    assert found.within.count == sum(n for (a, b), n in known.items() if a == b)
    assert found.unknown_country.count == pairs.total() - sum(known.values())


def check_r(
    found: ArtistSpread, reference: ReferenceInterests, tree: nx.DiGraph, artist_id: str, window: int
) -> None:
    own = reference.own(artist_id)
    heard = [row["listened_at"] for row in reference.tables["listens"] if row["track_id"] in own]
    end = max(at.date() for at in heard if at)
    early = [user for user in tree if tree.nodes[user]["day"] + timedelta(window) <= end]
    assert found.reproduction.listeners.count == len(early)
    assert found.reproduction.r == sum(tree.out_degree(user) for user in early) / len(early)
    assert 0 < (found.reproduction.p or 0) <= 1


def test_an_artist_is_told_of_nobody(world: World) -> None:
    graph, _, artists = world
    exact = artist_spread(graph, artists[1], ALL, window=60, exact=True)
    shown = artist_spread(graph, artists[1], ALL, window=60)
    tens: list[Any] = [shown.through_friends, shown.by_themselves, shown.within, shown.unknown_country]
    tens += [step.listeners for step in shown.generations] + [row.listeners for row in shown.cascades]
    assert all(one.count is None or one.count % 10 == 0 for one in tens)
    assert (shown.first_day, shown.last_day) == (None, None)
    assert shown.followed == (exact.followed or 0) // 10 * 10
    for row, whole in zip(shown.cascades, exact.cascades, strict=True):
        # A cascade of ten may be counted; the number of single listeners is a number of listeners.
        expected = whole.cascades if row.least >= 10 else (whole.cascades or 0) // 10 * 10 or None
        assert row.cascades == expected
    assert [one.listeners for one in shown.crossings] == [
        one.listeners // 10 * 10 for one in exact.crossings if one.listeners >= 10
    ]
    assert exact.largest
    assert (shown.largest is None) == (exact.largest.size < 10)
    if shown.largest is not None:
        homes = Counter(one.country for one in exact.largest.listeners)
        assert {one.day for one in shown.largest.listeners} == {None}
        assert {one.country for one in shown.largest.listeners} <= {
            None,
            *(code for code, n in homes.items() if n >= 10),
        }


def test_of_many_listeners_the_first_are_followed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, reference, artists = world
    monkeypatch.setattr("muse_graph.service.artists.spread._MOST", 30)
    found = artist_spread(graph, artists[0], ALL, exact=True)
    days = sorted(day for day in reference.first_days(artists[0]).values() if day)
    assert found.listeners == len(reference.audience(artists[0]))
    assert found.cut
    assert found.followed == sum(day < days[30] for day in days)
    assert found.last_day == str(days[found.followed - 1])
