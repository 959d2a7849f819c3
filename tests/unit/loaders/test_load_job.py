"""A load from beginning to end: which of the two ways it takes, and what it reports."""

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
from muse_graph.errors import InvalidRequest, MuseError
from muse_graph.graph.connection import Graph
from muse_graph.loaders import load_job
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.load_job import TableReport
from muse_graph.loaders.rejects import Rejects
from tests.unit.writes import WritingGraph

REFUSAL = "--bulk needs the embedded Neo4j (no NEO4J_URI) and an empty graph: "
BUSY = "the Neo4j in /h is in use by muse-graph serve, process 7"
STATUS = embedded.Status(True, "bolt://there", "me", "word", "", "", 1, "")
COUNTS = ("users", "friendships", "tracks", "artists", "genres", "listens", "countries", "influencers")
EMBEDDED, ELSEWHERE = Settings(neo4j_uri=None), Settings(neo4j_uri="bolt://elsewhere")


def batches(rejects: Rejects) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Of four rows two good ones; one is rejected and one repeated."""
    tally = rejects.tally["users"]
    tally.read, tally.repeated = 4, 1
    rejects.reject("users", 3, "bad")
    rows = [{"user_id": user, "name": None, "country": None, "line": line} for line, user in enumerate("ab")]
    yield "users", pa.RecordBatch.from_pylist(rows, schema=SCHEMAS["users"])


class Ways:
    """Both ways of loading, which only note that they were taken.

    Args:
        listens: how many the graph has
        used: whether somebody else uses the home
    """

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *, store: bool = False, listens: int = 0, used: bool = False
    ) -> None:
        self.taken: list[tuple[str, object, float]] = []
        self.notes: list[str] = []
        self.lost = 0
        self.stopped_by: BaseException | None = None
        self.used = used
        self.home = create_autospec(embedded.Alone, instance=True)
        self.home.server.return_value = STATUS
        self.graph = WritingGraph({"graph_counts": [dict.fromkeys(COUNTS, 0) | {"listens": listens}]})
        has_store = create_autospec(embedded.has_store, return_value=store)
        home = SimpleNamespace(has_store=has_store, alone=self._alone, HomeInUse=embedded.HomeInUse)
        monkeypatch.setattr(load_job, "embedded", home)
        graphs = create_autospec(Graph)
        graphs.connect.side_effect = self.connect
        monkeypatch.setattr(load_job, "Graph", graphs)
        for name in ("bulk_load", "load"):
            way = create_autospec(getattr(load_job, name), side_effect=self._way(name))
            monkeypatch.setattr(load_job, name, way)

        monkeypatch.setattr(load_job, "gather", self._gather)

    def _gather(self, found: Any, rejects: Rejects, advance: Any) -> None:
        self._way("gather")(None, found, rejects, theta=0.0, advance=advance)

    @contextmanager
    def _alone(self, settings: Settings, purpose: str) -> Iterator[embedded.Alone]:
        assert purpose == "muse-graph load tables data"
        if self.used:
            raise embedded.HomeInUse(BUSY)
        self.home.settings = settings
        yield self.home

    def _way(self, name: str) -> Any:
        def way(
            into: object, found: Any, rejects: Rejects, *, theta: float, advance: Any, **own: Any
        ) -> None:
            assert own == ({"command": "load tables data"} if name == "load" else {})
            self.taken.append((name, into, theta))
            for table, batch in found:
                rejects.tally[table].loaded += batch.num_rows - self.lost
                advance(table, batch.num_rows)
            if self.stopped_by:
                raise self.stopped_by

        return way

    @contextmanager
    def connect(self, settings: Settings) -> Iterator[WritingGraph]:
        yield self.graph

    def run(self, settings: Settings, folder: Path, **options: Any) -> tuple[load_job.Report, list[Any]]:
        told: list[Any] = []
        report = load_job.run(
            settings,
            "tables",
            batches,
            command="load tables data",
            note=self.notes.append,
            **{"dry_run": False, "bulk": None} | options,
            rejects_path=folder / "rejected",
            progress=lambda *news: told.append(news),
            connect=self.connect,
        )
        return report, told


@pytest.mark.parametrize(
    ("settings", "bulk", "graph", "way"),
    [
        (EMBEDDED, None, {}, "bulk_load"),
        (EMBEDDED, None, {"store": True}, "bulk_load"),
        (EMBEDDED, None, {"store": True, "listens": 1}, "load"),
        (EMBEDDED, True, {}, "bulk_load"),
        (EMBEDDED, True, {"store": True}, "bulk_load"),
        (EMBEDDED, False, {}, "load"),
        (ELSEWHERE, None, {}, "load"),
        (ELSEWHERE, False, {}, "load"),
        (EMBEDDED, None, {"used": True}, "load"),
    ],
)
def test_the_importer_is_for_the_empty_graph_of_the_embedded_neo4j(
    settings: Settings,
    bulk: bool | None,
    graph: Any,
    way: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ways = Ways(monkeypatch, **graph)
    changed = settings.model_copy(update={"theta": 0.35})
    report, told = ways.run(changed, tmp_path, bulk=bulk)
    assert ways.taken == [(way, ways.home if way == "bulk_load" else ways.graph, 0.35)]
    assert ways.notes == ([f"not by Neo4j's importer: {BUSY}"] if ways.used else [])
    assert (report.source, report.bulk, report.dry_run) == ("tables", way == "bulk_load", False)
    assert told == [("users", 2)]


@pytest.mark.parametrize(
    ("settings", "graph", "refusal"),
    [
        (EMBEDDED, {"store": True, "listens": 1}, REFUSAL + "the graph is not empty"),
        (ELSEWHERE, {}, REFUSAL + "NEO4J_URI is set"),
        (EMBEDDED, {"used": True}, BUSY),
    ],
    ids=["full", "elsewhere", "in use"],
)
def test_where_the_importer_cannot_be_asking_for_it_is_refused(
    settings: Settings, graph: Any, refusal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = Ways(monkeypatch, **graph)
    with pytest.raises((InvalidRequest, embedded.HomeInUse)) as refused:
        ways.run(settings, tmp_path, bulk=True)
    assert str(refused.value) == refusal
    assert ways.taken == []


@pytest.mark.parametrize(
    ("bulk", "words"),
    [
        (None, "nothing is kept, the graph is empty; the same command loads it"),
        (False, "2 new rows are kept; the same command loads the rest"),
    ],
    ids=["importer", "transactions"],
)
@pytest.mark.parametrize("signal", [KeyboardInterrupt(), SystemExit(143)], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("as_it_closes", [False, True], ids=["at once", "as the driver closes"])
def test_an_interruption_tells_what_is_kept(
    bulk: bool | None,
    words: str,
    signal: BaseException,
    as_it_closes: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ways = Ways(monkeypatch)
    ways.stopped_by = type(signal)(*signal.args)
    if as_it_closes:
        ways.stopped_by, failed = BufferError("cannot be closed"), ways.stopped_by
        ways.stopped_by.__context__ = failed
    with pytest.raises(type(signal)) as stopped:
        ways.run(EMBEDDED, tmp_path, bulk=bulk)
    assert stopped.value.__notes__ == [f"interrupted: {words}"]


def test_rejects_that_cannot_be_written_are_refused_before_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = Ways(monkeypatch)
    with pytest.raises(
        InvalidRequest, match=r"rejects cannot be written to .*missing/rejected: No such file"
    ):
        ways.run(EMBEDDED, tmp_path / "missing")
    assert ways.taken == []


def test_looking_whether_rejects_can_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "rejected").mkdir()
    load_job._check_writable(tmp_path / "rejected")
    assert [*(tmp_path / "rejected").iterdir()] == []
    load_job._check_writable(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InvalidRequest, match="file: File exists"):
        load_job._check_writable(tmp_path / "file")


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_report_tells_what_became_of_the_rows_and_how_long_it_took(
    dry_run: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is asked for at the making of it, at the beginning, at the one step and at the end."""
    times = iter([10.0, 11.0, 14.5, 20.0])
    ways = Ways(monkeypatch)
    monkeypatch.setattr(load_job, "time", SimpleNamespace(monotonic=lambda: next(times)))
    report, told = ways.run(EMBEDDED, tmp_path, dry_run=dry_run)
    assert [name for name, *_ in ways.taken] == ["gather" if dry_run else "bulk_load"]
    assert report.tables == {"users": TableReport(read=4, loaded=2, repeated=1, rejected=1, seconds=4.5)}
    assert (report.seconds, report.dry_run, report.bulk) == (9.0, dry_run, True)
    assert report.rejects == tmp_path / "rejected"
    assert (tmp_path / "rejected" / "reasons.csv").exists()
    assert told == [("users", 2)]


def test_a_dry_run_judges_as_the_run_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = Ways(monkeypatch, store=True, listens=1)
    ways.graph.rows |= {"known_users": lambda ids: [{"id": one} for one in ids if one == "a"]}
    report, _ = ways.run(EMBEDDED, tmp_path, dry_run=True)
    assert (ways.taken, ways.graph.wrote, report.bulk) == ([], [], False)
    assert report.tables["users"].loaded == 1
    assert report.tables["users"].repeated == 2


def test_a_load_that_loses_a_row_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = Ways(monkeypatch)
    ways.lost = 1
    with pytest.raises(MuseError, match="read must be loaded"):
        ways.run(EMBEDDED, tmp_path)
