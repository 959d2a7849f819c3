"""`reset` without a Neo4j: what it refuses, asks and says."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.embedded.home import Home
from muse_graph.errors import EmbeddedError
from muse_graph.graph.connection import Graph
from muse_graph.model_store.store import publish, writing
from tests.fakes import FakeGraph
from tests.unit.cli.conftest import Done

Run = Callable[..., Done]
COUNTS = dict.fromkeys(
    ("friendships", "tracks", "artists", "genres", "listens", "countries", "influencers"), 0
)
HELD = "1,234 users, 0 friendships, 0 artists, 0 tracks, 0 listens, 0 influencers; 0 MB"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A home with a store, alone with us; the mock of `embedded.Alone` that is handed out."""
    home = Home.at(tmp_path / "home")
    for folder in home.store_folders:
        folder.mkdir(parents=True)
    alone = create_autospec(embedded.Alone, instance=True)
    alone.home, alone.settings = home, Settings(home=home.path)
    alone.server.return_value = SimpleNamespace(uri="bolt://x", username="neo4j", password="p")

    @contextmanager
    def hand_out(settings: Settings, purpose: str) -> Iterator[Any]:
        assert (settings.home, purpose) == (tmp_path / "home", "muse-graph reset")
        yield alone

    monkeypatch.setattr(embedded, "alone", hand_out)
    graph = FakeGraph({"graph_counts": [{"users": 1234, **COUNTS}]})
    monkeypatch.setattr(Graph, "connect", lambda settings: graph)
    return alone


@pytest.fixture
def models(home: Any) -> Path:
    folder = Path(home.settings.models_folder)
    with writing(folder):
        publish(folder, {"weight": np.array([1.0])}, {})
    return folder


def answering(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at a terminal and types this."""
    typed = io.StringIO(text)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)


def test_a_remote_database_is_refused(home: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://graph.example:7687")
    done = run("reset", "--yes")
    assert (done.code, done.out) == (2, "")
    assert "NEO4J_URI is bolt://graph.example:7687: unset NEO4J_URI, or delete what is there" in done.err
    assert not home.empty.called


def test_without_a_terminal_yes_has_to_be_said(home: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    done = run("reset")
    assert (done.code, done.err) == (
        2,
        "error: reset asks before it deletes, and there is no terminal: --yes does not ask\n",
    )
    assert not home.empty.called


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("Yes\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_it_asks(typed: str, code: int, home: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(typed, monkeypatch)
    done = run("--quiet", "reset")
    assert f"Delete the graph in {home.home.path} ({HELD})? [y/N] " in done.err
    assert (done.code, home.empty.called) == (code, code == 0)


def test_yes_says_what_is_deleted(home: Any, models: Path, run: Run) -> None:
    done = run("reset", "--yes")
    assert done.err.splitlines() == [
        f"deleting the graph in {home.home.path} ({HELD})",
        f"the graph is empty; 1 trained model in {models} kept, which --with-models deletes",
    ]
    assert home.empty.call_count == 1


def test_models_too(home: Any, models: Path, run: Run) -> None:
    done = run("reset", "--yes", "--with-models")
    assert f" and 1 trained model in {models} (0 MB)\n" in done.err
    assert done.err.endswith("the graph is empty; 1 trained model deleted\n")
    assert not [*models.glob("v*")]


def test_a_graph_that_does_not_open_can_be_deleted(home: Any, run: Run) -> None:
    home.server.side_effect = EmbeddedError("Neo4j exited while starting")
    done = run("reset", "--yes")
    assert "what the graph holds cannot be read: Neo4j exited while starting\n" in done.err
    assert (done.code, home.empty.called) == (0, True)


@pytest.mark.parametrize(
    ("step", "kept"),
    [("server", "nothing was deleted"), ("empty", "the same command deletes the rest")],
)
def test_an_interruption_says_what_is_kept(step: str, kept: str, home: Any, run: Run) -> None:
    getattr(home, step).side_effect = KeyboardInterrupt
    done = run("reset", "--yes")
    assert (done.code, done.err.splitlines()[-1]) == (130, f"interrupted: {kept}")


def test_where_there_is_no_graph_nothing_is_made(run: Run, tmp_path: Path) -> None:
    done = run("reset", "--yes")
    assert (done.code, done.err) == (0, f"nothing to delete: there is no graph in {tmp_path / 'home'}\n")
    assert not (tmp_path / "home").exists()
