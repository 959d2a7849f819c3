"""The group commit: what arrives together is written together, and everybody gets the own answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from muse_graph.errors import GraphUnavailable
from muse_graph.service.listens import queue
from muse_graph.service.listens.record import Listen
from muse_graph.service.outcomes import RECORDED, REPEATED, Outcome


def listen(name: str) -> Listen:
    return Listen(name, "u1", "t1", None, None)


class Recorder:
    """Stands in for the transaction: remembers batches, waits at a gate, fails on demand."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.seen: set[str] = set()

    def __call__(self, graph: Any, listens: Sequence[Listen], *, theta: float | None) -> list[Outcome]:
        self.gate.wait(10)
        self.batches.append([one.listen_id for one in listens])
        if self.error:
            raise self.error
        outcomes = []
        for one in listens:
            outcomes.append(REPEATED if one.listen_id in self.seen else RECORDED)
            self.seen.add(one.listen_id)
        return outcomes


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(queue, "record_outcomes", recorder)
    return recorder


def test_each_caller_gets_the_receipt_of_its_own_listens(recorder: Recorder) -> None:
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    names = [f"l{i % 40}" for i in range(80)]
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda name: made.record([listen(name)]), names))
    made.close()
    assert sum(receipt.recorded for receipt in receipts) == 40
    assert sum(receipt.repeated for receipt in receipts) == 40
    assert sorted(name for batch in recorder.batches for name in batch) == sorted(names)


def test_what_arrives_during_a_transaction_goes_into_the_next_together(recorder: Recorder) -> None:
    recorder.gate.clear()
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(made.record, [listen("first")])
        while made._waiting.qsize():
            pass
        others = [pool.submit(made.record, [listen(f"l{i}")]) for i in range(5)]
        while made._waiting.qsize() < 5:
            pass
        recorder.gate.set()
        assert first.result(10).recorded == 1
        assert all(other.result(10).recorded == 1 for other in others)
    made.close()
    assert [len(batch) for batch in recorder.batches] == [1, 5]


def test_an_error_reaches_every_caller_of_the_batch_and_the_writer_goes_on(recorder: Recorder) -> None:
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    recorder.error = GraphUnavailable("gone")
    with pytest.raises(GraphUnavailable, match="gone"):
        made.record([listen("l1")])
    recorder.error = None
    assert made.record([listen("l1")]).recorded == 1
    made.close()


def test_a_closed_writer_has_written_all_and_takes_no_more(recorder: Recorder) -> None:
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    made.record([listen("l1")])
    made.close()
    made.close()
    assert recorder.batches == [["l1"]]
    with pytest.raises(GraphUnavailable, match="stopping"):
        made.record([listen("l2")])


def test_the_radar_is_refreshed_again_after_a_while(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshed: list[object] = []
    monkeypatch.setattr(queue, "refresh_radar", refreshed.append)
    monkeypatch.setattr(queue, "_RADAR_S", -1.0)
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    made.record([listen("l1")])
    made.record([listen("l1")])
    made.close()
    assert refreshed == [None]


def test_the_writer_has_a_name_and_keeps_no_process_alive(recorder: Recorder) -> None:
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    # A failed assertion must not leave a thread that pytest waits for.
    made.close()
    assert not made._thread.is_alive()
    assert (made._thread.name, made._thread.daemon) == ("listen-writer", True)
