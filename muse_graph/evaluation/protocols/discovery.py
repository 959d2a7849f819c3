"""Genre discovery, the product's own job: all a user plays of one genre is hidden, and has to be found again.

Ranked are (a) the genres without an item in the user's profile, and (b) the items of those genres.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from muse_graph.core import ranking_metrics as metrics
from muse_graph.core.discovery.item_scores import GenreItems, discover, genre_chances
from muse_graph.core.models.score_stats import score_stats
from muse_graph.core.models.types import Fit, Profile, TrainingData
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.errors import InvalidRequest
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.data.splits import hidden_genres, hidden_rows
from muse_graph.evaluation.lists import (
    DECILES,
    EvalCase,
    EvalCatalogue,
    Follow,
    eval_cases,
    list_figures,
    ranked,
    timed_fit,
    without_progress,
)
from muse_graph.evaluation.models.baselines import explored_genres
from muse_graph.evaluation.report.results import Figures, Result, Section, mean_figures

__all__ = ["GenreCount", "Knobs", "evaluate_discovery", "genre_figures", "rank_of", "well_known"]

GENRE_COLUMNS = ("hit1", "hit3", "mrr", "macro_mrr", "niche_hit1", "fit_s", "score_ms")
ARTIST_COLUMNS = (
    "recall", "ndcg", "hit", "radar_recall", "radar_share", "percentile", "coverage", "gini", "entropy",
)  # fmt: skip

#: Ranks genres by a count of its own: learned from the data, asked for a profile, gives (n_genres,).
GenreCount = Callable[[TrainingData], Callable[[Profile], FloatArray]]

#: Settings of `discover`: focus and radar.
Knobs = tuple[float, float]

_WELL_KNOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One user of a fold: what is asked, the genres without an item in the profile, and the hidden one."""

    case: EvalCase
    unexplored: BoolArray
    hidden: int


@dataclass(slots=True)
class _Answers:
    """Ranks of the hidden genres, and lists of items by what they are called."""

    ranks: list[int] = field(default_factory=list)
    lists: dict[str, list[IntArray]] = field(default_factory=dict)

    def add(self, variant: str, items: IntArray) -> None:
        """Keep a list under what it is called."""
        self.lists.setdefault(variant, []).append(items)


def evaluate_discovery(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    counts: Mapping[str, GenreCount] | None = None,
    knobs: Mapping[str, Sequence[Knobs]] | None = None,
    k: int = 20,
    seed: int = 0,
    folds: Sequence[int] = (1, 2, 3, 4),
    follow: Follow[_Asked] = without_progress,
) -> Result:
    """Figures of every model over the users of all folds; fold 0 is for choosing.

    Args:
        counts: models that do not rank genres by the scores of their best items, and what they rank them by
        knobs: models whose items are ranked by score and chance of the genre too, at these settings

    Raises:
        InvalidRequest: For k < 1.
    """
    if k < 1:
        raise InvalidRequest(f"cutoff k must be at least 1, got {k}")
    counts, knobs = counts or {}, knobs or {}
    holdout = hidden_genres(dataset, np.random.default_rng(seed))
    by_fold = [
        _of_fold(dataset, models, counts, knobs, k, *holdout.of_fold(fold), follow, f"fold {fold}")
        for fold in folds
    ]
    items = _means([rows for _, rows in by_fold])
    n_users = int(np.isin(holdout.fold, folds).sum())
    return Result(
        "discovery",
        dataset.name,
        {"k": k, "seed": seed, "folds": list(folds), "users": n_users},
        (
            Section("Unexplored genres ranked", GENRE_COLUMNS, _means([genres for genres, _ in by_fold])),
            Section(f"Artists of unexplored genres @{k}", ARTIST_COLUMNS, items),
            Section("Lists by tenths of the catalogue", DECILES, items, measure="share"),
        ),
    )


