"""What the service reads of a listener and of tracks, compared whole with the tables of the toy graph."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from muse_graph.answers import Named
from muse_graph.core.keys import key_of
from muse_graph.core.listening.profiles import unpack
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.listens.profiles import refresh_profiles
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import feedback
from tests.conftest import load_toy, wipe
from tests.options import recommend
from tests.worlds.toy import FRIENDS, HEARD, POOL, RADAR_PLAYS, STREAMS, TABLES

AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
NAME_OF = {
    key_of(row[f"{kind}_id"]): row[f"{kind}_id"] for kind in ("track", "genre") for row in TABLES[f"{kind}s"]
}
TRACKS = {row["track_id"]: row for row in TABLES["tracks"]}
MANY = {"max_friends": 9, "max_similar": 9, "max_tags": 9}


@pytest.fixture(scope="module")
def toy_world(graph: Graph) -> Graph:
    """The toy graph with tags, near listeners, a save and a discard more, for tests that only read."""
    wipe(graph)
    load_toy(graph)
    graph.run(
        """
        MATCH (ana:User {user_id: 'u1'})
        UNWIND $tags AS tag MATCH (a:Artist {artist_id: tag[0]}) CREATE (ana)-[:TAGGED {tag: tag[1]}]->(a)
        """,
        {"tags": [["a1", "zither"], ["a2", "zither"], ["a1", "bright"], ["a1", "acid"]]},
        writes=True,
    )
    near = [["u1", "u2", 0.1], ["u1", "u6", 0.5], ["u1", "u4", 0.5], ["u1", "u3", 0.5], ["u1", "u5", 0.9]]
    graph.run(
        """
        UNWIND $near AS row MATCH (u:User {user_id: row[0]}) MATCH (other:User {user_id: row[1]})
        CREATE (u)-[:SIMILAR_TO {weight: row[2]}]->(other)
        """,
        {"near": [*near, ["u2", "u1", 1.0]]},
        writes=True,
    )
    feedback.give_feedback(graph, "u1", "t7", "discard", AT)
    feedback.give_feedback(graph, "u1", "t8", "save", AT)
    return graph


def neighbourhood(graph: Graph, user_id: str, **limits: int) -> Row:
    (row,) = graph.read("listener_neighbourhood", user_id=user_id, **(MANY | limits))
    return row


def heard(profile: bytes | None) -> set[tuple[str, int]]:
    """(track, plays) of a packed profile."""
    profiles = unpack([profile])
    pairs = zip(profiles.track.tolist(), profiles.plays.tolist(), strict=True)
    return {(NAME_OF[track], plays) for track, plays in pairs}


def plays_of(user_id: str) -> set[tuple[str, int]]:
    return {(track, plays) for (user, track), (plays, _) in HEARD.items() if user == user_id}


@pytest.mark.parametrize("user_id", FRIENDS)
def test_a_neighbourhood_is_what_the_tables_say(toy_world: Graph, user_id: str) -> None:
    row = neighbourhood(toy_world, user_id)
    names = {user["user_id"]: (user["name"], user["country"]) for user in TABLES["users"]}
    friends = FRIENDS[user_id]
    assert (row["country"], row["n_friends"]) == (names[user_id][1], len(friends))
    assert heard(row["profile"]) == plays_of(user_id)
    assert [(friend, name, bool(private)) for friend, name, private, _ in row["friends"]] == [
        (friend, names[friend][0], friend == "u6") for friend in friends
    ]
    assert [heard(profile) for *_, profile in row["friends"]] == [plays_of(friend) for friend in friends]
    assert {NAME_OF[genre]: plays for genre, plays in row["own_genres"]} == STREAMS[user_id]
    listeners = Counter(genre for friend in friends for genre in STREAMS[friend])
    assert {NAME_OF[genre]: n for genre, n in row["friend_genres"]} == listeners
    assert {NAME_OF[genre] for genre in row["pool"]} == POOL[user_id]


def test_feedback_names_all_genres_of_a_track(toy_world: Graph) -> None:
    said = {
        NAME_OF[track]: (saved, {*genres})
        for track, saved, genres in neighbourhood(toy_world, "u1")["feedback"]
    }
    genres = {track: {key_of(genre) for genre in TRACKS[track]["genre_ids"]} for track in ("t7", "t8")}
    assert said == {"t7": (False, genres["t7"]), "t8": (True, genres["t8"])}


@pytest.mark.parametrize("limit", [0, 1, 2, 9])
def test_limits_keep_the_first_friends_the_nearest_and_the_most_given_tags(
    toy_world: Graph, limit: int
) -> None:
    row = neighbourhood(toy_world, "u1", max_friends=limit, max_similar=limit, max_tags=limit)
    assert [friend for friend, *_ in row["friends"]] == FRIENDS["u1"][:limit]
    assert row["n_friends"] == 2
    nearest = ["u5", "u3", "u4", "u6", "u2"]
    assert [set() if one.profile is None else heard(one.profile) for one in row["similar"]] == list(
        map(plays_of, nearest)
    )[:limit]
    assert [(*tag,) for tag in row["tags"]] == [("zither", 2), ("acid", 1), ("bright", 1)][:limit]


def test_what_is_heard_saved_or_discarded_is_not_new(toy_world: Graph) -> None:
    expected = {
        "u1": {"t1", "t2", "t4", "t7", "t8"},
        "u2": {"t1", "t4", "t5"},
        "u5": {"t3", "t6", "t7"},
        "u6": set(),
    }
    for user_id, tracks in expected.items():
        (row,) = toy_world.read("tracks_not_new", user_id=user_id, keys=list(map(key_of, TRACKS)))
        assert {NAME_OF[key] for key in row["keys"]} == tracks
    (row,) = toy_world.read("tracks_not_new", user_id="u1", keys=[key_of("t1"), key_of("t5")])
    assert row["keys"] == [key_of("t1")]


def test_a_card_has_all_artists_and_genres(toy_world: Graph) -> None:
    names = {row["artist_id"]: row["name"] for row in TABLES["artists"]}
    genres = {row["genre_id"]: row["name"] for row in TABLES["genres"]}
    cards = TrackCache().reading(toy_world).get(list(map(key_of, TRACKS)))
    for card, row in zip(cards, TRACKS.values(), strict=True):
        assert card is not None
        assert (card.track_id, card.title, card.language) == (row["track_id"], row["title"], row["language"])
        assert (card.features and card.features.tolist()) == row["features"]
        assert card.artists == [Named(one, names[one]) for one in row["artist_ids"]]
        assert card.genres == [Named(one, genres[one]) for one in row["genre_ids"]]
        assert card.genre_keys == tuple(map(key_of, row["genre_ids"]))
        assert len(card.artist_keys) == len(row["artist_ids"])
    # Of a track by two, one of whom is a star, nobody says that it is under the radar.
    assert [card.track_id for card in cards if card and not card.under_radar] == ["t1", "t8"]


def test_the_cache_is_filled_with_the_most_heard(toy_world: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muse_graph.service.recommendations.track_cache._PAGE", 2)
    cache, read, asked = TrackCache(10), Graph.read, []

    def counting(graph: Graph, name: str, /, **params: object) -> list[Row]:
        asked.append(name)
        assert len(asked) <= 6, "five tracks in pages of two are three pages, and their names"
        return read(graph, name, **params)

    monkeypatch.setattr(Graph, "read", counting)
    cache.refresh(toy_world)
    # Three listeners, two, two, two, and of those with one the largest id.
    assert len(cache) == 5
    with monkeypatch.context() as patch:
        patch.setattr(Graph, "read", None)
        keys = [key_of(track) for track in ("t1", "t7", "t5", "t4", "t8")]
        found = cache.reading(toy_world).get(keys)
    assert [card.track_id for card in found if card] == ["t1", "t7", "t5", "t4", "t8"]


def test_training_reads_what_the_tables_say(toy_world: Graph) -> None:
    users_read = {row["user_id"]: row for row in toy_world.read("training_users", after="", limit=9)}
    assert list(users_read) == sorted(FRIENDS)
    for user_id, row in users_read.items():
        assert row["key"] == key_of(user_id)
        assert heard(row["profile"]) == plays_of(user_id)
    # A friendship is told once, by one of the two.
    told = [frozenset((row["key"], friend)) for row in users_read.values() for friend in row["friends"]]
    pairs = {frozenset((key_of(user), key_of(one))) for user, friends in FRIENDS.items() for one in friends}
    assert len(told) == len(pairs)
    assert {*told} == pairs
    said = {
        user: {(NAME_OF[track], saved) for track, saved in users_read[user]["feedback"]}
        for user in users_read
    }
    assert said == {
        "u1": {("t7", False), ("t8", True)},
        "u2": {("t5", True)},
        "u3": set(),
        "u4": set(),
        "u5": {("t3", False)},
        "u6": set(),
    }
    assert sorted((*tag,) for tag in users_read["u2"]["tags"]) == [("a4", "late night"), ("a5", "tropical")]


def test_training_reads_the_share_heard_and_tells_what_is_unknown(toy_world: Graph) -> None:
    toy_world.run(
        "MATCH (:User {user_id: 'u4'})-[l:LISTENED]->(:Track {track_id: 't1'}) REMOVE l.heard", writes=True
    )
    rows = toy_world.read("training_listened", user_ids=list(FRIENDS))
    found: dict[tuple[str, str], tuple[int, float]] = {}
    for row in rows:
        entries = zip(row["tracks"], row["plays"], row["heard"], strict=True)
        found |= {(row["user_id"], NAME_OF[track]): (plays, share) for track, plays, share in entries}
    assert found == HEARD | {("u4", "t1"): (2, -1.0)}


@pytest.mark.parametrize("limit", [3, 100])
def test_training_reads_tracks_in_pages(toy_world: Graph, limit: int) -> None:
    plays: dict[str, int] = {}
    for row in TABLES["listens"]:
        for artist in TRACKS[row["track_id"]]["artist_ids"]:
            plays[artist] = plays.get(artist, 0) + row["plays"]
    names = {row["artist_id"]: row["name"] for row in TABLES["artists"]}
    tracks = pages(toy_world, "training_tracks", limit)
    titles = pages(toy_world, "training_titles", limit)
    for track, title, row in zip(tracks, titles, TRACKS.values(), strict=True):
        assert track["track_id"] == title["track_id"] == row["track_id"]
        assert track["key"] == title["key"] == key_of(row["track_id"])
        assert track["genre"] == key_of(row["genre_ids"][0])
        assert [(*one,) for one in track["artists"]] == [(one, plays[one]) for one in row["artist_ids"]]
        assert (title["title"], title["artists"]) == (row["title"], [names[one] for one in row["artist_ids"]])
    (radar,) = toy_world.read("radar_line")
    assert radar["radar_plays"] == RADAR_PLAYS


def pages(graph: Graph, query: str, limit: int) -> list[Row]:
    rows: list[Row] = []
    after = ""
    for _ in TRACKS:
        page = graph.read(query, after=after, limit=limit)
        rows += page
        after = page[-1]["track_id"] if page else after
    return rows


# Profiles are cut off


@pytest.fixture
def short_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles of two tracks, so that who has heard three is a heavy listener."""
    for module in ("listens.profiles", "recommendations.context"):
        monkeypatch.setattr(f"muse_graph.service.{module}.MAX_TRACKS", 2)


