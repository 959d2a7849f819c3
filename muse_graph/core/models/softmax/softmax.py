"""A multinomial model of which of a few items is liked next, from own likes and those of friends.

For items as few as genres. It learns which items are liked together, and by whose friends: a liked item of
each user is left out and has to be found among all that the user does not like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special

from muse_graph.core.models.adam import Adam
from muse_graph.core.models.softmax.features import SocialLikes, social_features
from muse_graph.core.models.types import Profile, ScoreParts, TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray
from muse_graph.errors import InvalidRequest

__all__ = ["Softmax", "SoftmaxOptions", "SoftmaxScores", "fit_softmax"]

# Users by items are held densely: 1 GB.
_MOST_CELLS = 1 << 28


@dataclass(frozen=True, slots=True)
class SoftmaxOptions:
    """How the weights are learned.

    Attributes:
        hidden: >= 1, units between features and items, for effects of features together
        linear_decay: >= 0, pull towards 0 of the weights from features to items
        hidden_decay: >= 0, the same of the weights to and from hidden units
        learning_rate: > 0, length of the first steps of Adam; it falls evenly to 1 % of that
        epochs, batch: >= 1, times all users are learned from, and how many at a time
        discard: >= 0, what a discard takes away, as a part of a like; nothing is learned from it

    Raises:
        InvalidRequest: Outside these.
    """

    hidden: int = 64
    linear_decay: float = 1e-3
    hidden_decay: float = 1e-3
    learning_rate: float = 0.005
    epochs: int = 24
    batch: int = 1024
    discard: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("hidden", "epochs", "batch"):
            if getattr(self, name) < 1:
                raise InvalidRequest(f"{name} must be >= 1, got {getattr(self, name)}")
        for name in ("linear_decay", "hidden_decay", "discard"):
            if not getattr(self, name) >= 0:
                raise InvalidRequest(f"{name} must be >= 0, got {getattr(self, name)}")
        if not self.learning_rate > 0:
            raise InvalidRequest(f"learning_rate must be > 0, got {self.learning_rate}")


@dataclass(frozen=True, slots=True, eq=False)
class Softmax:
    """Weights of the features of a profile for each item.

    The features: what is liked over the root of how much, what is liked, the roots of the shares of friends
    and of friends of friends who like each item, and logarithms of the numbers of likes and friends.

    Attributes:
        liked: (n_users, n_items) csr float32, 1 where liked
        friend_share: (n_users, n_items) float32, share of each user's friends who like the item
        mean, scale: (n_features,) float32, n_features = 4 n_items + 2; a feature is (raw - mean) * scale
        linear: (n_features, n_items) float32
        inner: (n_features, hidden) float32; outer (hidden, n_items) float32; bias (n_items,) float32
    """

    options: SoftmaxOptions
    liked: Float32Matrix
    friend_share: Float32Array
    mean: Float32Array
    scale: Float32Array
    linear: Float32Array
    inner: Float32Array
    outer: Float32Array
    bias: Float32Array

    def score(self, profile: Profile, candidates: IntArray | None = None) -> SoftmaxScores:
        """Score as `Model.score`: logits; what is liked already is scored like everything else."""
        liked = np.zeros((1, len(self.bias)), np.float32)
        likes = (profile.plays > 0) | (profile.feedback > 0)
        liked[0, profile.items] = np.where(profile.feedback < 0, -self.options.discard, likes)
        by_friends = self.liked[profile.friends].toarray()
        by_second = self.friend_share[profile.friends]
        raw = social_features(
            liked, by_friends.sum(axis=0)[None], by_second.sum(axis=0)[None], np.array([len(by_friends)])
        )[0]
        active = (raw - self.mean) * self.scale @ self.inner > 0
        # With the active units fixed the model is linear, so that scores can be taken apart.
        weights = self.linear + self.inner[:, active] @ self.outer[active]
        if candidates is not None:
            weights = weights[:, candidates]
        weights = weights.astype(np.float64) * self.scale[:, None]
        bias = self.bias if candidates is None else self.bias[candidates]
        rest = bias - self.mean @ weights
        return SoftmaxScores(
            (raw @ weights + rest).astype(np.float32),
            weights,
            rest,
            raw.astype(np.float64),
            profile.items,
            by_friends,
            by_second,
        )


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxScores:
    """Logits of one profile, see `Scores`.

    Attributes:
        values: (n_candidates,) float32
        weights: (n_features, n_candidates) float64, weight of each feature for each candidate
        rest: (n_candidates,) float64, the part that comes from no feature
        raw: (n_features,) float64
        own: (n_profile_items,) int64, items of the profile
        by_friends, by_second: (n_friends, n_items) float32, what each friend adds to the shares
    """

    values: Float32Array
    weights: FloatArray
    rest: FloatArray
    raw: FloatArray
    own: IntArray
    by_friends: Float32Array
    by_second: Float32Array

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`; what a share adds is divided among the friends behind it."""
        n_items = self.by_friends.shape[1]
        added = (self.weights[:, indices] * self.raw[:, None]).T
        scaled, plain, by_friends, by_second, counts = np.split(
            added, [n_items * part for part in (1, 2, 3, 4)], axis=1
        )
        friends = by_friends @ _shares(self.by_friends).T + by_second @ _shares(self.by_second).T
        return ScoreParts((scaled + plain)[:, self.own], friends, self.rest[indices] + counts.sum(axis=1))


