"""What is sent again changes nothing: each write query, each table, each listen, from several threads too."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from muse_graph.answers import Receipt
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.queries import Query
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.outcomes import REPEATED, Outcome
from tests.conftest import load_toy, wipe
from tests.graph_dump import dump
from tests.worlds.toy import TABLES

#: Writes that add to what is there; the path that sends them sees to it that nothing is added twice.
ADDITIVE = {"add_track_plays"}
WRITES = [
    query for query in queries.all_queries().values() if query.mode == "write" and query.name not in ADDITIVE
]

#: What the sample parameters of some writes need besides the toy graph.
BESIDES = """
MATCH (a:User {user_id: 'u1'}), (b:User {user_id: 'u2'}), (c:User {user_id: 'u4'})
CREATE (b)-[:ASKED {at: datetime('2026-10-01T12:00:00Z')}]->(a),
       (a)-[:BLOCKED {at: datetime('2026-10-01T12:00:00Z')}]->(b),
       (:ImportJob {run: 'x1'})
"""
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def toy_world(graph: Graph) -> Graph:
    wipe(graph)
    load_toy(graph)
    return graph


@pytest.mark.parametrize("query", WRITES, ids=[query.name for query in WRITES])
def test_a_write_sent_twice_leaves_the_same_graph(query: Query, toy_world: Graph) -> None:
    toy_world.run("MATCH (n:ImportJob) DELETE n", writes=True)
    toy_world.run("MATCH ()-[r:ASKED|BLOCKED]->() DELETE r", writes=True)
    toy_world.run(BESIDES, writes=True)
    (row,) = toy_world.run(f"RETURN {query.sample} AS params", writes=False)
    toy_world.write(query.name, **row["params"])
    once = dump(toy_world)
    toy_world.write(query.name, **row["params"])
    assert dump(toy_world) == once


@pytest.mark.parametrize("table", TABLES)
def test_rows_of_a_table_sent_again_are_repeated(table: str, toy_graph: Graph) -> None:
    before = dump(toy_graph)
    assert write(toy_graph, table, TABLES[table]) == [REPEATED] * len(TABLES[table])
    assert dump(toy_graph) == before


@pytest.mark.parametrize(
    "table", ["friendships", "likes", "tags", "listens", "feedback", "influencers", "follows"]
)
def test_rows_of_a_table_sent_twice_in_one_batch_count_once(table: str, empty_graph: Graph) -> None:
    for name, rows in TABLES.items():
        write(empty_graph, name, rows + rows if name == table else rows)
        if name == table:
            break
    once = dump(empty_graph)
    wipe(empty_graph)
    for name, rows in TABLES.items():
        write(empty_graph, name, rows)
        if name == table:
            break
    assert dump(empty_graph) == once


def test_listens_sent_again_are_repeated_within_a_request_and_across(toy_graph: Graph) -> None:
    listens = [Listen(f"new{i}", "u1", track, AT, 0.5, 1 + i) for i, track in enumerate(("t6", "t7", "t6"))]
    assert record_listens(toy_graph, [*listens, *listens]) == Receipt(6, 3, 3)
    once = dump(toy_graph)
    assert record_listens(toy_graph, listens[::-1]) == Receipt(3, 0, 3)
    # The country and the source are not what makes a listen another one: a client may learn them later.
    assert record_listens(toy_graph, [replace(listens[0], country="PT", source="queue")]) == Receipt(1, 0, 1)
    assert dump(toy_graph) == once


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "u2"},
        {"track_id": "t1"},
        {"listened_at": AT + timedelta(seconds=1)},
        {"listened_at": None},
        {"heard": 0.6},
        {"heard": None},
        {"heard": None, "heard_at_least": 0.5},
        {"plays": 2},
    ],
    ids=str,
)
def test_a_listen_id_with_other_facts_is_refused(change: dict[str, Any], toy_graph: Graph) -> None:
    listen = Listen("new", "u1", "t6", AT, 0.5)
    other = replace(listen, **change)
    reason = "listen_id 'new' is used by another listen"
    (rejected,) = record_listens(toy_graph, [listen, other]).rejected
    assert (rejected.index, rejected.listen_id, rejected.reason) == (1, "new", reason)
    before = dump(toy_graph)
    assert [one.reason for one in record_listens(toy_graph, [other]).rejected] == [reason]
    assert dump(toy_graph) == before


def test_impossible_listens_are_named_and_the_others_recorded(toy_graph: Graph) -> None:
    good, nobody = Listen("n1", "u1", "t6", AT, None), Listen("n2", "nobody", "t6", AT, None)
    receipt = record_listens(toy_graph, [nobody, good, Listen("n3", "u1", "nothing", AT, None)])
    assert (receipt.received, receipt.recorded, receipt.repeated) == (3, 1, 0)
    assert [(one.index, one.reason) for one in receipt.rejected] == [
        (0, "no user has the id 'nobody'"),
        (2, "no track has the id 'nothing'"),
    ]


def test_two_threads_sending_the_same_listens_count_them_once(toy_graph: Graph) -> None:
    listens = mixed_listens(random.Random(5), 60)
    with ThreadPoolExecutor(2) as pool:
        receipts = list(pool.map(lambda _: record_listens(toy_graph, listens), range(2)))
    assert sorted(receipt.recorded for receipt in receipts) == [0, 60]
    assert sorted(receipt.repeated for receipt in receipts) == [0, 60]
    assert derived(toy_graph) == recomputed(toy_graph)


def test_no_count_is_lost_among_eight_threads(toy_graph: Graph) -> None:
    rng = random.Random(7)
    listens = mixed_listens(rng, 320)
    # Every thread sends its own share and some of the next one's, a few at a time.
    requests = [
        rng.sample(
            listens[40 * thread : 40 * thread + 40] + listens[40 * thread - 10 : 40 * thread],
            50 if thread else 40,
        )
        for thread in range(8)
    ]

    def send(request: list[Listen]) -> int:
        return sum(
            record_listens(toy_graph, request[i : i + 10]).recorded for i in range(0, len(request), 10)
        )

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, requests)) == 320
    assert derived(toy_graph) == recomputed(toy_graph)


def mixed_listens(rng: random.Random, n: int) -> list[Listen]:
    """Listens of few users to few tracks, so that threads are in each other's way."""
    users, tracks = [f"u{i}" for i in range(1, 7)], [f"t{i}" for i in range(1, 9)]
    return [
        Listen(
            f"mixed{i}",
            rng.choice(users),
            rng.choice(tracks),
            None if rng.random() < 0.2 else AT + timedelta(hours=rng.randrange(2000)),
            None if rng.random() < 0.2 else rng.randrange(101) / 100,
            rng.choice((1, 1, 1, 3)),
            rng.choice((None, "CO", "PT")),
        )
        for i in range(n)
    ]


