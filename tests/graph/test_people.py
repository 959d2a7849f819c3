"""Other people as a user sees them, on the toy graph: search, profiles, compatibility, suggestions.

u1 Ana is a friend of u2 Ben and u5 Eva; u2 of u3 Cleo; u5 of u6 Fay, who is private; u4 Dov knows nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from muse_graph.answers import Named, Page, PersonProfile, SharedTaste
from muse_graph.errors import InvalidRequest, UnknownUser
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import friendships, people, suggestions, users
from muse_graph.service.users.people import get_compatibility, search_people
from muse_graph.service.users.suggestions import suggest_friends


@pytest.fixture
def cache() -> TrackCache:
    return TrackCache()


@contextmanager
def round_trips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the queries that run meanwhile."""
    asked: list[str] = []
    read = Graph.read

    def counting(graph: Graph, name: str, /, **params: object) -> list[Row]:
        asked.append(name)
        return read(graph, name, **params)

    with monkeypatch.context() as patch:
        patch.setattr(Graph, "read", counting)
        yield asked


def person(graph: Graph, user_id: str, other_id: str) -> PersonProfile:
    return people.get_person(graph, user_id, other_id, TrackCache())


def ids(page: Page) -> list[str]:
    return [one.user_id for one in page.items]


def named(graph: Graph, *names: str) -> None:
    for number, name in enumerate(names):
        users.put_user(graph, f"n{number}", name=name)


