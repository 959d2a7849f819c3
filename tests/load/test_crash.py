"""A load that is killed in the middle, and loaded again, leaves the graph of one that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from tests.conftest import wipe
from tests.graph_dump import dump
from tests.load.conftest import Batches, load_over_bolt
from tests.worlds.sample import corner

USERS, SEED = 120, 5

# Another process loads in small batches, says what is done, and waits for the end at the given place.
LOAD = """
import sys, time
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.write_batches import load
from muse_graph.loaders.rejects import Rejects
from tests.worlds.sample import corner

def batches():
    for table, batch in corner(int(sys.argv[1]), seed=int(sys.argv[2])):
        for start in range(0, batch.num_rows, 100):
            yield table, batch.slice(start, 100)

def advance(step, rows):
    print(step, flush=True)

with Graph.connect(Settings.from_environment()) as graph:
    load(graph, batches(), Rejects(), theta=0.2, advance=advance)
"""


@pytest.fixture(scope="module")
def whole(graph: Graph) -> object:
    """What a load that nothing interrupts leaves."""
    wipe(graph)
    load_over_bolt(graph, synthetic)
    return dump(graph)


@pytest.mark.parametrize(("step", "times"), [("tracks", 2), ("listens", 1), ("listens", 6)])
def test_a_load_killed_in_the_middle_is_made_whole_by_the_next(
    step: str, times: int, whole: object, empty_graph: Graph, settings: Settings
) -> None:
    assert settings.neo4j_uri is not None
    environment = {
        "NEO4J_URI": settings.neo4j_uri,
        "NEO4J_USERNAME": settings.neo4j_username,
        "NEO4J_PASSWORD": settings.neo4j_password,
        "NEO4J_DATABASE": settings.neo4j_database,
    }
    with child(LOAD, environment) as (loading, said):
        for _ in range(times):
            assert any(line == step for line in said), step
        loading.send_signal(signal.SIGKILL)
    assert loading.returncode == -signal.SIGKILL
    assert dump(empty_graph) != whole
    load_over_bolt(empty_graph, synthetic)
    assert dump(empty_graph) == whole


def synthetic(_rejects: Rejects) -> Batches:
    return corner(USERS, seed=SEED)


@contextmanager
def child(code: str, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """A Python that runs code with these settings alone, and what it says line by line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MUSE_", "NEO4J_"))}
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(USERS), str(SEED)],
        cwd=root,
        env=kept | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            yield process, (line.rstrip() for line in process.stdout)
        finally:
            process.kill()