def test_a_profile_keeps_what_was_heard_last(toy_graph: Graph, short_profiles: None) -> None:
    at = [AT, AT.replace(hour=13), AT, AT, None]
    plays = dict(zip(("t1", "t2", "t3", "t4", "t5"), (1, 1, 2, 1, 9), strict=True))
    listens = [
        Listen(f"new{n}", "u6", track, time, 0.5, plays[track])
        for n, (track, time) in enumerate(zip(plays, at, strict=True))
    ]
    record_listens(toy_graph, listens)
    for limit, kept in (
        (1, ["t2"]),
        (2, ["t2", "t3"]),
        (3, ["t2", "t3", "t1"]),
        (9, ["t2", "t3", "t1", "t4", "t5"]),
    ):
        (row,) = toy_graph.read("user_tracks", user_ids=["u6"], limit=limit)
        assert [(NAME_OF[track], n) for track, n, *_ in row["tracks"]] == [
            (track, plays[track]) for track in kept
        ]
    assert heard(neighbourhood(toy_graph, "u6")["profile"]) == {("t2", 1), ("t3", 2)}


def test_no_list_brings_a_heavy_listener_what_is_not_new(toy_graph: Graph, short_profiles: None) -> None:
    # Ana has heard t2 before t1 and t4; now Ben plays it, and so do two more, for whom it is known.
    record_listens(
        toy_graph, [Listen(f"new{n}", user, "t2", AT, 1.0) for n, user in enumerate(("u2", "u3", "u5"))]
    )
    feedback.give_feedback(toy_graph, "u1", "t6", "discard", AT)
    feedback.give_feedback(toy_graph, "u1", "t5", "save", AT)
    toy_graph.transact(lambda transaction: refresh_profiles(transaction, ["u1"]))
    assert heard(neighbourhood(toy_graph, "u1")["profile"]) == {("t1", 30), ("t4", 4)}
    for options in MODES:
        offered = {item.track_id for item in recommend(toy_graph, "u1", k=9, **options).items}
        assert offered
        assert offered <= {"t3", "t7", "t8"}


MODES: list[dict[str, Any]] = [{}, {"mode": "for-you"}, {"mode": "under-the-radar"}, {"beyond_friends": True}]
