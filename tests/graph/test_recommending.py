"""Recommendations on the toy graph and on graphs with next to nothing in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from muse_graph.answers import Recommendations
from muse_graph.errors import InvalidRequest, UnknownUser
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.recommendations.options import MAX_K
from muse_graph.service.users import feedback, friendships, users
from tests.conftest import load_toy, wipe
from tests.options import discover_genres, recommend
from tests.worlds.toy import FRIENDS, HEARD, POOL, PRIVATE_USERS, TABLES

AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
USERS = sorted(FRIENDS)
GENRES_OF = {row["track_id"]: row["genre_ids"] for row in TABLES["tracks"]}
TOGGLES: list[dict[str, Any]] = [
    {},
    {"new_only": True},
    {"beyond_friends": True},
    {"new_only": True, "beyond_friends": True},
]


@pytest.fixture(scope="module")
def toy_world(graph: Graph) -> Graph:
    """The toy graph for tests that only read."""
    wipe(graph)
    load_toy(graph)
    return graph


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the queries asked of the database."""
    asked: list[str] = []
    read = Graph.read

    def counting(graph: Graph, name: str, /, **params: object) -> list[Row]:
        asked.append(name)
        return read(graph, name, **params)

    monkeypatch.setattr(Graph, "read", counting)
    return asked


@pytest.mark.parametrize("toggles", TOGGLES, ids=str)
@pytest.mark.parametrize("user_id", USERS)
def test_every_list_keeps_to_the_rules(user_id: str, toggles: dict[str, Any], toy_world: Graph) -> None:
    answer = recommend(toy_world, user_id, **toggles)
    check(answer)
    known = {track for user, track in HEARD if user == user_id} | {
        row["track_id"] for row in TABLES["feedback"] if row["user_id"] == user_id
    }
    assert not known & tracks(answer)
    assert recommend(toy_world, user_id, **toggles) == answer


def test_friends_decide_what_is_offered(toy_world: Graph) -> None:
    answer = recommend(toy_world, "u1", k=3)
    # Cumbia by Ben, fado and jazz by Eva; Cleo's t8 and t3 are a friend's friend's.
    assert answer.mode == "discovery"
    assert tracks(answer) == {"t5", "t6", "t7"}
    for item in answer.items:
        assert {genre.id for genre in item.genres} & POOL["u1"]
        friends = {reason.user_id for reason in item.reasons if reason.kind == "friend"}
        assert friends == {friend for friend in FRIENDS["u1"] if (friend, item.track_id) in HEARD}
        assert [reason.kind for reason in item.reasons].count("genre") == 1
        assert [reason.kind for reason in item.reasons].count("radar") == 1


def test_a_friends_reason_says_how_much_was_heard(toy_world: Graph) -> None:
    (cumbia,) = [item for item in recommend(toy_world, "u1", k=3).items if item.track_id == "t5"]
    (ben,) = [reason for reason in cumbia.reasons if reason.kind == "friend"]
    assert (ben.user_id, ben.name, ben.plays, ben.heard) == ("u2", "Ben", 3, 1.0)
    assert ben.text == "Ben played it 3 times and heard 100 % of it"


def test_the_most_played_artist_is_not_under_the_radar(toy_world: Graph) -> None:
    items = {item.track_id: item for user in ("u1", "u3") for item in recommend(toy_world, user, k=2).items}
    radar = {track: any(reason.kind == "radar" for reason in item.reasons) for track, item in items.items()}
    assert radar["t1"] is False
    assert radar["t4"] is radar["t5"] is True


@pytest.mark.parametrize("user_id", USERS)
def test_the_ledger_of_each_user(user_id: str, toy_world: Graph) -> None:
    ledger = discover_genres(toy_world, user_id)
    offered = {genre.genre_id for genre in ledger.genres if genre.state == "offered"}
    assert offered == POOL[user_id] - ({"rock"} if user_id == "u5" else set())
    assert [genre.rank for genre in ledger.genres] == list(range(1, len(ledger.genres) + 1))
    for genre in ledger.genres:
        assert sum(reason.part for reason in genre.reasons) == pytest.approx(genre.score, abs=1e-9)


def test_new_only_keeps_to_genres_without_a_stream(toy_world: Graph) -> None:
    answer = recommend(toy_world, "u1", k=2, new_only=True)
    assert answer.mode == "discovery"
    assert {
        reason.genre_id for item in answer.items for reason in item.reasons if reason.kind == "genre"
    } == {
        "cumbia",
        "fado",
    }


