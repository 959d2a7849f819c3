"""What a caller is told of its listens is what the graph holds, whatever others send at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muse_graph.answers import Receipt
from muse_graph.errors import ShapeError
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from tests.conftest import load_toy, wipe

AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
#: Two of these, heard to the end, make a sum of more than 64 bits.
HUGE = 6 * 10**12
#: The months of this track cannot be read: its listens end in an error that is no fault of theirs.
BROKEN = "t8"
BREAK = "MATCH (t:Track {track_id: $id})-[h:HEARD_IN]->() REMOVE h.cells"

Request = list[Listen]


def mostly(*good: Any, bad: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Good values, and a bad one now and then."""
    return st.sampled_from([*good * (1 + 12 // len(good)), *bad])


listens = st.builds(
    Listen,
    listen_id=mostly(*(f"x{number}" for number in range(6)), bad=("half \ud83c", "nul \0")),
    user_id=mostly("u1", "u2", "u3", bad=("nobody", "u1\udfb5")),
    track_id=mostly("t1", "t2", "t3", "t4", bad=(BROKEN, "nothing")),
    listened_at=st.sampled_from([None, AT, AT - timedelta(days=40)]),
    heard=st.sampled_from([None, 0.0, 0.5, 1.0]),
    plays=mostly(1, 3, HUGE, bad=(10**13, 0)),
    country=mostly(None, "CO", bad=("\ud800",)),
    source=st.sampled_from([None, "app"]),
)
#: Requests of few different listens, so that many come again.
requests = st.lists(listens, min_size=3, max_size=10).flatmap(
    lambda few: st.lists(st.lists(st.sampled_from(few), min_size=1, max_size=4), min_size=1, max_size=6)
)


@pytest.fixture(scope="module")
def writer(graph: Graph) -> Iterator[ListenWriter]:
    wipe(graph)
    load_toy(graph)
    times = (None, AT, AT - timedelta(days=40))
    users = ("u1", "u2", "u3")
    record_listens(graph, [Listen(f"{user} {at}", user, BROKEN, at, 0.5) for user in users for at in times])
    graph.run(BREAK, {"id": BROKEN}, writes=True)
    made = ListenWriter(graph)
    yield made
    made.close()


@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sent=requests)
def test_answers_agree_with_the_graph(writer: ListenWriter, graph: Graph, sent: list[Request]) -> None:
    before = stored(graph).keys()
    sent = [[replace(one, listen_id=f"{len(before)} {one.listen_id}") for one in request] for request in sent]
    with ThreadPoolExecutor(len(sent)) as pool:
        answers = list(pool.map(lambda request: answer(writer, request), sent))
    after = stored(graph)
    good = [
        listen
        for request, said in zip(sent, answers, strict=True)
        if isinstance(said, Receipt)
        for place, listen in enumerate(request)
        if place not in {one.index for one in said.rejected}
    ]
    # What was taken on is there as it was sent, and nothing else is.
    assert all(after[listen.listen_id] == facts(listen) for listen in good)
    assert after.keys() - before == {listen.listen_id for listen in good} - before
    receipts = [said for said in answers if isinstance(said, Receipt)]
    assert sum(said.recorded for said in receipts) == len(after) - len(before)
    assert all(said.received == said.recorded + said.repeated + len(said.rejected) for said in receipts)
    # Only who sent something of the broken track fails.
    assert all(
        isinstance(said, Receipt) or BROKEN in {listen.track_id for listen in request}
        for request, said in zip(sent, answers, strict=True)
    )


def test_the_graph_is_right_after_all_of_it(writer: ListenWriter, graph: Graph) -> None:
    said = answer(writer, [Listen("y1", "u1", BROKEN, AT, 1.0)])
    assert isinstance(said, ShapeError)
    assert "run `muse-graph doctor --repair`" in str(said)
    graph.run("MATCH ()-[h:HEARD_IN {track_id: $id}]->() DELETE h", {"id": BROKEN}, writes=True)
    examine(graph, repair=True)
    assert [one for one in examine(graph) if one.severity == "error"] == []
    assert answer(writer, [Listen("y1", "u1", BROKEN, AT, 1.0)]) == Receipt(1, 1, 0)


def test_listens_too_large_for_a_sum_are_named_and_the_others_recorded(toy_graph: Graph) -> None:
    batch = [
        Listen(f"l{number}", "u1", "t6", None, 1.0, plays) for number, plays in enumerate((1, HUGE, HUGE, 2))
    ]
    receipt = record_listens(toy_graph, batch)
    assert (receipt.recorded, [one.index for one in receipt.rejected]) == (2, [1, 2])
    assert all("100,000,000" in one.reason for one in receipt.rejected)
    assert stored(toy_graph).keys() >= {"l0", "l3"}
    assert [one for one in examine(toy_graph) if one.severity == "error"] == []


def answer(writer: ListenWriter, request: Request) -> Receipt | ShapeError:
    try:
        return writer.record(request, timeout=60)
    except ShapeError as error:
        return error


def facts(listen: Listen) -> tuple[Any, ...]:
    return (listen.user_id, listen.track_id, listen.listened_at, listen.heard, listen.plays)


def stored(graph: Graph) -> dict[str, tuple[Any, ...]]:
    """The facts of each listen by its id."""
    text = """
        MATCH (u:User)-[p:PLAYED]->(t:Track)
        RETURN p.listen_id AS id, u.user_id AS user, t.track_id AS track,
               p.listened_at AS at, p.heard AS heard, p.plays AS n
    """
    return {
        row["id"]: (row["user"], row["track"], row["at"] and row["at"].to_native(), row["heard"], row["n"])
        for row in graph.run(text, writes=False)
    }
