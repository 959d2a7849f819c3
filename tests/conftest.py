"""Fixtures that every suite may ask for: a real Neo4j, empty or with the graph of `tests/worlds/toy.py`.

The server at NEO4J_URI is used where that is set, and **what it holds is wiped**; so one that holds more than
tests leave behind is refused. Else a server of the tests' own starts, with the jars of the user's cache.
MUSE_SKIP_NEO4J=1 skips what needs a database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pyarrow as pa
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from tests.worlds.toy import TABLES

#: A database with more nodes than this was not left by tests.
MOST_LEFT_BEHIND = 10_000

_WIPE = """
MATCH (n) WHERE NOT n:Migration
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS
"""


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings that name a server which runs until the tests are over."""
    if os.environ.get("MUSE_SKIP_NEO4J") == "1":
        pytest.skip("MUSE_SKIP_NEO4J is 1")
    given = Settings.from_environment()
    if given.neo4j_uri is not None:
        yield given
        return
    home = tmp_path_factory.mktemp("neo4j")
    own = given.model_copy(update={"home": home, "neo4j_heap_mb": 512, "neo4j_pagecache_mb": 128})
    with embedded.running(own) as server:
        yield own.at(server.uri, server.username, server.password)


@pytest.fixture(scope="session")
def graph(settings: Settings) -> Iterator[Graph]:
    """The database, migrated; a test that needs to know what is in it takes one of the next two."""
    with Graph.connect(settings) as graph:
        (found,) = graph.run("MATCH (n) RETURN count(n) AS nodes", writes=False)
        if found["nodes"] > MOST_LEFT_BEHIND:
            pytest.fail(f"tests would wipe {found['nodes']} nodes at {settings.neo4j_uri}; name another one")
        schema.migrate(graph)
        yield graph


@pytest.fixture
def empty_graph(graph: Graph) -> Graph:
    """The database without data, its schema in place."""
    wipe(graph)
    return graph


@pytest.fixture
def toy_graph(empty_graph: Graph) -> Graph:
    """The database with `tests/worlds/toy.py` in it, written as any load is."""
    load_toy(empty_graph)
    return empty_graph


def wipe(graph: Graph) -> None:
    """Delete all data, and leave the schema in place."""
    graph.run_alone(_WIPE)


def load_toy(graph: Graph) -> None:
    """Load `tests/worlds/toy.py` into an empty graph."""
    rejects = Rejects()
    load(graph, toy_batches(), rejects, theta=0.2, advance=lambda _step, _rows: None)
    loaded = {table: tally.loaded for table, tally in rejects.tally.items()}
    assert loaded == {table: len(rows) for table, rows in TABLES.items()}


def toy_batches() -> Iterator[tuple[str, pa.RecordBatch]]:
    """The tables of `tests/worlds/toy.py` as a loader yields them; row numbers stand for lines."""
    for table, rows in TABLES.items():
        numbered = [row | {"line": number} for number, row in enumerate(rows, 1)]
        yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])
