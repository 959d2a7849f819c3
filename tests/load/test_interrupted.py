"""Loads that are interrupted: the store opens, loads on, and ends as one that is loaded in peace.

Each interruption of the importer costs starts of Java, so that a run of the tests makes few of them;
``MUSE_INTERRUPTIONS=20`` makes as many more, of `load` and `demo`, in both ways, at random moments.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import pyarrow as pa
import pytest
from pyarrow import parquet

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.embedded.home import Home
from muse_graph.embedded.process import admin_mark
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.refresh import unfinished
from muse_graph.service.maintenance.doctor import examine
from tests.conftest import wipe
from tests.graph_dump import Element, dump
from tests.worlds.sample import corner

ROOT = Path(__file__).parents[2]
RANDOM = range(int(os.environ.get("MUSE_INTERRUPTIONS", "0")))
#: A busy machine takes minutes to start Java; what takes longer hangs.
PATIENCE_S = 900.0
#: What a command leaves that nothing interrupts, and how many seconds it takes by transactions.
InPeace = Callable[[tuple[str, ...]], tuple[Counter[Element], float]]

#: The program; tests that run in the background of a shell have Ctrl-C ignored, and their children with them.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from muse_graph.cli import main
main()
"""

DEMO = ("demo", "--users", "30", "--no-serve")


@dataclass(frozen=True)
class Command:
    """A command of the program, on a home of its own or a server that runs."""

    words: tuple[str, ...]
    home: Path
    server: Settings | None = None

    @property
    def log(self) -> Path:
        return self.home.with_suffix(".log")

    def start(self) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MUSE_", "NEO4J_"))}
        kept |= {"MUSE_HOME": str(self.home)}
        kept |= {"MUSE_NEO4J_HEAP_MB": "512", "MUSE_NEO4J_PAGECACHE_MB": "64"}
        if self.server is not None:
            kept |= {"NEO4J_URI": str(self.server.neo4j_uri), "NEO4J_PASSWORD": self.server.neo4j_password}
            kept |= {"NEO4J_USERNAME": self.server.neo4j_username}
        words = [sys.executable, "-c", PROGRAM, *self.words]
        with self.log.open("ab") as log:
            return subprocess.Popen(words, cwd=ROOT, env=kept, stdout=log, stderr=log)

    def run(self) -> None:
        with self.start() as process:
            assert process.wait(PATIENCE_S) == 0, self.said()

    def said(self) -> str:
        return self.log.read_text("utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world as files."""
    folder = tmp_path_factory.mktemp("data")
    for name, batch in corner(60, seed=5, tracks=60):
        parquet.write_table(pa.Table.from_batches([batch]).drop(["line"]), folder / f"{name}.parquet")
    return folder


@pytest.fixture
def load(data: Path, tmp_path: Path) -> tuple[str, ...]:
    rejects = tmp_path / "rejects.csv"
    return ("load", "tables", str(data), "--batch-rows", "50", "--rejects", str(rejects))


@pytest.fixture(scope="module")
def in_peace(
    graph: Graph, settings: Settings, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> object:
    @cache
    def run(words: tuple[str, ...]) -> tuple[Counter[Element], float]:
        wipe(graph)
        begin = time.monotonic()
        Command(words, tmp_path_factory.mktemp("peace") / "home", settings).run()
        return dump(graph), time.monotonic() - begin

    return run


def opened(home: Path) -> Counter[Element]:
    """The graph of a home, in which the doctor finds nothing wrong."""
    given = Settings(home=home, neo4j_heap_mb=512, neo4j_pagecache_mb=64)
    with (
        embedded.running(given, "test") as found,
        Graph.connect(given.at(found.uri, found.username, found.password)) as graph,
    ):
        return checked(graph)


def checked(graph: Graph) -> Counter[Element]:
    assert [one for one in examine(graph) if one.severity == "error"] == []
    return dump(graph)


def importer_of(home: Path) -> bool:
    """Whether the importer is at work on a store."""
    return Home.at(home).half_imported.exists() and bool(processes(admin_mark(Home.at(home))))


def processes(mark: str) -> list[psutil.Process]:
    return [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or ())]


def none_left(home: Path) -> bool:
    """Whether every Java of a home has gone."""
    path = Home.at(home).path
    return not processes(admin_mark(Home.at(home))) and not processes(f"--home-dir={path}")


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_import_is_killed_then_interrupted_then_left_in_peace(
    load: tuple[str, ...], in_peace: InPeace, tmp_path: Path
) -> None:
    command = Command(load, tmp_path / "home")
    with command.start() as process:
        wait_until(lambda: importer_of(command.home) or process.poll() is not None)
        process.kill()
    assert process.returncode == -signal.SIGKILL, command.said()
    # Nobody is left to end what it has started but the guard.
    wait_until(lambda: none_left(command.home))
    with command.start() as process:
        wait_until(lambda: importer_of(command.home) or process.poll() is not None)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130, command.said()
    assert command.said().endswith("nothing is kept, the graph is empty; the same command loads it\n")
    assert none_left(command.home)
    assert not embedded.has_store(Settings(home=command.home))
    command.run()
    assert "by Neo4j's importer" in command.said()
    assert opened(command.home) == in_peace(load)[0]


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_transactions_are_interrupted_and_loaded_on(
    ended_by: signal.Signals,
    load: tuple[str, ...],
    in_peace: InPeace,
    graph: Graph,
    settings: Settings,
    tmp_path: Path,
) -> None:
    whole, _ = in_peace(load)
    wipe(graph)
    command = Command(load, tmp_path / "home", settings)
    with command.start() as process:
        wait_until(lambda: bool(unfinished(graph)) or process.poll() is not None)
        process.send_signal(ended_by)
    if ended_by == signal.SIGINT:
        assert process.returncode == 130, command.said()
        assert command.said().endswith("new rows are kept; the same command loads the rest\n")
    assert dump(graph) != whole
    train = Command(("train",), tmp_path / "train", settings)
    with train.start() as process:
        assert process.wait() == 1
    assert f"`muse-graph load tables {load[2]}` was interrupted: run it again" in train.said()
    command.run()
    assert checked(graph) == whole


@pytest.mark.parametrize("seed", RANDOM)
def test_any_moment(
    seed: int, load: tuple[str, ...], in_peace: InPeace, graph: Graph, settings: Settings, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    words = (load, DEMO)[seed % 2]
    by_importer = seed % 4 < 2
    whole, duration = in_peace(words)
    wipe(graph)
    command = Command(words, tmp_path / "home", None if by_importer else settings)
    with command.start() as process:
        try:
            process.wait(chance.uniform(0, duration * (3 if by_importer else 1)))
        except subprocess.TimeoutExpired:
            process.send_signal(chance.choice([signal.SIGINT, signal.SIGKILL]))
    wait_until(lambda: none_left(command.home))
    command.run()
    assert (opened(command.home) if by_importer else checked(graph)) == whole
