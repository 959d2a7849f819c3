"""The score of a genre from friends' plays, and the boost it gives to its tracks."""

from __future__ import annotations

import numpy as np

from muse_graph.core.discovery.twenty_percent_rule import Ledger, headroom
from muse_graph.core.types import FloatArray, IntArray, check_lengths
from muse_graph.errors import InvalidRequest

__all__ = ["genre_boosts", "genre_scores"]


def genre_scores(
    weights: FloatArray, friend: IntArray, genre: IntArray, plays: IntArray, n_genres: int, damping: float
) -> FloatArray:
    """Mean of the friends' genre shares, weighted by how much each friend counts.

    Args:
        weights: (n_friends,) float64 >= 0, a_f, as `FriendWeights.total`
        friend, genre, plays: (n,) int64, plays of a friend that count for a genre; pairs may repeat and add
            up
        damping: >= 0, pulls scores that rest on few friends towards 0

    Returns:
        (n_genres,) float64 in 0..1: sum over friends of a_f times the genre's share of the friend's plays,
        over the sum of a_f + damping

    Raises:
        ShapeError: If friend, genre and plays differ in length.
        InvalidRequest: If damping is negative.
    """
    if not damping >= 0:
        raise InvalidRequest(f"damping must be >= 0, got {damping}")
    check_lengths(friend=friend, genre=genre, plays=plays)
    played = np.bincount(friend, plays, len(weights))
    total = float(weights.sum()) + damping
    # A user without plays has no row, and without friends every weight is 0.
    factor = weights / np.maximum(played, 1.0) / (total or 1.0)
    return np.asarray(np.bincount(genre, plays * factor[friend], n_genres), np.float64)


def genre_boosts(ledger: Ledger, scores: FloatArray) -> FloatArray:
    """The boost of each offered genre to its tracks: its score from friends, and its remaining headroom.

    A genre never heard has all its headroom, one at the cap has none, so that a listener is pushed on to what
    is new.

    Args:
        scores: (n_genres,) float64 >= 0, as from `genre_scores`

    Returns:
        (n_genres,) float64 in [0, 1], 1 for the best; 0 for genres that are not offered
    """
    left = headroom(ledger)
    boost = np.where(ledger.offered, left * scores, 0.0)
    best = boost.max(initial=0.0)
    return np.asarray(boost / best) if best > 0 else np.where(ledger.offered, left, 0.0)
