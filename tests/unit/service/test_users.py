"""Users and what they do to one another: every state of a friendship, every act, what is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import create_autospec

import pytest

from muse_graph.answers import Friendship, Listener
from muse_graph.core.keys import key_of
from muse_graph.errors import Conflict, InvalidRequest, UnknownTrack, UnknownUser
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.users import feedback, friendships, users
from tests.unit.writes import WritingGraph

SINCE = 1_700_000_000_000
SINCE_TEXT = "2023-11-14T22:13:20Z"


def between(kind: str, *, outgoing: bool = True, declined: bool = False) -> Row:
    return {"kind": kind, "outgoing": outgoing, "declined": declined, "since_ms": SINCE}


FRIENDS = between("FRIENDS_WITH")
ASKED, WAS_ASKED = between("ASKED"), between("ASKED", outgoing=False)
WAS_DECLINED = between("ASKED", declined=True)
DECLINED = between("ASKED", outgoing=False, declined=True)
BLOCKED, WAS_BLOCKED = between("BLOCKED"), between("BLOCKED", outgoing=False)

#: What `merge_users` takes of a user with all that there is.
ANA = {
    "user_id": "u1",
    "key": key_of("u1"),
    "name": "Ana",
    "search_text": "ana_ ana",
    "country": "CO",
    "listens_visible_to": "nobody",
}

ACTS: dict[str, Callable[..., Friendship]] = {
    "ask": friendships.ask,
    "accept": friendships.accept,
    "decline": friendships.decline,
    "end": friendships.end,
    "block": friendships.block,
    "unblock": friendships.unblock,
}


def pair(*states: Row) -> WritingGraph:
    """u2 and u1 with these relationships between them, before and after."""
    names = {"u1": "Ana", "u2": None}
    return WritingGraph(
        {
            "lock_users": lambda user_ids: [
                {"user_id": one, "name": names[one]} for one in user_ids if one in names
            ],
            "friendship": [*states],
        }
    )


FRIENDSHIP = ["delete_requests", "merge_friendships"]
REQUEST = ["delete_requests", "open_requests"]
PARTING = ["enter_discovery", "end_friendship"]
BLOCK = ["delete_requests", "block_users"]


@pytest.mark.parametrize(
    ("act", "state", "written"),
    [
        ("ask", [], REQUEST),
        ("ask", [FRIENDS], []),
        ("ask", [ASKED], []),
        ("ask", [WAS_ASKED], FRIENDSHIP),
        ("ask", [DECLINED], REQUEST),
        ("ask", [WAS_DECLINED], None),
        ("ask", [BLOCKED], None),
        ("ask", [WAS_BLOCKED], None),
        ("ask", [WAS_ASKED, WAS_DECLINED], None),
        ("accept", [WAS_ASKED], FRIENDSHIP),
        ("accept", [FRIENDS], []),
        ("accept", [], None),
        ("accept", [ASKED], None),
        ("accept", [DECLINED], None),
        ("decline", [WAS_ASKED], ["decline_request"]),
        ("decline", [DECLINED], []),
        ("decline", [FRIENDS], None),
        ("decline", [ASKED], None),
        ("decline", [WAS_DECLINED], None),
        ("end", [FRIENDS], PARTING),
        ("end", [ASKED], ["delete_requests"]),
        ("end", [WAS_ASKED], None),
        ("end", [], None),
        ("end", [WAS_DECLINED], None),
        ("block", [], BLOCK),
        ("block", [FRIENDS], ["enter_discovery", *BLOCK]),
        ("block", [WAS_ASKED], BLOCK),
        ("unblock", [BLOCKED], ["unblock_user"]),
        ("unblock", [], ["unblock_user"]),
    ],
)
def test_what_each_act_writes(act: str, state: list[Row], written: list[str] | None) -> None:
    graph = pair(*state)
    if written is None:
        with pytest.raises(Conflict) as caught:
            ACTS[act](graph, "u2", "u1")
        # Who was blocked is not told by whom.
        assert "blocked" not in str(caught.value).replace("declined or blocked", "")
        assert graph.names_written() == []
    else:
        ACTS[act](graph, "u2", "u1")
        assert graph.names_written() == written
    assert graph.steps[0] == "lock_users"
    assert graph.wrote[0][1] == {"user_ids": ["u2", "u1"]}
    assert graph.transactions == 1


@pytest.mark.parametrize(
    ("states", "seen"),
    [
        ([], "none"),
        ([FRIENDS], "friends"),
        ([ASKED], "asked"),
        ([WAS_ASKED], "was-asked"),
        ([DECLINED], "declined"),
        ([WAS_DECLINED], "was-declined"),
        ([BLOCKED], "blocked"),
        ([WAS_BLOCKED], "none"),
        ([WAS_BLOCKED, DECLINED], "declined"),
        ([BLOCKED, WAS_DECLINED], "blocked"),
        ([WAS_ASKED, ASKED], "asked"),
    ],
)
def test_what_a_user_sees_of_another(states: list[Row], seen: str) -> None:
    found = friendships.unblock(pair(*states), "u2", "u1")
    since = None if seen == "none" else SINCE_TEXT
    name = None if WAS_BLOCKED in states else "Ana"
    assert found == Friendship("u1", name, seen, since)


class TestWhatIsWritten:
    def test_a_request_goes_from_who_asks(self) -> None:
        friendships.ask(graph := pair(), "u2", "u1")
        (row,) = graph.rows_of("open_requests")
        assert (row["user_id"], row["friend_id"]) == ("u2", "u1")
        assert timedelta() <= datetime.now(UTC) - row["at"] < timedelta(minutes=1)
        assert graph.wrote[1] == ("delete_requests", {"user_id": "u2", "friend_id": "u1", "declined": True})

    @pytest.mark.parametrize("asking", ["u1", "u2"])
    def test_a_friendship_is_between_the_two(self, asking: str) -> None:
        other = {"u1": "u2", "u2": "u1"}[asking]
        friendships.accept(graph := pair(WAS_ASKED), asking, other)
        (row,) = graph.rows_of("merge_friendships")
        assert {row["user_id"], row["friend_id"]} == {"u1", "u2"}
        assert row["since"].tzinfo is UTC

    @pytest.mark.parametrize("act", ["end", "block"])
    def test_genres_within_reach_of_both_stay_by_the_cap_of_the_service(self, act: str) -> None:
        ACTS[act](graph := pair(FRIENDS), "u2", "u1", theta=0.35)
        assert graph.wrote[1] == (
            "enter_discovery",
            {
                "rows": [{"user_id": "u1", "genre_ids": None}, {"user_id": "u2", "genre_ids": None}],
                "theta_num": 7,
                "theta_den": 20,
            },
        )

    def test_a_request_once_declined_stays_so(self) -> None:
        for act, state in (("block", WAS_DECLINED), ("end", ASKED)):
            ACTS[act](graph := pair(state), "u2", "u1")
            (given,) = (params for name, params in graph.wrote if name == "delete_requests")
            assert given == {"user_id": "u2", "friend_id": "u1", "declined": False}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_nobody_acts_towards_oneself_or_towards_nobody(act: Callable[..., Friendship]) -> None:
    with pytest.raises(InvalidRequest, match="friend_id must be another user"):
        act(pair(), "u1", "u1")
    for one, other in (("u9", "u1"), ("u1", "u9")):
        with pytest.raises(UnknownUser, match="u9"):
            act(graph := pair(FRIENDS), one, other)
        assert graph.names_written() == []


NONE_WAIT = {"waiting_tracks": 0, "waiting_requests": 0}


def row(user_id: str, **changed: Any) -> Row:
    return {
        "user_id": user_id,
        "name": "Ana",
        "country": "CO",
        "listens_visible_to": None,
        "friends": 1,
        "tracks": 2,
        "streams": 3,
    } | changed


def merged(*, is_new: bool) -> list[Row]:
    """What `merge_users` says of one user."""
    return [{"user_id": "u1", "is_new": is_new}]


class TestUsers:
    def test_one(self) -> None:
        graph = WritingGraph({"listener": [row("u1") | NONE_WAIT]})
        assert users.get_user(graph, "u1") == Listener("u1", "Ana", "CO", "friends", False, 1, 2, 3)
        assert graph.asked == [("listener", {"user_id": "u1"})]
        with pytest.raises(UnknownUser):
            users.get_user(WritingGraph(), "u9")

    def test_all_that_is_said_is_written(self) -> None:
        graph = WritingGraph({"listener": [row("u1") | NONE_WAIT], "merge_users": merged(is_new=False)})
        found, created = users.put_user(graph, "u1", name="Ana", country="CO", private=True)
        assert (found.user_id, created) == ("u1", False)
        assert graph.wrote == [
            ("acquire_write_lock", {"name": "listens", "user_ids": ["u1"]}),
            ("merge_countries", {"rows": [{"code": "CO", "name": "Colombia"}]}),
            ("merge_users", {"rows": [ANA]}),
        ]

    def test_what_is_not_said_stays(self) -> None:
        graph = WritingGraph({"listener": [row("u1") | NONE_WAIT], "merge_users": merged(is_new=False)})
        users.put_user(graph, "u1")
        users.put_user(graph, "u1", private=False)
        assert graph.names_written() == ["merge_users", "merge_users"]
        for written in graph.rows_of("merge_users"):
            assert written["name"] is written["search_text"] is written["listens_visible_to"] is None

    @pytest.mark.parametrize(
        ("stored", "asked", "written"),
        [
            ("nobody", {"private": False}, "friends"),
            ("everybody", {"private": False}, None),
            ("everybody", {"private": True}, "nobody"),
            ("nobody", {"listens_visible_to": " Everybody"}, "everybody"),
        ],
    )
    def test_who_may_see_listens(self, stored: str, asked: dict[str, Any], written: str | None) -> None:
        listener = row("u1", listens_visible_to=stored) | NONE_WAIT
        graph = WritingGraph({"listener": [listener], "merge_users": merged(is_new=False)})
        users.put_user(graph, "u1", **asked)
        assert [one["listens_visible_to"] for one in graph.rows_of("merge_users")] == [written]
        found = users.get_user(graph, "u1")
        assert (found.listens_visible_to, found.private) == (stored, stored == "nobody")

    def test_not_both_ways_at_once_and_no_other_word(self) -> None:
        with pytest.raises(InvalidRequest, match="private must be left out beside listens_visible_to"):
            users.put_user(WritingGraph(), "u1", private=False, listens_visible_to="nobody")
        with pytest.raises(InvalidRequest, match="must be everybody, friends or nobody"):
            users.put_user(WritingGraph(), "u1", listens_visible_to="family")  # type: ignore[arg-type]

    def test_a_new_one_is_told_apart(self) -> None:
        graph = WritingGraph({"listener": [row("u1") | NONE_WAIT], "merge_users": merged(is_new=True)})
        assert users.put_user(graph, "u1")[1] is True

    @pytest.mark.parametrize("text", ["", "  ", "x" * 1001, "a\x00b", "a\x9bb", "\ud800"])
    @pytest.mark.parametrize("field", ["user_id", "name"])
    def test_texts_that_are_no_name(self, field: str, text: str) -> None:
        never = create_autospec(Graph, instance=True)
        given = {"user_id": "u1", "name": "Ana"} | {field: text}
        with pytest.raises(InvalidRequest, match=f"{field} must be text of 1") as caught:
            users.put_user(never, given["user_id"], name=given["name"])
        assert caught.value.fields[0][0] == field
        never.transact.assert_not_called()

    @pytest.mark.parametrize("text", ["x", "x" * 200, "a  b", "Ñandú 🎵"])
    def test_texts_that_are(self, text: str) -> None:
        graph = WritingGraph({"listener": [row("u1") | NONE_WAIT], "merge_users": merged(is_new=True)})
        users.put_user(graph, f" {text}\t", name=f"\n{text} ")
        (written,) = graph.rows_of("merge_users")
        assert (written["user_id"], written["name"]) == (text, text)

    @pytest.mark.parametrize("country", ["ZZ", "ß", "XX", ""])
    def test_a_country_that_is_none(self, country: str) -> None:
        with pytest.raises(InvalidRequest, match="country must be an ISO 3166-1") as caught:
            users.put_user(create_autospec(Graph, instance=True), "u1", country=country)
        assert caught.value.fields[0][0] == "country"


class TestPages:
    @staticmethod
    def listeners(after: str, limit: int) -> list[Row]:
        return [row(f"u{n}") for n in range(1, 6) if f"u{n}" > after][:limit]

    @staticmethod
    def friendships(user_id: str, after: str, limit: int) -> list[Row]:
        found = TestPages.listeners(after, limit) if user_id == "u0" else []
        return [{"user_id": one["user_id"], "name": None} | WAS_ASKED for one in found]

    @pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
    def test_pages_join_without_a_gap(self, limit: int) -> None:
        graph = WritingGraph({"listeners": self.listeners, "friendships": self.friendships})
        for which in (
            users.list_users,
            lambda graph, **given: friendships.list_friends(graph, "u0", **given),
        ):
            seen: list[str] = []
            cursor: str | None = None
            for _ in range(6):
                page = which(graph, limit=limit, cursor=cursor)
                assert len(page.items) <= limit
                seen += [one.user_id for one in page.items]
                cursor = page.next
                if cursor is None:
                    break
            assert seen == ["u1", "u2", "u3", "u4", "u5"]

    def test_friends_are_seen_by_their_user(self) -> None:
        graph = WritingGraph({"friendships": self.friendships})
        found = friendships.list_friends(graph, "u0", limit=1).items
        assert found == [Friendship("u1", None, "was-asked", SINCE_TEXT)]

    def test_who_has_no_friends_and_who_is_nobody(self) -> None:
        assert (
            friendships.list_friends(WritingGraph({"listener": [row("u1") | NONE_WAIT]}), "u1", limit=5).items
            == []
        )
        with pytest.raises(UnknownUser):
            friendships.list_friends(WritingGraph(), "u9", limit=5)

    @pytest.mark.parametrize("limit", [0, 1001])
    def test_a_limit_out_of_range(self, limit: int) -> None:
        for call in (users.list_users, lambda graph, **given: friendships.list_friends(graph, "u0", **given)):
            with pytest.raises(InvalidRequest, match=r"limit must be 1\.\.1000"):
                call(WritingGraph(), limit=limit)


class TestFeedback:
    AT = datetime(2026, 9, 30, tzinfo=UTC)

    def graph(self, *, user: bool = True, track: bool = True) -> WritingGraph:
        return WritingGraph({"feedback_context": [{"has_user": user, "has_track": track}]})

    @pytest.mark.parametrize(("action", "query"), [("save", "save_tracks"), ("discard", "discard_tracks")])
    def test_a_word_is_written_with_its_time(self, action: feedback.Action, query: str) -> None:
        feedback.give_feedback(graph := self.graph(), "u1", "t1", action, self.AT)
        row = {"user_id": "u1", "track_id": "t1", "at": self.AT}
        assert graph.wrote == [(query, {"rows": [row]}), ("log_change", {"keys": [key_of("u1")]})]

    def test_a_word_is_taken_back(self) -> None:
        feedback.give_feedback(graph := self.graph(), "u1", "t1", "clear", self.AT)
        cleared = ("clear_feedback", {"user_id": "u1", "track_id": "t1"})
        assert graph.wrote == [cleared, ("log_change", {"keys": [key_of("u1")]})]

    def test_who_or_what_nobody_knows(self) -> None:
        with pytest.raises(UnknownUser):
            feedback.give_feedback(self.graph(user=False, track=False), "u9", "t1", "save", self.AT)
        with pytest.raises(UnknownTrack):
            feedback.give_feedback(graph := self.graph(track=False), "u1", "t9", "save", self.AT)
        assert graph.wrote == []

    def test_wrong_values(self) -> None:
        with pytest.raises(InvalidRequest, match="action must be save, discard or clear"):
            feedback.give_feedback(self.graph(), "u1", "t1", "love", self.AT)  # type: ignore[arg-type]
        with pytest.raises(InvalidRequest, match="at must have a time zone"):
            feedback.give_feedback(self.graph(), "u1", "t1", "save", datetime(2026, 9, 30))  # noqa: DTZ001
