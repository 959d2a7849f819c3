"""How similar one user's listening is to everybody else's, shrunk where they share little.

The formulas are here once, for any arrays: `core.models.knn.similarity_index` puts sparse matrices of many
users into them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from muse_graph.core.arrays import positions
from muse_graph.core.types import BoolArray, FloatArray, IntArray, Interactions, SimilarityKind
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = [
    "check_similarity",
    "confidence",
    "cosine",
    "jaccard",
    "log_likelihood",
    "similarities",
]

# A weight this close to the row's mean is the mean: the rest is rounding, and would correlate with anything.
_ROUNDING = 1e-12

_KINDS = get_args(SimilarityKind)

Numbers: TypeAlias = NDArray[np.floating[Any]] | IntArray


def similarities(
    played: Interactions, weights: FloatArray, user: int, n_users: int, kind: SimilarityKind, shrinkage: float
) -> FloatArray:
    """Similarity of one user to every user, times overlap / (overlap + shrinkage).

    A row is a played item, also with weight 0; overlap counts the items both have played.

    Args:
        weights: (n,) float64 in [0, 1], one for each interaction
        user: the one user, 0..n_users-1
        n_users: users there are, also those without an interaction
        kind: "cosine", over all items; "pearson", the adjusted cosine: each user's weights less their mean
            over everything that user played, then the cosine over the items both played; 0 if either does not
            vary there; "jaccard", items both played over items either played; "log-likelihood", 1 - 1 / (1 +
            G2), where G2 tests whether the two play the same items more often than by chance among the items
            anybody played; 0 if they share no more than expected by chance
        shrinkage: >= 0, items in common at which half of the similarity counts

    Returns:
        (n_users,) float64 in [0, 1], pearson in [-1, 1]; 0 for the user itself; never NaN

    Raises:
        InvalidRequest: For another kind or a negative shrinkage.
        ShapeError: If there is no such user or weights is not (n,).

    References:
        Sarwar et al., WWW 2001 (adjusted cosine); Dunning, Computational Linguistics 19, 1993 (G2); Bell and
        Koren, ICDM 2007 (shrinkage)
    """
    check_similarity(kind, shrinkage)
    if not 0 <= user < n_users:
        raise ShapeError(f"user must be 0..{n_users - 1}, got {user}")
    if weights.shape != played.item.shape:
        raise ShapeError(f"weights must be {played.item.shape}, got {weights.shape}")
    pair = _Pairs.of(played, weights, user, n_users)
    similarity: FloatArray = _MEASURES[kind](pair) * confidence(pair.overlap, shrinkage)
    similarity[user] = 0.0
    return similarity


def check_similarity(kind: SimilarityKind, shrinkage: float) -> None:
    """Refuse another kind or a negative shrinkage.

    Raises:
        InvalidRequest: If a value breaks its rule.
    """
    if kind not in _KINDS:
        raise InvalidRequest(f"similarity must be one of {', '.join(_KINDS)}, got {kind!r}")
    if not shrinkage >= 0:
        raise InvalidRequest(f"shrinkage must be >= 0, got {shrinkage}")


def confidence(overlap: Numbers, shrinkage: float) -> FloatArray:
    """The part of a similarity that counts: overlap / (overlap + shrinkage), 0 without overlap."""
    return _ratio(overlap, overlap + shrinkage)


def cosine(products: Numbers, lengths: Numbers) -> FloatArray:
    """The cosine of two vectors: their inner product over the product of their lengths, 0 if one has none."""
    return np.clip(_ratio(products, lengths), -1, 1)


def jaccard(both: Numbers, mine: Numbers, theirs: Numbers) -> FloatArray:
    """Items both played over items either played; arguments are counts."""
    return _ratio(both, mine + theirs - both)


def log_likelihood(
    both: Numbers,
    mine: Numbers,
    theirs: Numbers,
    n_items: Numbers | int,
) -> FloatArray:
    """Turn a G-test of whether two users share more items than by chance into a similarity, 1 - 1 / (1 + G2).

    Args:
        both, mine, theirs: counts of items played by both, by the one and by the other
        n_items: items there are to play
    """
    neither = n_items - mine - theirs + both
    cells = (both, mine - both, theirs - both, neither)
    margins = (mine, n_items - mine, theirs, n_items - theirs)
    g2 = 2 * (_sum_n_log_n(*cells) - _sum_n_log_n(*margins) + _sum_n_log_n(n_items))
    # Sharing conspicuously few items is as significant as sharing many, and is no similarity.
    g2 = np.where(both * n_items > mine * theirs, np.maximum(g2, 0.0), 0.0)
    return np.asarray(1 - 1 / (1 + g2))


def _sum_n_log_n(*counts: Numbers | int) -> FloatArray:
    return np.asarray(sum(xlogy(n, n) for n in counts))


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """One user beside all others.

    Attributes:
        items, users, weights: (n,) the interactions
        own, shared: (n,) the weight the one user gives that item (0 if none), and whether the one user played
            it
        counts, overlap: (n_users,) items played, and played by both
    """

    user: int
    items: IntArray
    users: IntArray
    weights: FloatArray
    own: FloatArray
    shared: BoolArray
    counts: IntArray
    overlap: IntArray

    @classmethod
    def of(cls, played: Interactions, weights: FloatArray, user: int, n_users: int) -> _Pairs:
        users, items = played.user_index, played.item
        mine = slice(*np.searchsorted(users, [user, user + 1]).tolist())
        found = positions(items[mine], items)
        shared = found >= 0
        # What the one user has not played is at -1, and finds the 0 at the end.
        own = np.append(weights[mine], 0.0)[found]
        counts = np.bincount(users, minlength=n_users)
        overlap = np.bincount(users[shared], minlength=n_users)
        return cls(user, items, users, weights, own, shared, counts, overlap)

    def sum_by_user(self, values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(self.users, weights=values, minlength=len(self.counts)), np.float64)


def _cosine(pair: _Pairs) -> FloatArray:
    norm = np.sqrt(pair.sum_by_user(pair.weights**2))
    return cosine(pair.sum_by_user(pair.weights * pair.own), norm * norm[pair.user])


def _pearson(pair: _Pairs) -> FloatArray:
    mean = _ratio(pair.sum_by_user(pair.weights), pair.counts)
    theirs = _centred(pair.weights - mean[pair.users], pair.shared)
    mine = _centred(pair.own - mean[pair.user], pair.shared)
    spread = np.sqrt(pair.sum_by_user(theirs**2)) * np.sqrt(pair.sum_by_user(mine**2))
    return cosine(pair.sum_by_user(theirs * mine), spread)


def _centred(values: FloatArray, shared: BoolArray) -> FloatArray:
    return np.where(shared & (np.abs(values) > _ROUNDING), values, 0.0)


def _jaccard(pair: _Pairs) -> FloatArray:
    return jaccard(pair.overlap, pair.counts[pair.user], pair.counts)


def _log_likelihood(pair: _Pairs) -> FloatArray:
    n_items = len(np.unique(pair.items))
    return log_likelihood(pair.overlap, pair.counts[pair.user], pair.counts, n_items)


def _ratio(numerator: Numbers, denominator: Numbers) -> FloatArray:
    """Divide, with 0 where the denominator is 0."""
    out = np.zeros(np.broadcast(numerator, denominator).shape)
    return np.divide(numerator, denominator, out=out, where=denominator != 0)


_MEASURES = {
    "cosine": _cosine,
    "pearson": _pearson,
    "jaccard": _jaccard,
    "log-likelihood": _log_likelihood,
}
