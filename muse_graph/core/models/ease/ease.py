"""EASE, the closed form: each item regressed on everything else in a profile, solved at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import linalg, sparse

from muse_graph.core.arrays import positions
from muse_graph.core.checks import check_at_least
from muse_graph.core.models.ease.features import (
    Encoder,
    FeatureOptions,
    column_sums,
    learn_encoder,
    scale_columns,
    scale_rows,
)
from muse_graph.core.models.ease.linear import Builder, LinearModel
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, FloatMatrix, IntArray

__all__ = ["EaseOptions", "fit_ease"]

# Cells of the arrays that a block of items is solved in: 128 MB each.
_CELLS = 1 << 25

# Rows multiplied with all others at once.
_BAND = 1_000

#: (n,) int64 items, (m,) int64 features, and (n, m) float32 weights of these, 0 for an item on itself.
Block: TypeAlias = tuple[IntArray, IntArray, Float32Array]


@dataclass(frozen=True, slots=True)
class EaseOptions(FeatureOptions):
    """What can be set about EASE; profiles as in `FeatureOptions`.

    Attributes:
        ridge: >= 1e-6, pull of the weights towards 0, in mean squared lengths of a profile
        tag_rows: >= 0, weight of a tag as a further row, a user who plays what carries the tag; 0 for none
        tag_uses: >= 1, uses of a tag that make it such a row
        strongest: >= 1, weights kept for each item
        strongest_beyond: >= 1, the same beyond `max_rows`: a listener is scored in half the time, as well
        max_weights: >= 1, weights kept in all, the same number for each item
        max_rows: >= 1, users and tags up to which the solution is exact
        top_columns: >= 1, features solved together beyond that
        tail_columns: >= 1, features that all other items are learned from then
        max_users: >= 1, users learned from; of more, that many at random
        seed: of that choice

    Raises:
        InvalidRequest: Naming the option, its value and the rule.
    """

    ridge: float = 8.0
    tag_rows: float = 0.5
    tag_uses: int = 3
    strongest: int = 2048
    strongest_beyond: int = 400
    max_weights: int = 40_000_000
    max_rows: int = 10_000
    top_columns: int = 8_000
    tail_columns: int = 3_000
    max_users: int = 200_000
    seed: int = 0

    def __post_init__(self) -> None:
        FeatureOptions.__post_init__(self)
        check_at_least("ridge", self.ridge, 1e-6)
        check_at_least("tag_rows", self.tag_rows, 0.0)
        for name in (
            "tag_uses", "strongest", "strongest_beyond", "max_weights", "max_rows", "top_columns",
            "tail_columns", "max_users",
        ):  # fmt: skip
            check_at_least(name, getattr(self, name), 1)


def fit_ease(data: TrainingData, options: EaseOptions | None = None) -> LinearModel:
    """Train.

    The weights of an item are those of the ridge regression of its column on all other features: exactly up
    to `max_rows`, and beyond by `PrimalSolver`.

    Note:
        the larger of 12 * max_rows^2 bytes (1.2 GB) and 12 * top_columns^2, the training data three times,
        six arrays of _CELLS, and 40 bytes for each weight that is kept (1.6 GB)

    References:
        Steck, WWW 2019 (EASE); side information as further columns and rows, Jeunen et al., RecSys 2020
    """
    options = EaseOptions() if options is None else options
    encoder = learn_encoder(data, options)
    rows = training_rows(data, encoder, options)
    named = np.flatnonzero(column_sums(abs(rows))[: data.n_items])
    is_exact = rows.shape[0] <= options.max_rows
    strongest = options.strongest if is_exact else options.strongest_beyond
    most = max(options.max_weights // max(len(named), 1), 1)
    builder = Builder(encoder, min(strongest, most), column_rms(rows))
    if not len(named):
        return builder.build()
    ridge = options.ridge * encoder.energy
    solver: DualSolver | PrimalSolver
    if is_exact:
        solver = DualSolver.of(rows, ridge)
    else:
        solver = PrimalSolver.of(rows, ridge, options.top_columns, options.tail_columns)
    for items, features, weights in solver.blocks(named):
        builder.add(items, features, weights)
    return builder.build()


def training_rows(data: TrainingData, encoder: Encoder, options: EaseOptions) -> FloatMatrix:
    """Users with a history, and under them the tags: (n_rows, n_features).

    Of more than `max_users` that many are drawn. A user without history would teach that their friends and
    tags go with no item.
    """
    users = encoder.rows(data)
    history = np.flatnonzero(np.diff(users[:, : data.n_items].indptr))
    if len(history) > options.max_users:
        rng = np.random.default_rng(options.seed)
        history = np.sort(rng.choice(history, options.max_users, replace=False))
    users = users[history]
    if not options.tag_rows:
        return users
    uses = column_sums(data.item_tags)
    tags = sparse.csr_array(data.item_tags[:, uses >= options.tag_uses].T).log1p()
    tags = scale_rows(scale_columns(tags, encoder.item_idf), options.row_power) * options.tag_rows
    empty: FloatMatrix = sparse.csr_array((tags.shape[0], encoder.n_features - data.n_items))
    return sparse.csr_array(sparse.vstack([users, sparse.hstack([tags, empty])], format="csr"))


def invert(rows: sparse.csr_array[Any], ridge: float) -> Float32Array:
    """(A A' + ridge I)^-1: (n_rows, n_rows) float32, in n_rows^3 operations; three such at the peak."""
    n_rows = rows.shape[0]
    gram = np.empty((n_rows, n_rows), np.float32)
    columns = sparse.csr_array(rows.T)
    for first in range(0, n_rows, _BAND):
        gram[first : first + _BAND] = (rows[first : first + _BAND] @ columns).toarray()
    gram[np.diag_indices(n_rows)] += ridge
    # Positive definite by the ridge, so that these cannot fail; LAPACK wants the columns side by side.
    factor, _ = linalg.lapack.spotrf(gram.T, lower=0, overwrite_a=1)
    inverse, _ = linalg.lapack.spotri(factor, lower=0, overwrite_c=1)
    whole: Float32Array = np.triu(inverse)
    whole += np.triu(inverse, 1).T
    return whole


def column_rms(rows: FloatMatrix) -> Float32Array:
    """(n_features,) root of the mean square of each column."""
    return np.sqrt(column_sums(rows.power(2)) / max(rows.shape[0], 1)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class DualSolver:
    """The dual solution, over rows: with K = (A A' + ridge I)^-1, A' K a_j / (1 - a_j' K a_j).

    Attributes:
        columns: (n_features, n_rows), the transpose of A
        inverse: (n_rows, n_rows), K
    """

    columns: Float32Matrix
    inverse: Float32Array

    @classmethod
    def of(cls, rows: FloatMatrix, ridge: float) -> DualSolver:
        """Solve for all rows."""
        return cls(sparse.csr_array(rows.T).astype(np.float32), invert(rows, ridge))

    def blocks(self, items: IntArray) -> Iterator[Block]:
        """The weights of items, on all features."""
        features = np.arange(self.columns.shape[0])
        for some in _pieces(items, max(self.columns.shape)):
            yield some, features, self._weights(some)

    def _weights(self, items: IntArray) -> Float32Array:
        own = self.columns[items]
        solved = own @ self.inverse
        known = column_sums(own.multiply(solved).T)
        weights = np.ascontiguousarray((self.columns @ solved.T).T)
        weights[np.arange(len(items)), items] = 0.0
        return np.asarray(weights / (1.0 - known)[:, None], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PrimalSolver:
    """The solution over the features with most energy, with P = (A' A + ridge I)^-1 of the top ones.

    One of these has the weights -P_j / P_jj: exactly those of a world without other features. All other items
    are learned from fewer, the first of these by energy, with the weights Q A' a_j of their own inverse Q.
    Other features have no weight, friends among them: what has so little energy beside the ridge says little.

    Attributes:
        features: (n_top,) int64, falling energy, the features solved together
        columns: (n_features, n_rows), the transpose of A
        inverse: (n_top, n_top), P
        first: (n_first, n_rows), the columns of those that other items are learned from
        first_inverse: (n_first, n_first), Q
    """

    features: IntArray
    columns: Float32Matrix
    inverse: Float32Array
    first: Float32Matrix
    first_inverse: Float32Array

    @classmethod
    def of(cls, rows: FloatMatrix, ridge: float, n_top: int, n_first: int) -> PrimalSolver:
        """Solve for the columns with most energy together, and once more for the first of them."""
        energy = column_sums(rows.power(2))
        features = np.argsort(-energy, kind="stable")[: min(n_top, np.count_nonzero(energy))]
        columns = sparse.csr_array(rows.T).astype(np.float32)
        top = columns[features]
        inverse = invert(top, ridge)
        if len(features) <= n_first:
            return cls(features, columns, inverse, top, inverse)
        first = top[:n_first]
        return cls(features, columns, inverse, first, invert(first, ridge))

    def blocks(self, items: IntArray) -> Iterator[Block]:
        """The weights of items: on the top features of those among these, on the first ones of all others."""
        place = positions(self.features, items)
        for own in _pieces(place[place >= 0], len(self.features)):
            # The inverse is symmetric: its rows are its columns, and side by side.
            weights = self.inverse[own] / -self.inverse[own, own][:, None]
            weights[np.arange(len(own)), own] = 0.0
            yield self.features[own], self.features, weights
        n_first = len(self.first_inverse)
        for others in _pieces(items[place < 0], n_first):
            shared = (self.columns[others] @ self.first.T).toarray()
            yield others, self.features[:n_first], shared @ self.first_inverse


def _pieces(items: IntArray, n_columns: int) -> Iterator[IntArray]:
    """Items some at a time, so that a row of columns for each is _CELLS cells at most."""
    size = max(_CELLS // max(n_columns, 1), 1)
    for first in range(0, len(items), size):
        yield items[first : first + size]
