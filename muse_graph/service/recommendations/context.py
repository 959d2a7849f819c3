"""A listener and the friends around, read in one round trip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from muse_graph.core.arrays import find
from muse_graph.core.discovery.twenty_percent_rule import Ledger, make_ledger
from muse_graph.core.keys import keys_of
from muse_graph.core.listening.profiles import MAX_TRACKS, Profiles, unpack
from muse_graph.core.types import BoolArray, IntArray, Neighbourhood
from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import (
    ListenerNeighbourhoodFeedback,
    ListenerNeighbourhoodFriend,
    ListenerNeighbourhoodFriendGenre,
    ListenerNeighbourhoodOwnGenre,
    ListenerNeighbourhoodSimilar,
    ListenerNeighbourhoodTag,
)
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.visibility import may_see_listens

__all__ = [
    "Friend",
    "Genres",
    "ReadNeighbourhood",
    "RecommendationContext",
    "read_context",
    "read_neighbourhood",
    "users_of",
]

#: Listeners with similar taste, and tags, that a model looks at.
_SIMILAR = 50
_TAGS = 500


class Friend(NamedTuple):
    """A friend; private ones count and are never named."""

    user_id: str
    name: str
    private: bool


@dataclass(frozen=True)
class Genres:
    """The genres that matter for one listener, arrays (n_genres,) side by side, ordered by key.

    Attributes:
        keys: int64; streams : int64, own plays; listeners : int64, friends who play it
        recorded: bool, in the pool; dismissed : bool, discarded without a save
    """

    keys: IntArray
    streams: IntArray
    listeners: IntArray
    recorded: BoolArray
    dismissed: BoolArray

    @cached_property
    def rows(self) -> list[tuple[int, int, int]]:
        """Key, streams and listeners of each."""
        return list(zip(self.keys.tolist(), self.streams.tolist(), self.listeners.tolist(), strict=True))


@dataclass(frozen=True)
class RecommendationContext:
    """What one round trip brings.

    Attributes:
        all_profiles: of the listener, user_index 0, of friend i, user_index i + 1, and after them of the
            listeners with similar taste
        similar: keys and profiles of the listeners nearest in taste, as training found them; empty without a
            model
        saved, discarded: (m,) int64 keys of tracks
        tags: how often the listener gave each tag; empty without a model
        n_friends: all of them, also those beyond the ones read
    """

    user_id: str
    country: str | None
    n_friends: int
    friends: list[Friend]
    all_profiles: Profiles
    genres: Genres
    saved: IntArray
    discarded: IntArray
    similar: list[ListenerNeighbourhoodSimilar]
    tags: dict[str, float]

    @cached_property
    def own(self) -> Profiles:
        """The listener's own profile."""
        return self.profiles.only(0)

    @cached_property
    def profiles(self) -> Profiles:
        """Those of the listener and the friends."""
        return self.all_profiles.up_to(len(self.friends)) if self.similar else self.all_profiles

    @cached_property
    def user_keys(self) -> IntArray:
        """(n_friends + 1,) int64 keys of the listener and the friends."""
        return _user_keys(self.user_id, self.friends)

    @cached_property
    def known(self) -> IntArray:
        """Keys of tracks that the listener has heard, saved or discarded; some are repeated."""
        return np.concatenate([self.own.track, self.saved, self.discarded])

    @cached_property
    def profile_genre(self) -> IntArray:
        """As `all_profile_genre`, for each entry of `profiles`."""
        return self.all_profile_genre[: len(self.profiles.genre)]

    @cached_property
    def all_profile_genre(self) -> IntArray:
        """(n,) int64 for each entry of all profiles the position of its genre, -1 for none of the genres."""
        return find(self.genres.keys, self.all_profiles.genre)

    @cached_property
    def all_listen(self) -> list[bool]:
        """Of each genre whether all friends who count for it are known to play it, and none only likes it."""
        plays = np.zeros((len(self.friends) + 1, len(self.genres.keys) + 1), np.bool_)
        plays[self.profiles.user_index, self.profile_genre] = True
        listening: list[bool] = (plays[1:, :-1].sum(axis=0) >= self.genres.listeners).tolist()
        return listening

    @cached_property
    def knows_all(self) -> bool:
        """Whether the listener's profile holds every track heard; it is cut off at MAX_TRACKS."""
        return len(np.unique(self.own.track)) < MAX_TRACKS

    @cached_property
    def private(self) -> frozenset[int]:
        """Positions of the friends who are never named."""
        return frozenset(index for index, friend in enumerate(self.friends) if friend.private)

    @cached_property
    def neighbourhood(self) -> Neighbourhood:
        """The user x track triples of the listener and the friends."""
        return Neighbourhood(self.profiles.interactions(), len(self.friends))

    @property
    def users(self) -> list[int]:
        """Keys of all it was read of: the listener, the friends and the listeners with similar taste."""
        return [*self.user_keys.tolist(), *(one.key for one in self.similar)]

    def ledger(self, options: RecommendationOptions) -> Ledger:
        """The 20 % rule for this listener."""
        genres = self.genres
        return make_ledger(
            genres.streams,
            genres.listeners > 0,
            genres.recorded,
            genres.dismissed,
            theta=options.theta,
            is_lifted=options.is_lifted,
            new_only=options.new_only,
            beyond_friends=options.beyond_friends,
        )