def _of_fold(
    dataset: Dataset,
    models: Mapping[str, Fit],
    counts: Mapping[str, GenreCount],
    knobs: Mapping[str, Sequence[Knobs]],
    k: int,
    users: IntArray,
    genres: IntArray,
    follow: Follow[_Asked],
    text: str,
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Figures for genres and for items, by model."""
    hidden = hidden_rows(dataset, users, genres)
    data = dataset.training(~hidden)
    catalogue = EvalCatalogue.of(data)
    asked = _ask(dataset, data, catalogue, users, genres, hidden)
    of_genres: dict[str, Figures] = {}
    of_items: dict[str, Figures] = {}
    for name, fit in models.items():
        model, fit_s = timed_fit(fit, data)
        count = counts[name](data) if name in counts else None
        begin = time.perf_counter()
        answers = _Answers()
        for one in follow(asked, len(asked), f"{text}, {name}"):
            values = model.score(one.case.profile, catalogue.candidates).values.astype(np.float64)
            _answer(answers, one, values, catalogue, count, knobs.get(name, ()), k)
        score_ms = (time.perf_counter() - begin) * 1000 / max(len(asked), 1)
        of_genres[name] = genre_figures(np.array(answers.ranks), genres, well_known(data))
        of_genres[name] |= {"fit_s": fit_s, "score_ms": score_ms}
        for variant, lists in answers.lists.items():
            figures = list_figures(np.array(lists), [one.case for one in asked], catalogue)
            of_items[f"{name}{variant}"] = figures
    return of_genres, of_items


def genre_figures(ranks: IntArray, hidden: IntArray, known: IntArray) -> Figures:
    """How well genres were ranked.

    Args:
        ranks: (n,) int64 from 1, the rank of the hidden genre; 0 where it was not in the list
        hidden: (n,) int64, the genre that was hidden
        known: genres that are no niche
    """
    hit1 = (ranks == 1).astype(np.float64)
    reciprocal = np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0)
    niche = ~np.isin(hidden, known)
    return {
        "hit1": float(hit1.mean()),
        "hit3": float(((ranks > 0) & (ranks <= 3)).mean()),
        "hit5": float(((ranks > 0) & (ranks <= 5)).mean()),
        "mrr": float(reciprocal.mean()),
        "macro_mrr": metrics.mean_over_groups(reciprocal, hidden),
        "niche_hit1": float(hit1[niche].mean()) if niche.any() else float("nan"),
    }


def well_known(data: TrainingData) -> IntArray:
    """(10,) int64: the genres with the most listeners."""
    return np.argsort(-explored_genres(data).sum(axis=0), kind="stable")[:_WELL_KNOWN]


def _ask(
    dataset: Dataset,
    data: TrainingData,
    catalogue: EvalCatalogue,
    users: IntArray,
    genres: IntArray,
    hidden: BoolArray,
) -> list[_Asked]:
    explored = explored_genres(data)
    # Every user here has something hidden, so that none is left out.
    asked = eval_cases(catalogue, users.tolist(), dataset.matrix(hidden), data.profile)
    return [
        _Asked(case, ~explored[user], int(genre))
        for case, user, genre in zip(asked, users, genres, strict=True)
    ]


def _answer(
    answers: _Answers,
    one: _Asked,
    values: FloatArray,
    catalogue: EvalCatalogue,
    count: Callable[[Profile], FloatArray] | None,
    knobs: Sequence[Knobs],
    k: int,
) -> None:
    """Rank the genres and the items for one user. values : (n_candidates,) float64"""
    items, allowed = catalogue.candidates, one.case.allowed
    genre = catalogue.genre[items]
    standard = score_stats(values).standardise(values)
    if count is None:
        playable = np.full(len(items), -np.inf)
        playable[allowed] = standard[allowed]
        listeners = catalogue.listeners[items]
        of_genre = GenreItems.of(genre, len(one.unexplored), listeners).scores(playable)
    else:
        of_genre = count(one.case.profile)
    answers.ranks.append(rank_of(one.hidden, of_genre, one.unexplored))
    # The last place answers for items without a genre.
    new = allowed[np.append(one.unexplored, False)[genre[allowed]]]
    answers.add("", ranked(values, items, new, k))
    chances = genre_chances(of_genre, one.unexplored)
    for focus, radar in knobs:
        found = discover(standard, genre, chances, catalogue.radar[items], focus=focus, radar=radar)
        answers.add(f" × genre, focus {focus:g}, radar {radar:g}", ranked(found.values, items, new, k))


def rank_of(wanted: int, scores: FloatArray, offered: BoolArray) -> int:
    """The rank from 1 of one of the offered; ties to the smaller position."""
    better = scores > scores[wanted]
    before = (scores == scores[wanted]) & (np.arange(len(scores)) < wanted)
    return 1 + int((offered & (better | before)).sum())


def _means(by_fold: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    return {name: mean_figures([rows[name] for rows in by_fold]) for name in by_fold[0]}
