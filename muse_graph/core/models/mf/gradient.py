"""Matrix factorisation by gradient descent: a softmax over items from the sum of the items played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import softmax

from muse_graph.core.models.adam import Adam
from muse_graph.core.models.interaction_weights import (
    WeightsKind,
    item_factors,
    item_listeners,
    profile_weights,
    weight_matrix,
)
from muse_graph.core.models.types import Profile, ScoreParts, TrainingData
from muse_graph.core.ranking_metrics import ndcg
from muse_graph.core.types import BoolArray, Float32Array, Float32Matrix, IntArray
from muse_graph.errors import InvalidRequest

__all__ = ["AfterEpoch", "Gradient", "GradientOptions", "GradientScores", "fit_gradient"]

#: Called after each epoch with its number from 1, and nDCG@10 of the items hidden, NaN without any.
AfterEpoch = Callable[[int, float], None]

_CUTOFF = 10
_FEWEST_ITEMS = 5
_MAX_VALIDATION_USERS = 500
_VALIDATION_BATCH = 100


@dataclass(frozen=True, slots=True)
class GradientOptions:
    """How the factors are learned.

    Attributes:
        factors: length of the vectors, >= 1
        learning_rate: > 0, length of the first steps of Adam; it falls evenly with the epochs, to 1 / epochs
        regularisation: >= 0, by how much of itself, times the learning rate, a vector shrinks in a step
        dropout: 0..1 without 1, probability that an item is left out of a profile in training
        epochs: most times all users are learned from, >= 1
        patience: epochs without a better one after which it ends, >= 1
        validation: 0..1 without 1, share of 500 users' items held out to find the best epoch; 0: the last
        batch: users learned from at a time, >= 1
        negatives: items drawn for each batch beside the batch's own, >= 0
        weights: as in `item_factors`
        discard: >= 0, what a discard takes away, as a part of the strongest play

    Raises:
        InvalidRequest: Outside these.
    """

    factors: int = 64
    learning_rate: float = 0.01
    regularisation: float = 2.0
    dropout: float = 0.5
    epochs: int = 16
    patience: int = 5
    validation: float = 0.2
    batch: int = 256
    negatives: int = 2048
    weights: WeightsKind = "binary"
    discard: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("factors", 1), ("epochs", 1), ("patience", 1), ("batch", 1), ("negatives", 0)):
            if getattr(self, name) < least:
                raise InvalidRequest(f"{name} must be >= {least}, got {getattr(self, name)}")
        if not self.learning_rate > 0:
            raise InvalidRequest(f"learning_rate must be > 0, got {self.learning_rate}")
        if not 0 <= self.regularisation * self.learning_rate < 1:
            raise InvalidRequest(f"regularisation must be 0..1 / learning_rate, got {self.regularisation}")
        for name in ("dropout", "validation"):
            if not 0 <= getattr(self, name) < 1:
                raise InvalidRequest(f"{name} must be in [0, 1), got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, eq=False)
class Gradient:
    """Two vectors and a number for each item; a listener's vector is the sum of those of what they play.

    Attributes:
        item_weights: (n_items,) float32, of `item_factors`
        inputs: (n_items, factors) float32, what an item of the profile adds to the listener
        outputs: (n_items, factors) float32, what a listener's vector is multiplied by
        bias: (n_items,) float32, the score for an empty profile
    """

    options: GradientOptions
    item_weights: Float32Array
    inputs: Float32Array
    outputs: Float32Array
    bias: Float32Array

    def score(self, profile: Profile, candidates: IntArray | None = None) -> GradientScores:
        """Score as `Model.score`: logits, linear in the profile once it has the length 1."""
        options = self.options
        weights = profile_weights(profile, options.weights, self.item_weights, options.discard)
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        added = self.inputs[profile.items] * weights[:, None].astype(np.float32)
        outputs = self.outputs if candidates is None else self.outputs[candidates]
        bias = self.bias if candidates is None else self.bias[candidates]
        values = outputs @ added.sum(axis=0) + bias
        return GradientScores(values, outputs, added, len(profile.friends))


@dataclass(frozen=True, slots=True, eq=False)
class GradientScores:
    """Scores that are the sum of what each item of the profile adds, and the bias.

    Attributes:
        values: (n_candidates,) float32
        outputs: (n_candidates, factors) float32
        added: (n_profile_items, factors) float32
    """

    values: Float32Array
    outputs: Float32Array
    added: Float32Array
    n_friends: int

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`: the rest is the bias."""
        own = self.outputs[indices].astype(np.float64) @ self.added.astype(np.float64).T
        return ScoreParts(
            own, np.zeros((len(indices), self.n_friends)), self.values[indices] - own.sum(axis=1)
        )


