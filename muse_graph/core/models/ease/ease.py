"""EASE, the closed form: each item regressed on everything else in a profile, solved at once."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class EaseOptions(FeatureOptions):
    """What can be set about EASE; profiles as in `FeatureOptions`.

    Attributes:
        ridge: >= 1e-6, pull of the weights towards 0, in mean squared lengths of a profile
        tag_rows: >= 0, weight of a tag as a further row, a user who plays what carries the tag; 0 for none
        tag_uses: >= 1, uses of a tag that make it such a row
        strongest: >= 1, weights kept for each item
        max_rows: >= 1, users and tags up to which the solution is exact
        top_columns: >= 1, features solved together beyond that
        max_users: >= 1, users learned from; of more, that many at random
        seed: of that choice

    Raises:
        InvalidRequest: Naming the option, its value and the rule.
    """

    ridge: float = 8.0
    tag_rows: float = 0.5
    tag_uses: int = 3
    strongest: int = 2048
    max_rows: int = 10_000
    top_columns: int = 4_000
    max_users: int = 200_000
    seed: int = 0

    def __post_init__(self) -> None:
        FeatureOptions.__post_init__(self)
        check_at_least("ridge", self.ridge, 1e-6)
        check_at_least("tag_rows", self.tag_rows, 0.0)
        for name in ("tag_uses", "strongest", "max_rows", "top_columns", "max_users"):
            check_at_least(name, getattr(self, name), 1)


def fit_ease(data: TrainingData, options: EaseOptions | None = None) -> LinearModel:
    """Train.

    The weights of an item are those of the ridge regression of its column on all other features: exactly up
    to `max_rows`, and beyond by `PrimalSolver`.

    Note:
        the larger of 12 * max_rows^2 bytes (1.2 GB) and 12 * top_columns^2, the training data three times,
        and six arrays of _CELLS

    References:
        Steck, WWW 2019 (EASE); side information as further columns and rows, Jeunen et al., RecSys 2020
    """
    options = EaseOptions() if options is None else options
    encoder = learn_encoder(data, options)
    rows = training_rows(data, encoder, options)
    builder = Builder(encoder, options.strongest, column_rms(rows))
    named = np.flatnonzero(column_sums(abs(rows))[: data.n_items])
    if not len(named):
        return builder.build()
    ridge = options.ridge * encoder.energy
    solver: DualSolver | PrimalSolver
    if rows.shape[0] <= options.max_rows:
        solver = DualSolver.of(rows, ridge)
    else:
        solver = PrimalSolver.of(rows, ridge, options.top_columns)
    block = max(_CELLS // max(rows.shape), 1)
    for first in range(0, len(named), block):
        items = named[first : first + block]
        builder.add(items, solver.weights(items))
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


def invert(rows: FloatMatrix, ridge: float) -> Float32Array:
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

    def weights(self, items: IntArray) -> Float32Array:
        """The weights of some items: (len(items), n_features), 0 for an item on itself."""
        own = self.columns[items]
        solved = own @ self.inverse
        known = column_sums(own.multiply(solved).T)
        weights = np.ascontiguousarray((self.columns @ solved.T).T)
        weights[np.arange(len(items)), items] = 0.0
        return np.asarray(weights / (1.0 - known)[:, None], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PrimalSolver:
    """The solution over features, with P = (A' A + ridge I)^-1 of those with most energy, the top ones.

    One of these has the weights -P_j / P_jj, any other item P A' a_j. A feature f that is not among them gets
    a_f' r / (a_f' a_f + ridge), where r is what they leave over of the item's column: exact if such features
    had nothing to do with each other, and a good approximation while their energy is small beside the ridge.

    Attributes:
        columns: (n_features, n_rows), the transpose of A
        top_columns: (n_top,) int64 ascending, the features solved together
        top: (n_rows, n_top), their part of A
        others: (n_features, n_rows), the columns without these
        inverse: (n_top, n_top), P
        damping: (n_features,), a_f' a_f + ridge
    """

    columns: Float32Matrix
    top_columns: IntArray
    top: Float32Matrix
    others: Float32Matrix
    inverse: Float32Array
    damping: Float32Array

    @classmethod
    def of(cls, rows: FloatMatrix, ridge: float, n_top: int) -> PrimalSolver:
        """Solve for the columns with most energy together."""
        energy = column_sums(rows.power(2))
        top_columns = np.sort(np.argsort(-energy, kind="stable")[:n_top])
        columns = sparse.csr_array(rows.T)
        inverse = invert(columns[top_columns], ridge)
        small = columns.astype(np.float32)
        kept = np.ones(len(energy), np.float32)
        kept[top_columns] = 0.0
        others = sparse.csr_array(sparse.diags_array(kept) @ small)
        others.eliminate_zeros()
        top = sparse.csr_array(small[top_columns].T)
        return cls(small, top_columns, top, others, inverse, (energy + ridge).astype(np.float32))

    def weights(self, items: IntArray) -> Float32Array:
        """The weights of some items: (len(items), n_features), 0 for an item on itself."""
        wanted = np.ascontiguousarray(self.columns[items].toarray().T)
        solved = self._solved(items, wanted)
        weights = self.others @ (wanted - self.top @ solved)
        weights /= self.damping[:, None]
        weights[self.top_columns] = solved
        weights[items, np.arange(len(items))] = 0.0
        return np.ascontiguousarray(weights.T)

    def _solved(self, items: IntArray, wanted: Float32Array) -> Float32Array:
        solved: Float32Array = self.inverse @ (self.top.T @ wanted)
        index = positions(self.top_columns, items)
        among = np.flatnonzero(index >= 0)
        own = self.inverse[:, index[among]] / -self.inverse[index[among], index[among]]
        own[index[among], np.arange(len(among))] = 0.0
        solved[:, among] = own
        return solved
