"""Nearest neighbours: what similar listeners play (user-kNN), what the same listeners play (item-kNN)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from muse_graph.core.models.interaction_weights import (
    WeightsKind,
    item_factors,
    profile_weights,
    weight_matrix,
)
from muse_graph.core.models.knn.neighbours import largest_of, nearest_rows
from muse_graph.core.models.knn.similarity_index import SimilarityIndex
from muse_graph.core.models.rows import Rows, rows_of
from muse_graph.core.models.scores import PlainScores
from muse_graph.core.models.types import Profile, ScoreParts, TrainingData
from muse_graph.core.types import (
    BoolArray,
    Float32Array,
    Float32Matrix,
    FloatArray,
    IntArray,
    SimilarityKind,
)

__all__ = ["ITEM_KNN", "USER_KNN", "ItemKnn", "KnnOptions", "UserKnn", "fit_item_knn", "fit_user_knn"]


@dataclass(frozen=True, slots=True)
class KnnOptions:
    """How neighbours are found and weighted.

    Attributes:
        k: neighbours, at most
        similarity, shrinkage: as in `core.similarity.similarities`
        weights: as in `item_factors`
        power: > 0, similarities are raised to it: above 1 the nearest count for more
        discard: >= 0, what a discard takes away, as a part of the strongest play
    """

    k: int
    similarity: SimilarityKind
    shrinkage: float
    weights: WeightsKind
    power: float
    discard: float = 0.5


#: Neighbours looked at beyond those wanted: few of them play nothing new.
_SPARE = 16

# Chosen on a holdout of the training listens of HetRec Last.fm.
USER_KNN = KnnOptions(k=80, similarity="cosine", shrinkage=0.0, weights="tf-idf", power=1.0)
ITEM_KNN = KnnOptions(k=300, similarity="cosine", shrinkage=3.0, weights="tf-idf", power=0.7)


@dataclass(frozen=True, slots=True, eq=False)
class UserKnn:
    """Scores what similar listeners play, weighted by their similarity.

    Attributes:
        factors: (n_items,) float32
        rows: (n_users, n_items) csr float32, what everybody's plays weigh
        similarity_index: the same, ready for comparison
    """

    options: KnnOptions
    factors: Float32Array
    rows: Float32Matrix
    similarity_index: SimilarityIndex

    def score(self, profile: Profile, candidates: IntArray | None = None) -> PlainScores:
        """Score as `Model.score`; all is in the rest, for the listener does not know the neighbours."""
        options = self.options
        weights = profile_weights(profile, options.weights, self.factors, options.discard)
        similarity = self.similarity_index.similarity_to_one(profile.items, weights.astype(np.float32))
        new = np.ones(len(self.factors), np.bool_)
        new[profile.items[weights >= 0]] = False
        n_nearest = options.k + _SPARE
        while True:
            nearest = largest_of(similarity, n_nearest)
            rows = rows_of(self.rows, nearest)
            chosen = np.flatnonzero(self._plays_new(nearest, rows, new))[: options.k]
            if len(chosen) == options.k or len(nearest) < n_nearest:
                break
            n_nearest *= 2
        by_user = np.zeros(len(nearest))
        by_user[chosen] = similarity[nearest[chosen]].astype(np.float64) ** options.power
        return PlainScores.of(rows.sums(by_user), candidates, profile)

    def _plays_new(self, users: IntArray, rows: Rows, new: BoolArray) -> BoolArray:
        """(n,) bool: who plays something that the listener does not.

        The others would add nothing; the listener as of the training is one of them.

        Args:
            rows: of the users, in their order
            new: (n_items,) bool, what the listener does not play
        """
        user, item, value = rows.cells()
        plays_new = np.zeros(len(users), np.bool_)
        plays_new[user[new[item] & (value >= 0)]] = True
        return plays_new & (self.similarity_index.counts[users] > 0)

    def without_users(self, users: IntArray) -> UserKnn:
        """Compare with all but these: as neighbours who play nothing new they add nothing."""
        counts = self.similarity_index.counts.copy()
        counts[users] = 0
        return replace(self, similarity_index=replace(self.similarity_index, counts=counts))


@dataclass(frozen=True, slots=True, eq=False)
class ItemKnn:
    """Scores items played by the same listeners as those of the profile.

    Attributes:
        factors: (n_items,) float32
        similarity: (n_items, n_items) csr float32; row i is what item i adds to each item it is a neighbour
            of
    """

    options: KnnOptions
    factors: Float32Array
    similarity: Float32Matrix

    def score(self, profile: Profile, candidates: IntArray | None = None) -> ItemScores:
        """Score as `Model.score`; every part is an own item's."""
        options = self.options
        weights = profile_weights(profile, options.weights, self.factors, options.discard)
        rows = rows_of(self.similarity, profile.items)
        values = rows.sums(weights)
        if candidates is None:
            candidates = np.arange(len(values))
        return ItemScores(values[candidates], candidates, weights, rows, len(profile.friends))


@dataclass(frozen=True, slots=True, eq=False)
class ItemScores:
    """Scores that are sums over the items of the profile.

    Attributes:
        values: (n_candidates,) float32
        weights: (n_profile_items,) float64
        rows: what each item adds at weight 1
    """

    values: Float32Array
    candidates: IntArray
    weights: FloatArray
    rows: Rows
    n_friends: int

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`."""
        added = self.rows.table(self.candidates[indices])
        own = (added * self.weights[:, None]).T
        return ScoreParts(own, np.zeros((len(indices), self.n_friends)), np.zeros(len(indices)))


def fit_user_knn(data: TrainingData, options: KnnOptions = USER_KNN) -> UserKnn:
    """Fit user-kNN: the listening itself, prepared for comparison.

    References:
        Herlocker et al., SIGIR 1999; similarities as in `core.similarity`
    """
    factors = item_factors(data, options.weights)
    rows = weight_matrix(data, options.weights, factors, options.discard)
    return UserKnn(options, factors, rows, SimilarityIndex.of(rows, options.similarity, options.shrinkage))


def fit_item_knn(data: TrainingData, options: KnnOptions = ITEM_KNN) -> ItemKnn:
    """Fit item-kNN: for each item the k most similar items, which add to its score.

    References:
        Sarwar et al., WWW 2001; Deshpande and Karypis, TOIS 2004
    """
    factors = item_factors(data, options.weights)
    rows = weight_matrix(data, options.weights, factors, options.discard).T.tocsr()
    item, neighbour, similarity = nearest_rows(
        SimilarityIndex.of(rows, options.similarity, options.shrinkage), rows, options.k
    )
    values = similarity ** np.float32(options.power)
    shape = (data.n_items, data.n_items)
    return ItemKnn(options, factors, sparse.csr_array((values, (neighbour, item)), shape=shape))