class TestSearch:
    def test_each_with_state_and_friends_in_common(
        self, toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        friendships.ask(toy_graph, "u1", "u3")
        with round_trips(monkeypatch) as asked:
            (cleo,) = search_people(toy_graph, "u1", "cle", limit=5).items
        assert (cleo.user_id, cleo.name, cleo.country) == ("u3", "Cleo", "CO")
        assert (cleo.state, cleo.common_friends) == ("asked", 1)
        assert cleo.since is not None
        assert asked == ["people_hits", "people_cards"]

    def test_nobody_beside_a_block_and_not_oneself(self, toy_graph: Graph) -> None:
        assert ids(search_people(toy_graph, "u1", "ana", limit=5)) == []
        friendships.block(toy_graph, "u3", "u1")
        assert ids(search_people(toy_graph, "u1", "cleo", limit=5)) == []
        assert ids(search_people(toy_graph, "u3", "ana", limit=5)) == []
        assert ids(search_people(toy_graph, "u2", "cleo", limit=5)) == ["u3"]

    def test_of_one_name_the_one_typed_then_friends_then_theirs(self, toy_graph: Graph) -> None:
        named(toy_graph, "Río Sol", "rio sol", "Rio Sol", "Rio Sol", "Rio Sol", "Rio Solange")
        toy_graph.write("merge_friendships", rows=[{"user_id": "n4", "friend_id": "u1", "since": None}])
        toy_graph.write("merge_friendships", rows=[{"user_id": "n3", "friend_id": "u2", "since": None}])
        found = ids(search_people(toy_graph, "u1", "Rio Sol", limit=9))
        assert found == ["n4", "n3", "n2", "n0", "n1", "n5"]
        first = search_people(toy_graph, "u1", "Rio Sol", limit=4)
        rest = search_people(toy_graph, "u1", "Rio Sol", limit=4, cursor=first.next)
        assert ids(first) + ids(rest) == found
        assert rest.next is None

    def test_without_words_and_without_a_user(self, toy_graph: Graph) -> None:
        assert search_people(toy_graph, "u1", "  ", limit=5) == Page([], None)
        for text in ("ana", ""):
            with pytest.raises(UnknownUser):
                search_people(toy_graph, "nobody", text, limit=5)


class TestProfile:
    def test_what_a_stranger_shows(
        self, toy_graph: Graph, cache: TrackCache, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        users.put_user(toy_graph, "u3", listens_visible_to="everybody")
        with round_trips(monkeypatch) as asked:
            cleo = people.get_person(toy_graph, "u1", "u3", cache)
            assert asked == ["person", "track_names"]
            people.get_person(toy_graph, "u1", "u3", cache)
            assert asked[2:] == ["person"]
        assert (cleo.name, cleo.country, cleo.state, cleo.common_friends) == ("Cleo", "CO", "none", 1)
        assert cleo.some_common_friends == [Named("u2", "Ben")]
        assert cleo.genres == [Named("cumbia", "Cumbia"), Named("rock", "Rock"), Named("pop", "Pop")]
        assert cleo.recent is not None
        assert cleo.most_played is not None
        assert [one.track.track_id for one in cleo.recent] == ["t8", "t5", "t3"]
        assert cleo.recent[0].last_at == "2026-10-10T12:00:00Z"
        assert [(one.track.track_id, one.plays) for one in cleo.most_played] == [
            ("t5", 10), ("t3", 2), ("t8", 1),
        ]  # fmt: skip

    def test_of_who_is_private_nothing_is_to_be_seen(self, toy_graph: Graph) -> None:
        open_one = person(toy_graph, "u1", "u2")
        users.put_user(toy_graph, "u2", private=True)
        shut = person(toy_graph, "u1", "u2")
        shown = (open_one.genres, open_one.recent, open_one.most_played, open_one.compatibility.artists)
        assert all(shown)
        assert (shut.genres, shut.recent, shut.most_played) == (None, None, None)
        assert (shut.compatibility.artists, shut.compatibility.genres) == (None, None)
        assert open_one.compatibility.score
        assert (shut.compatibility.score, shut.compatibility.shared_artists) == (None, None)
        assert shut.compatibility.text == "What this person plays is not shown to you"
        for title in ("Luna", "Blue", "Estrellas", "Kyoto", "Jazz", "Pop"):
            assert title in repr(open_one)
            assert title not in repr(shut)

    @pytest.mark.parametrize(
        ("level", "seen_by"),
        [(None, {"friend"}), ("friends", {"friend"}), ("everybody", {"friend", "asked", "stranger"})],
    )
    def test_who_may_see(self, toy_graph: Graph, level: Any, seen_by: set[str]) -> None:
        """Who has asked for a friendship sees no more than a stranger."""
        users.put_user(toy_graph, "u2", listens_visible_to=level)
        friendships.ask(toy_graph, "u5", "u2")
        for kind, user_id in (("friend", "u1"), ("asked", "u5"), ("stranger", "u4")):
            found = person(toy_graph, user_id, "u2")
            visible = kind in seen_by
            assert (found.genres is not None, found.recent is not None) == (visible, visible), kind
            assert (found.compatibility.score is not None) is visible
            assert ("Kyoto Trio" in repr(found)) is visible

    @pytest.mark.parametrize("blocker", ["u1", "u3"])
    def test_a_block_makes_nobody_of_a_person(
        self, toy_graph: Graph, cache: TrackCache, blocker: str
    ) -> None:
        friendships.block(toy_graph, blocker, "u3" if blocker == "u1" else "u1")
        for look in (people.get_person, get_compatibility):
            for other_id in ("u3", "nobody"):
                with pytest.raises(UnknownUser, match=f"no user has the id '{other_id}'"):
                    look(toy_graph, "u1", other_id, cache)

    def test_nobody_and_oneself(self, toy_graph: Graph, cache: TrackCache) -> None:
        for look in (people.get_person, get_compatibility):
            with pytest.raises(UnknownUser, match="nobody"):
                look(toy_graph, "nobody", "u1", cache)
            with pytest.raises(InvalidRequest, match="other_id must be another user"):
                look(toy_graph, "u1", "u1", cache)


def test_compatibility_is_what_the_tables_say(toy_graph: Graph, cache: TrackCache) -> None:
    found = get_compatibility(toy_graph, "u1", "u2", cache)
    assert found.artists == [SharedTaste("a4", "Kyoto Trio", 4, 6), SharedTaste("a1", "Las Estrellas", 30, 1)]
    assert found.genres == [SharedTaste("jazz", "Jazz", 4, 6), SharedTaste("pop", "Pop", 50, 1)]
    assert found.text == "You both play 2 artists (Kyoto Trio, Las Estrellas) and 2 genres (Jazz, Pop)"
    assert get_compatibility(toy_graph, "u2", "u1", cache).score == found.score
    for other in ("u5", "u6"):
        users.put_user(toy_graph, other, listens_visible_to="everybody")
    nothing = get_compatibility(toy_graph, "u1", "u6", cache)
    assert (nothing.score, nothing.text) == (0, "One of you has played nothing yet")
    apart = get_compatibility(toy_graph, "u3", "u5", cache)
    assert (apart.score, apart.text) == (0, "You have no artist and no genre in common")


class TestSuggestions:
    def near(self, graph: Graph, *pairs: tuple[str, str, float]) -> None:
        graph.run(
            "UNWIND $pairs AS p MATCH (u:User {user_id: p[0]}) MATCH (o:User {user_id: p[1]})"
            " CREATE (u)-[:SIMILAR_TO {weight: p[2]}]->(o)",
            {"pairs": [[*pair] for pair in pairs]},
            writes=True,
        )

    def befriend(self, graph: Graph, *pairs: str) -> None:
        rows = [{"user_id": one, "friend_id": other, "since": None} for one, other in map(str.split, pairs)]
        graph.write("merge_friendships", rows=rows)

    def test_friends_of_friends_then_similar_taste(
        self, toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        users.put_user(toy_graph, "u7", name="Gil")
        users.put_user(toy_graph, "u4", listens_visible_to="everybody")
        self.befriend(toy_graph, "u2 u7", "u5 u7", "u7 u4")
        self.near(toy_graph, ("u1", "u4", 0.7), ("u1", "u3", 0.9), ("u1", "u2", 0.8))
        with round_trips(monkeypatch) as asked:
            found = suggest_friends(toy_graph, "u1")
        assert asked == ["suggested_friends"]
        assert [(one.rank, one.user_id) for one in found] == [(1, "u7"), (2, "u3"), (3, "u6"), (4, "u4")]
        assert [one.reasons[0].text for one in found] == [
            "2 friends in common: Ben and Eva",
            "One friend in common: Ben",
            "One friend in common: Eva",
            "Listens to what you listen to",
        ]
        assert found[0].some_common_friends == [Named("u2", "Ben"), Named("u5", "Eva")]
        assert all(sum(reason.part for reason in one.reasons) == one.score for one in found)
        assert suggest_friends(toy_graph, "u1", 2) == found[:2]

    def test_more_friends_in_common_than_are_named(self, toy_graph: Graph) -> None:
        self.befriend(toy_graph, "u1 u3", "u2 u4", "u3 u4", "u5 u4")
        found = {one.user_id: one for one in suggest_friends(toy_graph, "u1")}
        assert found["u4"].reasons[0].text == "3 friends in common, Ben and Cleo among them"
        assert found["u4"].reasons[0].n == found["u4"].common_friends == 3

    @pytest.mark.parametrize("how", ["ask", "asked", "declined", "blocked", "was blocked"])
    def test_nobody_whom_something_links_already(self, toy_graph: Graph, how: str) -> None:
        self.near(toy_graph, ("u1", "u3", 0.9))
        one, other = ("u3", "u1") if how in {"asked", "was blocked"} else ("u1", "u3")
        (friendships.block if "blocked" in how else friendships.ask)(toy_graph, one, other)
        if how == "declined":
            friendships.decline(toy_graph, "u3", "u1")
        assert [found.user_id for found in suggest_friends(toy_graph, "u1")] == ["u6"]

    def test_only_who_lets_everybody_see_has_a_taste_to_be_suggested_for(self, toy_graph: Graph) -> None:
        self.near(toy_graph, ("u4", "u6", 0.9), ("u4", "u5", 0.5), ("u4", "u1", 0.4))
        users.put_user(toy_graph, "u5", listens_visible_to="everybody")
        assert [one.user_id for one in suggest_friends(toy_graph, "u4")] == ["u5"]

    def test_who_knows_everybody_tells_less_and_costs_no_more(
        self, toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        toy_graph.run(
            "MATCH (hub:User {user_id: 'u5'}) UNWIND range(1, 300) AS n"
            " CREATE (hub)-[:FRIENDS_WITH]->(:User {user_id: 'x' + n, key: n})",
            writes=True,
        )
        found = suggest_friends(toy_graph, "u1", 100)
        assert (found[0].user_id, len(found)) == ("u3", 100)
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert [one.user_id for one in found[1:4]] == ["u6", "x1", "x10"]
        monkeypatch.setattr(suggestions, "_BUDGET", 50)
        assert [one.user_id for one in suggest_friends(toy_graph, "u1")] == ["u3"]
        # The only friend is gone through, however many friends that one has.
        assert len(suggest_friends(toy_graph, "u6", 100)) == 100

    def test_who_has_nobody_and_who_is_nobody(self, toy_graph: Graph) -> None:
        assert suggest_friends(toy_graph, "u4") == []
        with pytest.raises(UnknownUser):
            suggest_friends(toy_graph, "nobody")
        for k in (0, 101):
            with pytest.raises(InvalidRequest, match=r"k must be 1\.\.100"):
                suggest_friends(toy_graph, "u1", k)


def test_nothing_is_said_of_what_a_block_hides(toy_graph: Graph, cache: TrackCache) -> None:
    friendships.block(toy_graph, "u6", "u1")
    seen: list[Any] = [
        search_people(toy_graph, "u1", "fay", limit=5).items,
        suggest_friends(toy_graph, "u1"),
        people.get_person(toy_graph, "u1", "u5", cache),
    ]
    assert "Fay" not in repr(seen)
