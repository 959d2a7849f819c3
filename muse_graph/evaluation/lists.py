"""Lists out of models: every model of a run answers the same users about the same candidates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy import sparse

from muse_graph.core import ranking_metrics as metrics
from muse_graph.core.exposure import count_exposure, popularity_deciles
from muse_graph.core.models.types import Fit, Model, Profile, TrainingData
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.evaluation.report.results import Figures

__all__ = [
    "DECILES",
    "EvalCase",
    "EvalCatalogue",
    "Follow",
    "eval_cases",
    "list_figures",
    "ranked",
    "timed_fit",
    "timed_lists",
    "without_progress",
]

#: Keys of the shares of lists that go to each tenth of the catalogue, the most listened to first.
DECILES = tuple(f"d{n}" for n in range(1, 11))

T = TypeVar("T")
#: Yields items one by one and shows progress: items, how many, what for.
Follow = Callable[[Iterable[T], int, str], Iterator[T]]


@dataclass(frozen=True, slots=True, eq=False)
class EvalCase:
    """One user to recommend to, and what should be found.

    Attributes:
        allowed: (m,) int64, places among the candidates that may be listed, ascending
        relevant: (r,) int64, items that were hidden from the models, ascending
    """

    profile: Profile
    allowed: IntArray
    relevant: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class EvalCatalogue:
    """The items of a training set and how many listeners each has.

    Attributes:
        candidates: (n_candidates,) int64 ascending, the items with a listener
        listeners: (n_items,) int64
        radar: (n_items,) bool, outside the fifth of the candidates with the most listeners
        genre: (n_items,) int64
    """

    candidates: IntArray
    listeners: IntArray
    radar: BoolArray
    genre: IntArray

    @classmethod
    def of(cls, data: TrainingData) -> EvalCatalogue:
        """The catalogue as a training set has it."""
        listeners = np.bincount(data.interactions.item, minlength=data.n_items)
        return cls(np.flatnonzero(listeners), listeners, metrics.under_radar(listeners), data.item_genre)


def without_progress(things: Iterable[T], total: int, text: str) -> Iterator[T]:
    """Show no progress, see `Follow`."""
    del total, text
    yield from things


def timed_fit(fit: Fit, data: TrainingData) -> tuple[Model, float]:
    """A fitted model, and the seconds it took."""
    begin = time.perf_counter()
    model = fit(data)
    return model, time.perf_counter() - begin


def eval_cases(
    catalogue: EvalCatalogue,
    users: Sequence[int],
    relevant: sparse.csr_array[np.float64],
    profiles: Callable[[int], Profile],
) -> list[EvalCase]:
    """Make a case of each user with a relevant item; candidates are all items not in the profile."""
    asked = []
    index = _places(catalogue)
    for user in users:
        wanted = np.sort(relevant[[user]].indices).astype(np.int64)
        if len(wanted):
            profile = profiles(user)
            open_places = np.ones(len(catalogue.candidates), np.bool_)
            own = index[profile.items]
            open_places[own[own >= 0]] = False
            asked.append(EvalCase(profile, np.flatnonzero(open_places), wanted))
    return asked


def ranked(values: FloatArray, candidates: IntArray, allowed: IntArray, k: int) -> IntArray:
    """(k,) int64: the k best of the allowed candidates, filled up with -1; ties to the smaller position."""
    items = candidates[allowed]
    best = items[top_k(values[allowed], items, k)]
    return np.concatenate([best, np.full(k - len(best), -1, np.int64)])


def timed_lists(
    model: Model,
    asked: Sequence[EvalCase],
    catalogue: EvalCatalogue,
    k: int,
    follow: Follow[EvalCase],
    text: str,
) -> tuple[IntArray, float]:
    """Make the list of every case.

    Returns:
        (n_users, k) int64 items, -1 for none; and the milliseconds a list took
    """
    items = catalogue.candidates
    begin = time.perf_counter()
    lists = [
        ranked(model.score(case.profile, items).values.astype(np.float64), items, case.allowed, k)
        for case in follow(asked, len(asked), text)
    ]
    milliseconds = (time.perf_counter() - begin) * 1000 / max(len(asked), 1)
    return np.array(lists, np.int64).reshape(len(lists), k), milliseconds


def list_figures(lists: IntArray, asked: Sequence[EvalCase], catalogue: EvalCatalogue) -> Figures:
    """Every measure of a set of lists. lists : (n_users, k) int64 items, -1 for none."""
    hits = np.zeros(lists.shape, np.bool_)
    for index, case in enumerate(asked):
        hits[index] = np.isin(lists[index], case.relevant)
    n_relevant = np.array([len(case.relevant) for case in asked], np.int64)
    radar = np.array([catalogue.radar[case.relevant].sum() for case in asked], np.int64)
    exposure = count_exposure(_places(catalogue)[lists], len(catalogue.candidates), len(lists))
    decile = popularity_deciles(catalogue.listeners[catalogue.candidates])
    popular = np.zeros(len(catalogue.listeners))
    popular[catalogue.candidates] = metrics.percentiles(catalogue.listeners[catalogue.candidates])
    return {
        "precision": _mean(metrics.precision(hits)),
        "recall": _mean(metrics.recall(hits, n_relevant)),
        "ndcg": _mean(metrics.ndcg(hits, n_relevant)),
        "hit": _mean(metrics.hit(hits)),
        "mrr": _mean(metrics.reciprocal_rank(hits)),
        "radar_recall": _mean(metrics.recall(hits & catalogue.radar[lists], radar)),
        "radar_share": metrics.share_of(lists, catalogue.radar),
        "percentile": metrics.share_of(lists, popular),
        "coverage": metrics.coverage(lists, len(catalogue.candidates)),
        "gini": exposure.gini,
        "entropy": _mean(metrics.genre_entropy(lists, catalogue.genre)),
        **{f"d{n}": float(share) for n, share in enumerate(exposure.shares(decile), start=1)},
    }


def _places(catalogue: EvalCatalogue) -> IntArray:
    """(n_items + 1,) int64: the place of each item among the candidates, -1 for others; the last is of -1."""
    indices = np.full(len(catalogue.listeners) + 1, -1)
    indices[catalogue.candidates] = np.arange(len(catalogue.candidates))
    return indices


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
