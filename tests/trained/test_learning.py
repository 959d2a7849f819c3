"""What a listener does shows in the next answer, without training again; seen through the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from muse_graph.core.keys import key_of
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.trained.conftest import known_tracks

Item = dict[str, Any]


@pytest.fixture(scope="module")
def listeners(world: Graph) -> list[str]:
    """Listeners with friends, those with most first; each test of one listener takes another."""
    rows = world.run(
        """
        MATCH (u:User) WHERE COUNT { (u)-[:FRIENDS_WITH]-() } >= 4 AND COUNT { (u)-[:LISTENED]->() } >= 15
        RETURN u.user_id AS user ORDER BY COUNT { (u)-[:FRIENDS_WITH]-() } DESC, user
        """,
        writes=False,
    )
    return [row["user"] for row in rows]


@pytest.fixture
def added(world: Graph) -> Iterator[Graph]:
    """The world, from which what has an id that begins with `added` goes when the test is over."""
    yield world
    for label, name in (("User", "user_id"), ("Track", "track_id")):
        world.run(f"MATCH (n:{label}) WHERE n.{name} STARTS WITH 'added' DETACH DELETE n", writes=True)


def answer_of(client: FlaskClient, user_id: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/users/{user_id}/recommendations", query_string=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    for item in found["items"]:
        assert sum(reason["part"] for reason in item["reasons"]) == pytest.approx(item["score"], abs=1e-6)
    return found


def items_of(client: FlaskClient, user_id: str, **query: Any) -> list[Item]:
    found: list[Item] = answer_of(client, user_id, **query)["items"]
    return found


def say(client: FlaskClient, user_id: str, track_id: str, action: str) -> None:
    answer = client.put(f"/api/v1/users/{user_id}/feedback/{track_id}", json={"action": action})
    assert answer.status_code == 200, answer.text


def scores_of(items: list[Item]) -> dict[str, float]:
    return {item["track_id"]: item["score"] for item in items}


@pytest.mark.parametrize("mode", ["discovery", "for-you", "under-the-radar"])
@pytest.mark.parametrize("action", ["save", "listen"])
def test_a_save_and_a_listen_change_the_next_answer(
    action: str, mode: str, client: FlaskClient, listeners: list[str]
) -> None:
    user_id = listeners[["discovery", "for-you", "under-the-radar"].index(mode) * 2 + (action == "save")]
    before = items_of(client, user_id, k=60, mode=mode)
    first = before[0]["track_id"]
    if action == "save":
        say(client, user_id, first, "save")
    else:
        sent = client.post("/api/v1/listens", json={"user_id": user_id, "track_id": first, "heard": 1.0})
        assert sent.status_code in {200, 201, 202}, sent.text
    after = items_of(client, user_id, k=60, mode=mode)
    assert first not in scores_of(after)
    old, new = scores_of(before), scores_of(after)
    moved = [new[track] - old[track] for track in old.keys() & new.keys()]
    assert any(abs(change) > 1e-6 for change in moved)
    own = {reason["text"] for item in after for reason in item["reasons"] if reason["kind"] == "own"}
    # A save speaks loudly enough to be named; one play among many may not.
    assert action == "listen" or any(text.startswith(f"You saved {before[0]['title']}") for text in own)


def test_a_discarded_track_never_comes_back(client: FlaskClient, listeners: list[str]) -> None:
    user_id, gone = listeners[6], set()
    for _ in range(6):
        first = items_of(client, user_id, k=5)[0]["track_id"]
        assert first not in gone
        say(client, user_id, first, "discard")
        gone.add(first)
    for mode in ("discovery", "for-you", "under-the-radar"):
        for outside_network in ("true", "false"):
            shown = items_of(client, user_id, k=1000, mode=mode, beyond_friends=outside_network)
            assert not gone & scores_of(shown).keys()


def test_a_discarded_artist_sinks(world: Graph, client: FlaskClient, listeners: list[str]) -> None:
    """Its other tracks fall by a good tenth of the list on average; to the model alone it is a hundredth."""
    falls, lost = [], []
    for user_id in listeners[7:19]:
        before = items_of(client, user_id, k=400, mode="for-you", max_per_artist=400)
        shown = [item["track_id"] for item in before]
        artist_of = {item["track_id"]: {artist["id"] for artist in item["artists"]} for item in before}
        first = next((t for t in shown[:20] if others(t, artist_of)), None)
        if first is None:
            continue
        # A save keeps the genres of the track from being turned away, so that its artist's others may come.
        with_saves(client, world, user_id, first)
        before = items_of(client, user_id, k=400, mode="for-you", max_per_artist=400)
        say(client, user_id, first, "discard")
        after = items_of(client, user_id, k=400, mode="for-you", max_per_artist=400)
        old, new = scores_of(before), scores_of(after)
        place = {track: rank for rank, track in enumerate(t for t in old if t in new)}
        now = {track: rank for rank, track in enumerate(t for t in new if t in old)}
        same = [track for track in others(first, artist_of) if track in place]
        falls += [(now[track] - place[track]) / len(place) for track in same]
        lost += [old[track] - new[track] for track in same]
    assert len(falls) > 20
    assert np.mean(falls) > 0.1
    assert np.mean(lost) > 0.4


def others(track: str, artist_of: dict[str, set[str]]) -> list[str]:
    return [one for one, artists in artist_of.items() if one != track and artists & artist_of[track]]


def with_saves(client: FlaskClient, graph: Graph, user_id: str, track_id: str) -> None:
    """Save a track of another artist in each genre of the track."""
    rows = graph.run(
        """
        MATCH (t:Track {track_id: $track_id})-[:IN_GENRE]->(g)
        MATCH (g)<-[:IN_GENRE]-(o:Track) WHERE o <> t AND NOT EXISTS { (t)-[:BY]->()<-[:BY]-(o) }
        WITH g, min(o.track_id) AS other RETURN DISTINCT other
        """,
        {"track_id": track_id},
        writes=False,
    )
    for row in rows:
        say(client, user_id, row["other"], "save")


def test_a_discarded_genre_that_a_save_keeps_sinks(
    world: Graph, client: FlaskClient, listeners: list[str]
) -> None:
    changes = []
    for user_id in listeners[19:27]:
        first = items_of(client, user_id, k=1)[0]
        (genre,) = [reason["genre_id"] for reason in first["reasons"] if reason["kind"] == "genre"]
        with_saves(client, world, user_id, first["track_id"])
        before = genre_score(client, user_id, genre)
        say(client, user_id, first["track_id"], "discard")
        changes.append(genre_score(client, user_id, genre) / before - 1)
    assert np.mean(changes) < -0.02


def genre_score(client: FlaskClient, user_id: str, genre_id: str) -> float:
    ledger = client.get(f"/api/v1/users/{user_id}/genres").get_json()["genres"]
    (found,) = [genre for genre in ledger if genre["genre_id"] == genre_id]
    assert found["state"] == "offered"
    return float(found["score"])


def test_a_discarded_genre_is_offered_no_more_until_a_save(client: FlaskClient, listeners: list[str]) -> None:
    user_id = listeners[27]
    first = items_of(client, user_id, k=1)[0]
    genres = {genre["id"] for genre in first["genres"]}
    say(client, user_id, first["track_id"], "discard")
    for mode in ("discovery", "for-you", "under-the-radar"):
        led_by = {
            reason["genre_id"]
            for item in items_of(client, user_id, k=100, mode=mode)
            for reason in item["reasons"]
            if reason["kind"] == "genre"
        }
        assert not led_by & genres
    ledger = client.get(f"/api/v1/users/{user_id}/genres").get_json()["genres"]
    assert not {genre["genre_id"] for genre in ledger if genre["state"] == "offered"} & genres
    client.delete(f"/api/v1/users/{user_id}/feedback/{first['track_id']}")
    ledger = client.get(f"/api/v1/users/{user_id}/genres").get_json()["genres"]
    assert {genre["genre_id"] for genre in ledger if genre["state"] == "offered"} & genres


def test_a_track_a_friend_and_a_user_from_after_the_training(
    added: Graph, client: FlaskClient, listeners: list[str]
) -> None:
    user_id = listeners[28]
    client.put("/api/v1/users/added", json={"name": "Ada"})
    client.put(f"/api/v1/users/{user_id}/friends/added", json={"action": "ask"})
    client.put(f"/api/v1/users/added/friends/{user_id}", json={"action": "accept"})
    added.run(
        """
        MATCH (u:User {user_id: $user_id})-[:DISCOVERS]->(g) WITH g LIMIT 1
        MATCH (o:Track) WITH g, o ORDER BY o.key DESC LIMIT 1
        MATCH (a:Artist) WITH g, o, a ORDER BY a.artist_id LIMIT 1
        CREATE (t:Track {track_id: 'added', key: $key, title: 'Added', plays: 0, listeners: 0})
        CREATE (t)-[:BY]->(a) CREATE (t)-[:IN_GENRE {rank: 1}]->(g)
        """,
        {"user_id": user_id, "key": key_of("added")},
        writes=True,
    )
    sent = client.post("/api/v1/listens", json={"user_id": "added", "track_id": "added", "heard": 1.0})
    assert sent.status_code < 300, sent.text
    (item,) = [item for item in items_of(client, user_id, k=1000, mode="for-you") if item["title"] == "Added"]
    assert {reason["name"] for reason in item["reasons"] if reason["kind"] == "friend"} == {"Ada"}
    friends_music = answer_of(client, "added", k=10)
    assert friends_music["mode"] == "discovery"
    assert len(friends_music["items"]) == 10
    for mode in ("discovery", "for-you", "under-the-radar"):
        assert items_of(client, "added", mode=mode)


def test_a_new_track_of_a_loved_artist_ranks_above_one_of_a_strange_genre(
    added: Graph, client: FlaskClient, listeners: list[str]
) -> None:
    client.put("/api/v1/users/added", json={"name": "Ada"})
    for user_id in listeners[29:32]:
        client.put(f"/api/v1/users/{user_id}/friends/added", json={"action": "ask"})
        client.put(f"/api/v1/users/added/friends/{user_id}", json={"action": "accept"})
        # The artist heard most, and one whose genre has the most tracks of those the listener never hears.
        loved, strange = (
            added.run(text, {"user_id": user_id}, writes=False)[0]["artist"]
            for text in (
                """
                MATCH (:User {user_id: $user_id})-[l:LISTENED]->()-[:BY]->(a)
                WITH a.artist_id AS artist, sum(l.plays) AS plays
                RETURN artist ORDER BY plays DESC, artist LIMIT 1
                """,
                """
                MATCH (u:User {user_id: $user_id}), (g:Genre) WHERE NOT (u)-[:PLAYS_GENRE]->(g)
                MATCH (g)<-[:IN_GENRE {rank: 1}]-(t)-[:BY]->(a) WHERE NOT (u)-[:LISTENED]->()-[:BY]->(a)
                WITH g, count(t) AS n, min(a.artist_id) AS artist
                RETURN artist ORDER BY n DESC, g.genre_id LIMIT 1
                """,
            )
        )
        for track_id, artist_id in ((f"added-{user_id}-loved", loved), (f"added-{user_id}-strange", strange)):
            add_track(added, track_id, artist_id)
            sent = client.post("/api/v1/listens", json={"user_id": "added", "track_id": track_id, "heard": 1})
            assert sent.status_code < 300, sent.text
        found = answer_of(client, user_id, k=1000, mode="for-you", diversity=0, max_per_artist=1000)
        scores = scores_of(found["items"])
        assert scores[f"added-{user_id}-loved"] > scores[f"added-{user_id}-strange"] + 0.1


def add_track(graph: Graph, track_id: str, artist_id: str) -> None:
    """A track nobody has heard, in the genre of most of the artist's."""
    graph.run(
        """
        MATCH (a:Artist {artist_id: $artist_id})<-[:BY]-()-[:IN_GENRE {rank: 1}]->(g)
        WITH a, g, count(*) AS n ORDER BY n DESC, g.genre_id LIMIT 1
        CREATE (t:Track {track_id: $track_id, key: $key, title: $track_id, plays: 0, listeners: 0})
        CREATE (t)-[:BY]->(a) CREATE (t)-[:IN_GENRE {rank: 1}]->(g)
        """,
        {"track_id": track_id, "artist_id": artist_id, "key": key_of(track_id)},
        writes=True,
    )


