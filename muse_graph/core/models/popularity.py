"""The two baselines every other model is compared with: what everybody plays, and what friends play."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.models.interaction_weights import item_factors, item_listeners, weight_matrix
from muse_graph.core.models.rows import Rows, rows_of
from muse_graph.core.models.scores import PlainScores
from muse_graph.core.models.types import Profile, ScoreParts, TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray

__all__ = ["FriendsCount", "Popularity", "fit_friends_count", "fit_popularity"]


@dataclass(frozen=True, slots=True, eq=False)
class Popularity:
    """Everybody gets the most played items.

    Attributes:
        listeners: (n_items,) float64, users who play the item
    """

    listeners: FloatArray

    def score(self, profile: Profile, candidates: IntArray | None = None) -> PlainScores:
        """Score as `Model.score`: the listeners, the same for all profiles."""
        return PlainScores.of(self.listeners.astype(np.float32), candidates, profile)


@dataclass(frozen=True, slots=True, eq=False)
class FriendsCount:
    """Counts the friends who play each item; among equals the more popular comes first.

    Attributes:
        played: (n_users, n_items) csr float32, 1 where a user plays or saved the item
        listeners: (n_items,) float64, share of the most listeners an item has, less than 1
    """

    played: Float32Matrix
    listeners: FloatArray

    def score(self, profile: Profile, candidates: IntArray | None = None) -> FriendScores:
        """Score as `Model.score`: each friend adds 1, the rest is the listeners."""
        rows = rows_of(self.played, profile.friends)
        values = rows.sums(np.ones(len(profile.friends)), self.listeners.astype(np.float32))
        if candidates is not None:
            values = values[candidates]
        return FriendScores(values, candidates, self.listeners, rows, len(profile.items))


@dataclass(frozen=True, slots=True, eq=False)
class FriendScores:
    """Scores that are sums over friends, and a rest.

    Attributes:
        values: (n_candidates,) float32
        candidates: as given to `FriendsCount.score`
        listeners: (n_items,) float64, the rest
        rows: what each friend adds to each item
    """

    values: Float32Array
    candidates: IntArray | None
    listeners: FloatArray
    rows: Rows
    n_own: int

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`."""
        wanted = indices if self.candidates is None else self.candidates[indices]
        friends = self.rows.table(wanted).T
        return ScoreParts(np.zeros((len(indices), self.n_own)), friends, self.listeners[wanted])


def fit_popularity(data: TrainingData) -> Popularity:
    """Count the users who play each item."""
    return Popularity(item_listeners(data).astype(np.float64))


def fit_friends_count(data: TrainingData) -> FriendsCount:
    """Keep who plays what, for counting friends."""
    played = weight_matrix(data, "binary", item_factors(data, "binary"), discard=0.0)
    played.eliminate_zeros()
    listeners = item_listeners(data).astype(np.float64)
    return FriendsCount(played, listeners / (listeners.max(initial=0.0) + 1))
