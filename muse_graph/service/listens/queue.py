"""Group commit: one writer that gathers the listens of many requests into few transactions."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from muse_graph.answers import Receipt
from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.errors import DeadlineExceeded, GraphUnavailable, MuseError
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.record import Listen, receipt, record_outcomes
from muse_graph.service.listens.refresh import refresh_radar
from muse_graph.service.outcomes import RECORDED, Outcome

__all__ = ["ListenWriter"]

_log = logging.getLogger(__name__)

#: Listens of one transaction at most: more gains little and lets the last caller wait.
_MOST = 2_000

#: Seconds between two looks at how much an artist under the radar is played at most.
_RADAR_S = 60.0


@dataclass(frozen=True)
class _Request:
    listens: Sequence[Listen]
    done: Future[list[Outcome]] = field(default_factory=Future)


class ListenWriter:
    """Writes listens for many threads; what arrives during one transaction goes into the next together.

    A call returns when its listens are committed. A single caller does not wait.
    """

    def __init__(self, graph: Graph, theta: float = DEFAULT_THETA) -> None:
        self._graph = graph
        self._theta = theta
        self._waiting: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._radar_at = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="listen-writer", daemon=True)
        self._thread.start()

    def record(self, listens: Sequence[Listen], *, timeout: float | None = None) -> Receipt:
        """Write listens and return once they are safe.

        Raises:
            GraphUnavailable: If no database answers, or after `close`.
            DeadlineExceeded: If they are not safe after some seconds; they may be written later.
        """
        request = _Request(listens)
        with self._lock:
            if self._closed:
                raise GraphUnavailable("the service is stopping and takes no more listens")
            self._waiting.put(request)
        try:
            return receipt(listens, request.done.result(timeout))
        except TimeoutError:
            raise DeadlineExceeded("the listens could not be written in time") from None

    def close(self) -> None:
        """Write what has been taken on, then stop; twice is harmless."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while requests := self._gather():
            self._write(requests)

    def _gather(self) -> list[_Request]:
        """Wait for a request and take with it what else has arrived; empty when closed."""
        first = self._waiting.get()
        if first is None:
            return []
        requests, taken = [first], len(first.listens)
        while taken < _MOST and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                self._waiting.put(None)
                break
            requests.append(following)
            taken += len(following.listens)
        return requests

    def _write(self, requests: list[_Request]) -> None:
        listens = [listen for request in requests for listen in request.listens]
        try:
            outcomes = record_outcomes(self._graph, listens, theta=self._theta)
        except MuseError as error:
            for request in requests:
                request.done.set_exception(error)
            return
        begin = 0
        for request in requests:
            end = begin + len(request.listens)
            request.done.set_result(outcomes[begin:end])
            begin = end
        if RECORDED in outcomes and time.monotonic() - self._radar_at > _RADAR_S:
            self._refresh_radar()

    def _refresh_radar(self) -> None:
        """Bring up to date who is under the radar; where that fails, the next listens try again."""
        try:
            refresh_radar(self._graph)
        except MuseError as error:
            _log.warning("artists under the radar could not be refreshed: %s", error)
        else:
            self._radar_at = time.monotonic()
