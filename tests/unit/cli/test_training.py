"""`train`: what it hands on, and what it prints."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from muse_graph.core.models.ensemble.ensemble import EnsembleOptions, fit_ensemble
from muse_graph.training.pretrained import Matched
from muse_graph.training.train import Sizes, TrainingReport

REPORT = TrainingReport(
    version="v000003",
    folder="/models",
    bytes=12_400_000,
    sizes=Sizes(users=2_000, tracks=300, interactions=70_000, feedback=40, friendships=9_000, tags=5),
    favourites=None,
    warm_from=None,
    full_because=None,
    since_full=0,
    neighbours=99_000,
    changed_users=1_900,
    seconds={"reading": 1.25, "in all": 20.5},
    peak_mb=512.4,
)


@pytest.fixture
def trained(provide: Any, graph: Any) -> Callable[..., list[tuple[Any, ...]]]:
    """Stand for the training with a report; returns what it is called with."""

    def stand(report: TrainingReport) -> list[tuple[Any, ...]]:
        calls: list[tuple[Any, ...]] = []

        def train(*given: Any, warm: object, note: Callable[[str], None]) -> TrainingReport:
            calls.append(given if warm is None else (*given, warm))
            if report.full_because:
                note(report.full_because)
            return report

        provide("muse_graph.training.train", train=train)
        return calls

    return stand


def test_train_prints_its_report(run: Any, trained: Any, tmp_path: Path) -> None:
    calls = trained(REPORT)
    done = run("train", "--models", str(tmp_path))
    assert done.code == 0
    assert done.err == "model v000003 is now current in /models\n"
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert {"users 2,000", "listeners with similar taste 99,000", "reading, s 1.2", "size, MB 12.4"} <= set(
        lines
    )
    assert "users with others than before 1,900" in lines
    ((_, folder, fit, _, export),) = calls
    assert (folder, fit, export) == (tmp_path, fit_ensemble, None)


def test_a_warm_training_says_where_it_began(run: Any, trained: Any) -> None:
    calls = trained(replace(REPORT, warm_from="v000002", since_full=4_100))
    lines = [" ".join(line.split()) for line in run("train", "--warm").out.splitlines()]
    assert lines[1:3] == ["went on from v000002", "pairs new or gone since the last full training 4,100"]
    assert calls[0][-1] == EnsembleOptions()


def test_a_warm_training_that_was_none_says_why(run: Any, trained: Any) -> None:
    trained(replace(REPORT, full_because="there is no model to go on from"))
    done = run("train", "--warm")
    assert done.code == 0
    assert done.err.startswith("there is no model to go on from\n")
    assert "went on from" not in done.out


def test_train_prints_json_and_takes_a_dump(run: Any, trained: Any, tmp_path: Path) -> None:
    path = tmp_path / "likes.csv"
    path.write_text("user,track,artist\nf1,t1,a\nf1,,a\n", "utf-8")
    found = Matched(users=1, tracks=1, favourites=1, by_id=1, by_name=0, used_users=1, used=1)
    calls = trained(replace(REPORT, favourites=found))
    done = run("train", "--pretrained", str(path), "--json")
    assert done.code == 0
    assert "1 rows of likes.csv are invalid; favourites.rejected has the reasons and the rows" in done.err
    printed = json.loads(done.out)
    assert printed["favourites"]["by_id"] == 1
    assert printed["sizes"]["users"] == 2_000
    ((_, folder, _, _, export),) = calls
    assert folder.name == "models"
    assert export.track_ids.tolist() == ["t1"]


def test_a_dump_that_is_not_there_is_a_wrong_question(run: Any, trained: Any) -> None:
    calls = trained(REPORT)
    assert run("train", "--pretrained", "none.csv").code == 2
    assert calls == []


@pytest.mark.parametrize(
    ("published", "kept"),
    [(False, "no new model; the same command makes it"), (True, "the new model is current")],
)
def test_an_interruption_says_whether_there_is_a_new_model(
    published: bool, kept: str, run: Any, provide: Any, graph: Any, tmp_path: Path
) -> None:
    def train(_graph: object, folder: Path, *_: object, **__: object) -> TrainingReport:
        if published:
            (folder / "current").write_text("v000001", "utf-8")
        raise KeyboardInterrupt

    provide("muse_graph.training.train", train=train)
    done = run("train", "--models", str(tmp_path))
    assert (done.code, done.out, done.err) == (130, "", f"interrupted: {kept}\n")


def test_favourites_from_standard_input(run: Any, trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = trained(REPORT)
    sent = b"user;track;artist\nf1;t1;a\nf1;;a\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(sent))))
    done = run("train", "--pretrained", "-", "--format", "csv.gz")
    assert done.code == 0
    ((*_, export),) = calls
    assert export.track_ids.tolist() == ["t1"]
    assert Path("favourites.rejected/favourites.csv").read_bytes() == b"user;track;artist\nf1;;a\n"
    assert run("train", "--format", "csv").err.startswith("error: --format is for --pretrained -, ")