def users_of(
    user_id: str,
    friends: Iterable[Friend | ListenerNeighbourhoodFriend],
    similar: Iterable[ListenerNeighbourhoodSimilar],
) -> list[int]:
    """Keys of a listener, the friends and the listeners with similar taste."""
    return [*_user_keys(user_id, friends).tolist(), *(one.key for one in similar)]


def _user_keys(user_id: str, friends: Iterable[Friend | ListenerNeighbourhoodFriend]) -> IntArray:
    return keys_of([user_id, *(friend.user_id for friend in friends)])


class ReadNeighbourhood(Protocol):
    """What gives the row of `listener_neighbourhood`, as `read_neighbourhood` does."""

    def __call__(self, graph: Graph, user_id: str, max_friends: int, *, trained: bool) -> Row | None:
        """The row, None for an unknown user; it is not changed by who gets it."""
        ...


def read_neighbourhood(graph: Graph, user_id: str, max_friends: int, *, trained: bool) -> Row | None:
    """What the graph answers to `listener_neighbourhood`; None for an unknown user."""
    rows = graph.read(
        "listener_neighbourhood",
        user_id=user_id,
        max_friends=max_friends,
        max_similar=_SIMILAR if trained else 0,
        max_tags=_TAGS if trained else 0,
    )
    return rows[0] if rows else None


def read_context(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions,
    *,
    trained: bool = False,
    read: ReadNeighbourhood = read_neighbourhood,
) -> RecommendationContext:
    """Read a listener's context in one round trip, two where genres beyond the friends' are asked for.

    Args:
        trained: whether there is a model, which also looks at listeners with similar taste and tags

    Raises:
        UnknownUser: If no user has that id.
    """
    row = read(graph, user_id, options.max_friends, trained=trained)
    if row is None:
        raise UnknownUser(user_id)
    more = graph.read("all_genres")[0]["keys"] if options.beyond_friends else []
    friends: list[ListenerNeighbourhoodFriend] = row["friends"]
    similar: list[ListenerNeighbourhoodSimilar] = row["similar"]
    feedback: list[ListenerNeighbourhoodFeedback] = row["feedback"]
    tags: list[ListenerNeighbourhoodTag] = row["tags"]
    return RecommendationContext(
        user_id=user_id,
        country=row["country"],
        n_friends=row["n_friends"],
        friends=[_friend(one) for one in friends],
        all_profiles=unpack(
            [row["profile"], *[one.profile for one in friends], *[one.profile for one in similar]]
        ),
        genres=_genres(row, more),
        saved=np.array([track.key for track in feedback if track.saved], np.int64),
        discarded=np.array([track.key for track in feedback if not track.saved], np.int64),
        similar=similar,
        tags={given.tag: float(given.times) for given in tags},
    )


def _friend(one: ListenerNeighbourhoodFriend) -> Friend:
    hidden = not may_see_listens(one.listens_visible_to, "friends")
    return Friend(one.user_id, one.name or one.user_id, hidden)


def _genres(row: Row, more: list[int]) -> Genres:
    own: list[ListenerNeighbourhoodOwnGenre] = row["own_genres"]
    of_friends: list[ListenerNeighbourhoodFriendGenre] = row["friend_genres"]
    feedback: list[ListenerNeighbourhoodFeedback] = row["feedback"]
    streams = {genre.key: genre.plays for genre in own}
    listeners = {genre.key: genre.listeners for genre in of_friends}
    pool: set[int] = set(row["pool"])
    saved = {key for track in feedback if track.saved for key in track.genres}
    discarded = {key for track in feedback if not track.saved for key in track.genres}
    keys = sorted(streams.keys() | listeners.keys() | pool | discarded | set(more))
    return Genres(
        keys=np.array(keys, np.int64),
        streams=np.array([streams.get(key, 0) for key in keys], np.int64),
        listeners=np.array([listeners.get(key, 0) for key in keys], np.int64),
        recorded=np.array([key in pool for key in keys], np.bool_),
        dismissed=np.array([key in discarded and key not in saved for key in keys], np.bool_),
    )
