"""How good lists of recommendations are: accuracy at k, and what the lists are made of.

Accuracy is computed from `hits`, (n_users, k) bool: whether the item at each rank is one the user was found
to like. A list shorter than k is filled up with False (and with -1 where items are asked for). Relevance is
binary. Shares are in 0..1; multiply by 100 for per cent.
"""

from __future__ import annotations

import numpy as np

from muse_graph.core.types import BoolArray, FloatArray, IntArray

__all__ = [
    "coverage",
    "genre_entropy",
    "hit",
    "mean_over_groups",
    "ndcg",
    "percentiles",
    "precision",
    "recall",
    "reciprocal_rank",
    "share_of",
    "under_radar",
]

_RADAR_SHARE = 0.2


def precision(hits: BoolArray) -> FloatArray:
    """(n_users,) float64: the share of the k ranks that are hits; 0 for k = 0."""
    return np.asarray(hits.sum(axis=1) / max(hits.shape[1], 1), np.float64)


def recall(hits: BoolArray, n_relevant: IntArray) -> FloatArray:
    """(n_users,) float64: the share of what there was to find. n_relevant : (n_users,) int64, NaN where 0."""
    found = hits.sum(axis=1).astype(np.float64)
    return np.asarray(np.divide(found, n_relevant, out=np.full(len(hits), np.nan), where=n_relevant > 0))


def ndcg(hits: BoolArray, n_relevant: IntArray) -> FloatArray:
    """Discounted gain over that of the best list there could be, NaN where there was nothing to find.

    Returns:
        (n_users,) float64 in 0..1

    References:
        Järvelin and Kekäläinen, TOIS 2002, with binary gains and discount log2(1 + rank)
    """
    k = hits.shape[1]
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    best = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(n_relevant, k)]
    return np.asarray(np.divide(hits @ discount, best, out=np.full(len(hits), np.nan), where=best > 0))


def hit(hits: BoolArray) -> FloatArray:
    """(n_users,) float64: 1 where any rank is a hit, else 0."""
    return np.asarray(hits.any(axis=1), np.float64)


def reciprocal_rank(hits: BoolArray) -> FloatArray:
    """(n_users,) float64: 1 / rank of the first hit, 0 without one; its mean is MRR."""
    if not hits.shape[1]:
        return np.zeros(len(hits))
    return np.asarray(np.where(hits.any(axis=1), 1.0 / (hits.argmax(axis=1) + 1), 0.0))


def mean_over_groups(values: FloatArray, group: IntArray) -> float:
    """The mean of the groups' means, each group counting the same; NaN without values."""
    if not len(values):
        return float("nan")
    _, index = np.unique(group, return_inverse=True)
    return float((np.bincount(index, values) / np.bincount(index)).mean())


def coverage(lists: IntArray, n_items: int) -> float:
    """The share of n_items that are in at least one list. lists : (n_users, k) int64, -1 for no item."""
    return len(np.unique(lists[lists >= 0])) / max(n_items, 1)


def percentiles(popularity: IntArray) -> FloatArray:
    """How popular each item is among all: the share of items less popular, and half of its equals.

    Args:
        popularity: (n_items,) int64, such as listeners

    Returns:
        (n_items,) float64 in 0..1
    """
    order = np.sort(popularity)
    below, above = np.searchsorted(order, popularity), np.searchsorted(order, popularity, side="right")
    return np.asarray((below + above) / (2 * max(len(popularity), 1)))


def under_radar(listeners: IntArray) -> BoolArray:
    """(n_items,) bool: outside the 20 % of items with the most listeners; ties to the smaller position.

    Items without a listener are no part of the count, and under the radar.
    """
    n_known = int((listeners > 0).sum())
    most = np.argsort(-listeners, kind="stable")[: int(n_known * _RADAR_SHARE)]
    radar = np.ones(len(listeners), np.bool_)
    radar[most] = False
    return radar


def share_of(lists: IntArray, values: FloatArray | BoolArray) -> float:
    """The mean over all places of all lists of what an item has; NaN where no list has an item.

    Args:
        lists: (n_users, k) int64, -1 for no item
        values: (n_items,), such as whether it is under the radar
    """
    items = lists[lists >= 0]
    return float(values[items].mean()) if len(items) else float("nan")


def genre_entropy(lists: IntArray, genre: IntArray) -> FloatArray:
    """How evenly each list spreads over genres, in bits: 0 for one genre, log2(n) for n in equal parts.

    Args:
        genre: (n_items,) int64, -1 for none, which counts as a genre of its own

    Returns:
        (n_users,) float64, NaN for an empty list
    """
    n_genres = int(genre.max(initial=-1)) + 2
    user, rank = np.nonzero(lists >= 0)
    index = user * n_genres + genre[lists[user, rank]] + 1
    counts = np.bincount(index, minlength=len(lists) * n_genres).reshape(len(lists), n_genres)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    bits = -np.where(shares > 0, shares * np.log2(np.where(shares > 0, shares, 1.0)), 0.0).sum(axis=1)
    return np.asarray(np.where(totals[:, 0] > 0, np.maximum(bits, 0.0), np.nan))
