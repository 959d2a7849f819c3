"""`muse-graph reset` on a Neo4j that runs on: refused while it is used, and finished where it was cut off."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from muse_graph import embedded
from muse_graph.cli import main
from muse_graph.config import Settings
from muse_graph.graph import schema
from muse_graph.service.maintenance.health import summary
from tests.conftest import load_toy, wipe
from tests.load.conftest import connected


@pytest.fixture
def filled(home: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The home of these tests as the one of the commands, with a graph in it."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    for name, value in {
        "MUSE_HOME": home.home,
        "MUSE_NEO4J_HEAP_MB": 512,
        "MUSE_NEO4J_PAGECACHE_MB": 128,
    }.items():
        monkeypatch.setenv(name, str(value))
    with connected(home) as graph:
        schema.migrate(graph)
        wipe(graph)
        load_toy(graph)
    return home


def reset(*options: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["reset", "--yes", *options])
    return int(left.value.code or 0)


def test_a_reset(
    filled: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with embedded.running(filled, "muse-graph serve"):
        assert reset() == 1
    said = capsys.readouterr().err
    assert said.endswith(f"is in use by muse-graph serve, process {os.getpid()}\n")
    with connected(filled) as graph:
        held = summary(graph)
    assert held["users"] > 0

    delete, deleted = shutil.rmtree, []

    def interrupted(path: Path) -> None:
        """The first of the two folders of a store goes, and then somebody presses Ctrl-C."""
        deleted.append(path)
        if len(deleted) == 2:
            raise KeyboardInterrupt
        delete(path)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    assert reset() == 130
    said = capsys.readouterr().err
    assert f"({held['users']} users, {held['friendships']} friendships, {held['artists']} artists, " in said
    assert "or its reset, was interrupted: nothing was kept, the graph is empty" in said
    assert said.endswith("interrupted: the same command deletes the rest\n")
    monkeypatch.undo()
    # The server that `neo4j start` has started runs on.
    assert embedded.status(filled).running
    with connected(filled) as graph:
        assert set(summary(graph).values()) == {0}
        schema.migrate(graph)
        load_toy(graph)
        assert summary(graph) == held
