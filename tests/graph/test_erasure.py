"""A user erased: the graph is the one in which the user never was, at whatever place it was interrupted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pyarrow as pa
import pytest

from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph, Transaction
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.privacy import erasure
from muse_graph.service.privacy.erasure import erase_user, unfinished_erasures
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import friendships, sent_tracks, users
from tests.conftest import wipe
from tests.graph_dump import dump
from tests.worlds.toy import STREAMS, TABLES

Row = dict[str, Any]
T = TypeVar("T")
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)


def load_world(graph: Graph, tables: dict[str, list[Row]], without: set[str]) -> None:
    """Load tables into an empty graph, but for all rows about some users."""
    wipe(graph)

    def batches() -> Any:
        for table, rows in tables.items():
            kept = [row for row in rows if not {row.get("user_id"), row.get("friend_id")} & without]
            numbered = [row | {"line": number} for number, row in enumerate(kept, 1)]
            yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])

    rejects = Rejects()
    load(graph, batches(), rejects, theta=0.2, advance=lambda *_: None)
    assert not any(tally.rejected for tally in rejects.tally.values())


def split(graph: Graph) -> tuple[Counter[Any], set[tuple[str, str]]]:
    """The graph without discovery pools, and the pools: (user, genre)."""
    found = dump(graph)
    pools = {(one[1], one[4]) for one in found if len(one) > 3 and one[2] == "DISCOVERS"}
    return Counter({one: n for one, n in found.items() if len(one) == 3 or one[2] != "DISCOVERS"}), pools


def errors(graph: Graph) -> list[str]:
    return [one.check for one in examine(graph) if one.severity == "error"]


def link(graph: Graph, user_id: str, other_id: str) -> None:
    """All there can be between two users besides what tables hold, and gone again with one of them."""
    friendships.block(graph, "u6", user_id) if user_id != "u6" else friendships.block(graph, "u6", "u3")
    sender = sent_tracks.send_track
    for one, other in ((user_id, other_id), (other_id, user_id)):
        sender(graph, one, other, "t1", TrackCache(), note="for the rain")
    graph.run(
        "MATCH (u:User {user_id: $user}) MATCH (o:User {user_id: $other})"
        " CREATE (u)-[:SIMILAR_TO {weight: 0.5}]->(o), (o)-[:SIMILAR_TO {weight: 0.5}]->(u)",
        {"user": user_id, "other": other_id},
        writes=True,
    )


@pytest.mark.parametrize(("user_id", "friend_id"), [("u1", "u2"), ("u2", "u3"), ("u5", "u1")])
def test_the_graph_is_as_if_the_user_had_never_been(
    graph: Graph, user_id: str, friend_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_OTHERS", "_LISTENS", "_REST"):
        monkeypatch.setattr(erasure, name, 2)
    load_world(graph, TABLES, {user_id})
    never, never_pools = split(graph)
    load_world(graph, TABLES, set())
    friends = {one.user_id for one in friendships.list_friends(graph, user_id, limit=9).items}
    link(graph, user_id, friend_id)
    erase_user(graph, user_id)
    after, pools = split(graph)
    assert after - never == never - after == Counter()
    # What the friendship brought within reach of friends stays there, as at its end.
    assert pools >= never_pools
    assert {user for user, _ in pools - never_pools} <= friends
    assert {genre for _, genre in pools - never_pools} <= STREAMS[user_id].keys()
    assert errors(graph) == []
    for use in (users.get_user, erase_user):
        with pytest.raises(UnknownUser):
            use(graph, user_id)


def random_tables(rng: random.Random) -> dict[str, list[Row]]:
    """A few users who play few tracks often, in few countries and months."""
    ids, tracks = [f"u{n}" for n in range(5)], [row["track_id"] for row in TABLES["tracks"]]
    listens = [
        {
            "listen_id": f"r{n}",
            "user_id": rng.choice(ids),
            "track_id": rng.choice(tracks[:4]),
            "listened_at": rng.choice([None, AT - timedelta(hours=rng.randrange(1_500))]),
            "heard": rng.choice([None, 0.3, rng.random()]),
            "plays": 1,
            "heard_at_least": None,
            "country": rng.choice(["CO", "PT", "JP", None]),
            "source": rng.choice([None, "feed", "app"]),
        }
        for n in range(70)
    ]
    pairs = [(one, other) for one in ids for other in ids if one < other and rng.random() < 0.5]
    said = {(rng.choice(ids), rng.choice(tracks)): rng.choice(["save", "discard"]) for _ in range(8)}
    return {
        "genres": TABLES["genres"],
        "artists": TABLES["artists"],
        "tracks": TABLES["tracks"],
        "users": [{"user_id": one, "name": None, "country": rng.choice(["BR", "FR", None])} for one in ids],
        "friendships": [{"user_id": one, "friend_id": other, "since": None} for one, other in pairs],
        "likes": [{"user_id": one, "genre_id": rng.choice(["pop", "fado"])} for one in ids],
        "tags": [{"user_id": one, "artist_id": "a1", "tag": "x"} for one in ids],
        "listens": listens,
        "feedback": [
            {"user_id": user, "track_id": track, "action": action, "at": AT}
            for (user, track), action in said.items()
        ],
    }


@pytest.mark.parametrize("seed", range(4))
def test_any_users_of_any_world(graph: Graph, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listens of one track lie on both sides of pages, and days have other plays of the same listener."""
    rng = random.Random(seed)
    monkeypatch.setattr(erasure, "_OTHERS", rng.choice([1, 2, 9]))
    monkeypatch.setattr(erasure, "_LISTENS", rng.choice([1, 3, 7, 100]))
    monkeypatch.setattr(erasure, "_REST", rng.choice([1, 2, 100]))
    tables = random_tables(rng)
    erased = set(rng.sample([f"u{n}" for n in range(5)], rng.choice([1, 2, 5])))
    load_world(graph, tables, erased)
    never, _ = split(graph)
    load_world(graph, tables, set())
    for user_id in sorted(erased):
        erase_user(graph, user_id)
        assert errors(graph) == []
    after, _ = split(graph)
    assert after - never == never - after == Counter()


