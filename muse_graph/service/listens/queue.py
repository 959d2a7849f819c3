"""Group commit: one writer that gathers the listens of many requests into few transactions.

Every caller gets an answer, whatever goes wrong. A transaction that fails is tried again in halves, so that
only the requests at fault fail and the others are written.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from muse_graph.answers import Receipt
from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.errors import DeadlineExceeded, GraphUnavailable, MuseError, TooBusy, WriteError
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.record import Listen, receipt, record_in_halves, record_outcomes
from muse_graph.service.listens.refresh import refresh_radar
from muse_graph.service.outcomes import RECORDED, Outcome

__all__ = ["ListenWriter"]

_log = logging.getLogger(__name__)

#: Listens of one transaction at most: more gains little and lets the last caller wait.
_MOST = 2_000

#: Listens that wait at most, some seconds' work; more are refused at once.
_MOST_WAITING = 20_000

#: How long a transaction waits for as many requests as the one before had, if that had several: who was
#: answered then is about to send again, and one transaction of many costs little more than one of few.
_GATHER_S = 0.002

#: Seconds between two looks at how much an artist under the radar is played at most.
_RADAR_S = 60.0


@dataclass(frozen=True, eq=False)
class _Request:
    listens: Sequence[Listen]
    done: Future[list[Outcome]] = field(default_factory=Future)


class ListenWriter:
    """Writes listens for many threads; what arrives during one transaction goes into the next together.

    A call returns when its listens are committed. A single caller does not wait, or, after several who came
    together, once for `_GATHER_S`.
    """

    def __init__(
        self, graph: Graph, theta: float = DEFAULT_THETA, *, most_waiting: int = _MOST_WAITING
    ) -> None:
        self._graph = graph
        self._theta = theta
        self._most_waiting = most_waiting
        self._waiting: deque[_Request] = deque()
        self._n_waiting = 0
        self._changed = threading.Condition()
        self._closed = False
        self._n_before = 1
        self._radar_at = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="listen-writer", daemon=True)
        self._thread.start()

    def record(self, listens: Sequence[Listen], *, timeout: float | None = None) -> Receipt:
        """Write listens and return once they are safe; after any error it is safe to send them again.

        Args:
            timeout: seconds to wait at most; None is without end

        Raises:
            TooBusy: If too many listens wait, or these still did when their time was over. None is written.
            DeadlineExceeded: If their time was over while they were being written: they may be stored or not.
            GraphUnavailable: If the database does not answer, or after `close`.
            WriteError: If they could not be written for any other reason.
        """
        request = _Request(listens)
        self._put(request)
        try:
            outcomes = request.done.result(timeout)
        except TimeoutError:
            if self._withdraw(request):
                raise TooBusy("the listens waited too long and were not written; send them again") from None
            if not request.done.done():
                raise DeadlineExceeded(
                    "the listens are still being written and may be stored or not; send them again"
                ) from None
            outcomes = request.done.result()
        return receipt(listens, outcomes)

    def close(self) -> None:
        """Write what has been taken on, then stop; twice is harmless."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _put(self, request: _Request) -> None:
        with self._changed:
            if self._closed:
                raise GraphUnavailable("the service is stopping and takes no more listens")
            if self._waiting and self._n_waiting + len(request.listens) > self._most_waiting:
                raise TooBusy(f"{self._n_waiting:,} listens wait to be written; send these again later")
            self._waiting.append(request)
            self._n_waiting += len(request.listens)
            self._changed.notify_all()

    def _withdraw(self, request: _Request) -> bool:
        """Take a request back, unless it is being written or has been."""
        with self._changed:
            if request not in self._waiting:
                return False
            self._waiting.remove(request)
            self._n_waiting -= len(request.listens)
            return True

    def _work(self) -> None:
        while requests := self._gather():
            try:
                if self._write(requests):
                    self._refresh_radar()
            except BaseException as error:  # noqa: BLE001 - this thread writes for all, so it goes on
                _fail([request for request in requests if not request.done.done()], error)

    def _gather(self) -> list[_Request]:
        """Wait for a request and take with it what else has arrived; empty when closed."""
        requests: list[_Request] = []
        taken = 0
        with self._changed:
            ready = False
            while not ready:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                self._changed.wait_for(self._are_all_here, _GATHER_S)
                # All who waited may have taken their requests back.
                ready = bool(self._waiting) or self._closed
            while self._waiting and taken < _MOST:
                requests.append(self._waiting.popleft())
                taken += len(requests[-1].listens)
            self._n_waiting -= taken
            self._n_before = len(requests)
        return requests

    def _are_all_here(self) -> bool:
        """Whether nobody is to be waited for before a transaction begins."""
        return self._closed or len(self._waiting) >= self._n_before or self._n_waiting >= _MOST

    def _write(self, requests: list[_Request]) -> bool:
        """Write requests in one transaction, or in halves if that fails; return whether any listen is new."""
        listens = [listen for request in requests for listen in request.listens]
        record = record_outcomes if len(requests) > 1 else record_in_halves
        try:
            outcomes = record(self._graph, listens, theta=self._theta)
        except Exception as error:  # noqa: BLE001 - every caller gets an answer
            # Without a database no half would fare better.
            if len(requests) == 1 or isinstance(error, GraphUnavailable):
                _fail(requests, error)
                return False
            middle = len(requests) // 2
            written = [self._write(half) for half in (requests[:middle], requests[middle:])]
            return any(written)
        begin = 0
        for request in requests:
            end = begin + len(request.listens)
            request.done.set_result(outcomes[begin:end])
            begin = end
        return RECORDED in outcomes

    def _refresh_radar(self) -> None:
        """Now and then bring up to date who is under the radar; if that fails, the next listens try again."""
        if time.monotonic() - self._radar_at <= _RADAR_S:
            return
        try:
            refresh_radar(self._graph)
        except MuseError as error:
            _log.warning("artists under the radar could not be refreshed: %s", error)
        else:
            self._radar_at = time.monotonic()


def _fail(requests: list[_Request], error: BaseException) -> None:
    """Answer requests with an error of the service."""
    if not isinstance(error, GraphUnavailable):
        _log.error("%d requests of listens failed", len(requests), exc_info=error)
    for request in requests:
        answer = error if isinstance(error, MuseError) else WriteError(_reason(error))
        request.done.set_exception(answer)


def _reason(error: BaseException) -> str:
    return f"the listens could not be written: {type(error).__name__}: {error}"