def fit_gradient(
    data: TrainingData, options: GradientOptions = GradientOptions(), progress: AfterEpoch | None = None
) -> Gradient:
    """Learn to predict the rest of each profile from a part of it.

    The loss is a softmax over the items, the probability that the next play is this one, by Adam on
    mini-batches of users. Users have no vectors of their own: everybody, new or not, is the sum of what they
    play. Deterministic by seed.

    References:
        Paterek, KDD Cup 2007 (a user is the sum of items); Liang et al., WWW 2018 (softmax and dropout);
        Kingma and Ba, ICLR 2015, and Loshchilov and Hutter, ICLR 2019 (Adam and its shrinkage)
    """
    rng = np.random.default_rng(options.seed)
    item_weights = item_factors(data, options.weights)
    weights = weight_matrix(data, options.weights, item_weights, options.discard)
    profiles, shown, hidden = _split(weights, options.validation, rng)
    learners = np.flatnonzero(np.diff(profiles.indptr))
    descent = _Descent(item_listeners(data), options, rng)
    best, best_tables, since = -np.inf, descent.tables(), 0
    for epoch in range(1, options.epochs + 1):
        rng.shuffle(learners)
        lr_scale = 1 - (epoch - 1) / options.epochs
        for first in range(0, len(learners), options.batch):
            descent.learn(profiles[learners[first : first + options.batch]], lr_scale)
        quality = descent.quality(shown, hidden)
        if progress is not None:
            progress(epoch, quality)
        since += 1
        # Without hidden items the quality is NaN, and the last epoch is the best there is.
        if not quality <= best:
            best, best_tables, since = quality, descent.tables(), 0
        if since == options.patience:
            break
    return Gradient(options, item_weights, *best_tables)


def _normalise(profiles: Float32Matrix) -> None:
    """Scale every row to the length 1, in place."""
    row = np.repeat(np.arange(profiles.shape[0]), np.diff(profiles.indptr))
    length = np.sqrt(np.bincount(row, profiles.data**2, minlength=profiles.shape[0]))
    profiles.data /= np.maximum(length, 1e-9)[row].astype(np.float32)


def _split(
    profiles: Float32Matrix, share: float, rng: np.random.Generator
) -> tuple[Float32Matrix, Float32Matrix, Float32Matrix]:
    """Hide a share of some users' items: all profiles without them, these users', and what is hidden."""
    n_items = np.diff(profiles.indptr)
    eligible = np.flatnonzero(n_items >= _FEWEST_ITEMS)
    validation_users = rng.choice(eligible, min(len(eligible), _MAX_VALIDATION_USERS), replace=False)
    row = np.repeat(np.arange(len(n_items)), n_items)
    covered = np.isin(row, validation_users) & (rng.random(profiles.nnz) < share)
    left, hidden = profiles.copy(), profiles.copy()
    left.data[covered] = 0
    hidden.data[~covered] = 0
    left.eliminate_zeros()
    _normalise(left)
    return left, left[validation_users], hidden[validation_users]