def write(graph: Graph, table: str, rows: list[Row]) -> list[Outcome]:
    return graph.transact(lambda transaction: write_rows(transaction, table, rows, LoadedRows()))


def derived(graph: Graph) -> dict[str, Any]:
    """What the graph holds that follows from PLAYED, as `recomputed` gives it."""

    def pairs(text: str) -> dict[Any, Any]:
        return {tuple(row["key"]): tuple(row["value"]) for row in graph.run(text, writes=False)}

    return {
        "listened": pairs(
            "MATCH (u)-[l:LISTENED]->(t) RETURN [u.user_id, t.track_id] AS key,"
            " [l.plays, l.heard_plays, l.heard_ppm, l.last_at.epochMillis] AS value"
        ),
        "genres": pairs(
            "MATCH (u)-[p:PLAYS_GENRE]->(g) RETURN [u.user_id, g.genre_id] AS key, [p.plays] AS value"
        ),
        "tracks": pairs("MATCH (t:Track) RETURN [t.track_id] AS key, [t.plays, t.listeners] AS value"),
        "artists": pairs("MATCH (a:Artist) RETURN [a.artist_id] AS key, [a.plays] AS value"),
        "months": pairs(
            "MATCH ()-[h:HEARD_IN]->() RETURN [h.track_id, h.country, h.month] AS key,"
            " [h.plays, reduce(n = 0, i IN range(0, size(h.days) - 1) |"
            " n + CASE WHEN h.day_reports[i] < 10 THEN 0 ELSE h.day_plays[i] END)] AS value"
        ),
    }


def recomputed(graph: Graph) -> dict[str, Any]:
    """The same from the facts alone, slowly."""
    played = graph.run(
        "MATCH (u:User)-[p:PLAYED]->(t:Track) RETURN u.user_id AS user, t.track_id AS track,"
        " p.plays AS plays, p.heard AS heard, p.listened_at AS at, p.country AS country",
        writes=False,
    )
    listened: dict[Any, list[Any]] = {}
    genres: Counter[Any] = Counter({(row["user_id"], row["genre_id"]): 1 for row in TABLES["likes"]})
    tracks = {row["track_id"]: row for row in TABLES["tracks"]}
    track_plays, artist_plays = Counter[str](), Counter({row["artist_id"]: 0 for row in TABLES["artists"]})
    months: dict[Any, list[Any]] = {}
    for row in played:
        at = row["at"].to_native() if row["at"] else None
        entry = listened.setdefault((row["user"], row["track"]), [0, 0, 0, None])
        entry[0] += row["plays"]
        if row["heard"] is not None:
            entry[1] += row["plays"]
            entry[2] += round(row["heard"] * 1_000_000) * row["plays"]
        if at:
            entry[3] = max(entry[3] or 0, round(at.timestamp() * 1000))
        for genre in tracks[row["track"]]["genre_ids"]:
            genres[row["user"], genre] += row["plays"]
        track_plays[row["track"]] += row["plays"]
        for artist in tracks[row["track"]]["artist_ids"]:
            artist_plays[artist] += row["plays"]
        month = months.setdefault(
            (row["track"], row["country"], at.year * 100 + at.month if at else 0), [0, 0]
        )
        month[0] += row["plays"]
        month[1] += row["plays"] if row["heard"] is None else 0
    listeners = Counter(track for _, track in listened)
    return {
        "listened": {key: tuple(value) for key, value in listened.items()},
        "genres": {key: (plays,) for key, plays in genres.items()},
        "tracks": {(track,): (track_plays[track], listeners[track]) for track in tracks},
        "artists": {(artist,): (plays,) for artist, plays in artist_plays.items()},
        "months": {key: tuple(value) for key, value in months.items()},
    }
