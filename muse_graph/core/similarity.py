"""How alike one user's listening is to everybody else's, shrunk where they share little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from scipy.special import xlogy

from muse_graph.core.types import BoolArray, FloatArray, IntArray, RowMatrix, SimilarityKind
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = ["similarities"]

# A weight this close to the row's mean is the mean: the rest is rounding, and would correlate with anything.
_ROUNDING = 1e-12


def similarities(matrix: RowMatrix, row: int, kind: SimilarityKind, shrinkage: float) -> FloatArray:
    """Similarity of one user to every user, times overlap / (overlap + shrinkage).

    A stored entry is a played item, also with weight 0; overlap counts the items both have played.

    matrix    : (n_users, n_items) csr of weights in [0, 1], each pair stored once
    row       : position of the user
    kind      : "cosine", over all items;
                "pearson", the adjusted cosine: each user's weights less their mean over everything that user
                played, then the cosine over the items both played; 0 if either does not vary there;
                "jaccard", items both played over items either played;
                "log-likelihood", 1 - 1 / (1 + G2), where G2 tests whether the two play the same items more
                often than by chance among n_items; 0 if they share no more than chance gives
    shrinkage : >= 0, items in common at which half of the similarity counts
    returns   : (n_users,) float64 in [0, 1], pearson in [-1, 1]; 0 for the row itself; never NaN
    raises    : InvalidRequest for another kind or a negative shrinkage; ShapeError if there is no such row
    source    : Sarwar et al., WWW 2001 (adjusted cosine); Dunning, Computational Linguistics 19, 1993 (G2);
                Bell and Koren, ICDM 2007 (shrinkage)
    """
    if kind not in get_args(SimilarityKind):
        raise InvalidRequest(f"similarity must be one of {', '.join(get_args(SimilarityKind))}, got {kind!r}")
    if not shrinkage >= 0:
        raise InvalidRequest(f"shrinkage must be >= 0, got {shrinkage}")
    if not 0 <= row < matrix.shape[0]:
        raise ShapeError(f"row must be 0..{matrix.shape[0] - 1}, got {row}")
    pair = _Pairs.of(matrix, row)
    overlap = pair.overlap.astype(np.float64)
    alike: FloatArray = _MEASURES[kind](pair) * _ratio(overlap, overlap + shrinkage)
    alike[row] = 0.0
    return alike


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """One user beside all others.

    users, weights, own, shared : (nnz,) for each stored entry its user, its weight, the weight the one user
                                  gives that item (0 if none), and whether the one user played it
    counts, overlap             : (n_users,) items played, and played by both
    """

    row: int
    n_items: int
    users: IntArray
    weights: FloatArray
    own: FloatArray
    shared: BoolArray
    counts: IntArray
    overlap: IntArray

    @classmethod
    def of(cls, matrix: RowMatrix, row: int) -> _Pairs:
        n_users, n_items = matrix.shape
        counts = np.diff(matrix.indptr).astype(np.int64)
        users = np.repeat(np.arange(n_users), counts)
        mine = slice(matrix.indptr[row], matrix.indptr[row + 1])
        own, played = np.zeros(n_items), np.zeros(n_items, np.bool_)
        own[matrix.indices[mine]] = matrix.data[mine]
        played[matrix.indices[mine]] = True
        shared = played[matrix.indices]
        overlap = np.bincount(users[shared], minlength=n_users)
        return cls(row, n_items, users, matrix.data, own[matrix.indices], shared, counts, overlap)

    def sum_by_user(self, values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(self.users, weights=values, minlength=len(self.counts)), np.float64)


def _cosine(pair: _Pairs) -> FloatArray:
    norm = np.sqrt(pair.sum_by_user(pair.weights**2))
    return np.clip(_ratio(pair.sum_by_user(pair.weights * pair.own), norm * norm[pair.row]), -1, 1)


def _pearson(pair: _Pairs) -> FloatArray:
    mean = _ratio(pair.sum_by_user(pair.weights), pair.counts)
    theirs = _centred(pair.weights - mean[pair.users], pair.shared)
    mine = _centred(pair.own - mean[pair.row], pair.shared)
    spread = np.sqrt(pair.sum_by_user(theirs**2)) * np.sqrt(pair.sum_by_user(mine**2))
    return np.clip(_ratio(pair.sum_by_user(theirs * mine), spread), -1, 1)


def _centred(values: FloatArray, shared: BoolArray) -> FloatArray:
    return np.where(shared & (np.abs(values) > _ROUNDING), values, 0.0)


def _jaccard(pair: _Pairs) -> FloatArray:
    return _ratio(pair.overlap, pair.counts + pair.counts[pair.row] - pair.overlap)


def _log_likelihood(pair: _Pairs) -> FloatArray:
    both, mine, theirs = pair.overlap, pair.counts[pair.row], pair.counts
    cells = np.array([both, mine - both, theirs - both, pair.n_items - mine - theirs + both], np.float64)
    margins = np.array(
        [np.full_like(theirs, mine), pair.n_items - mine + 0 * theirs, theirs, pair.n_items - theirs]
    )
    total = xlogy(float(pair.n_items), float(pair.n_items))
    g2 = 2 * (xlogy(cells, cells).sum(axis=0) - xlogy(margins, margins).sum(axis=0) + total)
    # Sharing conspicuously few items is as significant as sharing many, and is no likeness.
    g2 = np.where(both * pair.n_items > mine * theirs, np.maximum(g2, 0.0), 0.0)
    return np.asarray(1 - 1 / (1 + g2))


def _ratio(numerator: FloatArray | IntArray, denominator: FloatArray | IntArray) -> FloatArray:
    """Divide, with 0 where the denominator is 0."""
    out = np.zeros(np.broadcast(numerator, denominator).shape)
    return np.divide(numerator, denominator, out=out, where=denominator != 0)


_MEASURES = {
    "cosine": _cosine,
    "pearson": _pearson,
    "jaccard": _jaccard,
    "log-likelihood": _log_likelihood,
}
