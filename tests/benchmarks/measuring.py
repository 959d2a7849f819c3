"""What the benchmarks share: a world to measure in, times beside those of ``RETURN 1``, rows of a CSV file.

python -m tests.benchmarks.bench_recommend --home STORE --output docs/benchmarks/recommend.csv
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph

T = TypeVar("T")

FLOOR = "RETURN 1"
COLUMNS = [
    "date",
    "machine",
    "neo4j",
    "users",
    "measure",
    "n",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "p50_ratio",
    "p99_ratio",
]


def parser(text: str, *, n: int) -> argparse.ArgumentParser:
    """The options every benchmark has."""
    options = argparse.ArgumentParser(description=text)
    options.add_argument(
        "--home", type=Path, help="store of an embedded Neo4j; else a new world in a folder of its own"
    )
    options.add_argument("--users", type=int, default=2_000, help="listeners of a new world")
    options.add_argument("--n", type=int, default=n, help="measurements of each kind")
    options.add_argument("--output", type=Path, help="CSV file that the rows are added to")
    return options


@contextmanager
def world(home: Path | None, users: int) -> Iterator[Settings]:
    """A database with listeners; a home without a graph gets one first; a server that runs stays up."""
    if home is None:
        with TemporaryDirectory(prefix="muse-bench-") as folder, world(Path(folder), users) as settings:
            yield settings
        return
    settings = Settings.from_environment().model_copy(update={"home": home, "neo4j_uri": None})
    if not embedded.has_store(settings):
        command = [
            sys.executable,
            "-m",
            "muse_graph",
            "load",
            "synthetic",
            "--users",
            str(users),
            "--home",
            str(home),
        ]
        env = {name: value for name, value in os.environ.items() if name != "NEO4J_URI"}
        subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    with embedded.running(settings) as running:
        yield settings.at(running.uri, running.username, running.password)


@contextmanager
def worker_world(home: Path | None, users: int) -> Iterator[Settings]:
    """As `world`, and this process set up as a worker of the service is: for what is measured in it."""
    # Not at the top: the memory of a load is measured in a process that imports this module.
    from muse_graph.api import server

    server.tune_process()
    with world(home, users) as settings:
        yield settings


def some_users(graph: Graph, n: int, seed: int = 7) -> list[str]:
    """n ids of users at random, the same for the same graph."""
    (row,) = graph.run(
        "MATCH (u:User) WITH u.user_id AS id ORDER BY id RETURN collect(id) AS ids", writes=False
    )
    return random.Random(seed).choices(row["ids"], k=n)


def floor(graph: Graph) -> None:
    """The least a query can take."""
    graph.run("RETURN 1 AS one", writes=False)


@dataclass
class Clock:
    """Times in ms by what was measured, in the order they were taken, and where a block of them begins."""

    times: dict[str, list[float]] = field(default_factory=dict)
    blocks: dict[str, list[int]] = field(default_factory=dict)

    def measure(self, name: str, work: Callable[[], T]) -> T:
        """Do it, and remember how long it took."""
        begin = time.perf_counter()
        answer = work()
        self.times.setdefault(name, []).append((time.perf_counter() - begin) * 1e3)
        return answer

    def in_blocks(
        self,
        works: Mapping[str, Callable[[], object]],
        *,
        n: int = 100,
        warm_up: int = 20,
        rounds: int = 5,
        most_s: float = 10.0,
    ) -> None:
        """Measure each work in blocks of its own, the blocks in turns.

        What is asked for again and again is answered from warm caches; work done in between would cool them.

        Args:
            n, warm_up: how often in a block, after how often before it
            most_s: a block ends after that many seconds, whatever is left of it
        """
        for _ in range(rounds):
            for name, work in works.items():
                end = time.perf_counter() + most_s
                for _ in range(warm_up):
                    work()
                self.blocks.setdefault(name, []).append(len(self.times.get(name, [])))
                for _ in range(n):
                    self.measure(name, work)
                    if time.perf_counter() > end:
                        break

    def percentiles(self, name: str) -> Sequence[float]:
        """p50, p95 and p99 of what was measured; of blocks the medians over the blocks."""
        begins = [*self.blocks.get(name, [0]), len(self.times[name])]
        found = [np.percentile(self.times[name][slice(*one)], [50, 95, 99]) for one in pairwise(begins)]
        return [float(one) for one in np.median(found, axis=0)]


def report(graph: Graph, clock: Clock, output: Path | None, how: str = "") -> None:
    """Print a table of the times and their ratios to the floor; add it to the CSV file.

    Args:
        how: added to the name of each measure
    """
    base = clock.percentiles(FLOOR)
    about = facts(graph)
    rows = []
    for name, times in clock.times.items():
        p50, p95, p99 = clock.percentiles(name)
        figures = [f"{figure:.2f}" for figure in (p50, p95, p99, p50 / base[0], p99 / base[2])]
        rows.append([*about, name + how, len(times), *figures])
    show(rows, output)


def facts(graph: Graph) -> list[Any]:
    """Date, machine, version of Neo4j, users."""
    text = (
        "CALL dbms.components() YIELD name, versions WITH * WHERE name = 'Neo4j Kernel' "
        "RETURN versions[0] AS version, COUNT { (:User) } AS users"
    )
    (row,) = graph.run(text, writes=False)
    return [datetime.now(UTC).date().isoformat(), machine(), row["version"], row["users"]]


def machine() -> str:
    """Cores, their model and the version of Python."""
    models = [line for line in _cpuinfo() if line.startswith("model name")]
    model = models[0].split(":", 1)[1].strip() if models else platform.machine()
    return f"{os.cpu_count()} x {model}, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def show(rows: Sequence[Sequence[object]], output: Path | None, columns: Sequence[str] = COLUMNS) -> None:
    """Print rows, and add them to a CSV file that begins with the names of its columns."""
    for row in [columns, *rows]:
        sys.stdout.write("  ".join(str(value) for value in row[4:]) + "\n")
    if output is None:
        return
    new = not output.exists()
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *rows] if new else rows)
