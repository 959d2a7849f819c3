"""How well the tastes of two listeners fit, as one number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.types import IntArray, check_lengths

__all__ = ["Counts", "Taste", "affinity", "compatibility", "shared"]

#: What genres, artists and tracks count. Genres are few and shared by chance, tracks tell most and are shared
#: by few; so none counts alone.
_WEIGHTS = (0.4, 0.4, 0.2)
#: Different tracks, of the one who has fewer, at which half of the number counts.
_SHRINKAGE = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How often each of n different things was played: keys, plays (n,) int64, plays > 0, in any order."""

    keys: IntArray
    plays: IntArray

    @classmethod
    def of(cls, keys: IntArray, plays: IntArray) -> Counts:
        """Add up the plays of each key; raises ShapeError if the lengths differ."""
        check_lengths(keys=keys, plays=plays)
        different, place = np.unique(keys, return_inverse=True)
        total = np.zeros(len(different), np.int64)
        np.add.at(total, place, plays)
        return cls(different, total)


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """What one listener plays."""

    genres: Counts
    artists: Counts
    tracks: Counts


def compatibility(one: Taste, other: Taste) -> int:
    """How well two tastes fit, 0..100.

    0 is nothing in common, or nothing known of one of the two; 100 the same shares of genres, artists and
    tracks over very many tracks. It is 100 times the weighted mean of the affinities of genres (0.4), artists
    (0.4) and tracks (0.2), times n / (n + 10), where n is how many different tracks the one with fewer has
    played: the same ten tracks, played alike, make 50. Who comes first does not matter, and neither does how
    much either listens, shares being compared.
    """
    parts = [
        affinity(one.genres, other.genres),
        affinity(one.artists, other.artists),
        affinity(one.tracks, other.tracks),
    ]
    n_tracks = min(len(one.tracks.keys), len(other.tracks.keys))
    value = float(np.dot(_WEIGHTS, parts)) * n_tracks / (n_tracks + _SHRINKAGE)
    return round(100 * value)


def affinity(one: Counts, other: Counts) -> float:
    """Bhattacharyya coefficient of the shares of plays, 0..1: the sum of the roots of their products.

    1 for the same shares, 0 for nothing in common or no plays. The roots keep one thing played all day from
    being all that counts.

    References:
        Bhattacharyya, Bulletin of the Calcutta Mathematical Society 35, 1943
    """
    _, mine, theirs = shared(one, other)
    whole = float(one.plays.sum()) * float(other.plays.sum())
    common = float(np.sqrt(mine.astype(np.float64) * theirs.astype(np.float64)).sum())
    return min(common / float(np.sqrt(whole)), 1.0) if whole else 0.0


def shared(one: Counts, other: Counts) -> tuple[IntArray, IntArray, IntArray]:
    """Keys that both have played, in order, and how often the one and the other did."""
    keys, mine, theirs = np.intersect1d(one.keys, other.keys, assume_unique=True, return_indices=True)
    return keys, one.plays[mine], other.plays[theirs]
