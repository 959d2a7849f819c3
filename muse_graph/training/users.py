"""Users as training reads them from the graph: their listens, feedback, tags and friends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muse_graph.core.arrays import find
from muse_graph.core.keys import keys_of
from muse_graph.core.listening.profiles import MAX_TRACKS, unpack
from muse_graph.core.types import FloatArray, FloatMatrix, IntArray, Interactions
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import TrainingUsersFeedback, TrainingUsersTag
from muse_graph.service.pagination import Advance, each_page

__all__ = ["Users", "read_users"]

#: A profile has 12 kB or more where it is full, but few are.
_PAGE = 1_000
#: Users whose profile is full; each may have heard tens of thousands of tracks.
_HEAVY_PAGE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Users:
    """Users in the order of their keys; everything else by their positions.

    Attributes:
        keys: (n_users,) int64 ascending
        interactions: with positions of items
        feedback: (n_users, n_items) csr float64, 1 saved, -1 discarded
        friends: (n_users, n_users) csr float64, symmetric
        tagger, tagged_artist, tag: (n,) int64: position of the user, key of the artist, key of the tag
    """

    keys: IntArray
    interactions: Interactions
    feedback: FloatMatrix
    friends: FloatMatrix
    tagger: IntArray
    tagged_artist: IntArray
    tag: IntArray


def read_users(graph: Graph, track_keys: IntArray, advance: Advance) -> Users:
    """Read all users; tracks that are none of the keys, ascending, are left out."""
    gathered = _Gathered(track_keys)
    for page in each_page(graph, "training_users", "user_id", _PAGE):
        gathered.add(graph, page)
        advance("users", len(page))
    return gathered.in_order()


@dataclass
class _Gathered:
    """What has been read, each column in pieces; users by their place in the order they were read."""

    track_keys: IntArray
    keys: list[int] = field(default_factory=list)
    played: list[tuple[IntArray, IntArray, IntArray, FloatArray]] = field(default_factory=list)
    feedback: list[tuple[IntArray, ...]] = field(default_factory=list)
    friends: list[tuple[IntArray, ...]] = field(default_factory=list)
    tags: list[tuple[IntArray, ...]] = field(default_factory=list)

    def add(self, graph: Graph, page: list[Row]) -> None:
        """Add a page of users, with all listens of the heavy listeners among them."""
        first = len(self.keys)
        self.keys += [row["key"] for row in page]
        played = unpack([row["profile"] for row in page]).interactions()
        heavy = np.bincount(played.user_index, minlength=len(page)) >= MAX_TRACKS
        light = ~heavy[played.user_index]
        self._add_played(
            played.user_index[light] + first, played.item[light], played.plays[light], played.heard[light]
        )
        for index, listened in _all_listened(graph, page, np.flatnonzero(heavy).tolist()):
            heard = np.array(listened["heard"], np.float64)
            tracks = np.array(listened["tracks"], np.int64)
            self._add_played(
                np.full(len(tracks), first + index),
                tracks,
                np.array(listened["plays"], np.int64),
                np.where(heard < 0, np.nan, heard),
            )
        feedback: list[tuple[int, TrainingUsersFeedback]] = _placed(page, "feedback", first)
        self.feedback.append(_table([(user, given.key, given.saved) for user, given in feedback], 3))
        self.friends.append(_table(_placed(page, "friends", first), 2))
        tags: list[tuple[int, TrainingUsersTag]] = _placed(page, "tags", first)
        self.tags.append(
            (
                np.array([user for user, _ in tags], np.int64),
                keys_of(tagged.artist_id for _, tagged in tags),
                keys_of(tagged.tag for _, tagged in tags),
            )
        )

    def _add_played(self, user: IntArray, track: IntArray, plays: IntArray, heard: FloatArray) -> None:
        item = find(self.track_keys, track)
        known = item >= 0
        self.played.append((user[known], item[known], plays[known], heard[known]))

    def in_order(self) -> Users:
        """Everything by the order of the users' keys."""
        key = np.array(self.keys, np.int64)
        order = np.argsort(key)
        index = np.empty_like(order)
        index[order] = np.arange(len(order))
        key = key[order]
        n_users, n_items = len(key), len(self.track_keys)
        user, track, saved = _columns(self.feedback, 3)
        item = find(self.track_keys, track)
        known = item >= 0
        feedback = (np.where(saved[known], 1.0, -1.0), (index[user[known]], item[known]))
        tagger, artist, tag = _columns(self.tags, 3)
        return Users(
            keys=key,
            interactions=self._interactions(index, n_items),
            feedback=sparse.csr_array(feedback, shape=(n_users, n_items)),
            friends=self._friendships(index, key),
            tagger=index[tagger],
            tagged_artist=artist,
            tag=tag,
        )

    def _interactions(self, index: IntArray, n_items: int) -> Interactions:
        user, item, plays, heard = _columns(self.played, 4)
        # The pieces are as large as all the rest: they go before the sorted copies are made.
        self.played.clear()
        order = np.argsort(index[user] * n_items + item)
        return Interactions(
            index[user][order], item[order], plays[order], np.asarray(heard, np.float64)[order]
        )

    def _friendships(self, index: IntArray, keys: IntArray) -> FloatMatrix:
        user, friend_key = _columns(self.friends, 2)
        user, friend = index[user], find(keys, friend_key)
        user, friend = user[friend >= 0], friend[friend >= 0]
        ends = (np.concatenate([user, friend]), np.concatenate([friend, user]))
        return sparse.csr_array((np.ones(len(ends[0])), ends), shape=(len(keys), len(keys)))


def _all_listened(graph: Graph, page: list[Row], indices: list[int]) -> Iterator[tuple[int, Row]]:
    """Yield all listens of the users at these positions of a page."""
    for first in range(0, len(indices), _HEAVY_PAGE):
        place_of = {page[index]["user_id"]: index for index in indices[first : first + _HEAVY_PAGE]}
        for row in graph.read("training_listened", user_ids=list(place_of)):
            yield place_of[row["user_id"]], row


def _placed(page: list[Row], column: str, first: int) -> list[tuple[int, Any]]:
    """What is in the lists of a column, each with the place of its user."""
    return [(place, one) for place, row in enumerate(page, first) for one in row[column]]


def _table(rows: Sequence[tuple[int, ...]], n_columns: int) -> tuple[IntArray, ...]:
    """Rows as one array for each column."""
    return tuple(np.array(rows, np.int64).reshape(-1, n_columns).T)


def _columns(pieces: Sequence[tuple[NDArray[Any], ...]], n_columns: int) -> list[NDArray[Any]]:
    if not pieces:
        return [np.empty(0, np.int64)] * n_columns
    return [np.concatenate(column) for column in zip(*pieces, strict=True)]
