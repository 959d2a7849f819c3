"""A recommendation while listens come in all the time, beside the same in quiet, in turns.

python -m tests.benchmarks.bench_while_listening --home STORE --output docs/benchmarks/while_listening.csv

Listens come at fixed times, whatever became of those before (an open loop), each as a request of its own:
the writer of the service gathers what arrives during one transaction. It writes, so it wants a store of its
own or a copy.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import cycle

import numpy as np

from muse_graph.graph.connection import Graph
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.benchmarks.bench_listens import Source
from tests.benchmarks.measuring import FLOOR, Clock, floor, parser, report, some_users, worker_world

PER_SECOND = 500
_TICK_S = 0.02
_ROUNDS = 5
#: How long listens come in before something is measured.
_WARM_UP_S = 2.0


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=300).parse_args(args)
    with worker_world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        clock, producer = Clock(), Producer(graph)
        run(graph, clock, producer, options.n)
        report(graph, clock, options.output)
        sys.stdout.write(producer.summary() + "\n")


class Producer:
    """Sends listens at a steady rate while it is entered, from many threads as a service does."""

    def __init__(self, graph: Graph) -> None:
        self.source = Source(graph)
        self.writer = ListenWriter(graph)
        self.seconds = 0.0
        self.took_ms: list[float] = []

    def __enter__(self) -> None:
        self._stop = threading.Event()
        self._begin = time.perf_counter()
        self._thread = threading.Thread(target=self._produce)
        self._thread.start()
        time.sleep(_WARM_UP_S)

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.seconds += time.perf_counter() - self._begin

    def _produce(self) -> None:
        sent: list[Future[None]] = []
        with ThreadPoolExecutor(64) as pool:
            while not self._stop.wait(max(self._begin + len(sent) / PER_SECOND - time.perf_counter(), 0)):
                sent += [
                    pool.submit(self._send, time.perf_counter()) for _ in range(int(PER_SECOND * _TICK_S))
                ]
        for one in sent:
            one.result()

    def _send(self, due: float) -> None:
        self.writer.record(self.source.take(1))
        self.took_ms.append((time.perf_counter() - due) * 1e3)

    def summary(self) -> str:
        """How many were written a second, and how long each took from when it was due."""
        p50, p99 = np.percentile(self.took_ms, [50, 99])
        rate = len(self.took_ms) / self.seconds
        return f"{rate:,.0f} listens a second were written, each in {p50:.0f} ms p50, {p99:.0f} ms p99"


def run(graph: Graph, clock: Clock, producer: Producer, n: int) -> None:
    """Blocks in quiet and blocks with listens, in turns, of the same users."""
    track_cache = TrackCache()
    track_cache.refresh(graph)
    gc.freeze()
    users = cycle(some_users(graph, n))

    def block(name: str, measured: int) -> None:
        work = {name: lambda: recommend(graph, next(users), track_cache=track_cache)}
        clock.in_blocks(work, n=measured, warm_up=0, rounds=1, most_s=60.0)

    for _ in range(n):
        recommend(graph, next(users), track_cache=track_cache)
    for _ in range(_ROUNDS):
        clock.in_blocks({FLOOR: partial(floor, graph)}, n=n, rounds=1)
        block("recommend in quiet", n)
        with producer:
            block(f"recommend, {PER_SECOND} listens a second", n)
    producer.writer.close()


def test_while_listening() -> None:
    main([])


if __name__ == "__main__":
    main()
