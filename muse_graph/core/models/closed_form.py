"""The closed form: each item regressed on everything else in a profile, solved at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

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

__all__ = ["ClosedFormOptions", "fit"]

Dense = NDArray[np.float32]

# Items solved for together: bounds the memory beside the inverse to about 400 MB at 200,000 features.
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class ClosedFormOptions(FeatureOptions):
    """What can be set about the closed form; profiles as in `FeatureOptions`.

    ridge     : >= 1e-6, pull of the weights towards 0, in mean squared lengths of a profile
    tag_rows  : >= 0, loudness of a tag as if it were a user who plays what carries it; 0 for none
    tag_uses  : >= 1, uses of a tag that make it such a row
    strongest : >= 1, weights kept for each item
    raises    : InvalidRequest naming the option, its value and the rule
    """

    ridge: float = 8.0
    tag_rows: float = 0.5
    tag_uses: int = 5
    strongest: int = 512

    def __post_init__(self) -> None:
        FeatureOptions.__post_init__(self)
        for name, least in (("ridge", 1e-6), ("tag_rows", 0.0), ("tag_uses", 1), ("strongest", 1)):
            check_at_least(name, getattr(self, name), least)


def fit(data: TrainingData, options: ClosedFormOptions | None = None) -> LinearModel:
    """Train.

    The weights of item j are those of the ridge regression of its column on all other features, scaled
    for each item alike; with K = (A A' + ridge I)^-1 over the rows A (users, then tags) they are
    A' K a_j / (1 - a_j' K a_j).

    source : Steck, WWW 2019 (EASE), in its dual form; side information as further columns and rows as in
             Jeunen et al., RecSys 2020
    """
    options = ClosedFormOptions() if options is None else options
    encoder = learn_encoder(data, options)
    rows = training_rows(data, encoder, options)
    inverse = invert(rows, options.ridge * encoder.energy)
    builder = Builder(encoder, options.strongest, loudness(rows))
    columns = sparse.csr_array(rows.T).astype(np.float32)
    named = np.flatnonzero(np.diff(columns.indptr[: data.n_items + 1]))
    for first in range(0, len(named), _BLOCK):
        items = named[first : first + _BLOCK]
        builder.add(items, solve(columns, inverse, items))
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


def solve(columns: sparse.csr_array[np.float32], inverse: Dense, items: NDArray[np.int64]) -> Dense:
    """The weights of some items: (len(items), n_features) float32, 0 for an item on itself.

    columns : (n_features, n_rows), the transpose of the rows
    """
    own = columns[items]
    solved = own @ inverse
    known = column_sums(own.multiply(solved).T)
    weights = np.ascontiguousarray((columns @ solved.T).T)
    weights[np.arange(len(items)), items] = 0.0
    return np.asarray(weights / (1.0 - known)[:, None], np.float32)
