"""What each model of a blend weighs, by the number of listens that are known; learned on users set apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy import sparse

from muse_graph.core.models.genres import measure_spread
from muse_graph.core.models.types import Profile, Scores, TrainingData
from muse_graph.core.types import BoolArray, FloatArray, IntArray, Interactions
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = ["BlendWeights", "Scorer", "Trial", "WeightOptions", "learn_weights", "listens_known", "search"]

_CUTOFF = 10
# Factors a weight is tried at; 0 drops the model.
_STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
_ROUNDS = 6
# What a change must win, so that chance moves no weight.
_LEAST_GAIN = 2e-4


class Scorer(Protocol):
    """Models that score the whole catalogue side by side."""

    def score(self, profile: Profile) -> tuple[Scores, ...]:
        """(n_models,) scores of all items."""
        ...


@dataclass(frozen=True, slots=True)
class WeightOptions:
    """How the weights are learned.

    knots : numbers of known listens the weights are learned at for newcomers, ascending from 0
    warm  : from how many known listens on a listener is well known, more than the last knot
    start : weights the search starts from, one for each model
    users : users set apart, at most; and at most a fifth of those with two listens
    best  : items of each model that are compared
    raises : InvalidRequest outside these
    """

    knots: tuple[int, ...] = (0, 1, 2, 3, 5, 10, 20)
    warm: int = 40
    start: tuple[float, ...] = (1.0, 0.2, 0.2, 0.2)
    users: int = 400
    best: int = 150
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.knots or self.knots[0] != 0 or list(self.knots) != sorted(set(self.knots)):
            raise InvalidRequest(f"knots must be ascending from 0, got {self.knots}")
        if self.warm <= self.knots[-1]:
            raise InvalidRequest(f"warm must be more than the last knot {self.knots[-1]}, got {self.warm}")
        for name in ("users", "best"):
            if getattr(self, name) < 1:
                raise InvalidRequest(f"{name} must be >= 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, eq=False)
class BlendWeights:
    """Weights at some numbers of listens; between two of them on the line over log(1 + listens).

    knots   : (n_knots,) float64, log(1 + listens), ascending
    weights : (n_knots, n_models) float64 >= 0
    raises  : ShapeError if they disagree on n_knots
    """

    knots: FloatArray
    weights: FloatArray

    def __post_init__(self) -> None:
        if self.knots.shape != self.weights.shape[:1]:
            raise ShapeError(f"knots {self.knots.shape} do not fit weights {self.weights.shape}")

    def of(self, profile: Profile) -> FloatArray:
        """(n_models,) float64."""
        known = np.log1p(listens_known(profile))
        return np.array([np.interp(known, self.knots, column) for column in self.weights.T])


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One user's best items by each model, and which of them were hidden.

    standard : (n, n_models) float32, standardised scores
    hidden   : (n,) bool
    ideal    : discounted gain of a perfect list, > 0
    """

    standard: FloatArray
    hidden: BoolArray
    ideal: float


def listens_known(profile: Profile) -> int:
    """Items played or saved."""
    return int(np.count_nonzero((profile.plays > 0) | (profile.feedback > 0)))


def learn_weights(
    data: TrainingData, fit: Callable[[TrainingData], Scorer], options: WeightOptions
) -> BlendWeights:
    """Learn weights for each knot: those with the best nDCG@10 on what users set apart play besides.

    Models are fitted without what those users play, save or tag; friendships stay. At each knot a user gets
    back that many listens, drawn by seed, and no tags; at the last, all but a fifth, each fifth in turn, and
    the tags that none of that fifth may have brought. A knot nobody has enough listens for takes the weights
    of the one before.

    fit : as many models as there are weights to start from
    """
    rng = np.random.default_rng(options.seed)
    apart = _set_apart(data, options, rng)
    scorer = fit(_without(data, apart))
    listened = np.flatnonzero(np.bincount(data.interactions.item, minlength=data.n_items))
    wholes = [data.profile(int(user)) for user in apart]
    orders = [rng.permutation(len(whole.items)) for whole in wholes]
    weights, found = np.array(options.start), []
    for knot in [*options.knots, None]:
        trials = [
            make_trial(scorer, *_split(data, whole, turned, knot), listened, options.best)
            for whole, order in zip(wholes, orders, strict=True)
            for turned in _turns(order, knot)
        ]
        weights = search([trial for trial in trials if trial.hidden.any()], weights)
        found.append(weights)
    return BlendWeights(np.log1p([*options.knots, options.warm]), np.array(found))


