"""Genres ranked by counting, as plain Cypher would."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from muse_graph.core.models.types import Profile, TrainingData
from muse_graph.core.types import BoolArray, FloatArray

__all__ = ["explored_genres", "friends_by_genre", "listeners_by_genre"]


def explored_genres(data: TrainingData) -> BoolArray:
    """(n_users, n_genres) bool: whether a user plays anything of a genre, for the genres items have."""
    explored = np.zeros((data.n_users, int(data.item_genre.max(initial=-1)) + 1), np.bool_)
    genre = data.item_genre[data.interactions.item]
    explored[data.interactions.user_index[genre >= 0], genre[genre >= 0]] = True
    return explored


def listeners_by_genre(data: TrainingData) -> Callable[[Profile], FloatArray]:
    """Rank genres by users who play anything of them: the same for everybody."""
    listeners = explored_genres(data).sum(axis=0).astype(np.float64)
    return lambda _: listeners


def friends_by_genre(data: TrainingData) -> Callable[[Profile], FloatArray]:
    """Rank genres by friends who play anything of them, among equals by all who do."""
    explored = explored_genres(data)
    listeners = explored.sum(axis=0) / (data.n_users + 1)
    return lambda profile: explored[profile.friends].sum(axis=0) + listeners
