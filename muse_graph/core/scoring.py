"""Collaborative filtering over a friend network, with every score taken apart as it is made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, get_args

import numpy as np
from scipy.sparse import csc_array

from muse_graph.core.arrays import candidate_columns, interaction_weights, user_item_matrix
from muse_graph.core.similarity import similarities
from muse_graph.core.types import (
    Candidates,
    FloatArray,
    IntArray,
    Neighbourhood,
    RowMatrix,
    Scored,
    SimilarityKind,
    WeightKind,
)
from muse_graph.errors import InvalidRequest

__all__ = ["FriendWeights", "NeighbourhoodScorer", "Scorer", "ScoringOptions"]


class Scorer(Protocol):
    """Anything that can rate candidates for the user of a neighbourhood."""

    def score(self, neighbourhood: Neighbourhood, candidates: Candidates) -> Scored:
        """Score each candidate; the parts of the answer add up to its scores."""
        ...


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """What can be set about the scorer.

    similarity   : how friends are compared, see `similarities`
    shrinkage    : >= 0, items in common at which half of a similarity counts
    weights      : what a play is worth, see `interaction_weights`
    neighbours   : >= 1, friends kept: the most similar, ties by position
    trust        : >= 0, what a friend counts without any similarity
    damping      : >= 0, pulls scores that rest on few friends towards 0
    genre_weight : >= 0, worth of a genre probability of 1
    radar_weight : >= 0, worth of an artist under the radar
    raises       : InvalidRequest naming the option, its value and the rule
    """

    similarity: SimilarityKind = "cosine"
    shrinkage: float = 5.0
    weights: WeightKind = "heard"
    neighbours: int = 50
    trust: float = 0.1
    damping: float = 1.0
    genre_weight: float = 0.5
    radar_weight: float = 0.05

    def __post_init__(self) -> None:
        _check_choice("similarity", self.similarity, get_args(SimilarityKind))
        _check_choice("weights", self.weights, get_args(WeightKind))
        if self.neighbours < 1:
            _refuse("neighbours", "must be >= 1", self.neighbours)
        for name in ("shrinkage", "trust", "damping", "genre_weight", "radar_weight"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                _refuse(name, "must be a finite number >= 0", value)


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        _refuse(name, f"must be one of {', '.join(choices)}", value)


def _refuse(name: str, rule: str, value: object) -> None:
    raise InvalidRequest(f"{name} {rule}, got {value!r}", ((name, f"{rule}, got {value!r}"),))


@dataclass(frozen=True, slots=True, eq=False)
class FriendWeights:
    """How much each friend counts for the user, and what the friends play.

    matrix     : (n_friends, n_items) csr of weights in [0, 1]
    item_ids   : (n_items,) int64 ascending, item keys of the columns
    similarity : (n_friends,) float64 in [-1, 1]
    kept       : (n_kept,) int64 ascending, the friends that count
    trust      : (n_friends,) float64, the trust of the kept friends, 0 for the others
    taste      : (n_friends,) float64, the similarity of the kept friends where positive, else 0
    """

    matrix: RowMatrix
    item_ids: IntArray
    similarity: FloatArray
    kept: IntArray
    trust: FloatArray
    taste: FloatArray

    @property
    def total(self) -> FloatArray:
        """(n_friends,) float64, trust + taste: the `a_f` of the score and of `genre_scores`."""
        return self.trust + self.taste


@dataclass(frozen=True, slots=True)
class NeighbourhoodScorer:
    """The weighted mean of what friends play, plus genre and radar.

    score(t) = sum_f a_f w(f, t) / (sum_f a_f + damping) + genre_weight p(genre of t) + radar_weight r(t)
    over the kept friends f, with a_f = trust + max(similarity of f to the user, 0), and r(t) 1 for an artist
    under the radar, else 0.

    source : Herlocker et al., SIGIR 1999 (neighbourhood methods)
    """

    options: ScoringOptions = ScoringOptions()

    def weigh(self, neighbourhood: Neighbourhood) -> FriendWeights:
        """Compare the user with each friend and keep the most similar.

        raises : ShapeError if an interaction's user_index is beyond the friends or a pair occurs twice
        """
        options, n_friends = self.options, neighbourhood.n_friends
        weights = interaction_weights(neighbourhood.interactions, options.weights)
        matrix, item_ids = user_item_matrix(neighbourhood.interactions, weights, n_friends + 1)
        similarity = similarities(matrix, 0, options.similarity, options.shrinkage)[1:]
        kept = np.sort(np.argsort(-similarity, kind="stable")[: options.neighbours])
        trust, taste = np.zeros(n_friends), np.zeros(n_friends)
        trust[kept] = options.trust
        taste[kept] = np.maximum(similarity[kept], 0.0)
        return FriendWeights(matrix[1:], item_ids, similarity, kept, trust, taste)

    def score(
        self, neighbourhood: Neighbourhood, candidates: Candidates, friends: FriendWeights | None = None
    ) -> Scored:
        """Score each candidate for the user.

        friends : what `weigh` gave for this neighbourhood, to spare doing it again
        returns : scores (n_candidates,) float64 >= 0 with their parts; friends that are not kept have none
        raises  : ShapeError as `weigh`
        """
        friends = self.weigh(neighbourhood) if friends is None else friends
        played = candidate_columns(friends.matrix[friends.kept], friends.item_ids, candidates.items)
        row = friends.kept[played.indices]
        total = float(friends.total.sum()) + self.options.damping
        # Nobody counts and nothing damps: every numerator is 0, and 0 / 0 is not asked for.
        total = total if total > 0 else 1.0
        shape = (neighbourhood.n_friends, len(candidates))
        trust = csc_array((played.data * friends.trust[row] / total, row, played.indptr), shape=shape)
        taste = csc_array((played.data * friends.taste[row] / total, row, played.indptr), shape=shape)
        genre = self.options.genre_weight * candidates.genre
        radar = self.options.radar_weight * candidates.under_radar.astype(np.float64)
        scores = np.asarray(trust.sum(axis=0)) + np.asarray(taste.sum(axis=0)) + genre + radar
        return Scored(candidates.items, scores, trust, taste, genre, radar)
