"""A world beside one ten times as large: its store, lists, listens coming in, the memory of a worker.

python -m tests.benchmarks.bench_growth --homes SMALL LARGE --output docs/benchmarks/growth.csv

Both databases run at once, and what is measured of one is measured of the other in the next block. It writes
listens, so it wants stores of its own or copies.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import psutil

from muse_graph.config import Settings
from muse_graph.embedded.home import Home
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.listens.record import record_listens
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.benchmarks.bench_listens import Source, from_threads
from tests.benchmarks.bench_recommend import Wire, served
from tests.benchmarks.measuring import Clock, facts, floor, show, some_users, worker_world

COLUMNS = ["date", "machine", "neo4j", "largest", "measure", "small", "large", "ratio"]
WORKERS = 2
#: Listeners whose lists are asked for, those of them who come again, and who ask the workers.
_USERS, _FEW, _ASKING = 2_000, 200, 500
_THREADS = 32
_MANY = f"{_THREADS} threads, 10 listens each"
#: Between a measure and the place of its world.
_AT = " @"


def main(args: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--homes", type=Path, nargs=2, help="stores of two worlds, the smaller one first")
    options.add_argument("--users", type=int, default=500, help="listeners of the smaller of two new worlds")
    options.add_argument("--n", type=int, default=200, help="lists in a block")
    options.add_argument("--output", type=Path, help="CSV file that the rows are added to")
    chosen = options.parse_args(args)
    homes = chosen.homes or (None, None)
    sizes = chosen.users, 10 * chosen.users
    with ExitStack() as stack:
        stores = [stack.enter_context(opened(home, users)) for home, users in zip(homes, sizes, strict=True)]
        found = figures(stores, chosen.n)
        about = facts(stores[1].graph)
        rows = [
            [*about, name, *map(_spelled, pair), f"{pair[1] / pair[0]:.2f}"] for name, pair in found.items()
        ]
        show(rows, chosen.output, COLUMNS)


@dataclass(frozen=True)
class Store:
    """A world that is up, and what the service has of it."""

    settings: Settings
    graph: Graph
    users: list[str]
    track_cache: TrackCache
    source: Source

    def size_gib(self) -> float:
        """What the database takes on the disk, without its log of transactions."""
        return Home.at(self.settings.home).store_mb / 1024

    def count(self, pattern: str) -> int:
        """How much there is of what a pattern finds, without its relationships being read."""
        (row,) = self.graph.run(f"RETURN COUNT {{ {pattern} }} AS n", writes=False)
        return int(row["n"])


@contextmanager
def opened(home: Path | None, users: int) -> Iterator[Store]:
    """A world, with the tracks that the service has read by the time of the first list."""
    with worker_world(home, users) as settings, Graph.connect(settings) as graph:
        track_cache = TrackCache()
        track_cache.refresh(graph)
        yield Store(settings, graph, some_users(graph, _USERS), track_cache, Source(graph))


def figures(stores: Sequence[Store], n: int) -> dict[str, list[float]]:
    """By measure the figure of each world."""
    sizes: dict[str, Callable[[Store], float]] = {
        "users": lambda store: store.count("(:User)"),
        "listens": lambda store: store.count("()-[:PLAYED]->()"),
        "tracks": lambda store: store.count("(:Track)"),
        "store, GiB": Store.size_gib,
    }
    found = {name: [measure(store) for store in stores] for name, measure in sizes.items()}
    gc.freeze()
    clock = timed(stores, n)
    for measure in dict.fromkeys(name.partition(_AT)[0] for name in clock.times):
        own = [clock.percentiles(f"{measure}{_AT}{place}") for place in range(len(stores))]
        if measure == _MANY:
            found["listens a second from 32 threads"] = [1e3 * 10 * _THREADS / p50 for p50, *_ in own]
            continue
        found[f"{measure}, p50 in ms"] = [p50 for p50, *_ in own]
        found[f"{measure}, p99 in ms"] = [p99 for *_, p99 in own]
    found["a worker's own memory after lists, MiB"] = [worker_mib(store) for store in stores]
    return found


def timed(stores: Sequence[Store], n: int) -> Clock:
    """Lists, then listens, each in blocks of its own and those of the worlds side by side."""
    clock = Clock()
    writers = [ListenWriter(store.graph) for store in stores]
    clock.in_blocks(_works(stores, {"RETURN 1": _floor, **_LISTS}), n=n)
    clock.in_blocks(_works(stores, {"one listen": _one_listen}), n=max(n // 2, 2))
    few = _works(stores, {"a batch of 1,000 listens": _batch})
    for place, (store, writer) in enumerate(zip(stores, writers, strict=True)):
        few[f"{_MANY}{_AT}{place}"] = partial(from_threads, writer, store.source, _THREADS)
    clock.in_blocks(few, n=max(n // 20, 2), warm_up=1)
    for writer in writers:
        writer.close()
    return clock


def _works(
    stores: Sequence[Store], makes: dict[str, Callable[[Store], Callable[[], object]]]
) -> dict[str, Callable[[], object]]:
    return {
        f"{name}{_AT}{place}": make(store)
        for name, make in makes.items()
        for place, store in enumerate(stores)
    }


def _floor(store: Store) -> Callable[[], object]:
    return partial(floor, store.graph)


def _lists_of(users: slice, store: Store) -> Callable[[], object]:
    next_one = cycle(store.users[users])
    return lambda: recommend(store.graph, next(next_one), track_cache=store.track_cache)


#: Of listeners each of whom comes for the first time, and of a few who come again and again.
_LISTS: dict[str, Callable[[Store], Callable[[], object]]] = {
    "a list, the first of a listener": partial(_lists_of, slice(_FEW, None)),
    "a list of one who comes again": partial(_lists_of, slice(_FEW)),
}


def _one_listen(store: Store) -> Callable[[], object]:
    return lambda: record_listens(store.graph, store.source.take(1))


def _batch(store: Store) -> Callable[[], object]:
    return lambda: record_listens(store.graph, store.source.take(1_000))


def worker_mib(store: Store) -> float:
    """What a worker of the service has to itself, the largest of them, after lists for many listeners."""
    with served(store.settings, workers=WORKERS) as wire:
        begin = time.monotonic()
        TrackCache().refresh(store.graph)
        time.sleep(2 * WORKERS * (time.monotonic() - begin))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(partial(_ask, wire.address), [store.users[part::8] for part in range(8)]))
        # The last process that was started.
        service = max(psutil.Process().children(), key=psutil.Process.create_time)
        return max(one.memory_full_info().uss for one in service.children(recursive=True)) / 2**20


def _ask(address: tuple[str, int], users: Sequence[str]) -> None:
    with Wire(*address) as wire:
        for user_id in users[: _ASKING // 8]:
            wire.fetch(user_id, anew=False)


def _spelled(figure: float) -> str:
    return str(figure) if isinstance(figure, int) else f"{figure:.2f}"


def test_growth() -> None:
    main([])


if __name__ == "__main__":
    sys.exit(main())