class _Descent:
    """The tables of a model that is being learned."""

    def __init__(self, listeners: IntArray, options: GradientOptions, rng: np.random.Generator) -> None:
        shape, rate = (len(listeners), options.factors), options.learning_rate

        def small() -> Float32Array:
            return rng.standard_normal(shape, np.float32) * np.float32(0.05)

        self._inputs = Adam(small(), rate, weight_decay=options.regularisation)
        self._outputs = Adam(small(), rate, weight_decay=options.regularisation)
        self._bias = Adam(np.log(listeners + 0.5).astype(np.float32), rate)
        self._options, self._rng = options, rng

    def tables(self) -> tuple[Float32Array, Float32Array, Float32Array]:
        """Copies of the inputs, outputs and bias as they are now."""
        return self._inputs.values.copy(), self._outputs.values.copy(), self._bias.values.copy()

    def learn(self, batch: Float32Matrix, lr_scale: float = 1.0) -> None:
        """Take one step for some users' profiles, by a part of the learning rate."""
        own, column = np.unique(batch.indices.astype(np.int64), return_inverse=True)
        left = self._dropped(batch.data)
        seen = sparse.csr_array((left, column, batch.indptr), shape=(batch.shape[0], len(own)))
        users = seen @ self._inputs.values[own]
        items, log_weight = self._items(own)
        outputs = self._outputs.values[items]
        error = softmax(users @ outputs.T + (self._bias.values[items] + log_weight), axis=1)
        row = np.repeat(np.arange(batch.shape[0]), np.diff(batch.indptr))
        liked = batch.data > 0
        error *= np.bincount(row[liked], minlength=len(error)).astype(np.float32)[:, None]
        error[row[liked], column[liked]] -= 1
        error /= np.float32(len(error))
        self._inputs.step_rows(own, seen.T @ (error @ outputs), lr_scale)
        self._outputs.step_rows(items, error.T @ users, lr_scale)
        self._bias.step_rows(items, error.sum(axis=0), lr_scale)

    def _dropped(self, weights: Float32Array) -> Float32Array:
        kept = 1 - self._options.dropout
        return weights * (self._rng.random(len(weights)) < kept) / np.float32(kept)

    def _items(self, own: IntArray) -> tuple[IntArray, Float32Array]:
        """A batch's items and some drawn among the others, with the log of how many items each represents."""
        n_items = len(self._bias.values)
        drawn = self._rng.choice(n_items, min(self._options.negatives, n_items), replace=False, shuffle=False)
        others = np.setdiff1d(drawn, own)
        # Each item drawn also represents those that were not: the sum over all items stays right on average.
        log_weight = np.log((n_items - len(own)) / max(len(others), 1)) if len(others) else 0
        logs = np.repeat(np.array([0, log_weight], np.float32), [len(own), len(others)])
        return np.concatenate([own, others]), logs

    def quality(self, shown: Float32Matrix, hidden: Float32Matrix) -> float:
        """nDCG@10 of the items hidden, mean over the users with any; NaN if there are none."""
        found: list[float] = []
        for first in range(0, shown.shape[0], _VALIDATION_BATCH):
            some = slice(first, first + _VALIDATION_BATCH)
            values = shown[some] @ self._inputs.values @ self._outputs.values.T + self._bias.values
            values[shown[some].nonzero()] = -np.inf
            found.extend(_ndcg(values, hidden[some].toarray() > 0))
        return float(np.mean(found)) if found else float("nan")


def _ndcg(values: Float32Array, wanted: BoolArray) -> list[float]:
    """nDCG@10 of each row with a wanted item."""
    some = wanted.any(axis=1)
    values, wanted = values[some], wanted[some]
    k = min(_CUTOFF, values.shape[1])
    best = np.argpartition(-values, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(values, best, axis=1), axis=1)
    hits = np.take_along_axis(wanted, np.take_along_axis(best, order, axis=1), axis=1)
    found: list[float] = ndcg(hits, wanted.sum(axis=1)).tolist()
    return found
