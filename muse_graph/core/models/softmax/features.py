"""What the softmax goes by: the likes of a listener, of friends and of their friends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from muse_graph.core.models.interaction_weights import item_factors, weight_matrix
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, IntArray

__all__ = ["World", "features"]

_SAMPLE = 10_000
_LEAST_DEVIATION, _SAME = 1e-3, 1e-6


def features(liked: Float32Array, near: Float32Array, far: Float32Array, n_friends: IntArray) -> Float32Array:
    """Features as in `Softmax`, before they are centred and scaled: (n, 4 n_items + 2) float32.

    Args:
        liked: (n, n_items), 1 where liked, below 0 where discarded
        near, far: (n, n_items) >= 0, over all friends the sums of what they, and their friends, like
        n_friends: (n,)
    """
    n_liked = (liked > 0).sum(axis=1, keepdims=True)
    # One friend more than there are: a single friend is not quite believed.
    weight = 1 / (n_friends[:, None] + 1)
    return np.hstack(
        [
            liked / np.sqrt(np.maximum(n_liked, 1)),
            liked,
            np.sqrt(near * weight),
            np.sqrt(far * weight),
            np.log(np.maximum(n_liked, 1)),
            np.log1p(n_friends[:, None]),
        ]
    ).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What users like, and what they hear around them.

    Attributes:
        near, far: (n_users, n_items) float32, sums over friends of liked and of around
        self_contribution: (n_users,) float32, what a user's own likes bring to their far
        able: users with two likes: one to leave out, one to go by
    """

    liked: Float32Matrix
    around: Float32Array
    near: Float32Array
    far: Float32Array
    n_friends: IntArray
    self_contribution: Float32Array
    able: IntArray

    @classmethod
    def of(cls, data: TrainingData) -> World:
        """What the training data tell: played or saved is liked, discarded is not."""
        liked = weight_matrix(data, "binary", item_factors(data, "binary"), discard=0.0)
        liked.eliminate_zeros()
        friends: Float32Matrix = sparse.csr_array(data.friends).astype(np.float32)
        n_friends = np.diff(friends.indptr).astype(np.int64)
        one_of = (1 / np.maximum(n_friends, 1)).astype(np.float32)
        near = np.asarray((friends @ liked).toarray(), np.float32)
        around = near * one_of[:, None]
        able = np.flatnonzero(np.diff(liked.indptr) >= 2)
        return cls(liked, around, near, friends @ around, n_friends, friends @ one_of, able)

    def left_out(
        self, users: IntArray, rng: np.random.Generator
    ) -> tuple[Float32Array, Float32Array, IntArray]:
        """Features of users without one of their likes, what they still like, and what was left out."""
        liked = self.liked[users].toarray()
        row = np.arange(len(users))
        target = np.argmax(liked * (1 - rng.random(liked.shape, np.float32)), axis=1)
        liked[row, target] = 0
        far = self.far[users]
        far[row, target] = np.maximum(far[row, target] - self.self_contribution[users], 0)
        return features(liked, self.near[users], far, self.n_friends[users]), liked, target

    def stats(self, rng: np.random.Generator) -> tuple[Float32Array, Float32Array]:
        """Mean and scale of the features, of some users."""
        if not len(self.able):
            n_features = 4 * self.liked.shape[1] + 2
            return np.zeros(n_features, np.float32), np.ones(n_features, np.float32)
        found, _, _ = self.left_out(rng.permutation(self.able)[:_SAMPLE], rng)
        deviation = found.std(axis=0)
        # A feature that hardly ever is there must not become loud by that; of one that is always the same
        # nothing can be learned.
        scale = np.where(deviation > _SAME, 1 / np.maximum(deviation, _LEAST_DEVIATION), 0.0)
        return found.mean(axis=0), scale.astype(np.float32)

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[IntArray]:
        """All users who can be learned from, in an order of chance."""
        order = rng.permutation(self.able)
        for first in range(0, len(order), size):
            yield order[first : first + size]
