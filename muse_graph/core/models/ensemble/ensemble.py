"""One scorer for everybody: friends speak for a new listener, their own listening for one who is known.

A blend is a weighted sum of standardised scores of four models. The weights depend on how many listens are
known, and are learned: users are set apart, given back a few listens at a time, and the rest must be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from muse_graph.core.models.ease import ease
from muse_graph.core.models.ease.ease import ClosedFormOptions
from muse_graph.core.models.ease.linear import LinearModel
from muse_graph.core.models.ensemble.ensemble_weights import BlendWeights, WeightOptions, learn_weights
from muse_graph.core.models.genres import measure_spread
from muse_graph.core.models.knn.knn import USER_KNN, KnnOptions, UserKnn, fit_user_knn
from muse_graph.core.models.mf.als import Als, AlsOptions, fit_als
from muse_graph.core.models.popularity import FriendsCount, fit_friends_count
from muse_graph.core.models.types import Model, Parts, Profile, Scores, TrainingData
from muse_graph.core.types import FloatArray, IntArray

__all__ = ["Blend", "BlendOptions", "BlendScores", "Members", "fit_blend"]


@dataclass(frozen=True, slots=True)
class BlendOptions:
    """Options of the four models, and how their weights are learned."""

    closed_form: ClosedFormOptions = field(default_factory=ClosedFormOptions)
    als: AlsOptions = field(default_factory=AlsOptions)
    listeners: KnnOptions = USER_KNN
    weights: WeightOptions = field(default_factory=WeightOptions)


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The models that are blended, in the order of their weights."""

    closed_form: LinearModel
    als: Als
    listeners: UserKnn
    friends: FriendsCount

    def score(self, profile: Profile, wanted: Sequence[bool] = (True,) * 4) -> tuple[Scores, ...]:
        """Scores of the whole catalogue by each that is wanted."""
        models: tuple[Model, ...] = (self.closed_form, self.als, self.listeners, self.friends)
        return tuple(model.score(profile) for model, one in zip(models, wanted, strict=True) if one)


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """The models and what each weighs."""

    members: Members
    weights: BlendWeights

    def score(self, profile: Profile, candidates: IntArray | None = None) -> BlendScores:
        """Score as `Model.score`.

        Each model is standardised over the whole catalogue, so that a score does not depend on what other
        candidates there are, and then taken times its weight; a model that knows nothing of the profile
        scores all alike and adds 0.
        """
        weights = self.weights.of(profile)
        # Whatever weighs nothing for this profile is not asked; there is always one that is.
        heard = weights > 0 if (weights > 0).any() else np.ones(len(weights), np.bool_)
        members = self.members.score(profile, heard.tolist())
        spreads = [measure_spread(member.values) for member in members]
        factors = weights[heard] / np.array([spread.deviation for spread in spreads])
        shift = -float(factors @ np.array([spread.mean for spread in spreads]))
        values = np.full(len(members[0].values), shift)
        for factor, member in zip(factors, members, strict=True):
            values += factor * member.values
        return BlendScores(
            values if candidates is None else values[candidates], candidates, members, factors, shift
        )


@dataclass(frozen=True, slots=True, eq=False)
class BlendScores:
    """A sum of scores, see `Scores`.

    values     : (n_candidates,) float64
    candidates : as given to `Blend.score`
    members    : scores of the whole catalogue, by the models that weigh something
    factors    : (n_members,) float64, what each is taken times
    shift      : what is added to every score
    """

    values: FloatArray
    candidates: IntArray | None
    members: tuple[Scores, ...]
    factors: FloatArray
    shift: float

    def parts(self, places: IntArray) -> Parts:
        """Take apart as `Scores.parts`: each part is the sum of those of the members."""
        wanted = places if self.candidates is None else self.candidates[places]
        parts = [member.parts(wanted) for member in self.members]
        weighed = list(zip(self.factors, parts, strict=True))
        return Parts(
            np.sum([factor * part.own for factor, part in weighed], axis=0),
            np.sum([factor * part.friends for factor, part in weighed], axis=0),
            np.sum([factor * part.rest for factor, part in weighed], axis=0),
            self.shift + sum(float(factor) * part.base for factor, part in weighed),
        )


def fit_blend(data: TrainingData, options: BlendOptions | None = None) -> Blend:
    """Learn the weights on users set apart, and then the models from everybody. Deterministic by seed."""
    options = BlendOptions() if options is None else options

    def fit_members(known: TrainingData) -> Members:
        return Members(
            ease.fit(known, options.closed_form),
            fit_als(known, options.als),
            fit_user_knn(known, options.listeners),
            fit_friends_count(known),
        )

    weights = learn_weights(data, fit_members, options.weights)
    return Blend(fit_members(data), weights)
