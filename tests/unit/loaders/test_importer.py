"""The bulk load around Neo4j's importer: what runs when, what is told, and what is written afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pyarrow as pa
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.errors import EmbeddedError
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph
from muse_graph.loaders.bulk import importer
from muse_graph.loaders.bulk.derive_tables import DerivedTables
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from tests.unit.writes import WritingGraph
from tests.worlds import toy

SETTINGS = Settings()
STATUS = embedded.Status(True, "bolt://there", "me", "word", "", "", 1, "")
PROFILES = [(f"u{n}", bytes([n])) for n in range(1, 6)]


class Stage:
    """Stands in for the embedded Neo4j and the connection to it; remembers what happened, in order.

    Attributes:
        running: whether the server ran before
        result: exit code and words of the importer
        rows: of each file that the importer was given, by kind and name
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, running: bool) -> None:
        self.steps: list[str] = []
        self.result = (0, "", "")
        self.options: list[str] = []
        self.rows: dict[str, int] = {}
        self.reached: list[Settings] = []
        self.graph = WritingGraph()
        neo4j, graphs = create_autospec(embedded), create_autospec(Graph)
        neo4j.status.side_effect = lambda settings: replace(STATUS, running=running)
        neo4j.stop.side_effect = lambda settings: self.steps.append("stop")
        neo4j.start.side_effect = self._start
        neo4j.running.side_effect = self._running
        neo4j.admin.side_effect = self._admin
        graphs.connect.side_effect = self._connect
        migrate = create_autospec(schema.migrate)
        migrate.side_effect = lambda graph: self.steps.append("migrate")
        monkeypatch.setattr(importer, "embedded", neo4j)
        monkeypatch.setattr(importer, "Graph", graphs)
        monkeypatch.setattr(importer.schema, "migrate", migrate)

    def _start(self, settings: Settings) -> embedded.Status:
        self.steps.append("start")
        return STATUS

    @contextmanager
    def _running(self, settings: Settings) -> Iterator[embedded.Status]:
        self.steps.append("running")
        try:
            yield STATUS
        finally:
            self.steps.append("at rest")

    def _admin(
        self, settings: Settings, args: list[str], *, capture: bool
    ) -> subprocess.CompletedProcess[str]:
        self.steps.append("import")
        assert settings is SETTINGS
        assert capture
        self.options = [one for one in args if not one.startswith(("--nodes=", "--relationships="))]
        for one in args[len(self.options) :]:
            name, _, files = one.rpartition("=")
            header, rows = (Path(path) for path in files.split(","))
            assert header.read_text("utf-8")
            self.rows[name] = self.rows.get(name, 0) + len(rows.read_text("utf-8").splitlines())
        return subprocess.CompletedProcess(args, self.result[0], self.result[1], self.result[2])

    @contextmanager
    def _connect(self, settings: Settings) -> Iterator[WritingGraph]:
        self.steps.append("connect")
        self.reached.append(settings)
        yield self.graph


def batches() -> Iterator[tuple[str, pa.RecordBatch]]:
    for table, rows in toy.TABLES.items():
        numbered = [row | {"line": line} for line, row in enumerate(rows, 1)]
        yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])


def rejects() -> Rejects:
    made = Rejects()
    for table, rows in toy.TABLES.items():
        made.tally[table].read = len(rows)
    return made


def run() -> list[tuple[str, int]]:
    """Load the toy world; what was told on the way."""
    told: list[tuple[str, int]] = []
    importer.bulk_load(SETTINGS, batches(), rejects(), theta=0.2, advance=lambda *news: told.append(news))
    return told


@pytest.mark.parametrize(
    ("running", "server"), [(True, ["start"]), (False, ["running"])], ids=["ran before", "did not run"]
)
def test_the_server_rests_during_the_import_and_runs_on_only_if_it_ran(
    running: bool, server: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(monkeypatch, running=running)
    run()
    end = [] if running else ["at rest"]
    assert stage.steps == ["stop", "import", *server, "connect", "migrate", *end]
    (reached,) = stage.reached
    assert (reached.neo4j_uri, reached.neo4j_username, reached.neo4j_password) == (
        "bolt://there",
        "me",
        "word",
    )


def test_the_importer_gets_every_row_and_the_graph_what_files_cannot_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage(monkeypatch, running=True)
    told = run()
    assert stage.options == [
        *("database", "import", "full", "neo4j"),
        *("--overwrite-destination=true", "--id-type=integer", "--array-delimiter=;", "--bad-tolerance=0"),
    ]
    for label, table in (("User", "users"), ("Track", "tracks"), ("Artist", "artists"), ("Genre", "genres")):
        assert stage.rows[f"--nodes={label}"] == len(toy.TABLES[table])
    assert stage.rows["--relationships=PLAYED"] == len({row["listen_id"] for row in toy.TABLES["listens"]})
    assert [name for name, _ in stage.graph.wrote] == ["put_profiles", "refresh_radar", "finish_imports"]
    heard = {row["user_id"] for row in toy.TABLES["listens"]}
    profiles = stage.graph.rows_of("put_profiles")
    assert sorted(row["user_id"] for row in profiles) == sorted(heard)
    assert all(isinstance(row["profile"], bytes) for row in profiles)
    assert [news for news in told if news[0] == "profiles"] == [("profiles", len(heard))]


@pytest.mark.parametrize(
    ("size", "sizes"),
    [(2, [2, 2, 1]), (5, [5, 0]), (6, [5])],
    ids=["pages", "one page to the full", "one page"],
)
def test_profiles_are_written_page_by_page(
    size: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "_PROFILE_ROWS", size)
    derived = create_autospec(DerivedTables, instance=True)
    derived.profiles.return_value = iter(PROFILES)
    graph, told = WritingGraph(), []
    importer._write_profiles(graph, derived, lambda *news: told.append(news))
    assert [(name, len(params["rows"])) for name, params in graph.wrote] == [
        ("put_profiles", n) for n in sizes
    ]
    assert [(row["user_id"], row["profile"]) for row in graph.rows_of("put_profiles")] == PROFILES
    assert told == [("profiles", n) for n in sizes]


@pytest.mark.parametrize(
    ("result", "words"),
    [((1, "out", "no room"), "no room"), ((70, "bad row", ""), "bad row"), ((1, "", "x" * 3000), "x" * 2000)],
    ids=["its errors", "else its output", "the end of it"],
)
def test_an_importer_that_fails_is_quoted_and_nothing_is_started(
    result: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(monkeypatch, running=False)
    stage.result = result
    with pytest.raises(EmbeddedError) as failed:
        run()
    assert str(failed.value) == f"Neo4j's importer failed: {words}"
    assert stage.steps == ["stop", "import"]
