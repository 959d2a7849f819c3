"""The most similar listeners after some have changed: these are compared again, others keep theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.models.knn.neighbours import listener_index, strongest
from muse_graph.core.models.knn.similarity_index import SimilarityIndex
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import BoolArray, Float32Array, Float32Matrix, FloatArray, IntArray

__all__ = ["Similar", "nearest_again"]

# Cells of a product held at once, at most.
_BLOCK_CELLS = 1 << 24


@dataclass(frozen=True, slots=True, eq=False)
class Similar:
    """Who is similar to whom.

    Attributes:
        user, other: (n,) int64 positions of users, user ascending; other is -1 for who is not among them
        weight: (n,) float64
    """

    user: IntArray
    other: IntArray
    weight: FloatArray

    def pairs(self, n_users: int) -> IntArray:
        """(n,) int64, a number for each pair."""
        return self.user * (n_users + 1) + self.other + 1

    def of(self, chosen: BoolArray) -> Similar:
        """Some of the pairs: (n,) bool."""
        return Similar(self.user[chosen], self.other[chosen], self.weight[chosen])


def nearest_again(data: TrainingData, changed: BoolArray, before: Similar, k: int) -> Similar:
    """Find the k most similar users of each, as `nearest_listeners`, where only some users have changed.

    Those who changed are compared with everybody. Of all others, a similarity to one who changed is what it
    is now, and one who is now more similar than the last of k takes a place. What those who did not change
    have of one another stays, and with it what follows for them from how rare each item is.

    Args:
        changed: (n_users,) bool
        before: at most k of each user; of those who did not change each pair once
    """
    comparison = _Comparison(*listener_index(data), _last(before, changed, k), k)
    again = np.flatnonzero(changed)
    step = max(1, _BLOCK_CELLS // max(1, len(changed)))
    found = [comparison.of(again[first : first + step]) for first in range(0, len(again), step)]
    new, entered = (_joined([pair[side] for pair in found]) for side in (0, 1))
    one_of, two_of = changed[before.user], changed[before.other]
    named = comparison.again(before.of(two_of & ~one_of))
    near = _joined([before.of(~one_of & ~two_of), _others(entered, named, len(changed)), named])
    return _joined([new, _first_of_each(near, k)])


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    """Users who changed, beside everybody.

    Attributes:
        similarity_index, rows: of all users
        last: (n_users,) float32, above which one takes a place with each user
    """

    similarity_index: SimilarityIndex
    rows: Float32Matrix
    last: Float32Array
    k: int

    def of(self, users: IntArray) -> tuple[Similar, Similar]:
        """The nearest of these users, who changed, and who else has a place for them."""
        found = self.similarity_index.similarity(self.rows[users])
        # One more, for each is nearest to itself.
        index, other, weight = strongest(found, self.k + 1)
        others = Similar(users[index], other, weight.astype(np.float64)).of(users[index] != other)
        near = np.flatnonzero(found.data > self.last[found.indices])
        row = np.searchsorted(found.indptr, near, side="right") - 1
        user, value = found.indices[near].astype(np.int64), found.data[near].astype(np.float64)
        return _first_of_each(others, self.k), Similar(user, users[row], value)

    def again(self, pairs: Similar) -> Similar:
        """The pairs as similar as they are now, without those who are not similar any more."""
        values = self.similarity_index.values.T.tocsr()
        weight = np.asarray((values[pairs.user].multiply(values[pairs.other])).sum(axis=1), np.float64)
        return Similar(pairs.user, pairs.other, np.clip(weight, 0, 1)).of(weight > 0)


def _others(found: Similar, but: Similar, n_users: int) -> Similar:
    """Those found who are none of the others."""
    return found.of(~np.isin(found.pairs(n_users), but.pairs(n_users)))


def _last(before: Similar, changed: BoolArray, k: int) -> Float32Array:
    """(n_users,) the least weight of k; 0 for who has fewer.

    Without limit for those who changed, who find their own.
    """
    last = np.full(len(changed), np.inf, np.float32)
    np.minimum.at(last, before.user, before.weight.astype(np.float32))
    last[np.bincount(before.user, minlength=len(changed)) < k] = 0.0
    last[changed] = np.inf
    return last


def _joined(parts: list[Similar]) -> Similar:
    """All of them, by user; without any, none."""
    empty = Similar(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    parts = [empty, *parts]
    user = np.concatenate([part.user for part in parts])
    order = np.argsort(user, kind="stable")
    other, weight = (np.concatenate([getattr(part, name) for part in parts]) for name in ("other", "weight"))
    return Similar(user[order], other[order], weight[order])


def _first_of_each(found: Similar, k: int) -> Similar:
    """The k with the largest weight of each user, the first where equal."""
    order = np.lexsort((found.other, -found.weight, found.user))
    user = found.user[order]
    rank = np.arange(len(user)) - np.searchsorted(user, user)
    kept = order[rank < k]
    return Similar(found.user[kept], found.other[kept], found.weight[kept])
