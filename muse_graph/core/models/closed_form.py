"""The closed form: each item regressed on everything else in a profile, solved at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from muse_graph.core.arrays import positions
from muse_graph.core.models.features import (
    Encoder,
    FeatureOptions,
    Matrix,
    check_at_least,
    column_sums,
    learn_encoder,
    scale_columns,
    scale_rows,
)
from muse_graph.core.models.linear import Builder, LinearModel
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import IntArray

__all__ = ["ClosedFormOptions", "fit"]

Dense = NDArray[np.float32]

Matrix32 = sparse.csr_array[np.float32]

# Cells of the arrays that a block of items is solved in: 128 MB each.
_CELLS = 1 << 25


@dataclass(frozen=True, slots=True)
class ClosedFormOptions(FeatureOptions):
    """What can be set about the closed form; profiles as in `FeatureOptions`.

    ridge     : >= 1e-6, pull of the weights towards 0, in mean squared lengths of a profile
    tag_rows  : >= 0, loudness of a tag as if it were a user who plays what carries it; 0 for none
    tag_uses  : >= 1, uses of a tag that make it such a row
    strongest : >= 1, weights kept for each item
    limit     : >= 1, rows that are solved over; beyond them features are, the loudest that many
    raises    : InvalidRequest naming the option, its value and the rule
    """

    ridge: float = 8.0
    tag_rows: float = 0.5
    tag_uses: int = 5
    strongest: int = 512
    limit: int = 10_000

    def __post_init__(self) -> None:
        FeatureOptions.__post_init__(self)
        for name, least in (
            ("ridge", 1e-6),
            ("tag_rows", 0.0),
            ("tag_uses", 1),
            ("strongest", 1),
            ("limit", 1),
        ):
            check_at_least(name, getattr(self, name), least)


def fit(data: TrainingData, options: ClosedFormOptions | None = None) -> LinearModel:
    """Train.

    The weights of an item are those of the ridge regression of its column on all other features. Up to the
    limit of rows this is exact. Beyond, it is exact for the loudest features; the others are each fitted to
    what these leave over.

    memory : 8 * limit^2 bytes at the peak, which is 0.8 GB at 10,000, and three arrays of _CELLS
    source : Steck, WWW 2019 (EASE); side information as further columns and rows, Jeunen et al., RecSys 2020
    """
    options = ClosedFormOptions() if options is None else options
    encoder = learn_encoder(data, options)
    rows = training_rows(data, encoder, options)
    builder = Builder(encoder, options.strongest, loudness(rows))
    named = np.flatnonzero(column_sums(abs(rows))[: data.n_items])
    if not len(named):
        return builder.build()
    ridge = options.ridge * encoder.energy
    solver = (
        RowSide.of(rows, ridge) if rows.shape[0] <= options.limit else ItemSide.of(rows, ridge, options.limit)
    )
    block = max(_CELLS // max(rows.shape), 1)
    for first in range(0, len(named), block):
        items = named[first : first + block]
        builder.add(items, solver.weights(items))
    return builder.build()


def training_rows(data: TrainingData, encoder: Encoder, options: ClosedFormOptions) -> Matrix:
    """Users with a history, and under them the tags: (n_rows, n_features).

    A user without history would teach that such friends and tags go with nothing.
    """
    users = encoder.rows(data)
    users = users[np.diff(users[:, : data.n_items].indptr) > 0]
    if not options.tag_rows:
        return users
    uses = column_sums(data.item_tags)
    tags = sparse.csr_array(data.item_tags[:, uses >= options.tag_uses].T).log1p()
    tags = scale_rows(scale_columns(tags, encoder.item_idf), options.row_power) * options.tag_rows
    silent: Matrix = sparse.csr_array((tags.shape[0], encoder.n_features - data.n_items))
    return sparse.csr_array(sparse.vstack([users, sparse.hstack([tags, silent])], format="csr"))


def invert(rows: Matrix, ridge: float) -> Dense:
    """(A A' + ridge I)^-1: (n_rows, n_rows) float32; n_rows^2 * 4 bytes, n_rows^3 operations."""
    gram = (rows @ rows.T).toarray().astype(np.float32)
    gram[np.diag_indices(len(gram))] += ridge
    # Positive definite by the ridge: these cannot fail.
    factor, _ = linalg.lapack.spotrf(gram, lower=0, overwrite_a=1)
    inverse, _ = linalg.lapack.spotri(factor, lower=0, overwrite_c=1)
    whole: Dense = np.triu(inverse) + np.triu(inverse, 1).T
    return whole


def loudness(rows: Matrix) -> Dense:
    """(n_features,) root of the mean square of each column."""
    return np.sqrt(column_sums(rows.power(2)) / max(rows.shape[0], 1)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class RowSide:
    """The dual solution, over rows: with K = (A A' + ridge I)^-1, A' K a_j / (1 - a_j' K a_j).

    columns : (n_features, n_rows), the transpose of A
    inverse : (n_rows, n_rows), K
    """

    columns: Matrix32
    inverse: Dense

    @classmethod
    def of(cls, rows: Matrix, ridge: float) -> RowSide:
        """Solve for all rows."""
        return cls(sparse.csr_array(rows.T).astype(np.float32), invert(rows, ridge))

    def weights(self, items: IntArray) -> Dense:
        """The weights of some items: (len(items), n_features), 0 for an item on itself."""
        own = self.columns[items]
        solved = own @ self.inverse
        known = column_sums(own.multiply(solved).T)
        weights = np.ascontiguousarray((self.columns @ solved.T).T)
        weights[np.arange(len(items)), items] = 0.0
        return np.asarray(weights / (1.0 - known)[:, None], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class ItemSide:
    """The solution over features, with P = (A' A + ridge I)^-1 of the loudest of them.

    One of these has the weights -P_j / P_jj, any other item P A' a_j. A feature f that is not among them gets
    a_f' r / (a_f' a_f + ridge), where r is what they leave over of the item's column: exact if such features
    had nothing to do with each other, and near it while they are quiet beside the ridge.

    rows    : (n_rows, n_features), A
    columns : (n_features, n_rows), its transpose
    loudest : (n_loudest,) int64 ascending, the features solved together
    inverse : (n_loudest, n_loudest), P
    damping : (n_features,), a_f' a_f + ridge
    """

    rows: Matrix32
    columns: Matrix32
    loudest: IntArray
    inverse: Dense
    damping: Dense

    @classmethod
    def of(cls, rows: Matrix, ridge: float, limit: int) -> ItemSide:
        """Solve for the loudest features."""
        energy = column_sums(rows.power(2))
        loudest = np.sort(np.argsort(-energy, kind="stable")[:limit])
        columns = sparse.csr_array(rows.T)
        inverse = invert(columns[loudest], ridge)
        small = sparse.csr_array(rows).astype(np.float32)
        return cls(small, columns.astype(np.float32), loudest, inverse, (energy + ridge).astype(np.float32))

    def weights(self, items: IntArray) -> Dense:
        """The weights of some items: (len(items), n_features), 0 for an item on itself."""
        wanted = self.rows[:, items].toarray()
        solved = self._solved(items, wanted)
        known = np.zeros((self.rows.shape[1], len(items)), np.float32)
        known[self.loudest] = solved
        weights = self.columns @ (wanted - self.rows @ known)
        weights /= self.damping[:, None]
        weights[self.loudest] = solved
        weights[items, np.arange(len(items))] = 0.0
        return np.ascontiguousarray(weights.T)

    def _solved(self, items: IntArray, wanted: Dense) -> Dense:
        solved = self.inverse @ (self.columns[self.loudest] @ wanted)
        place = positions(self.loudest, items)
        among = np.flatnonzero(place >= 0)
        own = self.inverse[:, place[among]] / -self.inverse[place[among], place[among]]
        own[place[among], np.arange(len(among))] = 0.0
        solved[:, among] = own
        return solved
