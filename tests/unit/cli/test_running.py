"""Commands that start, load and serve."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from muse_graph.config import Settings
from muse_graph.embedded import Status
from muse_graph.errors import GraphUnavailable
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects

from . import examples

DOWN = Status(
    False, "bolt://127.0.0.1:7687", "neo4j", "secret", "http://127.0.0.1:7474/browser/", "/h", None, "1"
)
UP = replace(DOWN, running=True, pid=7)


@dataclass(frozen=True)
class Table:
    read: int
    loaded: int
    repeated: int
    rejected: int
    seconds: float


@dataclass(frozen=True)
class Report:
    source: str
    dry_run: bool
    bulk: bool
    seconds: float
    rejects: Path | None
    tables: dict[str, Table]


class Runs:
    """Stands for `muse_graph.loaders.load_job.run`: reads every batch and reports."""

    def __init__(self, rejected: int = 0) -> None:
        self.rejected = rejected
        self.given: dict[str, Any] = {}
        self.settings = Settings()
        self.source = ""
        self.state: list[str] = []
        self.down = False

    def __call__(self, settings: Settings, source: str, batches: Any, **given: Any) -> Report:
        self.settings, self.source, self.given = settings, source, given
        self.down = self.state == []
        rejects = Rejects()
        for table, batch in batches(rejects):
            given["progress"](table, batch.num_rows)
        tables = {
            name: Table(tally.read, tally.read - self.rejected, 0, self.rejected, 0.5)
            for name, tally in rejects.tally.items()
        }
        path = given["rejects_path"] if self.rejected else None
        return Report(source, given["dry_run"], bool(given["bulk"]), 1.25, path, tables)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "users.csv").write_text("user_id,name,country\nu1,Ana,PT\nu2,Bo,SE\n", encoding="utf-8")
    return tmp_path


def test_load_reports_each_table_as_json(run: Any, provide: Any, folder: Path) -> None:
    runs = Runs()
    provide("muse_graph.loaders.load_job", run=runs)
    done = run("load", "tables", str(folder), "--dry-run", "--no-bulk", "--json")
    assert (done.code, done.err) == (0, "dry run: nothing was written to the graph\n")
    users = {
        "table": "users",
        "read": 2,
        "loaded": 2,
        "repeated": 0,
        "rejected": 0,
        "seconds": 0.5,
        "rows_per_s": 4,
    }
    assert json.loads(done.out) == {
        "source": "tables",
        "dry_run": True,
        "bulk": False,
        "seconds": 1.25,
        "rejects": None,
        "tables": [users],
    }
    assert (runs.given["dry_run"], runs.given["bulk"]) == (True, False)
    assert runs.given["rejects_path"] == Path("tables.rejected")


def test_load_with_rejects_is_done_and_says_so(run: Any, provide: Any, folder: Path) -> None:
    runs = Runs(rejected=1)
    provide("muse_graph.loaders.load_job", run=runs)
    done = run("load", "tables", str(folder), "--rejects", "bad")
    assert done.code == 0
    assert "1 rejected, see bad; good rows are not affected\n" in done.err
    assert "correct the rows there, then: muse-graph load tables bad\n" in done.err
    assert [line.split() for line in done.out.splitlines()] == [
        ["table", "read", "loaded", "repeated", "rejected", "seconds", "rows/s"],
        ["users", "2", "1", "0", "1", "0.5", "4"],
    ]
    # None: the loader sees for itself whether the importer can be used.
    assert runs.given["bulk"] is None


def test_a_synthetic_world_is_counted_and_cut_like_a_file(run: Any, provide: Any) -> None:
    runs = Runs()
    provide("muse_graph.loaders.load_job", run=runs)
    done = run("load", "synthetic", "--users", "20", "--seed", "3", "--batch-rows", "7", "--json")
    tables = {table["table"]: table["read"] for table in json.loads(done.out)["tables"]}
    assert tables["users"] == 20
    assert tables["listens"] > 20


@pytest.fixture
def embedded(provide: Any) -> list[str]:
    """An embedded Neo4j that is down; what is done to it."""
    done: list[str] = []

    @contextmanager
    def running(_: Settings, purpose: str) -> Iterator[Status]:
        assert purpose.startswith("muse-graph")
        done.append("start")
        try:
            yield UP
        finally:
            done.append("stop")

    provide(
        "muse_graph.embedded",
        running=running,
        status=lambda _: UP if done[-1:] == ["start"] else DOWN,
        start=lambda _: done.append("start") or UP,
        stop=lambda _: done.append("stop") or DOWN,
        has_store=lambda _: False,
    )
    provide("muse_graph.embedded.install.jars", fetch_jars=lambda _: None)
    return done


def test_without_a_uri_a_command_starts_neo4j_and_stops_it(
    run: Any, embedded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Settings] = []

    def refuse(settings: Settings) -> Graph:
        seen.append(settings)
        raise GraphUnavailable("gone")

    monkeypatch.setattr(Graph, "connect", refuse)
    done = run("query", "user_ids", "-p", "after=", "-p", "limit=1")
    assert done.code == 1
    assert "`muse-graph neo4j start` leaves it running" in done.err
    assert embedded == ["start", "stop"]
    assert (seen[0].neo4j_uri, seen[0].neo4j_password) == (UP.uri, "secret")


def test_neo4j_start_leaves_it_running(run: Any, embedded: list[str]) -> None:
    assert json.loads(run("neo4j", "start", "--json").out)["running"] is True
    assert embedded == ["start"]
    assert {"uri", "username", "password", "browser"} <= set(json.loads(run("neo4j", "status", "--json").out))
    assert "neo4j / secret" in run("neo4j", "browser").out
    assert "not running" in run("neo4j", "stop").out


def test_the_browser_of_a_neo4j_that_is_down_is_an_error(run: Any, embedded: list[str]) -> None:
    done = run("neo4j", "browser")
    assert (done.code, done.out) == (1, "")
    assert "`muse-graph neo4j start` starts it" in done.err


@pytest.fixture
def served(provide: Any) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    server = SimpleNamespace(serve=lambda settings, **given: calls.append({"settings": settings, **given}))
    provide("muse_graph.api", server=server)
    return calls


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_serves_the_graph_it_reached(run: Any, graph: Any, served: list[dict[str, Any]]) -> None:
    port = free_port()
    done = run("serve", "--port", str(port), "--threads", "3")
    assert (done.code, done.out) == (0, "")
    assert served[0]["settings"].neo4j_uri == "bolt://graph.example:7687"
    assert (served[0]["host"], served[0]["port"], served[0]["threads"]) == ("127.0.0.1", port, 3)


def test_serve_comes_up_before_its_database(
    run: Any, graph: Any, served: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Settings) -> Graph:
        raise GraphUnavailable("no database answers")

    monkeypatch.setattr(Graph, "connect", refuse)
    done = run("serve", "--port", str(free_port()))
    assert (done.code, len(served)) == (0, 1)
    assert "not ready yet: no database answers" in done.err


def test_a_port_in_use_is_said_before_anything_starts(
    run: Any, embedded: list[str], served: list[Any]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for command in ("serve", "demo"):
            done = run(command, "--port", str(port))
            assert done.code == 1
            assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.err
    assert (embedded, served) == ([], [])


class Training:
    """Remembers how many were there to train on."""

    sizes = SimpleNamespace(interactions=70)
    seconds: ClassVar = {"in all": 1.5}

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *_: Any) -> Training:
        self.asked += 1
        return self


def demo_services(provide: Any, users: int, training: Training | None = None) -> Runs:
    runs = Runs()
    provide("muse_graph.training.train", train=training or Training())
    provide("muse_graph.loaders.load_job", run=runs)
    provide("muse_graph.service.maintenance.health", summary=lambda _: {"users": users})
    provide(
        "muse_graph.service.recommendations.lists",
        recommend=lambda _, user_id, *__, **___: examples.recommendations(user_id),
    )
    provide(
        "muse_graph.service.recommendations.genres",
        discover_genres=lambda _, user_id, *__, **___: examples.ledger(user_id),
    )
    return runs


def test_demo_loads_shows_serves_and_stops(
    run: Any,
    graph: Any,
    provide: Any,
    embedded: list[str],
    served: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NEO4J_URI")
    runs = demo_services(provide, users=0)
    runs.state = embedded
    graph.rows["sample_listeners"] = [{"user_id": "u5", "name": "Ana", "friends": 5, "tracks": 10}]
    port = free_port()
    done = run("demo", "--users", "20", "--port", str(port))
    assert done.code == 0
    # The load comes before, for the importer wants Neo4j stopped and `running` stops only what it started.
    assert runs.down
    assert embedded == ["start", "stop"]
    assert (runs.source, runs.given["bulk"]) == ("synthetic", None)
    assert "Recommendations for u5" in done.out
    assert "Genres of u5" in done.out
    for address in (
        f"http://127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}/docs",
        UP.browser,
        "neo4j / secret",
    ):
        assert address in done.out
    assert served[0]["settings"].neo4j_uri == UP.uri


def test_demo_leaves_a_graph_with_users_alone(run: Any, graph: Any, provide: Any, served: list[Any]) -> None:
    training = Training()
    runs = demo_services(provide, users=3, training=training)
    done = run("demo", "--no-serve")
    assert (done.code, runs.source, served, training.asked) == (0, "", [], 1)
    assert "the graph has 3 users already: nothing was loaded" in done.err
    assert "a model trained on 70 favourites in 1.5 s" in done.err
    assert "no example" in done.err


def test_demo_does_not_train_on_a_large_graph(run: Any, graph: Any, provide: Any) -> None:
    training = Training()
    demo_services(provide, users=20_001, training=training)
    done = run("demo", "--no-serve")
    assert (done.code, training.asked) == (0, 0)
    assert "`muse-graph train` makes one" in done.err
