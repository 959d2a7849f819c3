"""Who writes waits for who wrote before: one transaction is held open until the server says another waits.

No test here waits for time to pass. The server tells by `SHOW TRANSACTIONS` which transaction stands before a
lock, so what has to wait is seen waiting, and what does not wait is seen to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep
from typing import TypeVar

import pytest

from muse_graph.errors import Conflict
from muse_graph.graph.connection import Graph, Transaction
from muse_graph.service.listens.record import RECORDED, Listen, record_listens, write_listens
from muse_graph.service.users import friendships
from tests.conftest import load_toy, wipe

T = TypeVar("T")

AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
WAITING = """
SHOW TRANSACTIONS YIELD status, currentQuery WHERE status STARTS WITH 'Blocked by'
RETURN count(*) AS n
"""
#: Looks at most before a test gives up: nothing here needs more than a few.
LOOKS = 1_000


@pytest.fixture
def world(graph: Graph) -> Graph:
    wipe(graph)
    load_toy(graph)
    return graph


def beside(graph: Graph, first: Callable[[Transaction], object], second: Callable[[], T]) -> tuple[T, bool]:
    """Run first and leave its transaction open, run second beside it, and commit when that waits or is done.

    Returns:
        what the second returns, and whether it had to wait
    """
    with ThreadPoolExecutor(1) as pool:

        def hold(transaction: Transaction) -> tuple[Future[T], bool]:
            first(transaction)
            future = pool.submit(second)
            return future, until_waiting(graph, future)

        future, waited = graph.transact(hold)
        return future.result(timeout=60), waited


def until_waiting(graph: Graph, future: Future[T]) -> bool:
    """Whether a transaction stands before a lock, once one does or the future is done."""
    for _ in range(LOOKS):
        if future.done():
            return False
        (row,) = graph.run(WAITING, writes=False)
        if row["n"]:
            return True
        sleep(0.01)
    raise AssertionError("neither waiting nor done")


@pytest.mark.parametrize("wanted", [["u2"], ["u2", "u3"], ["u1", "u3"]], ids=str)
def test_users_are_held_to_the_end_of_the_transaction(world: Graph, wanted: list[str]) -> None:
    _, waited = beside(
        world,
        lambda transaction: transaction.run("lock_users", user_ids=["u1", "u2"]),
        lambda: world.write("lock_users", user_ids=wanted),
    )
    assert waited
    assert world.run("MATCH (u:User) WHERE u._lock IS NOT NULL RETURN u", writes=False) == []


def test_other_users_are_free(world: Graph) -> None:
    _, waited = beside(
        world,
        lambda transaction: transaction.run("lock_users", user_ids=["u1", "u2"]),
        lambda: world.write("lock_users", user_ids=["u3", "u4"]),
    )
    assert not waited
    assert world.run("MATCH (u:User) WHERE u._lock IS NOT NULL RETURN u", writes=False) == []


def test_who_sends_listens_waits_for_the_lock_alone(world: Graph) -> None:
    receipt, waited = beside(
        world,
        lambda transaction: transaction.run("acquire_write_lock", name="listens", user_ids=[]),
        lambda: record_listens(world, [Listen("new", "u4", "t4", AT, 0.5)]),
    )
    assert waited
    assert receipt.recorded == 1


def test_the_first_writer_of_all_holds_the_lock_too(empty_graph: Graph) -> None:
    _, waited = beside(
        empty_graph,
        lambda transaction: transaction.run("acquire_write_lock", name="listens", user_ids=[]),
        lambda: empty_graph.write("acquire_write_lock", name="listens", user_ids=[]),
    )
    assert waited
    (row,) = empty_graph.run("MATCH (w:WriteLock) RETURN count(*) AS n, max(w.taken) AS taken", writes=False)
    assert (row["n"], row["taken"]) == (1, 2)


def test_a_listen_sent_while_it_is_written_is_repeated(world: Graph) -> None:
    listen = Listen("new", "u1", "t6", AT, 0.5)
    receipt, waited = beside(
        world,
        lambda transaction: write_listens(transaction, [listen], 0.2),
        lambda: record_listens(world, [listen]),
    )
    assert waited
    assert (receipt.recorded, receipt.repeated, receipt.rejected) == (0, 1, [])


def test_a_month_that_two_write_at_once_has_the_plays_of_both(world: Graph) -> None:
    listens = [Listen("one", "u1", "t1", AT, 0.5), Listen("two", "u4", "t1", AT, 0.5, 2, "CO")]
    outcomes: list[str] = []
    receipt, waited = beside(
        world,
        lambda transaction: outcomes.extend(write_listens(transaction, listens[:1], 0.2)),
        lambda: record_listens(world, listens[1:]),
    )
    assert waited
    assert outcomes == [RECORDED]
    assert receipt.recorded == 1
    assert months(world, "t1") == [("CO", 202609, 30), ("CO", 202610, 3), ("JP", 0, 2), ("PT", 202609, 1)]


def test_requests_that_cross_see_one_another(world: Graph) -> None:
    def first(transaction: Transaction) -> None:
        transaction.run("lock_users", user_ids=["u1", "u4"])
        transaction.run("open_requests", rows=[{"user_id": "u4", "friend_id": "u1", "at": AT}])

    answer, waited = beside(world, first, lambda: friendships.ask(world, "u1", "u4"))
    assert waited
    assert answer.state == "friends"
    assert world.run("MATCH ()-[r:ASKED]->() RETURN r", writes=False) == []


@pytest.mark.parametrize("held", ["u1", "u4"])
def test_who_asks_holds_both(world: Graph, held: str) -> None:
    _, waited = beside(
        world,
        lambda transaction: transaction.run("lock_users", user_ids=[held]),
        lambda: refused(friendships.accept, world, "u1", "u4"),
    )
    # There is nothing to accept, so that nothing is written: what waits, waits before it looks.
    assert waited


def test_a_block_is_seen_by_who_asks_at_the_same_time(world: Graph) -> None:
    def first(transaction: Transaction) -> None:
        transaction.run("lock_users", user_ids=["u1", "u4"])
        transaction.run("block_users", rows=[{"user_id": "u1", "friend_id": "u4", "at": AT}])

    message, waited = beside(world, first, lambda: refused(friendships.ask, world, "u4", "u1"))
    assert waited
    assert "declined or blocked" in message


def refused(act: Callable[..., object], graph: Graph, user_id: str, friend_id: str) -> str:
    """What is said to who may not do it."""
    with pytest.raises(Conflict) as raised:
        act(graph, user_id, friend_id)
    return str(raised.value)


def months(graph: Graph, track_id: str) -> list[tuple[str, int, int]]:
    """(country, month, plays) of a track."""
    text = """
        MATCH (:Track {track_id: $track_id})-[h:HEARD_IN]->()
        RETURN h.country AS country, h.month AS month, h.plays AS plays ORDER BY country, month
    """
    rows = graph.run(text, {"track_id": track_id}, writes=False)
    return [(row["country"], row["month"], row["plays"]) for row in rows]