def test_who_has_neither_friends_nor_listens_is_told_what_the_list_is(
    added: Graph, client: FlaskClient
) -> None:
    client.put("/api/v1/users/added", json={"name": "Ada", "country": "US"})
    for mode in ("discovery", "for-you", "under-the-radar"):
        found = answer_of(client, "added", k=5, mode=mode)
        assert found["mode"] in {"popular-in-country", "popular-everywhere"}
        assert len(found["items"]) == 5
        assert all("Popular" in item["reasons"][0]["text"] for item in found["items"])


@pytest.mark.parametrize("mode", ["discovery", "for-you", "under-the-radar"])
def test_a_newcomer_without_friends_is_served_by_taste_from_the_first_save(
    mode: str, added: Graph, client: FlaskClient, listeners: list[str]
) -> None:
    client.put("/api/v1/users/added", json={"name": "Ada", "country": "US"})
    liked = [item["track_id"] for item in items_of(client, listeners[0], k=5, mode="for-you")]
    lists = []
    for track in liked:
        say(client, "added", track, "save")
        found = answer_of(client, "added", mode=mode)
        assert (found["mode"], len(found["items"])) == ("taste", 20)
        assert not set(liked[: len(lists) + 1]) & scores_of(found["items"]).keys()
        assert any("You saved" in reason["text"] for reason in found["items"][0]["reasons"])
        lists.append([item["track_id"] for item in found["items"]])
    assert len({tuple(tracks) for tracks in lists}) == 5
    first = found["items"][0]
    say(client, "added", first["track_id"], "discard")
    away = {genre["id"] for genre in first["genres"]} - genres_of(added, liked)
    after = items_of(client, "added", mode=mode)
    assert first["track_id"] not in scores_of(after)
    # A catalogue is searched by primary genres.
    assert not {item["genres"][0]["id"] for item in after} & away


