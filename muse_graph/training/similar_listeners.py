"""Listeners with similar taste as a fact of the graph: SIMILAR_TO, written by training, 50 for each user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from muse_graph.core.arrays import find
from muse_graph.core.models.knn.changed import Similar, nearest_again
from muse_graph.core.models.knn.neighbours import nearest_listeners
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import BoolArray, FloatArray, IntArray, Interactions
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.pagination import Advance, each_page
from muse_graph.training.reading import TrainingSet

__all__ = ["NEIGHBOURS", "Written", "write_neighbours"]

NEIGHBOURS = 50

#: Users of a transaction: some 10,000 relationships.
_BATCH = 200
#: Users of a page, with 50 neighbours each.
_PAGE = 2_000
_DIGITS = 5
#: A weight that differs by no more from what it would be stays as it is, and the same of a user who was not
#: compared again: a new listen of anybody changes nearly all weights, and hardly one of them by as much.
_STEADY, _STEADY_UNCOMPARED = 0.01, 0.05


@dataclass(frozen=True)
class Written:
    """What became of the neighbours: how many there are now, and how many users got others than before."""

    neighbours: int
    changed_users: int


def write_neighbours(
    graph: Graph,
    training_set: TrainingSet,
    advance: Advance,
    *,
    changed: BoolArray | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Written:
    """Replace the neighbours of users who have others than before.

    A user without any loses what was written before. A neighbour who stays keeps a weight that is wrong by
    0.01 at most, or by 0.05 where the user is not compared again.

    Args:
        changed: (n_users,) bool, whose listening has changed since: only these are compared again; None: all
        stopped: asked before each transaction whether to leave it at what has been written
    """
    keys, data = training_set.user_keys, _of_graph(training_set)
    before = _in_graph(graph, keys)
    again = np.ones(len(keys), np.bool_) if changed is None else changed | _wanting(before, data)
    if again.all():
        user, other, weight = nearest_listeners(data, NEIGHBOURS)
        found = Similar(user, other, weight.astype(np.float64))
    else:
        found = nearest_again(data, again, before, NEIGHBOURS)
    found = replace(found, weight=np.asarray(np.round(found.weight, _DIGITS), np.float64))
    kept, others = _compare(found, before, np.where(again, _STEADY, _STEADY_UNCOMPARED))
    rows = _Rows(keys, found, kept)
    for first in range(0, len(others), _BATCH):
        if stopped():
            break
        batch = others[first : first + _BATCH]
        graph.write("replace_similar", rows=[rows.of(index) for index in batch.tolist()])
        advance("neighbours", len(batch))
    return Written(len(found.user), len(others))


def _wanting(before: Similar, data: TrainingData) -> BoolArray:
    """Users without neighbours though they have listens, and those with some that no training has written."""
    right = (before.other >= 0) & (before.other != before.user) & (before.weight > 0) & (before.weight <= 1)
    _, index = np.unique(before.pairs(data.n_users), return_index=True)
    once = np.zeros(len(right), np.bool_)
    once[index] = True
    n_right = np.bincount(before.user[right & once], minlength=data.n_users)
    n_written = np.bincount(before.user, minlength=data.n_users)
    known = np.bincount(data.interactions.user_index, minlength=data.n_users) + np.diff(data.feedback.indptr)
    return np.asarray((n_right < n_written) | ((n_written == 0) & (known > 0)), np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of the query, one for each user.

    Attributes:
        keys: (n_users,) int64
        kept: (n,) bool, those of `found` that the graph has
    """

    keys: IntArray
    found: Similar
    kept: BoolArray

    def of(self, index: int) -> Row:
        """The row of a user, by position."""
        first, last = np.searchsorted(self.found.user, [index, index + 1])
        kept, others = self.kept[first:last], self.keys[self.found.other[first:last]]
        return {
            "key": int(self.keys[index]),
            "kept": others[kept].tolist(),
            "others": others[~kept].tolist(),
            "weights": self.found.weight[first:last][~kept].tolist(),
        }


def _in_graph(graph: Graph, keys: IntArray) -> Similar:
    """What earlier trainings wrote of these users."""
    users, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    others, weights = [np.empty(0, np.int64)], [np.empty(0)]
    for page in each_page(graph, "training_similar", "user_id", _PAGE):
        users.append(np.array([row["key"] for row in page], np.int64))
        counts.append(np.array([len(row["others"]) for row in page], np.int64))
        others += [np.array(row["others"], np.int64) for row in page]
        weights += [np.array(row["weights"], np.float64) for row in page]
    user = np.repeat(find(keys, np.concatenate(users)), np.concatenate(counts))
    other, weight = find(keys, np.concatenate(others)), np.concatenate(weights)
    # Users who came after the data was read keep what they have.
    known = np.flatnonzero(user >= 0)
    known = known[np.argsort(user[known], kind="stable")]
    return Similar(user[known], other[known], weight[known])


def _compare(found: Similar, before: Similar, steady: FloatArray) -> tuple[BoolArray, IntArray]:
    """Which of those found the graph has already, and the users, by position, for whom that is not all.

    Args:
        steady: (n_users,) how much the weights of a user may differ from those the graph has
    """
    n_users = len(steady)
    old, index, times = np.unique(before.pairs(n_users), return_index=True, return_counts=True)
    place = find(old, found.pairs(n_users))
    kept = (place >= 0) & (np.append(times, 0)[place] == 1)
    kept &= np.abs(np.append(before.weight[index], np.nan)[place] - found.weight) <= steady[found.user]
    n_kept = np.bincount(found.user[kept], minlength=n_users)
    n_found, n_before = (np.bincount(one.user, minlength=n_users) for one in (found, before))
    return kept, np.flatnonzero((n_kept < n_found) | (n_kept < n_before))


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
