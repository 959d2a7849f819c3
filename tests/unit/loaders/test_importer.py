"""The bulk load around Neo4j's importer: what runs when, and what the importer is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import pyarrow as pa
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.embedded import exclusive
from muse_graph.embedded.home import Home
from muse_graph.embedded.memory import Memory
from muse_graph.errors import EmbeddedError
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph
from muse_graph.loaders.bulk import importer
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from tests.unit.writes import WritingGraph
from tests.worlds import toy

STATUS = embedded.Status(True, "bolt://there", "me", "word", "", "", 1, "")


class Stage:
    """Stands in for a home that is ours alone and the connection to it; remembers what happened.

    Attributes:
        rows: of each file that the importer was given, by kind and name
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.steps: list[str] = []
        self.options: list[str] = []
        self.rows: dict[str, int] = {}
        self.reached: list[Settings] = []
        self.home = create_autospec(embedded.Alone, instance=True)
        self.home.settings = Settings()
        self.home.server.side_effect = lambda: self.steps.append("server") or STATUS
        self.home.import_folder.side_effect = lambda: self._folder(folder)
        self.home.import_full.side_effect = self._import
        graphs = create_autospec(Graph)
        graphs.connect.side_effect = self._connect
        migrate = create_autospec(schema.migrate)
        migrate.side_effect = lambda graph: self.steps.append("migrate")
        monkeypatch.setattr(importer, "Graph", graphs)
        monkeypatch.setattr(importer.schema, "migrate", migrate)

    @contextmanager
    def _folder(self, folder: Path) -> Iterator[Path]:
        self.steps.append("files")
        yield folder
        self.steps.append("no files")

    def _import(self, arguments: list[str], folder: Path) -> None:
        self.steps.append("import")
        self.options = [one for one in arguments if not one.startswith(("--nodes=", "--relationships="))]
        for one in arguments[len(self.options) :]:
            name, _, files = one.rpartition("=")
            header, rows = (folder / file for file in files.split(","))
            assert header.read_text("utf-8")
            self.rows[name] = self.rows.get(name, 0) + len(rows.read_text("utf-8").splitlines())

    @contextmanager
    def _connect(self, settings: Settings) -> Iterator[WritingGraph]:
        self.reached.append(settings)
        yield WritingGraph()

    def run(self, **changed: Any) -> None:
        """Load the toy world, with the first row of some tables changed."""
        rejects = Rejects()
        for table, rows in toy.TABLES.items():
            rejects.tally[table].read = len(rows)
        importer.bulk_load(self.home, batches(changed), rejects, theta=0.2, advance=lambda *_: None)


def batches(changed: dict[str, dict[str, str]]) -> Iterator[tuple[str, pa.RecordBatch]]:
    for table, rows in toy.TABLES.items():
        numbered = [row | {"line": line} for line, row in enumerate(rows, 1)]
        numbered[0] |= changed.get(table, {})
        yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def test_the_schema_comes_last_and_the_files_are_gone_by_then(stage: Stage) -> None:
    stage.run()
    assert stage.steps == ["files", "import", "no files", "server", "migrate"]
    (reached,) = stage.reached
    assert (reached.neo4j_uri, reached.neo4j_username, reached.neo4j_password) == (
        "bolt://there",
        "me",
        "word",
    )


def test_the_importer_gets_every_row(stage: Stage) -> None:
    stage.run()
    options = ["--id-type=actual", "--array-delimiter=;", "--bad-tolerance=0", "--path-pattern-style=none"]
    assert stage.options == options
    for label, table in (("User", "users"), ("Track", "tracks"), ("Artist", "artists"), ("Genre", "genres")):
        assert stage.rows[f"--nodes={label}"] == len(toy.TABLES[table])
    assert stage.rows["--relationships=PLAYED"] == len({row["listen_id"] for row in toy.TABLES["listens"]})


def test_the_importer_is_told_of_line_breaks(stage: Stage) -> None:
    stage.run(artists={"name": "Line one\nline two"})
    assert stage.options[-1] == "--multiline-fields=true"


REPORT = """Import failed in 2s.
-----------------------------------------------------
Command Failed
Error importing csv file.

ERROR in input
  data source: [source:02-Artist.csv, position:8, line:1]
  original error: Multi-line fields are illegal in this context.

Full exception details written to: /home/logs/neo4j-admin-exception-trace.log
-----------------------------------------------------
"""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            ("out", REPORT),
            "Command Failed Error importing csv file. ERROR in input data source: "
            "[source:02-Artist.csv, position:8, line:1] "
            "original error: Multi-line fields are illegal in this context.",
        ),
        (("bad row", ""), "bad row"),
        (("", "x" * 3000), "x" * 2000),
    ],
    ids=["its report", "else its output", "the end of it"],
)
def test_an_importer_that_fails_is_quoted_and_leaves_no_store(
    said: tuple[str, str], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = Home.at(tmp_path)
    home.make()
    stores = [home.path / "data" / part / "neo4j" for part in ("databases", "transactions")]
    other = home.path / "data" / "databases" / "system"

    def run_admin(*_: Any, **__: Any) -> SimpleNamespace:
        for folder in (*stores, other):
            folder.mkdir(parents=True)
        return SimpleNamespace(returncode=70, stdout=said[0], stderr=said[1])

    monkeypatch.setattr(exclusive, "run_admin", run_admin)
    monkeypatch.setattr(exclusive, "conf_text", lambda *_: "")
    runtime = SimpleNamespace(memory=Memory(512, 128))
    monkeypatch.setattr(exclusive, "prepare_runtime", lambda _: runtime)
    ours = embedded.Alone(Settings(home=tmp_path), home)
    with pytest.raises(EmbeddedError) as failed, ours.import_folder() as folder:
        ours.import_full([], folder)
    assert str(failed.value) == f"Neo4j's importer failed, nothing was loaded: {words}"
    assert [store.exists() for store in (*stores, other)] == [False, False, True]
    assert not home.half_imported.exists()
    assert not home.import_folder.exists()
