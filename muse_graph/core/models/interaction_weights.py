"""Weights of listens, saves and discards: one matrix of users and items that every model learns from."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy import sparse

from muse_graph.core.arrays import interaction_weights
from muse_graph.core.models.types import Profile, TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray
from muse_graph.errors import InvalidRequest

__all__ = [
    "WeightsKind",
    "item_factors",
    "item_listeners",
    "profile_weights",
    "weight_matrix",
]

WeightsKind: TypeAlias = Literal["binary", "log-plays", "tf-idf", "heard"]

_KINDS = get_args(WeightsKind)


def item_listeners(data: TrainingData) -> IntArray:
    """How many users have each item among their interactions: (n_items,) int64."""
    return np.bincount(data.interactions.item, minlength=data.n_items)


def item_factors(data: TrainingData, kind: WeightsKind) -> Float32Array:
    """The factor of each item's weights, learned once so that later profiles are weighted in the same way.

    Args:
        kind: "binary", "log-plays" and "heard" as in `interaction_weights`, all with a factor of 1; "tf-idf",
            log-plays times log(1 + n_users / listeners)

    Returns:
        (n_items,) float32 > 0; an item without listeners counts as if it had one

    Raises:
        InvalidRequest: For another kind.
    """
    if kind not in _KINDS:
        raise InvalidRequest(f"weights must be one of {', '.join(_KINDS)}, got {kind!r}")
    if kind != "tf-idf":
        return np.ones(data.n_items, np.float32)
    return np.log1p(max(data.n_users, 1) / np.maximum(item_listeners(data), 1)).astype(np.float32)


def weight_matrix(
    data: TrainingData, kind: WeightsKind, factors: Float32Array, discard: float
) -> Float32Matrix:
    """Everybody's weights.

    Args:
        factors: (n_items,) float32, of `item_factors`
        discard: >= 0, what a discard takes away, as a part of the strongest play, which is what a save adds

    Returns:
        (n_users, n_items) csr float32, sorted indices; feedback replaces plays
    """
    played, feedback = data.interactions, data.feedback.tocoo()
    pairs = feedback.row.astype(np.int64) * data.n_items + feedback.col
    kept = ~np.isin(played.user_index * data.n_items + played.item, pairs)
    weights = np.concatenate(
        [interaction_weights(played, _base(kind))[kept], _feedback_weights(feedback.data, discard)]
    )
    users = np.concatenate([played.user_index[kept], feedback.row])
    items = np.concatenate([played.item[kept], feedback.col])
    values = (weights * factors[items]).astype(np.float32)
    matrix = sparse.csr_array((values, (users, items)), shape=(data.n_users, data.n_items))
    matrix.sort_indices()
    return matrix


def profile_weights(profile: Profile, kind: WeightsKind, factors: Float32Array, discard: float) -> FloatArray:
    """One listener's weights, as `weight_matrix` would give them: (n_profile_items,) float64."""
    by_feedback = _feedback_weights(profile.feedback, discard)
    weights = np.where(profile.feedback != 0, by_feedback, profile.weights(_base(kind)))
    return np.asarray(weights * factors[profile.items], np.float64)


def _base(kind: WeightsKind) -> Literal["heard", "log-plays", "binary"]:
    return "log-plays" if kind == "tf-idf" else kind


def _feedback_weights(feedback: FloatArray, discard: float) -> FloatArray:
    return np.where(feedback > 0, 1.0, -discard)
