"""Listeners with similar taste as a fact of the graph: SIMILAR_TO, written by training, 50 for each user."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from muse_graph.core.models.knn.neighbours import nearest_listeners
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Interactions
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.pagination import Advance
from muse_graph.training.reading import TrainingSet

__all__ = ["NEIGHBOURS", "write_neighbours"]

NEIGHBOURS = 50

#: Users of a transaction: some 10,000 relationships.
_BATCH = 200
#: Below this, weights differ by rounding: the same training twice writes the same.
_DIGITS = 5


def write_neighbours(graph: Graph, training_set: TrainingSet, advance: Advance) -> int:
    """Replace the neighbours of all users; returns how many there are now.

    A user without any loses what was written before.
    """
    keys = training_set.user_keys.tolist()
    user, other, weight = nearest_listeners(_of_graph(training_set), NEIGHBOURS)
    bounds = np.searchsorted(user, np.arange(len(keys) + 1))
    for first in range(0, len(keys), _BATCH):
        rows: list[Row] = []
        for index in range(first, min(first + _BATCH, len(keys))):
            near = slice(bounds[index], bounds[index + 1])
            rows.append(
                {
                    "key": keys[index],
                    "others": training_set.user_keys[other[near]].tolist(),
                    "weights": np.round(weight[near].astype(np.float64), _DIGITS).tolist(),
                }
            )
        graph.write("replace_similar", rows=rows)
        advance("neighbours", len(rows))
    return len(user)


def _of_graph(training_set: TrainingSet) -> TrainingData:
    """The data without those who are not users of the graph."""
    data, n_users = training_set.data, len(training_set.user_keys)
    if data.n_users == n_users:
        return data
    played = data.interactions
    last = np.searchsorted(played.user_index, n_users)
    return replace(
        data,
        n_users=n_users,
        interactions=Interactions(
            played.user_index[:last], played.item[:last], played.plays[:last], played.heard[:last]
        ),
        feedback=data.feedback[:n_users],
        friends=sparse.csr_array(data.friends[:n_users, :n_users]),
        user_tags=data.user_tags[:n_users],
    )
