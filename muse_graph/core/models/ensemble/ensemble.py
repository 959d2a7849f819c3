"""One model for everybody: a new listener is scored by friends, a known one by their own listening.

An ensemble is a weighted sum of standardised scores of four models. The weights depend on how many listens
are known, and are learned on a holdout: cold users get a few of their listens back at a time, and the rest
has to be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from muse_graph.core.models.ease.ease import EaseOptions, fit_ease
from muse_graph.core.models.ease.linear import LinearModel
from muse_graph.core.models.ensemble.ensemble_weights import EnsembleWeights, WeightOptions, learn_weights
from muse_graph.core.models.knn.knn import USER_KNN, KnnOptions, UserKnn, fit_user_knn
from muse_graph.core.models.mf.als import Als, AlsOptions, fit_als
from muse_graph.core.models.popularity import FriendsCount, fit_friends_count
from muse_graph.core.models.score_stats import score_stats
from muse_graph.core.models.types import Model, Profile, ScoreParts, Scores, TrainingData
from muse_graph.core.types import Float32Array, FloatArray, IntArray

__all__ = ["Ensemble", "EnsembleOptions", "EnsembleScores", "Members", "fit_ensemble", "fit_members"]


@dataclass(frozen=True, slots=True)
class EnsembleOptions:
    """Options of the four models, and how their weights are learned.

    Attributes:
        most_hidden: share of the listens; where no more were hidden for learning the weights, EASE and ALS
            are not fitted again with them
    """

    ease: EaseOptions = field(default_factory=EaseOptions)
    als: AlsOptions = field(default_factory=AlsOptions)
    listeners: KnnOptions = USER_KNN
    weights: WeightOptions = field(default_factory=WeightOptions)
    most_hidden: float = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The models of the ensemble, in the order of their weights."""

    ease: LinearModel
    als: Als
    listeners: UserKnn
    friends: FriendsCount

    def score(self, profile: Profile, wanted: Sequence[bool] = (True,) * 4) -> tuple[Scores, ...]:
        """Score the whole catalogue with each member that is wanted."""
        models: tuple[Model, ...] = (self.ease, self.als, self.listeners, self.friends)
        return tuple(model.score(profile) for model, one in zip(models, wanted, strict=True) if one)


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """The models and their weights."""

    members: Members
    weights: EnsembleWeights

    def score(self, profile: Profile, candidates: IntArray | None = None) -> EnsembleScores:
        """Score as `Model.score`.

        Each model is standardised over the whole catalogue, so that a score does not depend on what other
        candidates there are, and then multiplied by its weight; a model that knows nothing of the profile
        gives all items the same score and adds 0.
        """
        weights = self.weights.of(profile)
        # Members without weight for this profile are left out; there is always one that has some.
        active = weights > 0 if (weights > 0).any() else np.ones(len(weights), np.bool_)
        members = self.members.score(profile, active.tolist())
        all_stats = [score_stats(member.values) for member in members]
        factors = weights[active] / np.array([stats.deviation for stats in all_stats])
        shift = -float(factors @ np.array([stats.mean for stats in all_stats]))
        values = np.full(len(members[0].values), shift, np.float32)
        for factor, member in zip(factors.astype(np.float32), members, strict=True):
            values += factor * member.values
        return EnsembleScores(
            values if candidates is None else values[candidates], candidates, members, factors, shift
        )

    def without_users(self, users: IntArray) -> Ensemble:
        """As `Hiding.without_users`; the other models know of a user only as somebody's friend."""
        listeners = self.members.listeners.without_users(users)
        return replace(self, members=replace(self.members, listeners=listeners))


@dataclass(frozen=True, slots=True, eq=False)
class EnsembleScores:
    """A sum of scores, see `Scores`.

    Attributes:
        values: (n_candidates,) float32
        candidates: as given to `Ensemble.score`
        members: scores of the whole catalogue, by the models that have a weight
        factors: (n_members,) float64, what each is multiplied by
        shift: what is added to every score
    """

    values: Float32Array
    candidates: IntArray | None
    members: tuple[Scores, ...]
    factors: FloatArray
    shift: float

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`: each part is the sum of those of the members."""
        wanted = indices if self.candidates is None else self.candidates[indices]
        parts = [member.parts(wanted) for member in self.members]
        weighed = list(zip(self.factors.tolist(), parts, strict=True))
        return ScoreParts(
            _total([factor * part.own for factor, part in weighed]),
            _total([factor * part.friends for factor, part in weighed]),
            _total([factor * part.rest for factor, part in weighed]),
            self.shift + sum(factor * part.base for factor, part in weighed),
        )


def _total(arrays: list[FloatArray]) -> FloatArray:
    """Their sum, in the first."""
    for one in arrays[1:]:
        arrays[0] += one
    return arrays[0]


def fit_ensemble(data: TrainingData, options: EnsembleOptions | None = None) -> Ensemble:
    """Learn the weights on a holdout of users, then fit the models to everybody. Deterministic by seed.

    Of many listens so few are hidden that EASE and ALS stay as they are: see `most_hidden`.
    """
    options = EnsembleOptions() if options is None else options
    fitted: list[tuple[int, Members]] = []

    def fit(known: TrainingData) -> Members:
        members = fit_members(known, options)
        fitted.append((len(known.interactions), members))
        return members

    weights = learn_weights(data, fit, options.weights)
    n_known, members = fitted[0]
    if n_known < (1 - options.most_hidden) * len(data.interactions):
        return Ensemble(fit_members(data, options), weights)
    listeners, friends = fit_user_knn(data, options.listeners), fit_friends_count(data)
    return Ensemble(replace(members, listeners=listeners, friends=friends), weights)


def fit_members(data: TrainingData, options: EnsembleOptions, start: Float32Array | None = None) -> Members:
    """Fit each model to the same data. start : as in `fit_als`"""
    return Members(
        fit_ease(data, options.ease),
        fit_als(data, options.als, start),
        fit_user_knn(data, options.listeners),
        fit_friends_count(data),
    )
