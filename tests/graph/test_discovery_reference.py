"""What friends listen to and who their friends are: the queries beside a walk in networkx."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from muse_graph.core.keys import key_of
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.users import friendships
from tests.reference.network import Network, friend_genres, friends_of_friends, network, streams
from tests.worlds.toy import FRIENDS, STREAMS, TABLES

#: Near listeners and tags are for a trained model.
NOBODY_ELSE: dict[str, object] = {"max_similar": 0, "max_tags": 0}


def check_user(graph: Graph, twin: Network, user_id: str) -> None:
    """Compare everything the twin knows of a listener's surroundings."""
    (found,) = graph.read(
        "listener_neighbourhood", user_id=user_id, max_friends=200, max_similar=0, max_tags=0
    )
    friends = sorted(to for _, to, kind in twin.out_edges(user_id, keys=True) if kind == "friend")
    assert [friend[0] for friend in found["friends"]] == friends
    assert found["n_friends"] == len(friends)
    assert by_id(found["own_genres"]) == streams(twin, user_id)
    assert by_id(found["friend_genres"]) == friend_genres(twin, user_id)
    rows = graph.read("friends_of_friends", user_id=user_id, limit=50)
    assert [(row["user_id"], row["in_common"]) for row in rows] == friends_of_friends(twin, user_id)


def by_id(counts: list[list[int]]) -> dict[str, int]:
    """Counts by genre_id; the query has them by key."""
    genre_id = {key_of(row["genre_id"]): row["genre_id"] for row in TABLES["genres"]}
    return {genre_id[key]: n for key, n in counts}


@pytest.mark.parametrize("user_id", FRIENDS)
def test_the_toy_graph(toy_graph: Graph, user_id: str) -> None:
    check_user(toy_graph, network(TABLES), user_id)


def test_the_twin_says_what_was_worked_by_hand() -> None:
    twin = network(TABLES)
    assert {user_id: streams(twin, user_id) for user_id in STREAMS} == STREAMS
    assert friend_genres(twin, "u1") == {"jazz": 2, "cumbia": 1, "pop": 1, "fado": 1}
    assert friends_of_friends(twin, "u1") == [("u3", 1)]  # Fay is as near, and has not listened


def test_after_friendships_and_listens_have_changed(toy_graph: Graph) -> None:
    friendships.end(toy_graph, "u2", "u1")
    for user_id, friend_id in (("u4", "u1"), ("u4", "u3"), ("u3", "u5")):
        friendships.ask(toy_graph, user_id, friend_id)
        friendships.accept(toy_graph, friend_id, user_id)
    at = datetime(2026, 10, 20, tzinfo=UTC)
    record_listens(toy_graph, [Listen("new-1", "u6", "t7", at, 0.5), Listen("new-2", "u5", "t2", at, 1.0, 3)])

    tables = changed_tables()
    for user_id in FRIENDS:
        check_user(toy_graph, network(tables), user_id)
    assert friends_of_friends(network(tables), "u1") == [("u3", 2), ("u6", 1)]


def test_no_more_than_asked_for(toy_graph: Graph) -> None:
    for user_id in FRIENDS:
        (found,) = toy_graph.read(
            "listener_neighbourhood", user_id=user_id, max_friends=1, max_similar=0, max_tags=0
        )
        assert [friend[0] for friend in found["friends"]] == FRIENDS[user_id][:1]
        assert found["n_friends"] == len(FRIENDS[user_id])
        rows = toy_graph.read("friends_of_friends", user_id=user_id, limit=1)
        best = friends_of_friends(network(TABLES), user_id)[:1]
        assert [(row["user_id"], row["in_common"]) for row in rows] == best


def changed_tables() -> dict[str, list[dict[str, Any]]]:
    """The toy tables as they would read after `test_after_friendships_and_listens_have_changed`."""
    pairs = (("u1", "u4"), ("u3", "u4"), ("u3", "u5"))
    kept = [row for row in TABLES["friendships"] if (row["user_id"], row["friend_id"]) != ("u1", "u2")]
    plays = (("new-1", "u6", "t7", 1), ("new-2", "u5", "t2", 3))
    columns = ("listen_id", "user_id", "track_id", "plays")
    listens = [dict(zip(columns, play, strict=True)) | {"country": None} for play in plays]
    return TABLES | {
        "friendships": kept + [{"user_id": user_id, "friend_id": friend_id} for user_id, friend_id in pairs],
        "listens": TABLES["listens"] + listens,
    }
