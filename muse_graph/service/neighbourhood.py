"""A listener and the friends around, read in one round trip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.genres import Ledger, make_ledger
from muse_graph.core.profiles import MAX_TRACKS, Profiles, unpack
from muse_graph.core.types import BoolArray, IntArray, Neighbourhood
from muse_graph.errors import UnknownUser
from muse_graph.graph import Graph, Row

__all__ = ["Genres", "Neighbour", "Surroundings", "read_surroundings"]


class Neighbour(NamedTuple):
    """A friend; private ones count and are never named."""

    user_id: str
    name: str
    private: bool


@dataclass(frozen=True)
class Genres:
    """The genres that matter for one listener, arrays (n_genres,) side by side, ordered by key.

    keys : int64; streams : int64, own plays; listeners : int64, friends who play it
    recorded : bool, in the pool; turned_away : bool, discarded without a save
    """

    keys: IntArray
    streams: IntArray
    listeners: IntArray
    recorded: BoolArray
    turned_away: BoolArray

    @cached_property
    def rows(self) -> list[tuple[int, int, int]]:
        """Key, streams and listeners of each."""
        return list(zip(self.keys.tolist(), self.streams.tolist(), self.listeners.tolist(), strict=True))


@dataclass(frozen=True)
class Surroundings:
    """What one round trip brings.

    profiles : the listener is user_index 0, friend i is user_index i + 1
    judged   : (m,) int64 keys of tracks saved or discarded
    n_friends : all of them, also those beyond the ones read
    """

    user_id: str
    country: str | None
    n_friends: int
    friends: list[Neighbour]
    profiles: Profiles
    genres: Genres
    judged: IntArray

    @cached_property
    def profile_genre(self) -> IntArray:
        """(n,) int64 for each entry of the profiles the position of its genre, -1 for none of the genres."""
        return positions(self.genres.keys, self.profiles.genre)

    @cached_property
    def knows_all(self) -> bool:
        """Whether the listener's profile holds every track heard; it is cut off at MAX_TRACKS."""
        return len(np.unique(self.profiles.track[self.profiles.user_index == 0])) < MAX_TRACKS

    @cached_property
    def private(self) -> frozenset[int]:
        """Positions of the friends who are never named."""
        return frozenset(place for place, friend in enumerate(self.friends) if friend.private)

    @cached_property
    def neighbourhood(self) -> Neighbourhood:
        """The user x track triples of the listener and the friends."""
        return Neighbourhood(self.profiles.interactions(), len(self.friends))

    def ledger(self, theta: float, *, new_only: bool, beyond_friends: bool) -> Ledger:
        """The 20 % rule for this listener."""
        genres = self.genres
        return make_ledger(
            genres.streams,
            genres.listeners > 0,
            genres.recorded,
            genres.turned_away,
            theta=theta,
            new_only=new_only,
            beyond_friends=beyond_friends,
        )


def read_surroundings(graph: Graph, user_id: str, *, max_friends: int, all_genres: bool) -> Surroundings:
    """Read a listener's surroundings; all_genres also brings those that nobody around plays.

    raises : UnknownUser
    """
    rows = graph.read("listener_neighbourhood", user_id=user_id, max_friends=max_friends)
    if not rows:
        raise UnknownUser(user_id)
    row = rows[0]
    more = graph.read("all_genres")[0]["keys"] if all_genres else []
    friends = row["friends"]
    return Surroundings(
        user_id=user_id,
        country=row["country"],
        n_friends=row["n_friends"],
        friends=[Neighbour(friend, name or friend, bool(private)) for friend, name, private, _ in friends],
        profiles=unpack([row["profile"], *(profile for *_, profile in friends)]),
        genres=_genres(row, more),
        judged=np.array([track for track, *_ in row["feedback"]], np.int64),
    )


def _genres(row: Row, more: list[int]) -> Genres:
    streams, listeners, pool = dict(row["own_genres"]), dict(row["friend_genres"]), set(row["pool"])
    saved = {key for _, save, keys in row["feedback"] if save for key in keys}
    discarded = {key for _, save, keys in row["feedback"] if not save for key in keys}
    keys = sorted(streams.keys() | listeners.keys() | pool | set(more))
    return Genres(
        keys=np.array(keys, np.int64),
        streams=np.array([streams.get(key, 0) for key in keys], np.int64),
        listeners=np.array([listeners.get(key, 0) for key in keys], np.int64),
        recorded=np.array([key in pool for key in keys], np.bool_),
        turned_away=np.array([key in discarded and key not in saved for key in keys], np.bool_),
    )
