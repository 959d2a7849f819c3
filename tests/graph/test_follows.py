"""Whom a user follows, on a real Neo4j."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from muse_graph.answers import Follow
from muse_graph.errors import InvalidRequest, UnknownInfluencer, UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.privacy.erasure import erase_user
from muse_graph.service.users.follows import follow, list_follows, unfollow

AT = datetime(2026, 10, 20, 12, 30, 1, 234_000, tzinfo=UTC)


def ids(graph: Graph, user_id: str) -> list[str]:
    return [one.influencer_id for one in list_follows(graph, user_id, limit=10).items]


def test_who_follows_already_keeps_the_time(toy_graph: Graph) -> None:
    made = Follow("i3", "@aya", "2026-10-20T12:30:01.234000Z")
    assert follow(toy_graph, "u1", "i3", AT) == made
    assert follow(toy_graph, "u1", "i3", datetime.now(UTC)) == made
    assert follow(toy_graph, "u2", "i1", AT) == Follow("i1", "@luz", None)
    assert ids(toy_graph, "u1") == ["i1", "i3"]
    unfollow(toy_graph, "u1", "i3")
    unfollow(toy_graph, "u1", "i3")
    assert ids(toy_graph, "u1") == ["i1"]
    assert [one for one in examine(toy_graph) if one.severity == "error"] == []


def test_pages(toy_graph: Graph) -> None:
    first = list_follows(toy_graph, "u2", limit=1)
    assert [one.influencer_id for one in first.items] == ["i1"]
    second = list_follows(toy_graph, "u2", limit=1, cursor=first.next)
    assert (second.items, second.next) == ([Follow("i2", "@rui", "2026-06-01T12:00:00Z")], None)
    assert ids(toy_graph, "u4") == []
    with pytest.raises(InvalidRequest, match="cursor"):
        list_follows(toy_graph, "u2", limit=1, cursor="x")


def test_who_is_not_there(toy_graph: Graph) -> None:
    for act in (lambda *pair: follow(toy_graph, *pair, AT), lambda *pair: unfollow(toy_graph, *pair)):
        with pytest.raises(UnknownUser, match="'u99'"):
            act("u99", "i1")
        with pytest.raises(UnknownInfluencer, match="no influencer has the id 'i99'"):
            act("u1", "i99")
    with pytest.raises(UnknownUser):
        list_follows(toy_graph, "u99", limit=10)


def test_an_erased_user_follows_nobody(toy_graph: Graph) -> None:
    erase_user(toy_graph, "u2")
    left = "MATCH ()-[:FOLLOWS]->(i) RETURN i.influencer_id AS one ORDER BY one"
    assert [row["one"] for row in toy_graph.run(left, writes=False)] == ["i1", "i1", "i2"]
    assert [one for one in examine(toy_graph) if one.severity == "error"] == []
