"""Tracks that friends send one another: who can, what both see, and what a block hides."""

from __future__ import annotations

from typing import Any

import pytest

from muse_graph.answers import SentTrack
from muse_graph.errors import Conflict, InvalidRequest, UnknownSentTrack, UnknownTrack, UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import friendships, sent_tracks
from muse_graph.service.users.sent_tracks import Side
from muse_graph.service.users.users import get_user_with_waiting
from muse_graph.service.users.waiting import Waiting, waiting_for
from tests.graph.test_people import round_trips


def send(graph: Graph, user: str = "u1", friend: str = "u2", track: str = "t1", **more: Any) -> SentTrack:
    return sent_tracks.send_track(graph, user, friend, track, TrackCache(), **more)[0]


def listed(graph: Graph, user_id: str, side: Side, limit: int = 50) -> list[SentTrack]:
    """All pages of a list, joined."""
    found: list[SentTrack] = []
    cursor = None
    while True:
        page = sent_tracks.list_sent_tracks(graph, user_id, side, TrackCache(), limit=limit, cursor=cursor)
        found += page.items
        if (cursor := page.next) is None:
            return found


def test_a_track_reaches_a_friend(toy_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = send(toy_graph, note=" for the rain ")
    assert (sent.sender.name, sent.receiver.name, sent.track.title) == ("Ana", "Ben", "Luna Llena")
    assert (sent.note, sent.seen) == ("for the rain", False)
    with round_trips(monkeypatch) as asked:
        assert listed(toy_graph, "u2", "received") == [sent]
    assert asked == ["received_tracks", "track_names"]
    assert listed(toy_graph, "u1", "sent") == [sent]
    assert listed(toy_graph, "u1", "received") == listed(toy_graph, "u2", "sent") == []
    with pytest.raises(UnknownUser):
        listed(toy_graph, "nobody", "received")


def test_what_waits_is_what_is_neither_opened_nor_answered_nor_behind_a_block(
    toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(toy_graph)
    send(toy_graph)
    friendships.ask(toy_graph, "u4", "u2")
    with round_trips(monkeypatch) as asked:
        assert waiting_for(toy_graph, "u2") == Waiting("Ben", 2, 1)
    assert asked == ["waiting"]
    assert get_user_with_waiting(toy_graph, "u2")[1] == Waiting("Ben", 2, 1)
    assert waiting_for(toy_graph, "u1") == Waiting("Ana", 0, 0)
    assert waiting_for(toy_graph, "nobody") is None
    sent_tracks.set_seen(toy_graph, "u2", first.sent_id, TrackCache(), seen=True)
    friendships.decline(toy_graph, "u2", "u4")
    assert waiting_for(toy_graph, "u2") == Waiting("Ben", 1, 0)
    friendships.block(toy_graph, "u1", "u2")
    assert waiting_for(toy_graph, "u2") == Waiting("Ben", 0, 0)


def test_the_same_id_is_sent_once_and_means_one_thing(toy_graph: Graph) -> None:
    cache = TrackCache()
    one, is_new = sent_tracks.send_track(toy_graph, "u1", "u2", "t1", cache, note="x", request_id="a")
    assert is_new
    again = sent_tracks.send_track(toy_graph, "u1", "u2", "t1", cache, note="x", request_id="a")
    assert again == (one, False)
    for change in ({"friend": "u5"}, {"track": "t2"}, {"note": "y"}, {"note": None}):
        with pytest.raises(Conflict, match="id 'a' was used for another track"):
            send(toy_graph, **({"note": "x"} | change), request_id="a")
    # An id is the sender's own, and without one each is another.
    assert send(toy_graph, "u2", "u1", request_id="a").sent_id != one.sent_id
    assert send(toy_graph).sent_id != send(toy_graph).sent_id
    assert len(listed(toy_graph, "u1", "sent")) == 3


def test_only_friends_can(toy_graph: Graph) -> None:
    for friend in ("u3", "u4"):
        with pytest.raises(Conflict, match=f"users 'u1' and '{friend}' are not friends"):
            send(toy_graph, friend=friend)
    for wrong, error in (
        ({"user": "nobody"}, UnknownUser),
        ({"friend": "nobody"}, UnknownUser),
        ({"track": "nothing"}, UnknownTrack),
        ({"friend": "u1"}, InvalidRequest),
        ({"note": "x" * 281}, InvalidRequest),
        ({"note": "two\nlines"}, InvalidRequest),
        ({"note": " "}, InvalidRequest),
    ):
        with pytest.raises(error):
            send(toy_graph, **wrong)
    assert toy_graph.run("MATCH (s:SentTrack) RETURN s", writes=False) == []


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_newest_first_in_pages(toy_graph: Graph, limit: int) -> None:
    sent = [send(toy_graph, user, "u1", "t1") for user in ("u2", "u5", "u2", "u5")]
    toy_graph.run("MATCH (s:SentTrack) SET s.at = datetime('2026-01-01T00:00Z')", writes=True)
    last = send(toy_graph, "u2", "u1", "t2")
    ids = [last.sent_id, *sorted(one.sent_id for one in sent)]
    assert [one.sent_id for one in listed(toy_graph, "u1", "received", limit)] == ids


def test_it_is_seen_by_the_receiver(toy_graph: Graph) -> None:
    sent, cache = send(toy_graph), TrackCache()
    for _ in range(2):
        assert sent_tracks.set_seen(toy_graph, "u2", sent.sent_id, cache, seen=True).seen
    assert listed(toy_graph, "u1", "sent")[0].seen
    assert not sent_tracks.set_seen(toy_graph, "u2", sent.sent_id, cache, seen=False).seen
    for user in ("u1", "u3"):
        with pytest.raises(UnknownSentTrack):
            sent_tracks.set_seen(toy_graph, user, sent.sent_id, cache, seen=True)


@pytest.mark.parametrize(("user", "side"), [("u1", "sent"), ("u2", "received")])
def test_either_deletes_it_for_both(toy_graph: Graph, user: str, side: Side) -> None:
    sent, other = send(toy_graph), send(toy_graph, track="t2")
    wrong: list[tuple[str, Side]] = [("u3", side), (user, "received" if side == "sent" else "sent")]
    for somebody, end in wrong:
        with pytest.raises(UnknownSentTrack):
            sent_tracks.delete_sent_track(toy_graph, somebody, sent.sent_id, end)
    sent_tracks.delete_sent_track(toy_graph, user, sent.sent_id, side)
    assert listed(toy_graph, "u1", "sent") == listed(toy_graph, "u2", "received") == [other]
    with pytest.raises(UnknownSentTrack):
        sent_tracks.delete_sent_track(toy_graph, user, sent.sent_id, side)


def test_the_end_of_a_friendship_keeps_it_and_a_block_hides_it(toy_graph: Graph) -> None:
    sent, cache = send(toy_graph, request_id="a"), TrackCache()
    friendships.end(toy_graph, "u1", "u2")
    assert listed(toy_graph, "u2", "received") == [sent]
    assert send(toy_graph, request_id="a") == sent
    friendships.block(toy_graph, "u2", "u1")
    assert listed(toy_graph, "u1", "sent") == listed(toy_graph, "u2", "received") == []
    with pytest.raises(UnknownSentTrack):
        sent_tracks.set_seen(toy_graph, "u2", sent.sent_id, cache, seen=True)
    with pytest.raises(UnknownSentTrack):
        sent_tracks.delete_sent_track(toy_graph, "u1", sent.sent_id, "sent")
    with pytest.raises(Conflict, match="are not friends"):
        send(toy_graph, request_id="a")
    friendships.unblock(toy_graph, "u2", "u1")
    assert listed(toy_graph, "u2", "received") == [sent]
