"""Listens beside ``RETURN 1`` and a bare transaction: one alone, in batches, and from many threads.

python -m tests.benchmarks.bench_listens --home STORE --output docs/benchmarks/listens.csv

It writes, so it wants a store of its own or a copy. Each way in blocks of its own, the blocks in turns.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from muse_graph.graph.connection import Graph
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.listens.record import Listen, record_listens
from tests.benchmarks.measuring import FLOOR, Clock, floor, parser, report, some_users, worker_world

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
BARE = (Path(__file__).parent / "variants" / "bare_listens.cypher").read_text("utf-8")
_USERS = 30_000
_BATCH = 1_000


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=100).parse_args(args)
    with worker_world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        clock = Clock()
        run(graph, clock, options.n)
        report(graph, clock, options.output)
        for name, listens in PER_CALL.items():
            rate = 1e3 * listens / clock.percentiles(name)[0]
            sys.stdout.write(f"{name}: {rate:,.0f} listens a second\n")


#: Listens of one measurement.
PER_CALL = {
    "one listen": 1,
    "a batch of 1,000": _BATCH,
    "a bare transaction of 1,000": _BATCH,
    "8 threads, 10 each": 80,
    "32 threads, 10 each": 320,
}


def run(graph: Graph, clock: Clock, n: int) -> None:
    """All ways in turns: first those of one listen, then those of many."""
    source = Source(graph)
    writer = ListenWriter(graph)
    alone = {
        FLOOR: partial(floor, graph),
        "one listen": lambda: record_listens(graph, source.take(1)),
    }
    clock.in_blocks(alone, n=n)
    many: dict[str, Callable[[], object]] = {
        "a batch of 1,000": lambda: record_listens(graph, source.take(_BATCH)),
        "a bare transaction of 1,000": lambda: write_bare(graph, source.take(_BATCH)),
    }
    for threads in (8, 32):
        many[f"{threads} threads, 10 each"] = partial(from_threads, writer, source, threads)
    clock.in_blocks(many, n=max(n // 10, 2), warm_up=1)
    writer.close()


class Source:
    """Listens of random users to random tracks, a minute apart."""

    def __init__(self, graph: Graph) -> None:
        (row,) = graph.run("MATCH (t:Track) RETURN collect(t.track_id) AS ids", writes=False)
        self.tracks, self.users = sorted(row["ids"]), some_users(graph, _USERS)
        self.random, self.numbers, self.run = random.Random(7), count(), time.time_ns()

    def take(self, n: int) -> list[Listen]:
        return [self._listen(next(self.numbers)) for _ in range(n)]

    def _listen(self, number: int) -> Listen:
        choose = self.random
        user, track = choose.choice(self.users), choose.choice(self.tracks)
        at = BEGIN + timedelta(minutes=number)
        return Listen(f"bench-{self.run}-{number}", user, track, at, round(choose.random(), 3))


def from_threads(writer: ListenWriter, source: Source, threads: int) -> None:
    """Ten listens of each thread, one by one, through the one writer."""
    batches = [source.take(10) for _ in range(threads)]

    def send(listens: Sequence[Listen]) -> None:
        for listen in listens:
            writer.record([listen])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(send, batches))


def write_bare(graph: Graph, listens: Sequence[Listen]) -> None:
    """The same relationships and counters by one statement, and nothing else."""
    rows = [
        {
            "listen_id": one.listen_id,
            "user_id": one.user_id,
            "track_id": one.track_id,
            "listened_at": one.listened_at,
            "heard": one.heard,
            "heard_ppm": round((one.heard or 0) * 1e6),
        }
        for one in listens
    ]
    graph.run(BARE, {"rows": rows, "month": 202610}, writes=True)


def test_listens() -> None:
    main([])


if __name__ == "__main__":
    main()
