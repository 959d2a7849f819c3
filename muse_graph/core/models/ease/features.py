"""Profiles as rows of features: the items played, then the friends, then the tags given."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muse_graph.core.arrays import interaction_weights
from muse_graph.core.checks import check_at_least
from muse_graph.core.models.types import Profile, TrainingData
from muse_graph.core.types import Float32Array, FloatArray, FloatMatrix, IntArray, WeightKind

__all__ = [
    "Encoder",
    "FeatureOptions",
    "FeatureRow",
    "column_sums",
    "learn_encoder",
    "scale_columns",
    "scale_rows",
]


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """How a profile becomes features, and how much each kind of them weighs.

    Attributes:
        weights: what a play is worth, see `interaction_weights`
        idf: whether an item that few users play weighs more
        row_power: 0..1, how far long profiles are scaled down; 1 makes all of length 1
        column_power: 0..1, how far popular items are scaled down
        friends: >= 0, similarity of two users with the same friends, where 1 is that of a user to itself
        tags: >= 0, similarity of two users who give the same tags
        discard: >= 0, what a discard takes away, where 1 is what the item played most adds

    Raises:
        InvalidRequest: Naming the option, its value and the rule.
    """

    weights: WeightKind = "log-plays"
    idf: bool = True
    row_power: float = 0.4
    column_power: float = 0.1
    friends: float = 0.15
    tags: float = 0.1
    discard: float = 0.25

    def __post_init__(self) -> None:
        for name in ("row_power", "column_power", "friends", "tags", "discard"):
            check_at_least(name, getattr(self, name), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class FeatureRow:
    """One profile as features: the items come first, then the friends, then the tags.

    Attributes:
        feature: (n,) int64, positions of features
        value: (n,) float64
        n_items: how many are items of the profile, in its order
        n_friends: how many are its friends, in its order
    """

    feature: IntArray
    value: FloatArray
    n_items: int
    n_friends: int


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """Turns profiles into features.

    Item i is feature i, friend v is feature n_items + v, tag t is feature n_items + n_users + t.

    Attributes:
        item_idf: (n_items,) float32, weight of an item before a row is scaled
        item_scale: (n_items,) float32, weight of its column after that
        tag_idf: (n_tags,) float32
        n_users: users of the training data
        energy: mean squared length of the item rows; the scale of friends and tags
    """

    options: FeatureOptions
    item_idf: Float32Array
    item_scale: Float32Array
    tag_idf: Float32Array
    n_users: int
    energy: float

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.item_idf)

    @property
    def n_features(self) -> int:
        """Items, users and tags together."""
        return self.n_items + self.n_users + len(self.tag_idf)

    def encode(self, profile: Profile) -> FeatureRow:
        """The features of one profile; a training user's are that user's row of `rows`."""
        items = self._item_values(profile)
        friends = np.full(len(profile.friends), self._scale(self.options.friends))
        friends /= math.sqrt(max(len(friends), 1))
        tags = self.tag_idf[profile.tags] * np.log1p(profile.tag_counts)
        tags *= self._scale(self.options.tags) / _length(tags)
        starts = self.n_items, self.n_items + self.n_users
        feature = np.concatenate([profile.items, profile.friends + starts[0], profile.tags + starts[1]])
        return FeatureRow(feature, np.concatenate([items, friends, tags]), len(items), len(friends))

    def _item_values(self, profile: Profile) -> FloatArray:
        feedback = profile.feedback
        weight = profile.weights(self.options.weights)
        weight = np.where(feedback > 0, 1.0, np.where(feedback < 0, -self.options.discard, weight))
        value = weight * self.item_idf[profile.items]
        return np.asarray(value * _length(value) ** -self.options.row_power * self.item_scale[profile.items])

    def _scale(self, similarity: float) -> float:
        return math.sqrt(similarity * self.energy)

    def rows(self, data: TrainingData) -> FloatMatrix:
        """The profiles of all training users: (n_users, n_features)."""
        options = self.options
        items = scale_columns(_item_rows(data, options, self.item_idf), self.item_scale)
        friends = scale_rows(data.friends, 1.0) * self._scale(options.friends)
        tags = _tag_rows(data.user_tags, self.tag_idf) * self._scale(options.tags)
        return sparse.csr_array(sparse.hstack([items, friends, tags], format="csr"))


_TINY = 1e-12


def _length(values: NDArray[np.floating]) -> float:
    """The length of a vector, never 0."""
    return max(math.sqrt(values @ values), _TINY)


def learn_encoder(data: TrainingData, options: FeatureOptions) -> Encoder:
    """Learn idf and scales from the data: idf is 1 + log(users / users of it).

    An item or tag without users counts as if it had one.
    """
    listeners = np.bincount(data.interactions.item, minlength=data.n_items)
    item_idf = _idf(data.n_users, listeners) if options.idf else np.ones(data.n_items, np.float32)
    rows = _item_rows(data, options, item_idf)
    total = column_sums(abs(rows))
    scale = np.where(total > 0, total, 1.0) ** -options.column_power
    squares = _lengths(scale_columns(rows, scale)) ** 2
    energy = float(squares[squares > 0].mean()) if (squares > 0).any() else 1.0
    users = np.bincount(data.user_tags.indices, minlength=data.user_tags.shape[1])
    tag_idf = _idf(data.n_users, users)
    return Encoder(options, item_idf, scale.astype(np.float32), tag_idf, data.n_users, energy)


def _idf(n_users: int, count: IntArray) -> Float32Array:
    return (1 + np.log(n_users / np.maximum(count, 1))).astype(np.float32)


def _item_rows(data: TrainingData, options: FeatureOptions, idf: Float32Array) -> FloatMatrix:
    played = data.interactions
    weight = interaction_weights(played, options.weights)
    shape = data.n_users, data.n_items
    weights: FloatMatrix = sparse.csr_array((weight, (played.user_index, played.item)), shape=shape)
    has_feedback = abs(data.feedback).sign()
    feedback = data.feedback.maximum(0) + options.discard * data.feedback.minimum(0)
    rows = sparse.csr_array(weights - weights.multiply(has_feedback) + feedback)
    rows.eliminate_zeros()
    return scale_rows(scale_columns(rows, idf), options.row_power)


def _tag_rows(counts: FloatMatrix, idf: Float32Array) -> FloatMatrix:
    return scale_rows(scale_columns(counts.log1p(), idf), 1.0)


def scale_rows(rows: FloatMatrix, power: float) -> FloatMatrix:
    """Divide each row by its length to the power; empty rows stay."""
    length = _lengths(rows)
    return sparse.csr_array(sparse.diags_array(np.where(length > 0, length, 1.0) ** -power) @ rows)


def _lengths(rows: FloatMatrix) -> FloatArray:
    return np.sqrt(column_sums(rows.power(2).T))


def column_sums(rows: sparse.sparray) -> FloatArray:
    """(n_columns,) float64."""
    return np.asarray(rows.sum(axis=0), np.float64).ravel()  # type: ignore[attr-defined]


def scale_columns(rows: FloatMatrix, by: NDArray[np.floating]) -> FloatMatrix:
    """Multiply each column."""
    return sparse.csr_array(rows @ sparse.diags_array(by.astype(np.float64)))
