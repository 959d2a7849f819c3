"""The group commit: what arrives together is written together, and everybody gets the own answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from muse_graph.errors import Conflict, DeadlineExceeded, GraphUnavailable, MuseError, TooBusy, WriteError
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
        self.entered = threading.Event()
        self.error: BaseException | None = None
        self.poison: frozenset[str] = frozenset()
        self.seen: set[str] = set()

    def __call__(self, graph: Any, listens: Sequence[Listen], *, theta: float | None) -> list[Outcome]:
        self.entered.set()
        self.gate.wait(30)
        self.batches.append([one.listen_id for one in listens])
        if self.error and (not self.poison or self.poison & set(self.batches[-1])):
            raise self.error
        outcomes = []
        for one in listens:
            outcomes.append(REPEATED if one.listen_id in self.seen else RECORDED)
            self.seen.add(one.listen_id)
        return outcomes


def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread is about to do."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(queue, "record_outcomes", recorder)
    monkeypatch.setattr(queue, "record_in_halves", recorder)
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
        until(recorder.entered.is_set)
        others = [pool.submit(made.record, [listen(f"l{i}")]) for i in range(5)]
        until(lambda: len(made._waiting) == 5)
        recorder.gate.set()
        assert first.result(10).recorded == 1
        assert all(other.result(10).recorded == 1 for other in others)
    made.close()
    assert [len(batch) for batch in recorder.batches] == [1, 5]


def test_after_a_transaction_of_several_the_next_waits_for_as_many(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_GATHER_S", 60.0)
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    assert set(together(made, recorder, ["a", "b", "c"])) == {"a", "b", "c"}
    with ThreadPoolExecutor(3) as pool:
        two = [pool.submit(made.record, [listen(name)]) for name in ("d", "e")]
        until(lambda: len(made._waiting) == 2)
        pool.submit(made.record, [listen("f")]).result(30)
        assert [one.result(30).recorded for one in two] == [1, 1]
    # Who takes a request back meanwhile leaves the writer at work.
    with pytest.raises(TooBusy):
        made.record([listen("g")], timeout=0.05)
    with ThreadPoolExecutor(3) as pool:
        assert [one.recorded for one in pool.map(lambda name: made.record([listen(name)]), "hij")] == [1] * 3
    made.close()
    assert [sorted(batch) for batch in recorder.batches] == [["first"], [*"abc"], [*"def"], [*"hij"]]


def test_who_comes_alone_waits_for_nobody(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_GATHER_S", 60.0)
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    assert [made.record([listen(name)], timeout=30).recorded for name in "abc"] == [1, 1, 1]
    made.close()


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


def together(made: queue.ListenWriter, recorder: Recorder, names: list[str]) -> dict[str, object]:
    """Requests of one listen each that wait while another is written; the receipt or the error of each."""
    recorder.gate.clear()
    with ThreadPoolExecutor(len(names) + 1) as pool:
        first = pool.submit(made.record, [listen("first")])
        until(recorder.entered.is_set)
        futures = {name: pool.submit(made.record, [listen(name)]) for name in names}
        until(lambda: len(made._waiting) == len(names))
        recorder.gate.set()
        assert first.result(30).recorded == 1
        return {name: future.exception(30) or future.result() for name, future in futures.items()}


@pytest.mark.parametrize("error", [KeyError("days"), MemoryError(), ValueError("odd"), Conflict("taken")])
def test_only_the_requests_at_fault_fail(recorder: Recorder, error: Exception) -> None:
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    recorder.error, recorder.poison = error, frozenset({"l3", "l6"})
    answers = together(made, recorder, [f"l{i}" for i in range(8)])
    made.close()
    failed = {name: answer for name, answer in answers.items() if isinstance(answer, Exception)}
    assert failed.keys() == recorder.poison
    assert all(isinstance(answer, MuseError) for answer in failed.values())
    if not isinstance(error, MuseError):
        assert str(failed["l3"]) == f"the listens could not be written: {type(error).__name__}: {error}"
    assert recorder.seen == {"first", *(f"l{i}" for i in range(8))} - recorder.poison


def test_without_a_database_nothing_is_tried_again(recorder: Recorder) -> None:
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    recorder.error, recorder.poison = GraphUnavailable("gone"), frozenset({"l3"})
    answers = together(made, recorder, [f"l{i}" for i in range(8)])
    made.close()
    assert all(isinstance(answer, GraphUnavailable) for answer in answers.values())
    assert len(recorder.batches) == 2


@pytest.mark.parametrize("error", [KeyError("days"), MemoryError(), SystemExit(), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["record_in_halves", "refresh_radar"])
def test_no_error_stops_the_writer(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(queue, "_RADAR_S", -1.0)
    monkeypatch.setattr(queue, "refresh_radar", lambda _graph: None)
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    with monkeypatch.context() as broken:
        broken.setattr(queue, step, fail)
        if step == "record_in_halves":
            with pytest.raises(WriteError, match=f"could not be written: {type(error).__name__}"):
                made.record([listen("l1")], timeout=30)
        else:
            assert made.record([listen("l1")], timeout=30).recorded == 1
    assert made.record([listen("l2")], timeout=30).recorded == 1
    made.close()


def test_more_than_may_wait_is_refused_at_once(recorder: Recorder) -> None:
    recorder.gate.clear()
    made = queue.ListenWriter(graph=None, most_waiting=2)  # type: ignore[arg-type]
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(made.record, [listen("l0")])]
        until(recorder.entered.is_set)
        for number in (1, 2):
            futures.append(pool.submit(made.record, [listen(f"l{number}")]))
            until(lambda n=number: len(made._waiting) == n)  # type: ignore[misc]
        with pytest.raises(TooBusy, match="2 listens wait to be written"):
            made.record([listen("late")])
        recorder.gate.set()
        assert [future.result(30).recorded for future in futures] == [1, 1, 1]
    assert made.record([listen("late")]).recorded == 1
    made.close()


def test_a_request_larger_than_may_wait_is_written_if_none_waits(recorder: Recorder) -> None:
    made = queue.ListenWriter(graph=None, most_waiting=2)  # type: ignore[arg-type]
    assert made.record([listen(f"l{i}") for i in range(5)]).recorded == 5
    made.close()


def test_what_still_waits_when_its_time_is_over_is_not_written(recorder: Recorder) -> None:
    recorder.gate.clear()
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(made.record, [listen("l0")])
        until(recorder.entered.is_set)
        with pytest.raises(TooBusy, match="were not written"):
            made.record([listen("l1")], timeout=0.01)
        recorder.gate.set()
        assert first.result(30).recorded == 1
    made.close()
    assert recorder.batches == [["l0"]]
    assert made._n_waiting == 0


def test_what_is_being_written_when_its_time_is_over_may_be_stored(recorder: Recorder) -> None:
    recorder.gate.clear()
    made = queue.ListenWriter(graph=None)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(made.record, [listen("l0")], timeout=1.0)
        until(recorder.entered.is_set)
        with pytest.raises(DeadlineExceeded, match="may be stored or not"):
            late.result(30)
    recorder.gate.set()
    assert made.record([listen("l0")]).repeated == 1
    made.close()
