"""Everything that is derived from listens, for a whole graph at once.

The write path keeps the same values right listen by listen; here they come from all facts together, for
the bulk loader and for the doctor. Users, tracks, genres and countries are positions from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from muse_graph.core.arrays import run_starts, run_sums
from muse_graph.core.discovery.twenty_percent_rule import theta_fraction
from muse_graph.core.listening.profiles import ENTRY, MAX_TRACKS, NO_GENRE
from muse_graph.core.listening.recent import MAX_RECENT
from muse_graph.core.types import FloatArray, IntArray, check_lengths

__all__ = [
    "GenrePlays",
    "Links",
    "Listened",
    "Listens",
    "discovery_pool",
    "genre_plays",
    "listened",
    "profiles",
    "recent",
]

_PPM = 1_000_000
_NO_TIME = -1


@dataclass(frozen=True, slots=True, eq=False)
class Listens:
    """n listens.

    Attributes:
        user, track: (n,) int64 positions
        at: (n,) int64, milliseconds since 1970; -1 without a time
        heard: (n,) float64 share heard, NaN where unknown
        plays: (n,) int64
    """

    user: IntArray
    track: IntArray
    at: IntArray
    heard: FloatArray
    plays: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """n links between two kinds of things, sorted by source: source (n,), target (n,) int64 positions."""

    source: IntArray
    target: IntArray

    def offsets(self, n_sources: int) -> IntArray:
        """(n_sources + 1,) int64, links of source i are offsets[i]:offsets[i + 1]."""
        return np.searchsorted(self.source, np.arange(n_sources + 1)).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Listened:
    """One row for each user and track with listens, sorted by user and track.

    Attributes:
        user, track: (p,) int64 positions
        plays: (p,) int64
        heard_plays: (p,) int64, plays whose share heard is known
        heard_ppm: (p,) int64, sum of their shares in millionths
        last_at: (p,) int64 ms since 1970, -1 without a time
    """

    user: IntArray
    track: IntArray
    plays: IntArray
    heard_plays: IntArray
    heard_ppm: IntArray
    last_at: IntArray

    @property
    def heard(self) -> FloatArray:
        """(p,) float64 mean share heard, NaN where no share is known."""
        known = self.heard_plays > 0
        mean = np.full(len(self.plays), np.nan)
        mean[known] = self.heard_ppm[known] / (1_000_000.0 * self.heard_plays[known])
        return mean


@dataclass(frozen=True, slots=True, eq=False)
class GenrePlays:
    """One row for each user and genre with plays, sorted by both: user, genre, plays (g,) int64."""

    user: IntArray
    genre: IntArray
    plays: IntArray


def listened(listens: Listens, n_tracks: int) -> Listened:
    """Fold listens to one row for each user and track; raises ShapeError if lengths differ."""
    check_lengths(user=listens.user, track=listens.track, at=listens.at, plays=listens.plays)
    pair = listens.user * n_tracks + listens.track
    order = np.argsort(pair, kind="stable")
    pair = pair[order]
    starts = run_starts(pair)
    known = ~np.isnan(listens.heard)
    heard_plays = np.where(known, listens.plays, 0)
    # Round half to even, as Python's round does on the write path.
    ppm = np.rint(np.where(known, listens.heard, 0) * _PPM).astype(np.int64) * heard_plays
    return Listened(
        user=pair[starts] // max(n_tracks, 1),
        track=pair[starts] % max(n_tracks, 1),
        plays=run_sums(listens.plays[order], starts),
        heard_plays=run_sums(heard_plays[order], starts),
        heard_ppm=run_sums(ppm[order], starts),
        last_at=np.maximum.reduceat(listens.at[order], starts) if len(starts) else starts,
    )


def genre_plays(
    pairs: Listened, track_genres: Links, likes: Links, n_tracks: int, n_genres: int
) -> GenrePlays:
    """How often each user plays each genre: a play counts for every genre of its track, a like for one."""
    expanded, link = _expand(pairs.track, track_genres.offsets(n_tracks))
    key = np.concatenate(
        [
            pairs.user[expanded] * n_genres + track_genres.target[link],
            likes.source * n_genres + likes.target,
        ]
    )
    plays = np.concatenate([pairs.plays[expanded], np.ones(len(likes.source), np.int64)])
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = run_starts(key)
    return GenrePlays(
        key[starts] // max(n_genres, 1), key[starts] % max(n_genres, 1), run_sums(plays[order], starts)
    )


def discovery_pool(plays: GenrePlays, friendships: Links, n_users: int, n_genres: int, theta: float) -> Links:
    """Genres that friends play and that are below the user's cap, or any that friends play without streams.

    Args:
        friendships: each pair once, in either direction
    """
    share = theta_fraction(theta)
    streams = csr_array((plays.plays, (plays.user, plays.genre)), shape=(n_users, n_genres))
    heard = csr_array((np.ones(len(plays.user), np.int32), (plays.user, plays.genre)), shape=streams.shape)
    ends = (
        np.concatenate([friendships.source, friendships.target]),
        np.concatenate([friendships.target, friendships.source]),
    )
    friends = csr_array((np.ones(len(ends[0]), np.int32), ends), shape=(n_users, n_users))
    sources, targets = [], []
    step = 20_000
    for first in range(0, n_users, step):
        rows = slice(first, min(first + step, n_users))
        own = streams[rows].toarray()
        favourite = own.max(axis=1, initial=0)[:, None]
        below = (own * share.denominator < favourite * share.numerator) | (favourite == 0)
        user, genre = np.nonzero(((friends[rows] @ heard).toarray() > 0) & below)
        sources.append(user + first)
        targets.append(genre)
    if not sources:
        return Links(np.empty(0, np.int64), np.empty(0, np.int64))
    return Links(np.concatenate(sources), np.concatenate(targets))


def profiles(
    pairs: Listened,
    track_keys: IntArray,
    track_order: IntArray,
    track_genres: Links,
    genre_keys: IntArray,
    n_users: int,
) -> tuple[NDArray[np.void], IntArray]:
    """The packed profile of each user, as `muse_graph.core.listening.profiles.pack` makes it.

    Args:
        track_keys, genre_keys: (n_tracks,), (n_genres,) int64
        track_order: (n_tracks,) int64, place of each track's id among the sorted ids, which breaks ties

    Returns:
        entries of all profiles, and (n_users + 1,) int64 bounds of each user's; nothing was heard if equal
    """
    kept = _latest(pairs, track_order, n_users, MAX_TRACKS)
    expanded, link = _expand(pairs.track[kept], track_genres.offsets(len(track_keys)), keep_empty=True)
    row = kept[expanded]
    entries = np.empty(len(row), ENTRY)
    entries["track"] = track_keys[pairs.track[row]]
    entries["genre"] = np.where(
        link >= 0, genre_keys[track_genres.target[link]] if len(track_genres.target) else 0, NO_GENRE
    )
    entries["plays"] = np.minimum(pairs.plays[row], np.iinfo(np.uint32).max)
    entries["heard"] = pairs.heard[row]
    owner = pairs.user[row]
    # One number for the place in the order sorts several times faster than three columns.
    genre_rank = np.unique(entries["genre"], return_inverse=True)[1]
    place = (owner * len(track_keys) + np.argsort(np.argsort(track_keys))[pairs.track[row]]) * (
        len(genre_keys) + 1
    ) + genre_rank
    by_user = np.argsort(place)
    return entries[by_user], np.searchsorted(owner[by_user], np.arange(n_users + 1))


def recent(
    pairs: Listened, track_keys: IntArray, track_order: IntArray, n_users: int
) -> tuple[IntArray, IntArray]:
    """What each user heard last, as `muse_graph.core.listening.recent` describes it.

    Args:
        track_keys, track_order: as for `profiles`

    Returns:
        key and time of each track, one after the other, and (n_users + 1,) int64 bounds of each user's
    """
    kept = _latest(pairs, track_order, n_users, MAX_RECENT)
    kept = kept[pairs.last_at[kept] >= 0]
    values = np.column_stack([track_keys[pairs.track[kept]], pairs.last_at[kept]]).ravel()
    return values, 2 * np.searchsorted(pairs.user[kept], np.arange(n_users + 1))


def _latest(pairs: Listened, track_order: IntArray, n_users: int, most: int) -> IntArray:
    """Rows of each user, the latest first and at most so many; what has no time, at -1, comes last."""
    order = _by_latest(pairs, track_order)
    user = pairs.user[order]
    offsets = np.searchsorted(user, np.arange(n_users + 1))
    return order[np.arange(len(order)) - offsets[user] < most]


def _by_latest(pairs: Listened, track_order: IntArray) -> IntArray:
    """Positions of rows by user, the latest first; of equal times the most played, then by the track's id."""
    # One number sorts several times faster than four columns: 2^42 ms are 139 years, and 2^21 users fit.
    # More users than that sort by all columns.
    if pairs.user.max(initial=0) >= 1 << 21 or pairs.last_at.max(initial=0) >= (1 << 42) - 1:
        return np.lexsort((track_order[pairs.track], -pairs.plays, -pairs.last_at, pairs.user))
    key = (pairs.user << 42) - pairs.last_at
    order = np.argsort(key)
    key = key[order]
    equal = np.zeros(len(key), np.bool_)
    equal[1:] = key[1:] == key[:-1]
    equal[:-1] |= equal[1:]
    tied = order[equal]
    order[equal] = tied[np.lexsort((track_order[pairs.track[tied]], -pairs.plays[tied], key[equal]))]
    return order


def _expand(positions: IntArray, offsets: IntArray, *, keep_empty: bool = False) -> tuple[IntArray, IntArray]:
    """For each position its links: index into positions, index into the links (-1 for none if kept)."""
    counts = offsets[positions + 1] - offsets[positions]
    repeats = np.maximum(counts, 1) if keep_empty else counts
    index = np.repeat(np.arange(len(positions)), repeats)
    within = np.arange(len(index)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    link = offsets[positions][index] + within
    return index, np.where(counts[index] > 0, link, -1)
