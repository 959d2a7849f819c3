"""What is hidden from models while their weights are learned: all of cold users, a part of warm users."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from muse_graph.core.models.types import Profile, TrainingData
from muse_graph.core.types import FloatMatrix, IntArray, Interactions

__all__ = ["choose_users", "first_listens", "holdout", "liked", "without"]

# Of so many listens one is hidden from a warm user.
_HOLDOUT_DIVISOR = 5


def liked(profile: Profile) -> IntArray:
    """Positions in a profile of what was played or saved, and not discarded."""
    return np.flatnonzero((profile.feedback >= 0) & ((profile.plays > 0) | (profile.feedback > 0)))


def choose_users(
    data: TrainingData, n_cold: int, n_warm: int, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Draw cold users, at most 20 % of those with 2 listens, and warm ones, at most half of others with 5.

    Returns:
        positions of users, ascending
    """
    listens = np.bincount(data.interactions.user_index, minlength=data.n_users)
    able = np.flatnonzero(listens >= 2)
    cold_users = rng.choice(able, min(n_cold, (len(able) + 4) // 5), replace=False)
    others = np.setdiff1d(np.flatnonzero(listens >= _HOLDOUT_DIVISOR), cold_users, assume_unique=True)
    warm_users = rng.choice(others, min(n_warm, (len(others) + 1) // 2), replace=False)
    return np.sort(cold_users), np.sort(warm_users)


def holdout(data: TrainingData, users: IntArray, rng: np.random.Generator) -> FloatMatrix:
    """Draw a holdout of 20 % of what each of these users likes: (n_users, n_items) csr, 1 where hidden."""
    items = []
    for user in users:
        profile = data.profile(int(user))
        likes = profile.items[liked(profile)]
        items.append(rng.choice(likes, len(likes) // _HOLDOUT_DIVISOR, replace=False))
    row = np.repeat(users, [len(some) for some in items])
    column = np.concatenate([np.empty(0, np.int64), *items])
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(data.n_users, data.n_items))


def without(data: TrainingData, cold_users: IntArray, hidden: FloatMatrix) -> TrainingData:
    """Remove all plays, feedback and tags of some users, and some items of others.

    Which tag went to which item is not known here: each hidden item takes one use of all it carries.
    """
    stays = np.ones(data.n_users)
    stays[cold_users] = 0
    rows = data.interactions
    gone = hidden.tocoo()
    pairs = gone.coords[0] * data.n_items + gone.coords[1]
    kept = (stays[rows.user_index] > 0) & ~np.isin(rows.user_index * data.n_items + rows.item, pairs)
    only = sparse.diags_array(stays)
    carried = sparse.csr_array(hidden @ data.item_tags.sign())
    taken = data.user_tags.minimum(carried)
    return replace(
        data,
        interactions=Interactions(rows.user_index[kept], rows.item[kept], rows.plays[kept], rows.heard[kept]),
        feedback=_dropped(only @ (data.feedback - data.feedback.multiply(hidden))),
        user_tags=_dropped(only @ (data.user_tags - taken)),
    )


def _dropped(
    matrix: sparse.csr_array[np.float64] | sparse.csc_array[np.float64] | sparse.bsr_array[np.float64],
) -> FloatMatrix:
    """Drop the zeros that are stored."""
    rows: FloatMatrix = matrix.tocsr()
    rows.eliminate_zeros()
    return rows


def first_listens(whole: Profile, order: IntArray, n_known: int) -> tuple[Profile, IntArray]:
    """Give a cold user n_known listens and the discards back, without tags; the other items are hidden.

    Args:
        order: positions in the profile of what is liked: the first are known
    """
    disliked = np.setdiff1d(np.arange(len(whole.items)), order, assume_unique=True)
    known, hidden = np.union1d(order[:n_known], disliked), whole.items[np.sort(order[n_known:])]
    known_part = replace(
        whole,
        items=whole.items[known],
        plays=whole.plays[known],
        heard=whole.heard[known],
        feedback=whole.feedback[known],
        tags=whole.tags[:0],
        tag_counts=whole.tag_counts[:0],
    )
    return known_part, hidden
