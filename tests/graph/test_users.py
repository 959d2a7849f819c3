"""Users, friendships and feedback on the toy graph; every write is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from muse_graph.answers import Friendship, Listener
from muse_graph.core.keys import key_of
from muse_graph.errors import Conflict, InvalidRequest, UnknownTrack, UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.service.users import feedback, friendships, users
from tests.worlds.toy import FRIENDS, HEARD, POOL, TABLES

Act = Callable[..., Friendship]
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def pairs(graph: Graph, kind: str) -> set[tuple[str, str]]:
    """(from, to) of every relationship of a type between users."""
    text = f"MATCH (a:User)-[:{kind}]->(b:User) RETURN a.user_id AS a, b.user_id AS b"
    return {(row["a"], row["b"]) for row in graph.run(text, writes=False)}


def twice(act: Act, graph: Graph, user_id: str, friend_id: str) -> str:
    """Act, act again, and see the same; the state that the user sees."""
    first, second = act(graph, user_id, friend_id), act(graph, user_id, friend_id)
    assert first == second
    seen = {friend.user_id: friend for friend in friendships.list_friends(graph, user_id, limit=100).items}
    assert seen.get(friend_id, Friendship(friend_id, first.name, "none", None)) == first
    return first.state


# Users


def test_a_listener_counts_friends_tracks_and_streams(toy_graph: Graph) -> None:
    for user in TABLES["users"]:
        user_id = user["user_id"]
        plays = [n for (listener, _), (n, _) in HEARD.items() if listener == user_id]
        assert users.get_user(toy_graph, user_id) == Listener(
            user_id,
            user["name"],
            user["country"],
            "nobody" if user_id == "u6" else "friends",
            user_id == "u6",
            len(FRIENDS[user_id]),
            len(plays),
            sum(plays),
        )


def test_users_come_in_pages_that_neither_skip_nor_repeat(toy_graph: Graph) -> None:
    page = users.list_users(toy_graph, limit=4)
    assert [user.user_id for user in page.items] == ["u1", "u2", "u3", "u4"]
    users.put_user(toy_graph, "u0")  # before the cursor: shows up on no later page
    rest = users.list_users(toy_graph, limit=4, cursor=page.next)
    assert [user.user_id for user in rest.items] == ["u5", "u6"]
    assert rest.next is None
    assert rest.items[0] == users.get_user(toy_graph, "u5")


def test_an_empty_graph_lists_nobody(empty_graph: Graph) -> None:
    assert users.list_users(empty_graph, limit=4).items == []
    with pytest.raises(UnknownUser, match="'u1'"):
        users.get_user(empty_graph, "u1")
    with pytest.raises(UnknownUser):
        friendships.list_friends(empty_graph, "u1", limit=4)


def test_put_user_creates_once_and_updates_what_is_given(empty_graph: Graph) -> None:
    ana = Listener("u1", "Ana", "CO", "friends", False, 0, 0, 0)
    assert users.put_user(empty_graph, "u1", name="Ana", country="CO") == (ana, True)
    assert users.put_user(empty_graph, "u1", name="Ana", country="CO") == (ana, False)
    moved = Listener("u1", "Ana", "PT", "nobody", True, 0, 0, 0)
    assert users.put_user(empty_graph, "u1", country="PT", private=True) == (moved, False)
    assert users.put_user(empty_graph, "u1") == (moved, False)
    stored = empty_graph.run(
        "MATCH (u:User)-[:LIVES_IN]->(c) RETURN u.key AS key, c.name AS country", writes=False
    )
    assert stored == [{"key": key_of("u1"), "country": "Portugal"}]


def test_who_was_private_is_public_again(toy_graph: Graph) -> None:
    for private in (True, True, False, False, True):
        listener, _ = users.put_user(toy_graph, "u1", private=private)
        assert listener.private is private
        # What is not said stays as it is.
        listener, _ = users.put_user(toy_graph, "u1", name="Ana")
        assert listener.private is users.get_user(toy_graph, "u1").private is private
    assert users.get_user(toy_graph, "u2").private is False


def test_what_everybody_sees_stays_so_where_it_is_only_said_not_to_be_private(toy_graph: Graph) -> None:
    users.put_user(toy_graph, "u1", listens_visible_to="everybody")
    for asked, level in (({}, "everybody"), ({"private": False}, "everybody"), ({"private": True}, "nobody")):
        listener, _ = users.put_user(toy_graph, "u1", **asked)
        assert listener.listens_visible_to == users.get_user(toy_graph, "u1").listens_visible_to == level
    (found,) = users.list_users(toy_graph, "ana", limit=1).items
    assert (found.listens_visible_to, found.private) == ("nobody", True)
    listener, is_new = users.put_user(toy_graph, "u9", private=False)
    assert (listener.listens_visible_to, is_new) == ("friends", True)


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ("", ""),
        (" ", " "),
        ("x" * 201, "x" * 1_001),
        ("a\nb", "a\x85"),
        ("a\0", "a\0"),
        ("\x7f", "\x7f"),
        ("\ud800", "\ud800"),
    ],
)
def test_ids_and_names_follow_a_rule(empty_graph: Graph, bad: str, name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"user_id must be text of 1\.\.200 "):
        users.put_user(empty_graph, bad)
    with pytest.raises(InvalidRequest, match=r"name must be text of 1\.\.1,?000 "):
        users.put_user(empty_graph, "u1", name=name)


@pytest.mark.parametrize("bad", ["ß", "COL", "XX", "", "UK"])
def test_a_country_is_an_iso_code(empty_graph: Graph, bad: str) -> None:
    with pytest.raises(InvalidRequest, match="country must be") as caught:
        users.put_user(empty_graph, "u1", country=bad)
    assert caught.value.fields[0][0] == "country"
    assert users.list_users(empty_graph, limit=1).items == []


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_limits_have_limits(empty_graph: Graph, limit: int) -> None:
    with pytest.raises(InvalidRequest, match="limit must be"):
        users.list_users(empty_graph, limit=limit)


# Friendships


def test_friends_are_seen_from_both_sides(toy_graph: Graph) -> None:
    for user_id, friend_ids in FRIENDS.items():
        found = friendships.list_friends(toy_graph, user_id, limit=10).items
        assert [friend.user_id for friend in found] == friend_ids
        assert {friend.state for friend in found} <= {"friends"}
    assert friendships.list_friends(toy_graph, "u2", limit=10).items == [
        Friendship("u1", "Ana", "friends", "2026-01-01T12:00:00Z"),
        Friendship("u3", "Cleo", "friends", None),
    ]
    page = friendships.list_friends(toy_graph, "u2", limit=1)
    assert [
        f.user_id for f in friendships.list_friends(toy_graph, "u2", limit=1, cursor=page.next).items
    ] == ["u3"]


def test_ask_then_accept(toy_graph: Graph) -> None:
    assert twice(friendships.ask, toy_graph, "u4", "u1") == "asked"
    assert pairs(toy_graph, "ASKED") == {("u4", "u1")}
    states = {
        friend.user_id: friend.state for friend in friendships.list_friends(toy_graph, "u1", limit=10).items
    }
    assert states == {"u2": "friends", "u4": "was-asked", "u5": "friends"}
    assert twice(friendships.accept, toy_graph, "u1", "u4") == "friends"
    assert pairs(toy_graph, "ASKED") == set()
    assert len({("u1", "u4"), ("u4", "u1")} & pairs(toy_graph, "FRIENDS_WITH")) == 1
    assert friendships.ask(toy_graph, "u4", "u1").state == "friends"
    assert len(pairs(toy_graph, "FRIENDS_WITH")) == 5


def test_asking_who_has_asked_accepts(toy_graph: Graph) -> None:
    friendships.ask(toy_graph, "u4", "u1")
    assert twice(friendships.ask, toy_graph, "u1", "u4") == "friends"
    assert pairs(toy_graph, "ASKED") == set()


def test_after_a_decline_only_the_decliner_may_ask(toy_graph: Graph) -> None:
    friendships.ask(toy_graph, "u4", "u1")
    assert twice(friendships.decline, toy_graph, "u1", "u4") == "declined"
    with pytest.raises(Conflict, match="declined or blocked"):
        friendships.ask(toy_graph, "u4", "u1")
    with pytest.raises(Conflict, match="no open request"):
        friendships.accept(toy_graph, "u1", "u4")
    assert friendships.list_friends(toy_graph, "u4", limit=10).items[0].state == "was-declined"
    assert twice(friendships.ask, toy_graph, "u1", "u4") == "asked"
    assert pairs(toy_graph, "ASKED") == {("u1", "u4")}
    assert friendships.accept(toy_graph, "u4", "u1").state == "friends"


def test_who_asks_may_take_it_back(toy_graph: Graph) -> None:
    friendships.ask(toy_graph, "u4", "u1")
    with pytest.raises(Conflict, match="are not friends"):
        friendships.end(toy_graph, "u1", "u4")
    assert friendships.end(toy_graph, "u4", "u1").state == "none"
    assert pairs(toy_graph, "ASKED") == set()


@pytest.mark.parametrize("act", [friendships.accept, friendships.decline, friendships.end])
def test_what_needs_something_before_it(toy_graph: Graph, act: Act) -> None:
    with pytest.raises(Conflict):
        act(toy_graph, "u4", "u1")


@pytest.mark.parametrize(
    "act",
    [
        friendships.ask,
        friendships.accept,
        friendships.decline,
        friendships.block,
        friendships.unblock,
        friendships.end,
    ],
)
def test_both_must_exist_and_differ(toy_graph: Graph, act: Act) -> None:
    with pytest.raises(UnknownUser, match="'nobody'"):
        act(toy_graph, "u1", "nobody")
    with pytest.raises(UnknownUser, match="'nobody'"):
        act(toy_graph, "nobody", "u1")
    with pytest.raises(InvalidRequest, match="another user"):
        act(toy_graph, "u1", "u1")


def test_a_block_ends_friendship_and_hides_who_did_it(toy_graph: Graph) -> None:
    assert twice(friendships.block, toy_graph, "u2", "u1") == "blocked"
    assert ("u1", "u2") not in pairs(toy_graph, "FRIENDS_WITH")
    assert [friend.user_id for friend in friendships.list_friends(toy_graph, "u1", limit=10).items] == ["u5"]
    messages = set()
    for asker, asked in [("u1", "u2"), ("u2", "u1")]:
        with pytest.raises(Conflict) as caught:
            friendships.ask(toy_graph, asker, asked)
        messages.add(str(caught.value).replace(asker, "x").replace(asked, "y"))
    assert len(messages) == 1
    assert twice(friendships.unblock, toy_graph, "u2", "u1") == "none"
    assert friendships.ask(toy_graph, "u1", "u2").state == "asked"


def test_a_block_ends_requests_but_not_the_memory_of_a_decline(toy_graph: Graph) -> None:
    friendships.ask(toy_graph, "u4", "u1")
    friendships.block(toy_graph, "u1", "u4")
    assert pairs(toy_graph, "ASKED") == set()
    friendships.unblock(toy_graph, "u1", "u4")
    friendships.ask(toy_graph, "u4", "u1")
    friendships.decline(toy_graph, "u1", "u4")
    friendships.block(toy_graph, "u4", "u1")
    friendships.unblock(toy_graph, "u4", "u1")
    with pytest.raises(Conflict):
        friendships.ask(toy_graph, "u4", "u1")


def test_two_blocks_are_taken_back_one_by_one(toy_graph: Graph) -> None:
    friendships.block(toy_graph, "u1", "u2")
    friendships.block(toy_graph, "u2", "u1")
    friendships.unblock(toy_graph, "u1", "u2")
    assert pairs(toy_graph, "BLOCKED") == {("u2", "u1")}
    with pytest.raises(Conflict):
        friendships.ask(toy_graph, "u1", "u2")


def test_who_has_blocked_a_user_has_no_name_for_that_user(toy_graph: Graph) -> None:
    """Blocking back would tell how somebody is called by now."""
    friendships.block(toy_graph, "u2", "u1")
    assert friendships.unblock(toy_graph, "u1", "u2").name is None
    assert friendships.block(toy_graph, "u1", "u2").name is None
    by_id = {one.user_id: one for one in friendships.list_friends(toy_graph, "u1", limit=100).items}
    assert (by_id["u2"].state, by_id["u2"].name) == ("blocked", None)
    friendships.unblock(toy_graph, "u2", "u1")
    by_id = {one.user_id: one for one in friendships.list_friends(toy_graph, "u1", limit=100).items}
    assert (by_id["u2"].state, by_id["u2"].name) == ("blocked", "Ben")


@pytest.mark.parametrize("act", [friendships.end, friendships.block])
def test_genres_outlive_the_friendship_that_brought_them(toy_graph: Graph, act: Act) -> None:
    toy_graph.run("MATCH (:User)-[d:DISCOVERS]->() DELETE d", writes=True)
    act(toy_graph, "u5", "u1")
    rows = toy_graph.run(
        "MATCH (u:User)-[:DISCOVERS]->(g) RETURN u.user_id AS user, collect(g.genre_id) AS genres",
        writes=False,
    )
    assert {row["user"]: set(row["genres"]) for row in rows} == {"u1": POOL["u1"], "u5": POOL["u5"]}
    assert ("u1", "u5") not in pairs(toy_graph, "FRIENDS_WITH")


def test_requests_that_cross_make_one_friendship(toy_graph: Graph) -> None:
    asks = [
        Thread(target=friendships.ask, args=(toy_graph, *pair)) for pair in [("u4", "u1"), ("u1", "u4")] * 4
    ]
    for thread in asks:
        thread.start()
    for thread in asks:
        thread.join()
    assert len({("u1", "u4"), ("u4", "u1")} & pairs(toy_graph, "FRIENDS_WITH")) == 1
    assert pairs(toy_graph, "ASKED") == set()


# Feedback


def marks(graph: Graph, user_id: str) -> list[tuple[str, str]]:
    """(kind, track) of what a user has saved and discarded."""
    text = "MATCH (:User {user_id: $id})-[r:SAVED|DISCARDED]->(t) RETURN type(r) AS kind, t.track_id AS track"
    return sorted((row["kind"], row["track"]) for row in graph.run(text, {"id": user_id}, writes=False))


def test_the_latest_word_on_a_track_counts(toy_graph: Graph) -> None:
    for _ in range(2):
        feedback.give_feedback(toy_graph, "u1", "t6", "save", NOON)
        assert marks(toy_graph, "u1") == [("SAVED", "t6")]
    for _ in range(2):
        feedback.give_feedback(toy_graph, "u1", "t6", "discard", NOON + timedelta(hours=1))
        assert marks(toy_graph, "u1") == [("DISCARDED", "t6")]
    feedback.give_feedback(toy_graph, "u1", "t6", "save", NOON)  # comes late, was said earlier
    assert marks(toy_graph, "u1") == [("DISCARDED", "t6")]
    for _ in range(2):
        feedback.give_feedback(toy_graph, "u1", "t6", "clear", NOON + timedelta(hours=2))
        assert marks(toy_graph, "u1") == []


def test_feedback_names_what_is_wrong(toy_graph: Graph) -> None:
    with pytest.raises(UnknownUser):
        feedback.give_feedback(toy_graph, "nobody", "t1", "save", NOON)
    with pytest.raises(UnknownTrack):
        feedback.give_feedback(toy_graph, "u1", "nothing", "clear", NOON)
    with pytest.raises(InvalidRequest, match="action must be"):
        feedback.give_feedback(toy_graph, "u1", "t1", "love", NOON)  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match="time zone"):
        feedback.give_feedback(toy_graph, "u1", "t1", "save", NOON.replace(tzinfo=None))
