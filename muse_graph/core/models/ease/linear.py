"""Scores that are linear in the profile: a sparse matrix of features by items, gathered row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muse_graph.core.models.ease.features import Encoder, FeatureRow
from muse_graph.core.models.rows import Rows, rows_at
from muse_graph.core.models.types import Profile, ScoreParts
from muse_graph.core.types import Float32Array, IntArray
from muse_graph.errors import ShapeError

__all__ = ["Builder", "LinearModel", "LinearScores"]


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """What each feature of a profile adds to the score of each item.

    The rows of the features are a csr triple: row f is `items[start[f]:start[f + 1]]`
    and the weights beside it.

    Attributes:
        encoder: how a profile becomes features
        start: (n_features + 1,) int64
        items: (n,) int32, ascending within a row
        weights: (n,) float32

    Raises:
        ShapeError: If the triple does not fit the encoder, or has as many weights as int32 cannot count.
    """

    encoder: Encoder
    start: IntArray
    items: NDArray[np.int32]
    weights: Float32Array

    def __post_init__(self) -> None:
        if self.start.shape != (self.encoder.n_features + 1,):
            raise ShapeError(f"start must be ({self.encoder.n_features + 1},), got {self.start.shape}")
        if not self.items.shape == self.weights.shape == (int(self.start[-1]),):
            found = f"{self.items.shape} and {self.weights.shape}"
            raise ShapeError(f"items and weights must be ({int(self.start[-1])},), got {found}")
        if len(self.items) > np.iinfo(self.items.dtype).max:
            raise ShapeError(f"there may be {np.iinfo(self.items.dtype).max} weights, got {len(self.items)}")

    def score(self, profile: Profile, candidates: IntArray | None = None) -> LinearScores:
        """Score candidates for a profile, which may be new or have changed since the training.

        What was played, saved or discarded is scored like everything else, by the other features: leaving
        it out is for the caller.

        Args:
            candidates: (n_candidates,) int64 positions of items; None for all of them in order
        """
        row = self.encoder.encode(profile)
        rows = rows_at(self.start, self.items, self.weights, row.feature, self.encoder.n_items)
        values = rows.sums(row.value)
        return LinearScores(row, rows, candidates, values if candidates is None else values[candidates])


@dataclass(frozen=True, slots=True, eq=False)
class LinearScores:
    """Scores of one profile, see `Scores`.

    Attributes:
        row: the profile as features
        rows: what each of them adds for a value of 1
        candidates: as given to `LinearModel.score`
        values: (n_candidates,) float32, not centred: 0 for an item that no feature adds to
    """

    row: FeatureRow
    rows: Rows
    candidates: IntArray | None
    values: Float32Array

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart the scores of a few candidates; what tags add is the rest."""
        wanted = indices if self.candidates is None else self.candidates[indices]
        row = self.row
        table = self.rows.table(wanted).T * row.value
        own, friends, rest = np.split(table, [row.n_items, row.n_items + row.n_friends], axis=1)
        return ScoreParts(own, friends, rest.sum(axis=1))


class Builder:
    """Collects the weights of a linear model, block by block of items, keeping the strongest of each.

    An entry is as strong as its size times the root of `column_rms`: by size alone rare features crowd out
    the others, by what an entry adds over all profiles the popular ones do.

    Args:
        strongest: weights kept for each item
        column_rms: (n_features,) float32 >= 0, root of the mean square over profiles
    """

    def __init__(self, encoder: Encoder, strongest: int, column_rms: Float32Array) -> None:
        self._encoder, self._strongest, self._scale = encoder, strongest, np.sqrt(column_rms)
        self._features = [np.zeros(0, np.int32)]
        self._items = [np.zeros(0, np.int32)]
        self._weights = [np.zeros(0, np.float32)]

    def add(self, items: IntArray, features: IntArray, weights: Float32Array) -> None:
        """Add the weights of some items.

        Args:
            items: (n,) int64, each added once in all
            features: (m,) int64, those that have weights
            weights: (n, m) float32
        """
        rows = np.arange(len(items))[:, None]
        kept = min(self._strongest, weights.shape[1])
        strength = np.abs(weights)
        strength *= -self._scale[features]
        place = np.argpartition(strength, kept - 1, axis=1)[:, :kept]
        # What is 0 in every usual profile is not worth a place.
        worth = strength[rows, place] < 0
        self._features.append(features[place[worth]].astype(np.int32))
        self._items.append(np.broadcast_to(items[:, None], place.shape)[worth].astype(np.int32))
        self._weights.append(weights[rows, place][worth])

    def build(self) -> LinearModel:
        """The model of everything added."""
        feature, item = np.concatenate(self._features), np.concatenate(self._items)
        weight = np.concatenate(self._weights)
        # The pieces are as large as all the rest.
        for parts in (self._features, self._items, self._weights):
            parts.clear()
        shape = self._encoder.n_features, self._encoder.n_items
        rows = sparse.csr_array((weight, (feature, item)), shape=shape)
        return LinearModel(
            self._encoder, rows.indptr.astype(np.int64), rows.indices.astype(np.int32), rows.data
        )
