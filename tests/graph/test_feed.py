"""The feed on the toy graph: whose listens and saves, in which order, page by page, at what cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from muse_graph.answers import FeedItem
from muse_graph.errors import InvalidRequest, UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import feedback, friendships, users
from muse_graph.service.users.feed import read_feed
from tests.graph.test_people import round_trips

AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
Seen = tuple[str, str, str]

#: What u2 and u5, friends of u1, heard and saved last.
OF_U1 = [
    ("u2", "saved", "t5"),
    ("u5", "played", "t7"),
    ("u5", "played", "t6"),
    ("u2", "played", "t5"),
    ("u2", "played", "t4"),
    ("u2", "played", "t1"),
]


def seen(items: list[FeedItem]) -> list[Seen]:
    return [(one.friend.id, one.action, one.track.track_id) for one in items]


def feed(graph: Graph, user_id: str = "u1") -> list[Seen]:
    return seen(read_feed(graph, user_id, TrackCache(), limit=100).items)


def listen(graph: Graph, listen_id: str, user_id: str, track_id: str, at: datetime | None) -> None:
    plays = 1 if at else 3
    assert record_listens(graph, [Listen(listen_id, user_id, track_id, at, 0.5, plays)]).recorded == 1


def test_what_friends_did_newest_first(toy_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = TrackCache()
    with round_trips(monkeypatch) as asked:
        page = read_feed(toy_graph, "u1", cache, limit=100)
        assert asked == ["feed_friends", "track_names"]
        assert read_feed(toy_graph, "u1", cache, limit=100) == page
        assert asked[2:] == ["feed_friends"]
    assert seen(page.items) == OF_U1
    assert page.next is None
    first = page.items[0]
    assert (first.friend.name, first.at) == ("Ben", "2026-10-14T12:00:00Z")
    assert (first.track.title, first.track.artists[0].name) == ("Río Abajo", "Los Mirasoles")
    assert feed(toy_graph, "u4") == []
    with pytest.raises(UnknownUser):
        feed(toy_graph, "nobody")


def test_each_action_moves_it(toy_graph: Graph) -> None:
    listen(toy_graph, "n1", "u2", "t1", AT)
    assert feed(toy_graph)[0] == ("u2", "played", "t1")
    assert feed(toy_graph).count(("u2", "played", "t1")) == 1
    listen(toy_graph, "n2", "u2", "t3", None)
    assert ("u2", "played", "t3") not in feed(toy_graph)
    feedback.give_feedback(toy_graph, "u2", "t5", "discard", AT + timedelta(hours=1))
    assert not {("u2", "saved", "t5"), ("u2", "discarded", "t5")} & {*feed(toy_graph)}


def test_who_is_private_blocked_or_no_longer_a_friend_is_not_in_it(toy_graph: Graph) -> None:
    listen(toy_graph, "n1", "u6", "t1", AT)
    assert ("u6", "played", "t1") not in feed(toy_graph, "u5")
    users.put_user(toy_graph, "u2", private=True)
    assert [user for user, *_ in feed(toy_graph)] == ["u5", "u5"]
    friendships.block(toy_graph, "u5", "u1")
    assert feed(toy_graph) == []
    users.put_user(toy_graph, "u2", private=False)
    assert len(feed(toy_graph)) == 4


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_join_while_new_things_arrive(toy_graph: Graph, limit: int) -> None:
    found: list[Seen] = []
    cursor, cache = None, TrackCache()
    for turn in range(10):
        page = read_feed(toy_graph, "u1", cache, limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        found += seen(page.items)
        cursor = page.next
        listen(toy_graph, f"n{turn}", "u5", "t2", AT + timedelta(hours=turn))
        if cursor is None:
            break
    assert found == OF_U1


def test_things_of_one_moment_are_paged_in_one_order(toy_graph: Graph) -> None:
    for number, (user, track) in enumerate([(u, t) for u in ("u2", "u5") for t in ("t1", "t2", "t3", "t8")]):
        listen(toy_graph, f"n{number}", user, track, AT)
    whole = feed(toy_graph)
    assert [user for user, *_ in whole[:8]] == ["u2"] * 4 + ["u5"] * 4
    found: list[Seen] = []
    cursor = None
    for turn in range(len(whole)):
        page = read_feed(toy_graph, "u1", TrackCache(), limit=1, cursor=cursor)
        found += seen(page.items)
        cursor = page.next
        if turn == 2:
            # The friend whom the cursor names is gone; what others did goes on where it was.
            friendships.end(toy_graph, "u1", "u2")
        if cursor is None:
            break
    assert found == whole[:3] + [one for one in whole[3:] if one[0] == "u5"]


def test_it_goes_back_to_the_last_fifty_of_each(toy_graph: Graph) -> None:
    toy_graph.run(
        "UNWIND range(1, 60) AS n MATCH (a:Artist {artist_id: 'a1'})"
        " CREATE (:Track {track_id: 'x' + n, key: n, title: 'x', plays: 0, listeners: 0})-[:BY]->(a)",
        writes=True,
    )
    listens = [Listen(f"n{n}", "u2", f"x{n}", AT + timedelta(minutes=n), None) for n in range(1, 61)]
    record_listens(toy_graph, listens)
    played = [track for user, action, track in feed(toy_graph) if (user, action) == ("u2", "played")]
    assert played == [f"x{n}" for n in range(60, 10, -1)]


@pytest.mark.parametrize("limit", [0, 1001])
def test_a_limit_out_of_range(toy_graph: Graph, limit: int) -> None:
    with pytest.raises(InvalidRequest, match=r"limit must be 1\.\.1000"):
        read_feed(toy_graph, "u1", TrackCache(), limit=limit)


def test_a_cursor_of_something_else(toy_graph: Graph) -> None:
    with pytest.raises(InvalidRequest, match="cursor must be the `next`"):
        read_feed(toy_graph, "u1", TrackCache(), limit=5, cursor="abc")
