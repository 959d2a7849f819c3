"""Cold start: a user comes after the training, with friends and n listens. How good is the first list?

A fifth of the users is left out of the training, tags and all; each comes back with n of their listens, drawn
at random, and is asked about what they play beyond the twentieth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from muse_graph.core.models.types import Fit
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.errors import InvalidRequest
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.data.splits import assign_folds, turns
from muse_graph.evaluation.lists import (
    EvalCase,
    EvalCatalogue,
    Follow,
    eval_cases,
    list_figures,
    timed_lists,
    without_progress,
)
from muse_graph.evaluation.report.results import Figures, Result, Section, mean_figures

__all__ = ["KNOWN", "evaluate_cold_start"]

KNOWN = (0, 1, 2, 3, 5, 10, 20)
_MOST_KNOWN = 20
_TITLES = {
    "ndcg": "nDCG@{k}",
    "recall": "Recall@{k}",
    "radar_share": "Share under the radar @{k}",
    "score_ms": "Milliseconds a list @{k}",
}


def evaluate_cold_start(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    known: Sequence[int] = KNOWN,
    k: int = 10,
    seed: int = 0,
    folds: Sequence[int] = range(5),
    follow: Follow[EvalCase] = without_progress,
) -> Result:
    """nDCG@k and radar share of every model by how many listens are known, a mean over folds of users.

    Raises:
        InvalidRequest: For a number of known listens outside 0..20.
    """
    if wrong := [n for n in known if not 0 <= n <= _MOST_KNOWN]:
        raise InvalidRequest(f"known listens must be 0..{_MOST_KNOWN}, got {wrong[0]}")
    rng = np.random.default_rng(seed)
    turn, fold_of = turns(dataset, rng), assign_folds(dataset.n_users, 5, rng)
    by_fold = [_of_fold(dataset, models, fold_of == fold, turn, known, k, follow) for fold in folds]
    columns = tuple(f"n{n}" for n in known)
    sections = tuple(
        Section(
            f"{title.format(k=k)} by known listens",
            columns,
            {name: mean_figures([figures[measure][name] for figures in by_fold]) for name in models},
            measure=measure,
        )
        for measure, title in _TITLES.items()
    )
    settings = {"k": k, "seed": seed, "folds": list(folds)}
    return Result("cold-start", dataset.name, settings, sections)


def _of_fold(
    dataset: Dataset,
    models: Mapping[str, Fit],
    cold: BoolArray,
    turn: IntArray,
    known: Sequence[int],
    k: int,
    follow: Follow[EvalCase],
) -> dict[str, dict[str, Figures]]:
    """Figures by measure, model and column. cold : (n_users,) bool, who comes after the training"""
    is_cold = cold[dataset.user]
    data = dataset.training(~is_cold, untagged=cold)
    catalogue = EvalCatalogue.of(data)
    hidden = dataset.matrix(is_cold & (turn >= _MOST_KNOWN))
    fitted = {name: fit(data) for name, fit in models.items()}
    found: dict[str, dict[str, Figures]] = {measure: {name: {} for name in models} for measure in _TITLES}
    for n in known:
        arrived = dataset.training(~is_cold | (turn < n), untagged=cold)
        asked = eval_cases(catalogue, np.flatnonzero(cold).tolist(), hidden, arrived.profile)
        for name, model in fitted.items():
            lists, score_ms = timed_lists(model, asked, catalogue, k, follow, f"{n} known, {name}")
            figures = {**list_figures(lists, asked, catalogue), "score_ms": score_ms}
            for measure, rows in found.items():
                rows[name][f"n{n}"] = figures[measure]
    return found
