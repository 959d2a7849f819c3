"""`muse-graph evaluate` from the options to what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from muse_graph.cli.commands.evaluate import evaluate
from muse_graph.errors import InvalidRequest
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.models.registry import MODELS, chosen


@pytest.fixture
def read_small(monkeypatch: pytest.MonkeyPatch, small: Dataset) -> None:
    monkeypatch.setattr("muse_graph.cli.commands.evaluate._read", lambda *_: (small, None))


@pytest.mark.usefixtures("read_small")
def test_figures_are_printed_and_written(tmp_path: Path) -> None:
    arguments = ["--model", "pop", "--model", "friends", "--fold", "0", "-k", "3"]
    for command in ("topn", "discovery", "cold-start"):
        done = CliRunner().invoke(evaluate, [command, *arguments, "--json", "--output", str(tmp_path)])
        assert done.exit_code == 0, done.output
        found = json.loads(done.stdout)
        assert found["settings"]["folds"] == [0]
        assert list(found["sections"][0]["rows"]) == ["popularity", "friends count"]
    assert (tmp_path / "quality.md").read_text("utf-8").count("\n## ") == 3
    done = CliRunner().invoke(evaluate, ["topn", *arguments])
    assert "Top-N @3, modulo folds" in done.stdout


@pytest.mark.usefixtures("read_small")
@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (["topn", "--model", "closed"], "model must be one of"),
        (["topn", "--split", "odd"], "split must be modulo or random"),
        (["discovery", "--through", "paper"], "--through must be graph"),
        (["discovery", "--through", "graph"], "needs a data set in files"),
        (["genres", "--data", "hetrec"], "--data must be deezer"),
    ],
)
def test_a_wrong_option_is_refused(arguments: list[str], rule: str) -> None:
    done = CliRunner().invoke(evaluate, arguments)
    assert isinstance(done.exception, InvalidRequest)
    assert rule in str(done.exception)


def test_a_data_set_is_looked_for_in_the_folder_and_in_those_below(tmp_path: Path) -> None:
    done = CliRunner().invoke(evaluate, ["topn", "--dir", str(tmp_path)])
    assert "must hold hetrec (user_artists.dat)" in str(done.exception)
    (tmp_path / "lastfm").mkdir()
    (tmp_path / "lastfm" / "user_artists.dat").touch()
    done = CliRunner().invoke(evaluate, ["topn", "--dir", str(tmp_path)])
    assert "missing: artists.dat" in str(done.exception)


def test_without_a_folder_the_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUSE_DATA", raising=False)
    done = CliRunner().invoke(evaluate, ["topn"])
    assert "--dir or MUSE_DATA" in str(done.exception)


def test_a_name_may_be_cut_short() -> None:
    assert list(chosen(MODELS, ["item", "popularity"])) == ["item-kNN", "popularity"]
    assert chosen(MODELS, None) is MODELS
