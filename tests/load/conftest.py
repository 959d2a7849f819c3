"""Loads into a Neo4j that runs, and by its importer into homes of the tests' own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.bulk import bulk_load
from muse_graph.loaders.rejects import Rejects, Tally
from muse_graph.loaders.write_batches import load

Batches = Iterable[tuple[str, pa.RecordBatch]]
Tallies = dict[str, Tally]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that ``-m "not neo4j"`` leaves them out."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.neo4j)


@pytest.fixture(scope="session")
def data() -> Path:
    """Where the public data sets are, each in a folder of its own; none is part of this repository."""
    return Path(os.environ.get("MUSE_DATA", "MUSE_DATA is not set"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of an embedded Neo4j that runs until the tests are over; each bulk load replaces its graph."""
    if os.environ.get("MUSE_SKIP_NEO4J") == "1":
        pytest.skip("MUSE_SKIP_NEO4J is 1")
    folder = tmp_path_factory.mktemp("home")
    given = Settings.from_environment()
    small = {"neo4j_uri": None, "home": folder, "neo4j_heap_mb": 512, "neo4j_pagecache_mb": 128}
    own = given.model_copy(update=small)
    try:
        embedded.start(own)
        yield own
    finally:
        embedded.stop(own)


@contextmanager
def connected(home: Settings) -> Iterator[Graph]:
    """The graph of a home."""
    status = embedded.start(home)
    with Graph.connect(home.at(status.uri, status.username, status.password)) as graph:
        yield graph


def load_over_bolt(graph: Graph, make: Callable[[Rejects], Batches], path: Path | None = None) -> Tallies:
    """Load what make(rejects) yields; returns the counts by table."""
    with Rejects(path) as rejects:
        load(graph, make(rejects), rejects, theta=0.2, advance=ignore)
    return dict(rejects.tally)


def load_in_bulk(home: Settings, make: Callable[[Rejects], Batches], path: Path | None = None) -> Tallies:
    """Fill a home by the importer with what make(rejects) yields; returns the counts by table."""
    with Rejects(path) as rejects, embedded.alone(home, "test") as alone:
        bulk_load(alone, make(rejects), rejects, theta=0.2, advance=ignore)
    return dict(rejects.tally)


def ignore(_step: str, _rows: int) -> None:
    """Take no notice of progress."""
