"""Weights of the models of an ensemble, by the number of known listens; learned on a holdout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from muse_graph.core.models.ensemble.holdout import choose_users, first_listens, holdout, liked, without
from muse_graph.core.models.score_stats import score_stats
from muse_graph.core.models.types import Profile, Scores, TrainingData
from muse_graph.core.ranking_metrics import ndcg
from muse_graph.core.types import BoolArray, Float32Array, FloatArray, FloatMatrix, IntArray
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = [
    "EnsembleWeights",
    "MemberModels",
    "Trial",
    "WeightOptions",
    "learn_weights",
    "listens_known",
    "search",
]

_CUTOFF = 10
# Factors a weight is tried at; 0 drops the model.
_STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
_ROUNDS = 6
# What a change must win in the mean, and in standard errors of that mean, so that noise moves no weight.
_LEAST_GAIN, _LEAST_ERRORS = 2e-4, 1.0


class MemberModels(Protocol):
    """The members of an ensemble, which score the whole catalogue side by side."""

    def score(self, profile: Profile) -> tuple[Scores, ...]:
        """(n_models,) scores of all items."""
        ...


@dataclass(frozen=True, slots=True)
class WeightOptions:
    """How the weights are learned.

    Attributes:
        knots: numbers of known listens the weights are learned at for cold users, ascending from 0
        warm: from how many known listens on a listener is well known, more than the last knot
        start: weights the search starts from for cold users, one for each model
        warm_start: the same for warm users; found on inner splits of HetRec Last.fm
        users: cold users, at most
        warm_users: warm users, at most
        best: items of each model that are compared

    Raises:
        InvalidRequest: Outside these.
    """

    knots: tuple[int, ...] = (0, 1, 2, 3, 5, 10, 20)
    warm: int = 40
    start: tuple[float, ...] = (1.0, 0.2, 0.2, 0.2)
    warm_start: tuple[float, ...] = (1.0, 0.2, 0.0, 0.0)
    users: int = 400
    warm_users: int = 1_000
    best: int = 150
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.knots or self.knots[0] != 0 or list(self.knots) != sorted(set(self.knots)):
            raise InvalidRequest(f"knots must be ascending from 0, got {self.knots}")
        if self.warm <= self.knots[-1]:
            raise InvalidRequest(f"warm must be more than the last knot {self.knots[-1]}, got {self.warm}")
        for name in ("users", "warm_users", "best"):
            if getattr(self, name) < 1:
                raise InvalidRequest(f"{name} must be >= 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, eq=False)
class EnsembleWeights:
    """Weights at some numbers of listens; between two of them on the line over log(1 + listens).

    Attributes:
        knots: (n_knots,) float64, log(1 + listens), ascending
        weights: (n_knots, n_models) float64 >= 0

    Raises:
        ShapeError: If they disagree on n_knots.
    """

    knots: FloatArray
    weights: FloatArray

    def __post_init__(self) -> None:
        if self.knots.shape != self.weights.shape[:1]:
            raise ShapeError(f"knots {self.knots.shape} do not fit weights {self.weights.shape}")

    def of(self, profile: Profile) -> FloatArray:
        """(n_models,) float64."""
        known, knots = np.log1p(listens_known(profile)), self.knots
        after = int(np.searchsorted(knots, known, side="right"))
        if after in (0, len(knots)):
            return np.asarray(self.weights[max(after - 1, 0)], np.float64)
        rise = (self.weights[after] - self.weights[after - 1]) / (knots[after] - knots[after - 1])
        return np.asarray(rise * (known - knots[after - 1]) + self.weights[after - 1], np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One user's best items by each model, and which of them were hidden.

    Attributes:
        standard: (n, n_models) float32, standardised scores
        hidden: (n,) bool
        n_hidden: hidden items there are to find, also those that are not among the n
    """

    standard: Float32Array
    hidden: BoolArray
    n_hidden: int


def listens_known(profile: Profile) -> int:
    """Items played or saved."""
    return int(np.count_nonzero((profile.plays > 0) | (profile.feedback > 0)))


