"""Listens a second: one by one, in batches, and from many threads through one writer.

It writes, so it wants a scratch world: a graph of more than 10,000 users is refused.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np

from muse_graph.graph.connection import Graph
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.listens.record import Listen, record_listens
from tests.benchmarks.measuring import COLUMNS, facts, parser, show, some_users, world

MOST_USERS = 10_000
#: No row takes longer than this.
MOST_S = 30
THREADS = 8
BEGIN = datetime(2026, 10, 1, tzinfo=UTC)

Record = Callable[[Sequence[Listen]], object]


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=2_000).parse_args(args)
    with world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        if facts(graph)[-1] > MOST_USERS:
            raise SystemExit(f"this writes; {options.home} has more than {MOST_USERS} users")
        rows = [[*facts(graph), *row] for row in run(graph, options.n)]
        show(rows, options.output, [*COLUMNS[:5], "listens", "listens_per_s", "p50_ms", "p95_ms", "p99_ms"])


def run(graph: Graph, n: int) -> list[list[object]]:
    """A row for each way to write n listens."""
    source = Source(graph)
    writer = ListenWriter(graph)
    ways: list[tuple[str, Record, int, int]] = [
        ("record_listens, one by one", lambda listens: record_listens(graph, listens), 1, 1),
        ("record_listens, batches of 100", lambda listens: record_listens(graph, listens), 100, 1),
        ("record_listens, batches of 1,000", lambda listens: record_listens(graph, listens), 1_000, 1),
        ("ListenWriter, one by one, 8 threads", writer.record, 1, THREADS),
        ("ListenWriter, batches of 100, 8 threads", writer.record, 100, THREADS),
    ]
    record_listens(graph, source.take(100))
    rows = [[name, *measure(record, source.take(n), size, threads)] for name, record, size, threads in ways]
    writer.close()
    return rows


class Source:
    """Listens of random users to random tracks, a minute apart."""

    def __init__(self, graph: Graph) -> None:
        (row,) = graph.run("MATCH (t:Track) RETURN collect(t.track_id) AS ids", writes=False)
        self.tracks, self.users = sorted(row["ids"]), some_users(graph, 1_000)
        self.random, self.numbers, self.run = random.Random(7), count(), time.time_ns()

    def take(self, n: int) -> list[Listen]:
        return [self._listen(next(self.numbers)) for _ in range(n)]

    def _listen(self, number: int) -> Listen:
        choose = self.random
        user, track, at = (
            choose.choice(self.users),
            choose.choice(self.tracks),
            BEGIN + timedelta(minutes=number),
        )
        return Listen(f"bench-{self.run}-{number}", user, track, at, round(choose.random(), 3))


def measure(record: Record, listens: list[Listen], size: int, threads: int) -> list[object]:
    """Write the listens in batches from some threads: how many, how many a second, and ms a call."""
    begin = time.perf_counter()

    def write(batch: Sequence[Listen]) -> float | None:
        start = time.perf_counter()
        if start - begin > MOST_S:
            return None
        record(batch)
        return (time.perf_counter() - start) * 1e3

    batches = [listens[at : at + size] for at in range(0, len(listens), size)]
    with ThreadPoolExecutor(threads) as pool:
        times = list(pool.map(write, batches))
    took = time.perf_counter() - begin
    done = [ms for ms in times if ms is not None]
    written = sum(len(batch) for batch, ms in zip(batches, times, strict=True) if ms is not None)
    return [written, round(written / took), *(f"{ms:.1f}" for ms in np.percentile(done, [50, 95, 99]))]


def test_listens() -> None:
    main([])


if __name__ == "__main__":
    main()
