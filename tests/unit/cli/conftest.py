"""Run commands in this process, on a graph that is not there, with services that answer what a test says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from muse_graph.cli import main
from muse_graph.graph.connection import Graph, Row
from tests.fakes import FakeGraph


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


class QuietGraph(FakeGraph):
    """Has nothing to say where a test provides no rows."""

    def read(self, name: str, /, **params: object) -> list[Row]:
        self.rows.setdefault(name, [])
        return super().read(name, **params)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test; files are written into a folder of its own."""
    for name in (
        "NEO4J_URI",
        "NEO4J_PASSWORD",
        "NEO4J_USERNAME",
        "NEO4J_DATABASE",
        "MUSE_HOME",
        "MUSE_MODELS",
        "MUSE_THETA",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MUSE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> QuietGraph:
    """A graph at NEO4J_URI whose schema is right."""
    found = QuietGraph()
    monkeypatch.setenv("NEO4J_URI", "bolt://graph.example:7687")
    monkeypatch.setattr(Graph, "connect", lambda settings: found)
    monkeypatch.setattr("muse_graph.graph.schema.migrate", lambda graph: [])
    return found


@pytest.fixture
def provide(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put functions in place of a module: ``provide("muse_graph.service.users.users", get_user=...)``."""

    def put(module: str, **functions: object) -> None:
        fake = ModuleType(module)
        vars(fake).update(functions)
        package, _, name = module.rpartition(".")
        monkeypatch.setitem(sys.modules, module, fake)
        monkeypatch.setattr(import_module(package), name, fake, raising=False)

    return put


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Done]]:
    """Run one command: ``run("recommend", "u1")``."""

    def command(*args: str) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(args)
        printed = capsys.readouterr()
        code = left.value.code
        assert "Traceback" not in printed.err
        return Done(code if isinstance(code, int) else 0 if code is None else 1, printed.out, printed.err)

    return command
