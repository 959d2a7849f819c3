"""What some listeners have heard, as pairs, and how many of them have heard each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.types import IntArray

__all__ = ["GenrePlays", "Heard", "heard_of", "listeners_of_artists", "listeners_of_items"]


@dataclass(frozen=True, slots=True, eq=False)
class GenrePlays:
    """How often users play genres, m pairs.

    Attributes:
        user: (m,) int64 positions; each pair of user and genre once
        genre: (m,) int64 keys
        plays: (m,) int64
    """

    user: IntArray
    genre: IntArray
    plays: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What n listeners have heard.

    Attributes:
        keys: (n,) int64 of the listeners
        user, track: (m,) int64, a position in `keys` and a key; each pair once
        genre_user, genre: (g,) int64, the same for genres
    """

    keys: IntArray
    user: IntArray
    track: IntArray
    genre_user: IntArray
    genre: IntArray

    def without(self, tracks: IntArray) -> Heard:
        """The same but for some tracks; genres are left as they are."""
        rest = ~np.isin(self.track, tracks)
        return Heard(self.keys, self.user[rest], self.track[rest], self.genre_user, self.genre)


def heard_of(keys: IntArray, profiles: Profiles, genres: GenrePlays, leave_out: IntArray) -> Heard:
    """What listeners have heard, without some tracks, and the genres they play beside these.

    Args:
        keys: (n,) int64 of the listeners
        profiles: theirs, in that order
        genres: theirs, all plays
        leave_out: keys of tracks; a genre that a listener plays by these alone is left out, too. Of tracks
            that are not in the profile it is not known, and their plays count as others
    """
    found = profiles.interactions()
    rest = ~np.isin(found.item, leave_out)
    out = np.isin(profiles.track, leave_out)
    genre = np.concatenate([genres.genre, profiles.genre[out]])
    codes, code = np.unique(genre, return_inverse=True)
    cell = np.concatenate([genres.user, profiles.user_index[out]]) * len(codes) + code
    _, place = np.unique(cell, return_inverse=True)
    plays = np.concatenate([genres.plays, -profiles.plays[out]])
    left = np.zeros(len(plays), np.int64)
    np.add.at(left, place, plays)
    beside = left[place[: len(genres.user)]] > 0
    return Heard(keys, found.user_index[rest], found.item[rest], genres.user[beside], genres.genre[beside])


def listeners_of_items(item: IntArray, wanted: IntArray) -> IntArray:
    """How many pairs each item is in.

    Args:
        item: (m,) int64 keys, of pairs that are there once each
        wanted: (n,) int64 keys

    Returns:
        (n,) int64
    """
    keys, counts = np.unique(item, return_counts=True)
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, counts[place], 0)


def listeners_of_artists(heard: Heard, tracks: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """How many listeners have heard a track of each artist, and in how many pairs of listener and track.

    Args:
        tracks: of each of n artists the keys of its tracks

    Returns:
        (n,) int64 listeners and (n,) int64 pairs
    """
    n = len(tracks)
    artist = np.repeat(np.arange(n), [len(keys) for keys in tracks])
    key = np.array([one for keys in tracks for one in keys], np.int64)
    order = np.argsort(heard.track, kind="stable")
    track, user = heard.track[order], heard.user[order]
    start, stop = np.searchsorted(track, key, "left"), np.searchsorted(track, key, "right")
    sizes = stop - start
    first = np.repeat(start - np.cumsum(sizes) + sizes, sizes)
    users = user[first + np.arange(len(first))]
    artists = np.repeat(artist, sizes)
    pairs = np.bincount(artists, minlength=n)
    apart = np.unique(artists * max(len(heard.keys), 1) + users)
    return np.bincount(apart // max(len(heard.keys), 1), minlength=n), pairs
