"""Interactions to weights and matrices: the one place where ids become positions."""

from __future__ import annotations

from typing import get_args

import numpy as np
from scipy.sparse import coo_array, csc_array

from muse_graph.core.types import ColumnMatrix, FloatArray, IntArray, Interactions, RowMatrix, WeightKind
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = ["candidate_columns", "interaction_weights", "user_item_matrix"]


def interaction_weights(interactions: Interactions, kind: WeightKind) -> FloatArray:
    """How much each user likes each item they played.

    kind    : "heard", the mean share heard, and where that is unknown the log-plays weight;
              "log-plays", log(1 + plays) over log(1 + the most plays of that user);
              "binary", 1 where plays > 0
    returns : (n,) float64 in (0, 1] where plays > 0, except that a share heard of 0 stays 0
    raises  : InvalidRequest for another kind
    """
    if kind not in get_args(WeightKind):
        raise InvalidRequest(f"weights must be one of {', '.join(get_args(WeightKind))}, got {kind!r}")
    if kind == "binary":
        return (interactions.plays > 0).astype(np.float64)
    by_plays = _log_plays(interactions)
    if kind == "log-plays":
        return by_plays
    return np.where(np.isnan(interactions.heard), by_plays, interactions.heard)


def _log_plays(interactions: Interactions) -> FloatArray:
    n_users = int(interactions.user_index.max(initial=-1)) + 1
    most = np.zeros(n_users, np.int64)
    np.maximum.at(most, interactions.user_index, interactions.plays)
    # A user whose rows all have no play keeps weights of 0 instead of 0 / 0.
    scale = np.log1p(np.maximum(most, 1).astype(np.float64))[interactions.user_index]
    return np.asarray(np.log1p(interactions.plays.astype(np.float64)) / scale)


def user_item_matrix(
    interactions: Interactions, weights: FloatArray, n_users: int
) -> tuple[RowMatrix, IntArray]:
    """Lay the interactions out as a matrix.

    weights : (n,) float64, one for each interaction
    returns : (n_users, n_items) csr of weights with sorted indices, a stored entry for every interaction,
              also where the weight is 0; and the item keys of its columns, (n_items,) int64 ascending
    raises  : ShapeError if weights is not (n,), a user_index is not in 0..n_users-1, or a pair occurs twice
    """
    n = len(interactions)
    if weights.shape != (n,):
        raise ShapeError(f"weights must be ({n},), got {weights.shape}")
    users = interactions.user_index
    if n and not 0 <= users.min() <= users.max() < n_users:
        raise ShapeError(f"user_index must be 0..{n_users - 1}, got {users.min()}..{users.max()}")
    items, position = np.unique(interactions.item, return_inverse=True)
    matrix = coo_array((weights, (users, position)), shape=(n_users, len(items))).tocsr()
    if matrix.nnz != n:
        raise ShapeError(f"each (user, item) pair must occur once, got {n - matrix.nnz} repeated")
    matrix.sort_indices()
    return matrix, items


def candidate_columns(matrix: RowMatrix, item_ids: IntArray, candidates: IntArray) -> ColumnMatrix:
    """Take the columns of the candidates, empty ones for candidates that are no column.

    matrix     : (n_users, n_items) csr
    item_ids   : (n_items,) int64 ascending, the item key of each column
    candidates : (n_candidates,) int64, any order
    returns    : (n_users, n_candidates) csc with sorted indices
    raises     : ShapeError if item_ids is not (n_items,)
    """
    n_users, n_items = matrix.shape
    if item_ids.shape != (n_items,):
        raise ShapeError(f"item_ids must be ({n_items},), got {item_ids.shape}")
    position = np.searchsorted(item_ids, candidates)
    found = position < n_items
    found[found] = item_ids[position[found]] == candidates[found]
    columns = matrix.tocsc()
    indptr = np.append(columns.indptr, columns.indptr[-1])
    padded = csc_array((columns.data, columns.indices, indptr), shape=(n_users, n_items + 1))
    taken = padded[:, np.where(found, position, n_items)]
    taken.sort_indices()
    return taken
