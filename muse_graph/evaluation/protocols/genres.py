"""Liked genres: one is hidden from each user who likes three or more, and has to be found among the others.

For data sets of friendships and liked genres (Deezer): each genre is an item of its own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from muse_graph.core.models.types import Fit
from muse_graph.core.types import IntArray
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.data.splits import hidden_rows, hide_likes
from muse_graph.evaluation.lists import Follow, timed_fit, without_progress
from muse_graph.evaluation.protocols.discovery import genre_figures, rank_of, well_known
from muse_graph.evaluation.report.results import Figures, Result, Section, mean_figures

__all__ = ["evaluate_genres"]

COLUMNS = ("hit1", "hit5", "mrr", "macro_mrr", "niche_hit1", "fit_s", "score_ms")


def evaluate_genres(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    seed: int = 0,
    folds: Sequence[int] = (1, 2, 3, 4),
    sample: int | None = None,
    follow: Follow[tuple[int, int]] = without_progress,
) -> Result:
    """Figures of every model, a mean over folds; fold 0 is for choosing.

    Args:
        sample: most users of each fold, the first as assigned; None for all
    """
    holdout = hide_likes(dataset, np.random.default_rng(seed))
    found: dict[str, list[Figures]] = {name: [] for name in models}
    n_asked = 0
    for fold in folds:
        users, genres = holdout.of_fold(fold)
        data = dataset.training(~hidden_rows(dataset, users, genres))
        users, genres = users[:sample], genres[:sample]
        n_asked += len(users)
        asked = [(int(user), int(genre)) for user, genre in zip(users, genres, strict=True)]
        profiles = [data.profile(user) for user, _ in asked]
        for name, fit in models.items():
            model, fit_s = timed_fit(fit, data)
            begin = time.perf_counter()
            ranks = []
            for index, (_, genre) in enumerate(follow(asked, len(asked), f"fold {fold}, {name}")):
                open_genres = _others(profiles[index].items, data.n_items)
                values = model.score(profiles[index], open_genres).values.astype(np.float64)
                ranks.append(
                    rank_of(int(np.searchsorted(open_genres, genre)), values, np.ones(len(values), np.bool_))
                )
            score_ms = (time.perf_counter() - begin) * 1000 / max(len(asked), 1)
            figures = genre_figures(np.array(ranks), genres, well_known(data))
            found[name].append({**figures, "fit_s": fit_s, "score_ms": score_ms})
    rows = {name: mean_figures(parts) for name, parts in found.items()}
    settings = {"seed": seed, "folds": list(folds), "users": n_asked}
    return Result("genres", dataset.name, settings, (Section("Liked genres ranked", COLUMNS, rows),))


def _others(own: IntArray, n_genres: int) -> IntArray:
    return np.setdiff1d(np.arange(n_genres), own, assume_unique=True)
