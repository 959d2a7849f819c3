"""Top-N: a fifth of the listens is hidden, and the k best of everything else is compared with it.

As in QRec (Coder-Yu/QRec), where the papers on social recommendation are compared: all pairs, no filtering;
candidates are the items with a listener in the training rows less the user's own; binary relevance; a mean
over the users who have something hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from muse_graph.core.models.types import Fit
from muse_graph.core.types import IntArray
from muse_graph.errors import InvalidRequest
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.data.splits import assign_folds, modulo_folds
from muse_graph.evaluation.lists import (
    DECILES,
    EvalCase,
    EvalCatalogue,
    Follow,
    eval_cases,
    list_figures,
    timed_fit,
    timed_lists,
    without_progress,
)
from muse_graph.evaluation.report.results import Figures, Result, Section, mean_figures

__all__ = ["evaluate_topn"]

COLUMNS = (
    "precision", "recall", "ndcg", "hit", "mrr", "radar_share", "percentile", "coverage", "gini", "entropy",
    "fit_s", "score_ms",
)  # fmt: skip


def evaluate_topn(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    k: int = 10,
    split: str = "modulo",
    seed: int = 0,
    folds: Sequence[int] = range(5),
    follow: Follow[EvalCase] = without_progress,
) -> Result:
    """Figures of every model, a mean over folds.

    Args:
        split: "modulo", the fold of a row is its number in the file modulo 5; "random", dealt by `seed`

    Raises:
        InvalidRequest: For another split or k < 1.
    """
    if k < 1:
        raise InvalidRequest(f"cutoff k must be at least 1, got {k}")
    fold_of = _folds(len(dataset.user), split, seed)
    found: dict[str, list[Figures]] = {name: [] for name in models}
    for fold in folds:
        hidden = fold_of == fold
        data = dataset.training(~hidden)
        catalogue = EvalCatalogue.of(data)
        asked = eval_cases(catalogue, range(data.n_users), dataset.matrix(hidden), data.profile)
        for name, fit in models.items():
            model, fit_s = timed_fit(fit, data)
            lists, score_ms = timed_lists(model, asked, catalogue, k, follow, f"fold {fold}, {name}")
            figures = list_figures(lists, asked, catalogue)
            found[name].append({**figures, "fit_s": fit_s, "score_ms": score_ms})
    rows = {name: mean_figures(parts) for name, parts in found.items()}
    settings = {"k": k, "split": split, "folds": list(folds), **({"seed": seed} if split == "random" else {})}
    sections = (
        Section(f"Top-N @{k}, {split} folds", COLUMNS, rows),
        Section("Lists by tenths of the catalogue", DECILES, rows, measure="share"),
    )
    return Result("topn", dataset.name, settings, sections)


def _folds(n_rows: int, split: str, seed: int) -> IntArray:
    if split == "modulo":
        return modulo_folds(n_rows)
    if split == "random":
        return assign_folds(n_rows, 5, np.random.default_rng(seed))
    raise InvalidRequest(f"split must be modulo or random, got {split!r}")
