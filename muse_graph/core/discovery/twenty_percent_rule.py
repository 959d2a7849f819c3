"""Genre discovery in a friend network: the 20 % rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from muse_graph.core.parameters import DEFAULT_THETA
from muse_graph.core.types import BoolArray, FloatArray, IntArray, check_lengths
from muse_graph.errors import InvalidRequest

__all__ = [
    "DEFAULT_THETA",
    "Ledger",
    "blocked_by",
    "headroom",
    "make_ledger",
    "streams_to_resume",
    "theta_fraction",
]


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The state of each genre for a user; arrays are (n_genres,).

    Attributes:
        theta: share of the favourite genre at which a genre may rest
        favourite: M, streams of the most streamed genre
        cap: theta * M, correctly rounded
        streams: int64, as given
        dismissed: bool, as given
        pool: bool, the discovery genres, recorded or entering now
        entered: bool, those that enter now
        resting: bool, of the pool, at or over the cap while another of the pool is behind; a genre turned
            away may rest too, and is not offered either way
        offered: bool, what may be recommended
        outside_network: bool, those offered although no friend plays them
        home: bool, streamed and not of the pool
    """

    theta: float
    favourite: int
    cap: float
    streams: IntArray
    dismissed: BoolArray
    pool: BoolArray
    entered: BoolArray
    resting: BoolArray
    offered: BoolArray
    outside_network: BoolArray
    home: BoolArray


def make_ledger(
    streams: IntArray,
    friends_play: BoolArray,
    recorded: BoolArray,
    dismissed: BoolArray,
    *,
    theta: float = DEFAULT_THETA,
    is_lifted: bool = False,
    new_only: bool = False,
    beyond_friends: bool = False,
) -> Ledger:
    """Apply the 20 % rule.

    A genre enters the pool when friends play it and f < cap, or the user has no streams, and stays there. It
    rests while f >= cap and another genre of the pool, not turned away, has been streamed less.

    Args:
        streams: (n_genres,) int64, f, streams of each genre, >= 0
        friends_play: (n_genres,) bool, whether some friend listens to it
        recorded: (n_genres,) bool, already in the user's pool
        dismissed: (n_genres,) bool, discarded without a save
        theta: in (0, 1], read as the decimal it prints as, so that 0.2 is one fifth exactly
        is_lifted: whether no genre rests, however much it is streamed
        new_only: offer only genres without a stream
        beyond_friends: also offer unexplored genres that no friend plays

    Raises:
        InvalidRequest: For theta out of range.
        ShapeError: If lengths differ.
    """
    check_lengths(streams=streams, friends_play=friends_play, recorded=recorded, dismissed=dismissed)
    favourite = int(streams.max(initial=0))
    cap = theta_fraction(theta) * favourite
    # For whole f: f < cap exactly when f < ceil(cap), and that compares integers.
    below = streams < math.ceil(cap)
    pool = recorded | (friends_play & (below | (favourite == 0)))
    # Without streams no genre is behind another, so M > 0 need not be checked.
    resting = pool & ~below & _has_genre_behind(streams, pool & ~dismissed) & (not is_lifted)
    unexplored = streams == 0
    offered = pool & ~resting & ~dismissed & (unexplored | (not new_only))
    outside_network = unexplored & ~friends_play & ~pool & ~dismissed & beyond_friends
    return Ledger(
        theta=theta,
        favourite=favourite,
        cap=float(cap),
        streams=streams,
        dismissed=dismissed,
        pool=pool,
        entered=pool & ~recorded,
        resting=resting,
        offered=offered | outside_network,
        outside_network=outside_network,
        home=~unexplored & ~pool,
    )


@lru_cache(maxsize=64)
def theta_fraction(theta: float) -> Fraction:
    """Return theta as the decimal it prints as, so that 0.2 is one fifth exactly.

    Args:
        theta: in (0, 1]

    Raises:
        InvalidRequest: For theta out of range.
    """
    if not 0 < theta <= 1:
        raise InvalidRequest(f"theta must be > 0 and <= 1, got {theta}", (("theta", "must be > 0 and <= 1"),))
    return Fraction(str(float(theta)))


def _has_genre_behind(streams: IntArray, waiting: BoolArray) -> BoolArray:
    least = int(streams[waiting].min(initial=np.iinfo(np.int64).max))
    return streams > least


def blocked_by(ledger: Ledger, genre: int) -> IntArray:
    """Return which genres have to catch up before a resting genre is offered again.

    Args:
        genre: position of the genre

    Returns:
        ascending positions of the genres of the pool that are behind it and not turned away; empty if the
        genre does not rest
    """
    if not ledger.resting[genre]:
        return np.empty(0, np.int64)
    behind = ledger.pool & ~ledger.dismissed & (ledger.streams < ledger.streams[genre])
    return np.flatnonzero(behind)


def streams_to_resume(ledger: Ledger, genre: int) -> int:
    """Streams the favourite genre needs for the cap to rise above this genre: least M with theta M > f."""
    return math.floor(int(ledger.streams[genre]) / theta_fraction(ledger.theta)) + 1


def headroom(ledger: Ledger) -> FloatArray:
    """(n_genres,) float64 in [0, 1]: 1 for a genre never heard, 0 for one at the cap or above."""
    if ledger.cap <= 0:
        return np.ones(len(ledger.streams))
    return np.asarray(1.0 - np.minimum(ledger.streams / ledger.cap, 1.0))
