"""Features of the softmax: the likes of a listener, of friends and of friends of friends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from muse_graph.core.models.interaction_weights import item_factors, weight_matrix
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, IntArray

__all__ = ["SocialLikes", "social_features"]

_SAMPLE = 10_000
_LEAST_DEVIATION, _SAME = 1e-3, 1e-6


def social_features(
    liked: Float32Array, by_friends: Float32Array, by_second: Float32Array, n_friends: IntArray
) -> Float32Array:
    """Features as in `Softmax`, before they are centred and scaled: (n, 4 n_items + 2) float32.

    Args:
        liked: (n, n_items), 1 where liked, below 0 where discarded
        by_friends, by_second: (n, n_items) >= 0, sums over friends of what they like, and their friends
        n_friends: (n,)
    """
    n_liked = (liked > 0).sum(axis=1, keepdims=True)
    # One friend more than there are: shrinks the share where there are few friends.
    weight = 1 / (n_friends[:, None] + 1)
    return np.hstack(
        [
            liked / np.sqrt(np.maximum(n_liked, 1)),
            liked,
            np.sqrt(by_friends * weight),
            np.sqrt(by_second * weight),
            np.log(np.maximum(n_liked, 1)),
            np.log1p(n_friends[:, None]),
        ]
    ).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class SocialLikes:
    """What users, their friends and friends of friends like.

    Attributes:
        by_friends, by_second: (n_users, n_items) float32, sums over friends of `liked` and of `friend_share`
        self_contribution: (n_users,) float32, what a user's own likes add to their own `by_second`
        eligible: users with at least two likes: one to leave out, one to learn from
    """

    liked: Float32Matrix
    friend_share: Float32Array
    by_friends: Float32Array
    by_second: Float32Array
    n_friends: IntArray
    self_contribution: Float32Array
    eligible: IntArray

    @classmethod
    def of(cls, data: TrainingData) -> SocialLikes:
        """Take likes from the training data: played or saved is liked, discarded is not."""
        liked = weight_matrix(data, "binary", item_factors(data, "binary"), discard=0.0)
        liked.eliminate_zeros()
        friends: Float32Matrix = sparse.csr_array(data.friends).astype(np.float32)
        n_friends = np.diff(friends.indptr).astype(np.int64)
        one_of = (1 / np.maximum(n_friends, 1)).astype(np.float32)
        by_friends = np.asarray((friends @ liked).toarray(), np.float32)
        friend_share = by_friends * one_of[:, None]
        eligible = np.flatnonzero(np.diff(liked.indptr) >= 2)
        return cls(
            liked, friend_share, by_friends, friends @ friend_share, n_friends, friends @ one_of, eligible
        )

    def left_out(
        self, users: IntArray, rng: np.random.Generator
    ) -> tuple[Float32Array, Float32Array, IntArray]:
        """Features of users without one of their likes, what they still like, and what was left out."""
        liked = self.liked[users].toarray()
        row = np.arange(len(users))
        target = np.argmax(liked * (1 - rng.random(liked.shape, np.float32)), axis=1)
        liked[row, target] = 0
        by_second = self.by_second[users]
        by_second[row, target] = np.maximum(by_second[row, target] - self.self_contribution[users], 0)
        return social_features(liked, self.by_friends[users], by_second, self.n_friends[users]), liked, target

    def stats(self, rng: np.random.Generator) -> tuple[Float32Array, Float32Array]:
        """Mean and scale of the features, over a sample of users."""
        if not len(self.eligible):
            n_features = 4 * self.liked.shape[1] + 2
            return np.zeros(n_features, np.float32), np.ones(n_features, np.float32)
        found, _, _ = self.left_out(rng.permutation(self.eligible)[:_SAMPLE], rng)
        deviation = found.std(axis=0)
        # A rare feature must not get a large scale by that; from one that is always the same nothing can be
        # learned.
        scale = np.where(deviation > _SAME, 1 / np.maximum(deviation, _LEAST_DEVIATION), 0.0)
        return found.mean(axis=0), scale.astype(np.float32)

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[IntArray]:
        """Yield all users who can be learned from, in random order."""
        order = rng.permutation(self.eligible)
        for first in range(0, len(order), size):
            yield order[first : first + size]