def genres_of(graph: Graph, tracks: list[str]) -> set[str]:
    text = "MATCH (t:Track)-[:IN_GENRE]->(g) WHERE t.track_id IN $tracks RETURN DISTINCT g.genre_id AS genre"
    return {row["genre"] for row in graph.run(text, {"tracks": tracks}, writes=False)}


def test_who_has_friends_and_no_listens_gets_what_friends_play(
    added: Graph, client: FlaskClient, listeners: list[str]
) -> None:
    client.put("/api/v1/users/added", json={"name": "Ada"})
    for friend in listeners[:3]:
        client.put(f"/api/v1/users/added/friends/{friend}", json={"action": "ask"})
        client.put(f"/api/v1/users/{friend}/friends/added", json={"action": "accept"})
    for mode in ("discovery", "for-you", "under-the-radar"):
        found = answer_of(client, "added", mode=mode)
        assert found["mode"] == mode
        assert any(reason["kind"] == "friend" for reason in found["items"][0]["reasons"])


def test_who_has_listens_and_no_friends_is_told_where_the_list_comes_from(
    world: Graph, client: FlaskClient, model: ServedModel, track_cache: TrackCache
) -> None:
    rows = world.run(
        """
        MATCH (u:User) WHERE NOT EXISTS { (u)-[:FRIENDS_WITH]-() } AND EXISTS { (u)-[:LISTENED]->() }
        RETURN u.user_id AS user ORDER BY user LIMIT 5
        """,
        writes=False,
    )
    for row in rows:
        for mode in ("discovery", "for-you", "under-the-radar"):
            found = answer_of(client, row["user"], mode=mode)
            assert len(found["items"]) == 20
            assert found["mode"] == "taste" or found["mode"] == mode != "discovery"
            assert not scores_of(found["items"]).keys() & known_tracks(world, row["user"])
            again = recommend(
                world, row["user"], RecommendationOptions(mode=mode), track_cache=track_cache, model=model
            )
            assert [item.track_id for item in again.items] == [item["track_id"] for item in found["items"]]