def fit_softmax(data: TrainingData, options: SoftmaxOptions | None = None) -> Softmax:
    """Learn by gradient descent (Adam). Deterministic by seed.

    In every epoch one liked item of each user is left out, of their own likes and of what these add to the
    likes of friends of friends, and has to be found among all the user does not like.

    Raises:
        InvalidRequest: If there are more than 2^28 cells of users and items.

    References:
        multinomial logistic regression; Kingma and Ba, ICLR 2015, for the steps
    """
    options = SoftmaxOptions() if options is None else options
    if data.n_users * data.n_items > _MOST_CELLS:
        raise InvalidRequest(f"users times items must be <= 2^28, got {data.n_users} and {data.n_items}")
    social = SocialLikes.of(data)
    rng = np.random.default_rng(options.seed)
    mean, scale = social.stats(rng)
    n_features, n_items = len(mean), data.n_items
    weights = [
        np.zeros((n_features, n_items), np.float32),
        rng.standard_normal((n_features, options.hidden), np.float32) / np.float32(np.sqrt(n_features)),
        np.zeros((options.hidden, n_items), np.float32),
    ]
    bias = np.log1p(social.liked.sum(axis=0)).astype(np.float32)
    _descend(weights, bias, social, (mean, scale), options, rng)
    linear, inner, outer = weights
    return Softmax(options, social.liked, social.friend_share, mean, scale, linear, inner, outer, bias)


def _descend(
    weights: list[Float32Array],
    bias: Float32Array,
    social: SocialLikes,
    stats: tuple[Float32Array, Float32Array],
    options: SoftmaxOptions,
    rng: np.random.Generator,
) -> None:
    """Change the weights, step by step, where they are."""
    mean, scale = stats
    decays = (options.linear_decay, options.hidden_decay, options.hidden_decay)
    learners = [
        Adam(one, options.learning_rate, l2=decay) for one, decay in zip(weights, decays, strict=True)
    ]
    n_steps = options.epochs * -(-len(social.eligible) // options.batch)
    step = 0
    for _ in range(options.epochs):
        for users in social.batches(options.batch, rng):
            raw, liked, target = social.left_out(users, rng)
            gradients = _gradients(weights, bias, (raw - mean) * scale, liked, target)
            for learner, gradient in zip(learners, gradients, strict=True):
                learner.step(gradient, max(0.01, 1 - step / n_steps))
            step += 1


def _gradients(
    weights: list[Float32Array], bias: Float32Array, seen: Float32Array, liked: Float32Array, target: IntArray
) -> list[Float32Array]:
    """Of the mean loss, by each of the three weights; what is liked already is left out."""
    linear, inner, outer = weights
    drive = seen @ inner
    active = np.maximum(drive, 0)
    logits = seen @ linear + active @ outer + bias
    logits[liked > 0] = -np.inf
    probability = scipy.special.softmax(logits, axis=1)
    probability[np.arange(len(target)), target] -= 1
    probability /= np.float32(len(target))
    back = (probability @ outer.T) * (drive > 0)
    return [seen.T @ probability, seen.T @ back, active.T @ probability]


def _shares(added: Float32Array) -> FloatArray:
    """(n_friends, n_items) float64: the share of each friend in what all add, 0 where none adds any."""
    total = added.sum(axis=0, dtype=np.float64)
    return np.asarray(np.divide(added, total, out=np.zeros(added.shape), where=total > 0), np.float64)
