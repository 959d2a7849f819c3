"""A user's listening, packed into bytes: what the scorer needs of a friend in one property.

One entry of 24 bytes for each track and genre: key of the track, key of the genre (0 where the track has
none), plays, mean share heard (NaN where unknown). Sorted by track and genre, so that equal listening
gives equal bytes.
"""

from __future__ import annotations

import math
import struct
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.types import FloatArray, IntArray, Interactions

__all__ = ["ENTRY", "MAX_TRACKS", "NO_GENRE", "Profiles", "pack", "put_track", "unpack"]

ENTRY = np.dtype([("track", "<i8"), ("genre", "<i8"), ("plays", "<u4"), ("heard", "<f4")])
NO_GENRE = 0

#: Tracks a profile holds at most, the latest heard: bounds what one listen has to rewrite (about 20 kB).
MAX_TRACKS = 500

_ENTRY = struct.Struct("<qqIf")
_MOST = np.iinfo(np.uint32).max


@dataclass(frozen=True, eq=False)
class Profiles:
    """Profiles of several users, side by side.

    Attributes:
        user_index: (n,) int64 ascending, place of the user among the profiles given
        track, genre: (n,) int64 keys; a track is repeated for each of its genres
        plays: (n,) int64
        heard: (n,) float64, NaN where unknown
    """

    user_index: IntArray
    track: IntArray
    genre: IntArray
    plays: IntArray
    heard: FloatArray

    def of_user(self, user_index: int) -> bytes:
        """The profile of one of the users, packed again."""
        own = self.only(user_index)
        return pack(own.track, own.genre, own.plays, own.heard)

    @cached_property
    def by_track(self) -> IntArray:
        """(n,) int64 positions of the entries in the order of their tracks, any order within one."""
        return np.argsort(self.track)

    @cached_property
    def tracks(self) -> IntArray:
        """(n,) int64 the tracks in that order."""
        return self.track[self.by_track]

    def only(self, user_index: int) -> Profiles:
        """The entries of one of the users."""
        first, last = np.searchsorted(self.user_index, [user_index, user_index + 1])
        return self._part(slice(first, last))

    def up_to(self, user_index: int) -> Profiles:
        """The entries of one of the users and of those before."""
        return self._part(slice(np.searchsorted(self.user_index, user_index, side="right")))

    def _part(self, rows: slice) -> Profiles:
        return Profiles(
            self.user_index[rows], self.track[rows], self.genre[rows], self.plays[rows], self.heard[rows]
        )

    def interactions(self) -> Interactions:
        """Each user and track once, whatever number of genres the track has."""
        first = np.ones(len(self.track), np.bool_)
        first[1:] = (self.track[1:] != self.track[:-1]) | (self.user_index[1:] != self.user_index[:-1])
        return Interactions(self.user_index[first], self.track[first], self.plays[first], self.heard[first])


def pack(track: IntArray, genre: IntArray, plays: IntArray, heard: FloatArray) -> bytes:
    """Pack n (track, genre) pairs of one user; arrays as in `Profiles`, in any order."""
    entries = np.empty(len(track), ENTRY)
    entries["track"], entries["genre"] = track, genre
    entries["plays"] = np.minimum(plays, _MOST)
    entries["heard"] = heard
    return entries[np.lexsort((genre, track))].tobytes()


def put_track(
    profile: bytes, track: int, genres: Sequence[int], plays: int, heard: float | None
) -> bytes | None:
    """A profile after a user has listened to a track: as `pack` makes it of all tracks, without unpacking.

    Args:
        profile: what `pack` gave, empty for a user without listens
        track, genres: keys
        plays, heard: of the user and the track, the new listens included

    Returns:
        None where the profile alone cannot tell: it is full, or is no profile
    """
    if len(profile) % _ENTRY.size:
        return None
    tracks = memoryview(profile).cast("q")[:: _ENTRY.size // 8]
    begin = bisect_left(tracks, track)
    end = bisect_left(tracks, track + 1, begin)
    if begin == end and len(tracks) >= MAX_TRACKS and len(set(tracks.tolist())) >= MAX_TRACKS:
        return None
    share = math.nan if heard is None else heard
    entries = (_ENTRY.pack(track, genre, min(plays, _MOST), share) for genre in sorted(genres) or (NO_GENRE,))
    return b"".join((profile[: begin * _ENTRY.size], *entries, profile[end * _ENTRY.size :]))


def unpack(profiles: Sequence[bytes | bytearray | None]) -> Profiles:
    """Unpack the profiles of several users at once; None is a user without listens."""
    packed: list[bytes | bytearray] = [profile or b"" for profile in profiles]
    entries: NDArray[np.void] = np.frombuffer(b"".join(packed), ENTRY)
    lengths = np.array([len(profile) for profile in packed], np.int64) // ENTRY.itemsize
    return Profiles(
        user_index=np.repeat(np.arange(len(packed), dtype=np.int64), lengths),
        track=entries["track"].astype(np.int64),
        genre=entries["genre"].astype(np.int64),
        plays=entries["plays"].astype(np.int64),
        heard=entries["heard"].astype(np.float64),
    )