class Interrupted(Exception):
    """What ends an erasure between two transactions."""


class Interrupting:
    """A graph that fails after a number of transactions."""

    def __init__(self, graph: Graph, transactions: int) -> None:
        self._graph = graph
        self._left = transactions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)

    def transact(self, work: Callable[[Transaction], T]) -> T:
        if self._left == 0:
            raise Interrupted
        self._left -= 1
        return self._graph.transact(work)


def test_every_interruption_leaves_a_right_graph_and_the_next_call_goes_on(
    toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_OTHERS", "_LISTENS", "_REST"):
        monkeypatch.setattr(erasure, name, 2)
    link(toy_graph, "u2", "u1")
    interrupted = []
    while True:
        try:
            # Of a call that only has to end it, the first two transactions find nothing. It is interrupted
            # once more after that, and the next call finds nobody.
            erase_user(Interrupting(toy_graph, 3), "u2")  # type: ignore[arg-type]
        except Interrupted:
            interrupted.append(unfinished_erasures(toy_graph))
            assert errors(toy_graph) == ["unfinished erasure"] * len(interrupted[-1])
            if interrupted[-1]:
                with pytest.raises(UnknownUser):
                    users.get_user(toy_graph, "u2")
        except UnknownUser:
            break
        assert len(interrupted) < 30
    assert interrupted[0] == interrupted[-1] == []
    assert interrupted.count(["u2"]) > 3
    assert errors(toy_graph) == []


def test_the_doctor_finishes_it(toy_graph: Graph) -> None:
    toy_graph.run("MATCH (:User {user_id: 'u4'})-[r:FRIENDS_WITH]-() DELETE r", writes=True)
    toy_graph.write("begin_erasure", user_id="u4")
    (found,) = [one for one in examine(toy_graph) if one.severity == "error"]
    assert (found.check, found.count, found.example) == ("unfinished erasure", 1, "u4")
    assert found.remedy == "run `muse-graph doctor --repair`, or the same `muse-graph erase` again"
    (found,) = [one for one in examine(toy_graph, repair=True) if one.severity == "error"]
    assert found.repaired
    assert unfinished_erasures(toy_graph) == errors(toy_graph) == []


def test_who_gets_the_id_meanwhile_keeps_what_is_theirs(
    toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same id has the same key, which the months of tracks hold."""
    toy_graph.write("begin_erasure", user_id="u4")
    users.put_user(toy_graph, "u4", name="Dora")
    record_listens(toy_graph, [Listen("n1", "u4", "t7", TABLES["listens"][12]["listened_at"], 0.5, 1, "JP")])
    assert errors(toy_graph) == ["unfinished erasure"]
    erasure.finish_erasures(toy_graph)
    assert errors(toy_graph) == []
    assert (users.get_user(toy_graph, "u4").name, users.get_user(toy_graph, "u4").streams) == ("Dora", 1)
    # Erased while an earlier erasure of the id is unfinished: both go.
    toy_graph.write("begin_erasure", user_id="u4")
    users.put_user(toy_graph, "u4")
    erase_user(toy_graph, "u4")
    assert unfinished_erasures(toy_graph) == errors(toy_graph) == []
    with pytest.raises(UnknownUser):
        users.get_user(toy_graph, "u4")