@pytest.mark.parametrize("user_id", ["u1", "u2"])
def test_two_round_trips_in_the_normal_case(user_id: str, toy_world: Graph, reads: list[str]) -> None:
    assert recommend(toy_world, user_id, k=1).mode == "discovery"
    assert reads == ["listener_neighbourhood", "track_names"]
    reads.clear()
    discover_genres(toy_world, user_id)
    assert reads == ["listener_neighbourhood", "genre_names"]


def test_round_trips_are_few_when_nothing_is_easy(toy_world: Graph, reads: list[str]) -> None:
    for user_id in USERS:
        recommend(toy_world, user_id, k=MAX_K, beyond_friends=True)
        assert len(reads) <= 11
        assert len(reads) == len(set(reads)) + max(0, reads.count("track_names") - 1)
        reads.clear()


@pytest.mark.parametrize("k", [1, 2, 3, 5, 20, MAX_K])
def test_the_list_has_k_tracks_where_there_are_as_many(k: int, toy_world: Graph) -> None:
    n_unknown = len(TABLES["tracks"]) - 3
    assert len(recommend(toy_world, "u1", k=k).items) <= min(k, n_unknown)
    assert len(recommend(toy_world, "u1", k=k).items) == min(k, len(recommend(toy_world, "u1").items))


@pytest.mark.parametrize("k", [0, -1, MAX_K + 1])
def test_k_out_of_range_is_refused(k: int, toy_world: Graph) -> None:
    with pytest.raises(InvalidRequest, match=rf"cutoff k must be 1\.\.{MAX_K}, got {k}"):
        recommend(toy_world, "u1", k=k)


def test_an_unknown_user_is_named(toy_world: Graph) -> None:
    for ask in (recommend, discover_genres):
        with pytest.raises(UnknownUser, match="no user has the id 'nobody'"):
            ask(toy_world, "nobody")


def test_a_listener_without_friends_gets_something_and_is_told_where_from(toy_world: Graph) -> None:
    answer = recommend(toy_world, "u4")
    assert answer.items
    assert answer.mode in {"similar-listeners", "popular-in-country", "popular-everywhere"}
    assert {reason.user_id for item in answer.items for reason in item.reasons} == {None}


def test_a_listener_without_listens_gets_what_friends_play(toy_world: Graph) -> None:
    answer = recommend(toy_world, "u6", k=2)
    assert (answer.mode, tracks(answer)) == ("discovery", {"t6", "t7"})


def test_private_friends_count_and_are_never_named(toy_graph: Graph) -> None:
    before = recommend(toy_graph, "u1", k=3)
    users.put_user(toy_graph, "u5", private=True)
    after = recommend(toy_graph, "u1", k=3)
    check(after)
    assert tracks(after) == tracks(before)
    assert [item.score for item in after.items] == pytest.approx([item.score for item in before.items])
    reasons = [reason for item in after.items for reason in item.reasons]
    assert not any(reason.user_id == "u5" or "Eva" in reason.text for reason in reasons)
    others = [(reason.n, reason.text) for reason in reasons if reason.kind == "friends"]
    # Eva has left t7 early.
    assert sorted(others) == [(0, "1 of your friends left it early"), (1, "1 of your friends plays it")]


def test_a_friend_who_is_public_again_is_named_again(toy_graph: Graph) -> None:
    before = recommend(toy_graph, "u1", k=3)
    for private in (True, False):
        users.put_user(toy_graph, "u5", private=private)
    assert recommend(toy_graph, "u1", k=3) == before
    assert "Eva" in {reason.name for item in before.items for reason in item.reasons}


def test_a_track_by_two_names_both(toy_graph: Graph) -> None:
    (duet,) = [item for item in recommend(toy_graph, "u2").items if item.track_id == "t8"]
    assert [(artist.id, artist.name) for artist in duet.artists] == [
        ("a1", "Las Estrellas"),
        ("a8", "Dúo Sol"),
    ]
    # One of the two is a star.
    assert "radar" not in {reason.kind for reason in duet.reasons}


def test_what_is_discarded_or_saved_is_gone_from_the_next_answer(toy_graph: Graph) -> None:
    feedback.give_feedback(toy_graph, "u1", "t6", "discard", AT)
    answer = recommend(toy_graph, "u1")
    assert "t6" not in tracks(answer)
    # Fado is turned away now: what is offered of t7 is jazz.
    assert offered_for(answer)["t7"] == "jazz"
    feedback.give_feedback(toy_graph, "u1", "t6", "clear", AT)
    assert "t6" in tracks(recommend(toy_graph, "u1", k=3))
    feedback.give_feedback(toy_graph, "u1", "t6", "save", AT)
    assert "t6" not in tracks(recommend(toy_graph, "u1"))


