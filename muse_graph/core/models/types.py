"""Training data, profiles and scores: what models take and give, by position instead of id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from scipy import sparse

from muse_graph.core.arrays import interaction_weights
from muse_graph.core.types import (
    Float32Array,
    FloatArray,
    IntArray,
    Interactions,
    WeightKind,
    check_lengths,
)
from muse_graph.errors import ShapeError

__all__ = ["Fit", "Hiding", "Model", "Profile", "ScoreParts", "Scores", "TrainingData"]


@dataclass(frozen=True, eq=False)
class Profile:
    """One listener as a model sees them: items, friends and tags by their position in the training data.

    Attributes:
        items: (n,) int64 ascending, each once: what was played, saved or discarded
        plays: (n,) int64 >= 0
        heard: (n,) float64, mean share heard 0..1, NaN where unknown
        feedback: (n,) float64, 1 saved, -1 discarded, 0 neither
        friends: (m,) int64 ascending, positions of users
        tags: (p,) int64 ascending; tag_counts (p,) float64, how often the listener gave each

    Raises:
        ShapeError: If parallel arrays differ in length.
    """

    items: IntArray
    plays: IntArray
    heard: FloatArray
    feedback: FloatArray
    friends: IntArray
    tags: IntArray
    tag_counts: FloatArray

    def __post_init__(self) -> None:
        check_lengths(items=self.items, plays=self.plays, heard=self.heard, feedback=self.feedback)
        check_lengths(tags=self.tags, tag_counts=self.tag_counts)

    def weights(self, kind: WeightKind) -> FloatArray:
        """(n,) float64: what the plays are worth, as `interaction_weights` has it, not to be changed."""
        if kind not in self._weights:
            one = np.zeros(len(self.items), np.int64)
            own = Interactions(one, self.items, self.plays, self.heard)
            self._weights[kind] = interaction_weights(own, kind)
        return self._weights[kind]

    @cached_property
    def _weights(self) -> dict[WeightKind, FloatArray]:
        """Those that some model has asked for: most ask for the same."""
        return {}


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Everything there is to learn from.

    Attributes:
        n_users, n_items: users and items there are, also those without an interaction
        interactions: user_index and item both positions
        feedback: (n_users, n_items) csr float64, 1 saved, -1 discarded
        friends: (n_users, n_users) csr float64, symmetric, 1 for a friendship
        user_tags: (n_users, n_tags) csr float64, how often a user gave a tag
        item_tags: (n_items, n_tags) csr float64, how many users gave the item the tag
        item_genre: (n_items,) int64, position of the primary genre, -1 for none

    Raises:
        ShapeError: If they disagree on n_users, n_items or n_tags.
    """

    n_users: int
    n_items: int
    interactions: Interactions
    feedback: sparse.csr_array[np.float64]
    friends: sparse.csr_array[np.float64]
    user_tags: sparse.csr_array[np.float64]
    item_tags: sparse.csr_array[np.float64]
    item_genre: IntArray

    def __post_init__(self) -> None:
        n_users, n_items, n_tags = self.n_users, self.n_items, self.user_tags.shape[1]
        expected = {
            "feedback": (n_users, n_items),
            "friends": (n_users, n_users),
            "user_tags": (n_users, n_tags),
            "item_tags": (n_items, n_tags),
            "item_genre": (n_items,),
        }
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise ShapeError(f"{name} must be {shape}, got {getattr(self, name).shape}")

    def profile(self, user_index: int) -> Profile:
        """Return the profile of one user of the training data."""
        played = self.interactions
        first, last = np.searchsorted(played.user_index, [user_index, user_index + 1])
        given = self.feedback[[user_index]]
        items = np.union1d(played.item[first:last], given.indices).astype(np.int64)
        index = np.searchsorted(items, played.item[first:last])
        plays, heard, feedback = (
            np.zeros(len(items), np.int64),
            np.full(len(items), np.nan),
            np.zeros(len(items)),
        )
        plays[index], heard[index] = played.plays[first:last], played.heard[first:last]
        feedback[np.searchsorted(items, given.indices)] = given.data
        tags = self.user_tags[[user_index]]
        tags.sort_indices()
        return Profile(
            items,
            plays,
            heard,
            feedback,
            np.sort(self.friends[[user_index]].indices).astype(np.int64),
            tags.indices.astype(np.int64),
            tags.data,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ScoreParts:
    """What scores are made of; own, friends and rest of an item and the base add up to its score.

    Attributes:
        own: (n, n_profile_items) float64, what each item of the profile adds
        friends: (n, n_profile_friends) float64, what each friend adds
        rest: (n,) float64, everything else: tags, neighbours, popularity
        base: what all scores are measured from, the same for every item
    """

    own: FloatArray
    friends: FloatArray
    rest: FloatArray
    base: float = 0.0


class Scores(Protocol):
    """Scores of one listener's candidates, which can be taken apart.

    Attributes:
        values: (n_candidates,) float32
    """

    @property
    def values(self) -> Float32Array:
        """The scores themselves."""
        ...

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart the scores of a few candidates, given by position among the candidates."""
        ...


class Model(Protocol):
    """What the `fit_…` function of each model returns."""

    def score(self, profile: Profile, candidates: IntArray | None = None) -> Scores:
        """Score candidates for a listener who may be new, or have changed since the training.

        Args:
            candidates: (n_candidates,) int64 positions of items; None for all of them in order
        """
        ...


@runtime_checkable
class Hiding(Protocol):
    """A model that compares with the users it was trained on, and can leave some of them out."""

    def without_users(self, users: IntArray) -> Model:
        """The model as if these users, by position, were like nobody."""
        ...


#: Fits a model.
Fit: TypeAlias = Callable[[TrainingData], Model]
