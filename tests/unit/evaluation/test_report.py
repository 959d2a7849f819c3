"""Reports: JSON and back, and a page that says what the figures are."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from muse_graph.errors import DataError
from muse_graph.evaluation.report.plots import draw
from muse_graph.evaluation.report.report import as_plain, read_result, render, write_report
from muse_graph.evaluation.report.results import Result, Section, mean_figures

TOPN = Result(
    "topn",
    "hetrec",
    {"k": 10, "folds": [0, 1]},
    (
        Section(
            "Top-N @10",
            ("ndcg", "entropy", "fit_s"),
            {
                "plain": {"ndcg": 0.081, "entropy": 1.5, "fit_s": 0.0},
                "good": {"ndcg": 0.2666, "entropy": math.nan, "fit_s": 8.04},
            },
        ),
        Section("By tenths", ("d1", "d2"), {"plain": {"d1": 1.0, "d2": 0.0}}, measure="share"),
    ),
)
COLD = Result(
    "cold-start",
    "hetrec",
    {"k": 10},
    (Section("nDCG@10 by known listens", ("n0", "n5"), {"plain": {"n0": 0.1, "n5": 0.2}}, "ndcg"),),
)


def test_figures_have_their_unit_and_the_best_is_bold() -> None:
    page = render([COLD, TOPN], set())
    assert page.index("## Top-N: HetRec") < page.index("## Cold start: HetRec")
    assert "| | nDCG | entropy, bits | fit, s |" in page
    assert "| plain | 8.10 | 1.50 | 0.0 |" in page
    assert "| good | **26.66** | – | 8.0 |" in page
    assert "| | 0 | 5 |" in page
    assert "| plain | 10.00 | 20.00 |" in page
    assert "`muse-graph evaluate topn --data hetrec` (k 10, folds 0 1)" in page


def test_a_folder_of_results_becomes_one_page(tmp_path: Path) -> None:
    write_report(TOPN, tmp_path)
    page = write_report(COLD, tmp_path).read_text("utf-8")
    assert page.count("\n## ") == 2
    assert "![Top-N](quality/hetrec-topn.svg)" in page
    assert str(tmp_path) not in page
    again = read_result(tmp_path / "quality" / "hetrec-topn.json")
    assert as_plain(again) == as_plain(TOPN)
    assert math.isnan(again.sections[0].rows["good"]["entropy"])


def test_the_same_figures_give_the_same_plot(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert draw(TOPN, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_without_matplotlib_there_are_no_plots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muse_graph.evaluation.report.plots.can_draw", lambda: False)
    assert "![" not in write_report(TOPN, tmp_path).read_text("utf-8")


@pytest.mark.parametrize("text", ["", "[]", '{"protocol": "topn"}'])
def test_a_file_that_is_no_result_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DataError, match=r"x\.json"):
        read_result(tmp_path / "x.json")


def test_a_mean_leaves_out_what_a_fold_does_not_know() -> None:
    found = mean_figures([{"a": 1.0, "b": math.nan}, {"a": 2.0, "b": 4.0}])
    assert found == {"a": 1.5, "b": 4.0}
    assert json.dumps(as_plain(TOPN))