def test_a_listen_shows_in_the_next_answer(toy_graph: Graph) -> None:
    record_listens(toy_graph, [Listen("new1", "u1", "t6", AT, 0.9)])
    assert "t6" not in tracks(recommend(toy_graph, "u1"))
    record_listens(toy_graph, [Listen("new2", "u2", "t3", AT, 0.9)])
    answer = recommend(toy_graph, "u5", k=1)
    assert answer.items
    record_listens(toy_graph, [Listen("new3", "u5", "t4", AT, 0.9)])
    ben = [
        reason
        for item in recommend(toy_graph, "u6").items
        for reason in item.reasons
        if item.track_id == "t4"
    ]
    assert [reason.name for reason in ben if reason.kind == "friend"] == ["Eva"]


def test_a_new_friendship_shows_in_the_next_answer(toy_graph: Graph) -> None:
    assert recommend(toy_graph, "u4").mode != "discovery"
    friendships.ask(toy_graph, "u4", "u3")
    friendships.accept(toy_graph, "u3", "u4")
    answer = recommend(toy_graph, "u4", k=2)
    assert answer.mode == "discovery"
    assert "Cleo" in {reason.name for reason in answer.items[0].reasons}
    friendships.end(toy_graph, "u4", "u3")
    assert "Cleo" not in {reason.name for item in recommend(toy_graph, "u4").items for reason in item.reasons}


def test_when_all_but_one_genre_rests_that_one_is_offered(toy_graph: Graph) -> None:
    listens = [Listen(f"n{i}", "u1", track, AT, None, 12) for i, track in enumerate(("t5", "t6"))]
    record_listens(toy_graph, listens)
    ledger = discover_genres(toy_graph, "u1")
    state = {genre.genre_id: genre.state for genre in ledger.genres}
    assert (state["cumbia"], state["fado"], state["jazz"]) == ("resting", "resting", "offered")
    assert set(offered_for(recommend(toy_graph, "u1", k=1)).values()) == {"jazz"}


def test_friends_without_listens_leave_the_other_sources(empty_graph: Graph) -> None:
    for user_id in ("ana", "ben"):
        users.put_user(empty_graph, user_id)
    friendships.ask(empty_graph, "ana", "ben")
    friendships.accept(empty_graph, "ben", "ana")
    assert recommend(empty_graph, "ana") == Recommendations("ana", "empty", [])
    ledger = discover_genres(empty_graph, "ana")
    assert (ledger.cap, ledger.genres) == (0.0, [])


def test_a_listener_alone_in_the_graph(empty_graph: Graph) -> None:
    users.put_user(empty_graph, "ana", country="CO")
    for toggles in TOGGLES:
        assert recommend(empty_graph, "ana", **toggles) == Recommendations("ana", "empty", [])
        assert discover_genres(empty_graph, "ana", **toggles).genres == []


def test_nothing_at_all_in_the_graph(empty_graph: Graph) -> None:
    with pytest.raises(UnknownUser):
        recommend(empty_graph, "ana")


def test_a_listener_who_knows_every_track_gets_an_empty_list(toy_graph: Graph) -> None:
    for i, track in enumerate(sorted(GENRES_OF)):
        record_listens(toy_graph, [Listen(f"all{i}", "u4", track, AT, None)])
    assert recommend(toy_graph, "u4") == Recommendations("u4", "empty", [])


def check(answer: Recommendations) -> None:
    """What holds for every list."""
    assert [item.rank for item in answer.items] == list(range(1, len(answer.items) + 1))
    scores = [item.score for item in answer.items]
    assert scores == sorted(scores, reverse=True)
    assert len(tracks(answer)) == len(answer.items)
    for item in answer.items:
        assert sum(reason.part for reason in item.reasons) == pytest.approx(item.score, abs=1e-9)
        assert [genre.id for genre in item.genres] == GENRES_OF[item.track_id]
        assert all(reason.text for reason in item.reasons)
        assert not PRIVATE_USERS & {reason.user_id for reason in item.reasons}
    assert (answer.mode == "empty") == (not answer.items)


def tracks(answer: Recommendations) -> set[str]:
    return {item.track_id for item in answer.items}


def offered_for(answer: Recommendations) -> dict[str, str | None]:
    """The genre each track is offered for."""
    return {
        item.track_id: reason.genre_id
        for item in answer.items
        for reason in item.reasons
        if reason.kind == "genre"
    }
