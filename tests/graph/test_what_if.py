"""What-ifs on a real graph: the same as doing it, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from muse_graph.errors import Conflict, InvalidRequest, UnknownGenre, UnknownTrack, UnknownUser
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.users import feedback, friendships
from muse_graph.service.what_if.what_if import Supposition, what_if
from tests.conftest import load_toy, wipe
from tests.graph_dump import dump

OPTIONS = RecommendationOptions(k=10)
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
USER, FRIEND = "u1", "u2"


@pytest.fixture
def world(graph: Graph) -> Graph:
    wipe(graph)
    load_toy(graph)
    return graph


def like(graph: Graph) -> None:
    graph.transact(lambda t: t.run("merge_likes", rows=[{"user_id": USER, "genre_id": "fado"}]))


def first_track(graph: Graph) -> str:
    return recommend(graph, USER, OPTIONS).items[0].track_id


@pytest.mark.parametrize(
    ("supposed", "act"),
    [
        (lambda _: {"drop_friends": (FRIEND,)}, lambda graph: friendships.end(graph, USER, FRIEND)),
        (lambda _: {"like_genres": ("fado",)}, like),
        (
            lambda graph: {"save": (first_track(graph),)},
            lambda graph: feedback.give_feedback(graph, USER, first_track(graph), "save", AT),
        ),
        (
            lambda graph: {"discard": (first_track(graph),)},
            lambda graph: feedback.give_feedback(graph, USER, first_track(graph), "discard", AT),
        ),
    ],
    ids=["drop a friend", "like a genre", "save", "discard"],
)
def test_what_would_be_is_what_then_is(
    world: Graph, supposed: Callable[[Graph], dict[str, Any]], act: Callable[[Graph], object]
) -> None:
    before = dump(world)
    found = what_if(world, USER, Supposition(**supposed(world)), OPTIONS)
    assert dump(world) == before
    assert found.now == recommend(world, USER, OPTIONS)
    assert found.ledger_now == discover_genres(world, USER, OPTIONS)
    act(world)
    assert found.then == recommend(world, USER, OPTIONS)
    assert found.ledger_then == discover_genres(world, USER, OPTIONS)
    assert (found.then, found.ledger_then) != (found.now, found.ledger_now)


def test_another_cap(world: Graph) -> None:
    for supposed, lifted in ((Supposition(theta=1.0), False), (Supposition(lift_cap=True), True)):
        wide = RecommendationOptions(k=10, theta=1.0, is_lifted=lifted)
        found = what_if(world, USER, supposed, OPTIONS)
        assert (found.ledger_now.theta, found.ledger_then.theta) == (0.2, 1.0)
        assert found.then == recommend(world, USER, wide)
        assert found.ledger_then == discover_genres(world, USER, wide)


def test_without_a_cap_nothing_rests_not_even_the_favourite(world: Graph) -> None:
    favourite = max(discover_genres(world, USER, OPTIONS).genres, key=lambda one: one.streams).genre_id
    world.run(
        "MATCH (u:User {user_id: $user}), (g:Genre {genre_id: $genre}) MERGE (u)-[:DISCOVERS]->(g)",
        {"user": USER, "genre": favourite},
        writes=True,
    )
    found = what_if(world, USER, Supposition(lift_cap=True), OPTIONS)
    assert "resting" in {genre.state for genre in found.ledger_now.genres}
    assert {genre.state for genre in found.ledger_then.genres} <= {"offered", "home"}


def test_the_moves_are_those_of_the_lists(world: Graph) -> None:
    found = what_if(world, USER, Supposition(discard=(first_track(world),)), OPTIONS)
    now = {item.track_id: item.rank for item in found.now.items}
    then = {item.track_id: item.rank for item in found.then.items}
    assert {one.track_id: (one.rank_now, one.rank_then) for one in found.tracks} == {
        track: (now.get(track), then.get(track)) for track in now | then
    }
    assert found.tracks[-1].rank_then is None
    states_now = {genre.genre_id: (genre.state, genre.streams) for genre in found.ledger_now.genres}
    states_then = {genre.genre_id: (genre.state, genre.streams) for genre in found.ledger_then.genres}
    changed = {one for one in states_now | states_then if states_now.get(one) != states_then.get(one)}
    assert {one.genre_id for one in found.genres} == changed


@pytest.mark.parametrize(
    ("user_id", "supposed", "error"),
    [
        ("nobody", {"lift_cap": True}, UnknownUser),
        (USER, {"drop_friends": ("nobody",)}, UnknownUser),
        (USER, {"drop_friends": ("u4",)}, Conflict),
        ("u5", {"drop_friends": ("u6",)}, Conflict),
        (USER, {"like_genres": ("nothing",)}, UnknownGenre),
        (USER, {"save": ("nothing",)}, UnknownTrack),
        (USER, {"save": ("t1",), "discard": ("t1",)}, InvalidRequest),
        (USER, {"theta": 2.0}, InvalidRequest),
    ],
)
def test_what_cannot_be_supposed(
    world: Graph, user_id: str, supposed: dict[str, Any], error: type[Exception]
) -> None:
    before = dump(world)
    with pytest.raises(error):
        what_if(world, user_id, Supposition(**supposed), OPTIONS)
    assert dump(world) == before


@pytest.mark.parametrize("supposed", [{}, {"theta": 0.5, "lift_cap": True}])
def test_what_is_no_supposition(supposed: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        Supposition(**supposed)


def test_its_round_trips_do_not_grow(world: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = Transaction.run

    def counting(self: Transaction, name: str, /, **params: object) -> list[Row]:
        asked.append(name)
        return run(self, name, **params)

    monkeypatch.setattr(Transaction, "run", counting)
    what_if(world, USER, Supposition(drop_friends=(FRIEND,)), OPTIONS)
    few, asked[:] = len(asked), []
    what_if(world, USER, Supposition(drop_friends=(FRIEND,), like_genres=("fado", "jazz", "pop")), OPTIONS)
    assert few == len(asked)
    own = [name for name in asked if queries.load(name).mode == "write" or name == "what_if_context"]
    assert own == ["lock_users", "what_if_context", "enter_discovery", "suppose"]