def make_trial(scorer: Scorer, profile: Profile, hidden: IntArray, items: IntArray, best: int) -> Trial:
    """Score for what is known of a user, and keep the best items of each model.

    hidden : ascending, items the user plays besides those of the profile
    items  : ascending, items that may be recommended
    """
    standard = np.stack([_standard(scores.values) for scores in scorer.score(profile)], axis=1)
    items = np.setdiff1d(items, profile.items, assume_unique=True)
    standard = standard[items]
    n_kept = min(best, len(items))
    tops = np.argpartition(-standard, max(n_kept - 1, 0), axis=0)[:n_kept] if n_kept else standard[:0]
    kept = np.unique(tops).astype(np.int64)
    hidden = np.intersect1d(hidden, items)
    ideal = _discounts(min(_CUTOFF, len(hidden))).sum()
    return Trial(standard[kept].astype(np.float32), np.isin(items[kept], hidden), float(ideal))


def search(trials: list[Trial], start: FloatArray) -> FloatArray:
    """Change one weight at a time, for as long as that finds more of what was hidden.

    returns : (n_models,) float64 >= 0, the largest 1; `start` so scaled if there are no trials
    """
    weights, reached = start, _mean_gain(trials, start)
    for _ in range(_ROUNDS):
        before = reached
        for model in range(len(weights)):
            for step in _STEPS:
                changed = weights.copy()
                # What was dropped can come back.
                changed[model] = weights[model] * step if weights[model] else step / 10
                gain = _mean_gain(trials, changed)
                if changed.any() and gain > reached + _LEAST_GAIN:
                    weights, reached = changed, gain
        if reached == before:
            break
    return np.asarray(weights / weights.max(), np.float64)


def _mean_gain(trials: list[Trial], weights: FloatArray) -> float:
    """Mean nDCG@10."""
    discounts = _discounts(_CUTOFF)
    gains = [0.0]
    for trial in trials:
        scores = trial.standard @ weights.astype(np.float32)
        top = np.argsort(-scores, kind="stable")[:_CUTOFF]
        gains.append(float(discounts[: len(top)] @ trial.hidden[top]) / trial.ideal)
    return sum(gains) / max(len(trials), 1)


def _discounts(n: int) -> FloatArray:
    return np.asarray(1 / np.log2(np.arange(2, n + 2)), np.float64)


def _standard(values: FloatArray) -> FloatArray:
    return measure_spread(values).standardise(values)


def _set_apart(data: TrainingData, options: WeightOptions, rng: np.random.Generator) -> IntArray:
    """A fifth of the users with two listens, at most `options.users`, ascending."""
    listens = np.bincount(data.interactions.user_index, minlength=data.n_users)
    able = np.flatnonzero(listens >= 2)
    n_apart = min(options.users, (len(able) + 4) // 5)
    return np.sort(rng.choice(able, n_apart, replace=False))


def _without(data: TrainingData, apart: IntArray) -> TrainingData:
    """The data less all that some users played, said and tagged."""
    stays = np.ones(data.n_users)
    stays[apart] = 0
    rows = data.interactions
    kept = stays[rows.user_index] > 0
    only = sparse.diags_array(stays)
    return replace(
        data,
        interactions=Interactions(rows.user_index[kept], rows.item[kept], rows.plays[kept], rows.heard[kept]),
        feedback=_dropped(sparse.csr_array(only @ data.feedback)),
        user_tags=_dropped(sparse.csr_array(only @ data.user_tags)),
    )


def _dropped(matrix: sparse.csr_array[np.float64]) -> sparse.csr_array[np.float64]:
    matrix.eliminate_zeros()
    return matrix


def _turns(order: IntArray, n_known: int | None) -> list[IntArray]:
    """The order in which listens are known; where all but a fifth are, once for each fifth.

    With a full profile the models differ by little, and a single fifth would leave that to chance.
    """
    fifth = len(order) // 5
    return [order] if n_known is not None or not fifth else [np.roll(order, t * fifth) for t in range(5)]


def _split(
    data: TrainingData, whole: Profile, order: IntArray, n_known: int | None
) -> tuple[Profile, IntArray]:
    """What is known of a user, and the items that are hidden.

    order   : permutation of the profile's items: the first are known
    n_known : None for four fifths, with tags
    """
    first = len(order) - len(order) // 5 if n_known is None else n_known
    known, hidden = np.sort(order[:first]), whole.items[np.sort(order[first:])]
    tags, counts = np.empty(0, np.int64), np.empty(0)
    if n_known is None:
        # Which tag went to which item is not known here: each hidden item takes one use of all it carries.
        carried = (data.item_tags[hidden] > 0).sum(axis=0)[whole.tags]
        left = whole.tag_counts - carried
        tags, counts = whole.tags[left > 0], left[left > 0]
    known_part = Profile(
        whole.items[known],
        whole.plays[known],
        whole.heard[known],
        whole.feedback[known],
        whole.friends,
        tags,
        counts,
    )
    return known_part, hidden
