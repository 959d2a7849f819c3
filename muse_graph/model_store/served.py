"""A trained model as it is served: positions in arrays, and the keys of the graph behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from muse_graph.core.arrays import find, run_starts
from muse_graph.core.discovery.item_scores import GenreItems
from muse_graph.core.keys import keys_of
from muse_graph.core.models.types import Model, Profile
from muse_graph.core.types import BoolArray, FloatArray, IntArray, check_lengths

__all__ = ["Catalogue", "Content", "ServedModel"]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """What the model knew of the tracks when it was trained; an item is a position among them.

    Attributes:
        track_keys: (n_items,) int64 ascending
        genre: (n_items,) int64, position of the primary genre among the genre_keys, -1 for none
        artist: (n_items,) int64, position of the first artist among the artist_keys, -1 for none
        listeners: (n_items,) int64, listeners there were to learn from
        under_radar: (n_items,) bool, whether none of its artists is among the most played 20 %
        genre_keys: (n_genres,) int64 ascending
        artist_keys: (n_artists,) int64 ascending

    Raises:
        ShapeError: If they disagree on n_items.
    """

    track_keys: IntArray
    genre: IntArray
    artist: IntArray
    listeners: IntArray
    under_radar: BoolArray
    genre_keys: IntArray
    artist_keys: IntArray

    def __post_init__(self) -> None:
        check_lengths(
            track_keys=self.track_keys,
            genre=self.genre,
            artist=self.artist,
            listeners=self.listeners,
            under_radar=self.under_radar,
        )

    @property
    def n_items(self) -> int:
        """How many tracks the model knows."""
        return len(self.track_keys)


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What training publishes.

    Attributes:
        model: scores items for a profile
        user_keys: (n_users,) int64 ascending, keys of those it was trained on
        tag_keys: (n_tags,) int64 ascending, keys of the tags as texts
    """

    model: Model
    catalogue: Catalogue
    user_keys: IntArray
    tag_keys: IntArray


@dataclass(frozen=True, eq=False)
class ServedModel:
    """A version that is served.

    Attributes:
        version: its name
        about: when it was made and from how much, values of JSON
    """

    version: str
    about: Mapping[str, Any]
    content: Content

    @property
    def model(self) -> Model:
        """What scores."""
        return self.content.model

    @property
    def catalogue(self) -> Catalogue:
        """What the items are."""
        return self.content.catalogue

    @cached_property
    def heard(self) -> IntArray | None:
        """(n,) int64 ascending, the items with a listener; None if all have one."""
        heard = np.flatnonzero(self.catalogue.listeners > 0)
        return None if len(heard) == self.catalogue.n_items else heard

    @cached_property
    def genre_items(self) -> GenreItems:
        """The items with a listener, by genre."""
        catalogue = self.catalogue
        genre = np.where(catalogue.listeners > 0, catalogue.genre, -1)
        return GenreItems.of(genre, len(catalogue.genre_keys), catalogue.listeners)

    def items(self, track_keys: IntArray) -> IntArray:
        """(n,) int64 positions of tracks, -1 for those that came after the training."""
        return find(self.content.catalogue.track_keys, track_keys)

    def users(self, keys: IntArray) -> IntArray:
        """(n,) int64 positions of users, -1 for those it was not trained on."""
        return find(self.content.user_keys, keys)

    def profile(
        self,
        *,
        track_keys: IntArray,
        plays: IntArray,
        heard: FloatArray,
        saved_keys: IntArray,
        discarded_keys: IntArray,
        friends: IntArray,
        tags: Mapping[str, float],
    ) -> Profile:
        """Turn what is known of a listener now into a profile; what the model does not know is left out.

        Args:
            track_keys, plays, heard: (n,) what was played, each track once, in any order; heard NaN if
                unknown
            saved_keys, discarded_keys: int64 keys of tracks, played or not; of both the discard counts
            friends: (m,) int64 positions of users, -1 for those the model does not know
            tags: how often the listener gave each tag

        Raises:
            ShapeError: If what was played differs in length.
        """
        check_lengths(track_keys=track_keys, plays=plays, heard=heard)
        keys = np.concatenate([track_keys, saved_keys, discarded_keys])
        items, row = np.unique(self.items(keys), return_inverse=True)
        n_played, n_discarded_from = len(track_keys), len(track_keys) + len(saved_keys)
        played = np.zeros(len(items), np.int64)
        share, feedback = np.full(len(items), np.nan), np.zeros(len(items))
        played[row[:n_played]], share[row[:n_played]] = plays, heard
        feedback[row[n_played:n_discarded_from]] = 1
        feedback[row[n_discarded_from:]] = -1
        # Unknown items are all at -1, which comes first.
        known = slice(np.searchsorted(items, 0), None)
        friends = np.sort(friends)
        friends = friends[run_starts(friends)]
        tag, count = self._tags(tags)
        return Profile(
            items=items[known],
            plays=played[known],
            heard=share[known],
            feedback=feedback[known],
            friends=friends[np.searchsorted(friends, 0) :],
            tags=tag,
            tag_counts=count,
        )

    def _tags(self, tags: Mapping[str, float]) -> tuple[IntArray, FloatArray]:
        """Positions of the known tags, ascending, and the count of each."""
        if not tags:
            return np.empty(0, np.int64), np.empty(0)
        index = find(self.content.tag_keys, keys_of(tags))
        order = np.argsort(index)[np.count_nonzero(index < 0) :]
        return index[order], np.array(list(tags.values()), np.float64)[order]