def learn_weights(
    data: TrainingData, fit: Callable[[TrainingData], MemberModels], options: WeightOptions
) -> EnsembleWeights:
    """Learn weights for each knot: those with the best nDCG@10 on what was hidden from the models.

    From cold users everything they play, save or tag is hidden; friendships stay. At each knot they get back
    that many listens, drawn by seed, and no tags. The last knot is learned on warm users: the models see
    them except for a holdout of 20 % of what they play and the tags that the holdout may have brought. A
    model does better for users it was trained on, and not each by as much. A knot for which no user has
    enough listens keeps the weights its search would start from: those of the knot before.

    Args:
        fit: as many models as there are weights to start from
    """
    rng = np.random.default_rng(options.seed)
    cold_users, warm_users = choose_users(data, options.users, options.warm_users, rng)
    hidden = holdout(data, warm_users, rng)
    known = without(data, cold_users, hidden)
    members = fit(known)
    listened = np.flatnonzero(np.bincount(known.interactions.item, minlength=data.n_items))
    wholes = [data.profile(int(user)) for user in cold_users]
    orders = [rng.permutation(liked(whole)) for whole in wholes]
    weights, found = np.array(options.start), []
    for knot in options.knots:
        trials = [
            make_trial(members, *first_listens(whole, order, knot), listened, options.best)
            for whole, order in zip(wholes, orders, strict=True)
        ]
        weights = search(_with_hidden(trials), weights)
        found.append(weights)
    trials = [
        make_trial(members, known.profile(int(user)), _items(hidden, int(user)), listened, options.best)
        for user in warm_users
    ]
    found.append(search(_with_hidden(trials), np.array(options.warm_start)))
    return EnsembleWeights(np.log1p([*options.knots, options.warm]), np.array(found))


def _with_hidden(trials: list[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.hidden.any()]


def _items(rows: FloatMatrix, user: int) -> IntArray:
    """Items of a user's row, ascending."""
    return np.sort(rows[[user]].indices).astype(np.int64)


def make_trial(
    members: MemberModels, profile: Profile, hidden: IntArray, items: IntArray, best: int
) -> Trial:
    """Score for what is known of a user, and keep the best items of each model.

    Args:
        hidden: ascending, items the user plays besides those of the profile
        items: ascending, items that may be recommended
    """
    standard = np.stack([_standard(scores.values) for scores in members.score(profile)], axis=1)
    # Masks: sets of all items, made for each trial, took longer than the scores.
    candidate = np.zeros(len(standard), np.bool_)
    candidate[items] = True
    candidate[profile.items] = False
    items, hidden = np.flatnonzero(candidate), hidden[candidate[hidden]]
    standard = standard[items]
    n_kept = min(best, len(items))
    tops = np.argpartition(-standard, max(n_kept - 1, 0), axis=0)[:n_kept] if n_kept else standard[:0]
    kept = np.unique(tops).astype(np.int64)
    return Trial(standard[kept], np.isin(items[kept], hidden), len(hidden))


def search(trials: list[Trial], start: FloatArray) -> FloatArray:
    """Change one weight at a time, as long as that finds more of what was hidden.

    Returns:
        (n_models,) float64 >= 0, the largest 1; `start` so scaled if there are no trials
    """
    weights, gains = start, _gains(trials, start)
    for _ in range(_ROUNDS if trials else 0):
        before = weights
        for model in range(len(weights)):
            steps = [(changed, _gains(trials, changed)) for changed in _changed(weights, model)]
            best, found = max(steps, key=lambda step: float(step[1].mean()))
            won = found - gains
            standard_error = float(won.std()) / np.sqrt(len(won))
            if won.mean() > max(_LEAST_GAIN, _LEAST_ERRORS * standard_error):
                weights, gains = best, found
        if weights is before:
            break
    return np.asarray(weights / weights.max(), np.float64)


def _changed(weights: FloatArray, model: int) -> list[FloatArray]:
    """The weights with another one for a model; never all of them 0."""
    found = []
    for step in _STEPS:
        changed = weights.copy()
        # What was dropped can come back.
        changed[model] = weights[model] * step if weights[model] else step / 10
        if changed.any():
            found.append(changed)
    return found


def _gains(trials: list[Trial], weights: FloatArray) -> FloatArray:
    """(n_trials,) float64: nDCG@10 of each."""
    hits = np.zeros((len(trials), _CUTOFF), np.bool_)
    for row, trial in zip(hits, trials, strict=True):
        scores = trial.standard @ weights.astype(np.float32)
        top = np.argsort(-scores, kind="stable")[:_CUTOFF]
        row[: len(top)] = trial.hidden[top]
    return ndcg(hits, np.array([trial.n_hidden for trial in trials], np.int64))


def _standard(values: Float32Array) -> Float32Array:
    return score_stats(values).standardise(values)
