"""The heartbeat: that a database has gone, or is back, is noticed; nothing ends it but `close`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event

import pytest

from muse_graph.errors import GraphUnavailable
from muse_graph.graph.connection import Graph
from muse_graph.graph.heartbeat import Heartbeat
from tests.fakes import FakeGraph

#: No test waits so long unless it fails.
SECONDS = 30.0
GONE = GraphUnavailable("nobody there")


class Asked(FakeGraph):
    """A graph whose database answers as it is told, beat by beat, and on and on as at the last."""

    def __init__(self, *answers: Exception | None) -> None:
        super().__init__()
        self._answers = [*answers]
        self._up = False
        self.beats: SimpleQueue[bool] = SimpleQueue()

    @property
    def answers(self) -> bool:
        return self._up

    def reconnect(self) -> None:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        try:
            if answer is not None:
                if isinstance(answer, GraphUnavailable):
                    self._up = False
                raise answer
            self._up = True
        finally:
            self.beats.put(self._up)


@contextmanager
def beating(graph: Graph, interval_s: float = 0.001) -> Iterator[Heartbeat]:
    heartbeat = Heartbeat(graph, interval_s)
    try:
        yield heartbeat
    finally:
        heartbeat.close()


def beats(graph: Asked, n: int) -> list[bool]:
    """Whether the database answered, for the next n times it was asked."""
    return [graph.beats.get(timeout=SECONDS) for _ in range(n)]


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.WARNING, logger="muse_graph.graph.heartbeat")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_database_that_answers_is_asked_again_and_again(said: Callable[[], list[str]]) -> None:
    with beating(graph := Asked(None)) as heartbeat:
        heartbeat.wait(SECONDS)
        assert heartbeat.answers
        assert beats(graph, 5) == [True] * 5
    assert said() == []


def test_that_it_went_and_came_back_is_said_once_each(said: Callable[[], list[str]]) -> None:
    with beating(graph := Asked(None, GONE, GONE, GONE, None)) as heartbeat:
        assert beats(graph, 6) == [True, False, False, False, True, True]
        assert heartbeat.answers
    assert said() == ["no database: nobody there", "the database answers again"]


def test_one_that_never_answered_is_said_once(said: Callable[[], list[str]]) -> None:
    with beating(graph := Asked(GONE)) as heartbeat:
        heartbeat.wait(SECONDS)
        assert not heartbeat.answers
        beats(graph, 4)
    assert said() == ["no database: nobody there"]


def test_until_it_has_been_asked_for_the_first_time_nobody_is_turned_away() -> None:
    begun, go_on = Event(), Event()

    class Slow(Asked):
        def reconnect(self) -> None:
            begun.set()
            go_on.wait(SECONDS)
            super().reconnect()

    with beating(Slow(GONE)) as heartbeat:
        assert begun.wait(SECONDS)
        heartbeat.wait(0.001)
        assert heartbeat.answers
        go_on.set()
        heartbeat.wait(SECONDS)
        assert not heartbeat.answers


def test_no_error_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    with beating(graph := Asked(None, ValueError("a fault of ours"), None)) as heartbeat:
        assert beats(graph, 4) == [True] * 4
        assert heartbeat.answers
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "a fault of ours"


def test_it_ends_at_once_also_amid_its_wait_and_twice() -> None:
    graph = Asked(None)
    heartbeat = Heartbeat(graph, interval_s=10 * SECONDS)
    heartbeat.wait(SECONDS)
    heartbeat.close()
    heartbeat.close()
    assert beats(graph, 1) == [True]
    assert graph.beats.empty()
    assert not graph.closed
