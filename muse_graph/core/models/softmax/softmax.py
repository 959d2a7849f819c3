"""Which of a few things comes next: a multinomial model of what is liked, by friends and by their friends.

For items as few as genres. It knows what goes with what, and what the neighbourhood likes; each liked item of
each user is in turn left out and told from all that the user does not like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special

from muse_graph.core.models.adam import Adam
from muse_graph.core.models.softmax.features import World, features
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
        hidden: >= 1, units between features and items, which see what features mean together
        linear_decay: >= 0, pull towards 0 of what a feature says by itself
        hidden_decay: >= 0, the same of what the hidden units say
        learning_rate: > 0, length of the first steps of Adam; it falls evenly to a hundredth
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
    """Features of a profile and what they say for each item.

    The features: what is liked over the root of how much, what is liked, the roots of the shares of friends
    and of friends of friends who like each item, and logarithms of the numbers of likes and friends.

    Attributes:
        liked: (n_users, n_items) csr float32, 1 where liked
        around: (n_users, n_items) float32, share of each user's friends who like the item
        mean, scale: (n_features,) float32, n_features = 4 n_items + 2; a feature is (raw - mean) * scale
        linear: (n_features, n_items) float32
        inner: (n_features, hidden) float32; outer (hidden, n_items) float32; bias (n_items,) float32
    """

    options: SoftmaxOptions
    liked: Float32Matrix
    around: Float32Array
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
        near = self.liked[profile.friends].toarray()
        far = self.around[profile.friends]
        raw = features(liked, near.sum(axis=0)[None], far.sum(axis=0)[None], np.array([len(near)]))[0]
        awake = (raw - self.mean) * self.scale @ self.inner > 0
        # With the units that are awake the whole is linear, which is what takes it apart.
        weights = self.linear + self.inner[:, awake] @ self.outer[awake]
        if candidates is not None:
            weights = weights[:, candidates]
        weights = weights.astype(np.float64) * self.scale[:, None]
        bias = self.bias if candidates is None else self.bias[candidates]
        rest = bias - self.mean @ weights
        return SoftmaxScores(
            raw @ weights + rest, weights, rest, raw.astype(np.float64), profile.items, near, far
        )


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxScores:
    """Logits of one profile, see `Scores`.

    Attributes:
        values: (n_candidates,) float64
        weights: (n_features, n_candidates) float64, what each feature says for each candidate
        rest: (n_candidates,) float64, what no feature says
        raw: (n_features,) float64
        own: (n_profile_items,) int64, items of the profile
        near, far: (n_friends, n_items) float32, what each friend brings to the shares
    """

    values: FloatArray
    weights: FloatArray
    rest: FloatArray
    raw: FloatArray
    own: IntArray
    near: Float32Array
    far: Float32Array

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`; friends divide what a share says by what each brings to it."""
        n_items = self.near.shape[1]
        said = (self.weights[:, indices] * self.raw[:, None]).T
        rooted, plain, near, far, counts = np.split(said, [n_items * part for part in (1, 2, 3, 4)], axis=1)
        friends = near @ _shares(self.near).T + far @ _shares(self.far).T
        return ScoreParts((rooted + plain)[:, self.own], friends, self.rest[indices] + counts.sum(axis=1))


def fit_softmax(data: TrainingData, options: SoftmaxOptions | None = None) -> Softmax:
    """Learn by gradient descent (Adam). Deterministic by seed.

    In every epoch one liked item of each user is left out, of their own likes and of what they bring to their
    friends' friends, and must be told from all the user does not like.

    Raises:
        InvalidRequest: If there are more than 2^28 cells of users and items.

    References:
        multinomial logistic regression; Kingma and Ba, ICLR 2015, for the steps
    """
    options = SoftmaxOptions() if options is None else options
    if data.n_users * data.n_items > _MOST_CELLS:
        raise InvalidRequest(f"users times items must be <= 2^28, got {data.n_users} and {data.n_items}")
    world = World.of(data)
    rng = np.random.default_rng(options.seed)
    mean, scale = world.stats(rng)
    n_features, n_items = len(mean), data.n_items
    weights = [
        np.zeros((n_features, n_items), np.float32),
        rng.standard_normal((n_features, options.hidden), np.float32) / np.float32(np.sqrt(n_features)),
        np.zeros((options.hidden, n_items), np.float32),
    ]
    bias = np.log1p(world.liked.sum(axis=0)).astype(np.float32)
    _descend(weights, bias, world, (mean, scale), options, rng)
    linear, inner, outer = weights
    return Softmax(options, world.liked, world.around, mean, scale, linear, inner, outer, bias)


def _descend(
    weights: list[Float32Array],
    bias: Float32Array,
    world: World,
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
    n_steps = options.epochs * -(-len(world.able) // options.batch)
    step = 0
    for _ in range(options.epochs):
        for users in world.batches(options.batch, rng):
            raw, liked, target = world.left_out(users, rng)
            gradients = _gradients(weights, bias, (raw - mean) * scale, liked, target)
            for learner, gradient in zip(learners, gradients, strict=True):
                learner.step(gradient, max(0.01, 1 - step / n_steps))
            step += 1


def _gradients(
    weights: list[Float32Array], bias: Float32Array, seen: Float32Array, liked: Float32Array, target: IntArray
) -> list[Float32Array]:
    """Of the mean loss, by each of the three weights; what is liked already is no answer."""
    linear, inner, outer = weights
    drive = seen @ inner
    awake = np.maximum(drive, 0)
    logits = seen @ linear + awake @ outer + bias
    logits[liked > 0] = -np.inf
    chance = scipy.special.softmax(logits, axis=1)
    chance[np.arange(len(target)), target] -= 1
    chance /= np.float32(len(target))
    back = (chance @ outer.T) * (drive > 0)
    return [seen.T @ chance, seen.T @ back, awake.T @ chance]


def _shares(brought: Float32Array) -> FloatArray:
    """(n_friends, n_items) float64: the share of each friend in what all bring, 0 where nobody brings any."""
    total = brought.sum(axis=0, dtype=np.float64)
    return np.asarray(np.divide(brought, total, out=np.zeros(brought.shape), where=total > 0), np.float64)
