"""Matrix factorisation of implicit feedback by alternating least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from muse_graph.core.models.interaction_weights import (
    WeightsKind,
    item_factors,
    profile_weights,
    weight_matrix,
)
from muse_graph.core.models.types import Profile, ScoreParts, TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray
from muse_graph.errors import InvalidRequest

__all__ = ["Als", "AlsOptions", "fit_als"]

# Cells whose factors are gathered at once: 64 MB at 64 factors.
_BLOCK_CELLS = 1 << 18
# Times users and items are solved in turn from vectors that were learned before.
_WARM_EPOCHS = 1


@dataclass(frozen=True, slots=True)
class AlsOptions:
    """How the factors are learned.

    Attributes:
        factors: length of the vectors, >= 1
        regularisation: > 0
        confidence: > 0, what a weight of 1 adds to the confidence of 1 that every cell has
        epochs: times users and items are solved in turn
        steps: conjugate gradient steps for each
        weights: as in `item_factors`
        discard: >= 0, confidence that a discarded item is not liked, as a part of the strongest play's

    Raises:
        InvalidRequest: Outside these.
    """

    factors: int = 32
    regularisation: float = 10.0
    confidence: float = 10.0
    epochs: int = 10
    steps: int = 3
    weights: WeightsKind = "log-plays"
    discard: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("factors", "epochs", "steps"):
            if getattr(self, name) < 1:
                raise InvalidRequest(f"{name} must be >= 1, got {getattr(self, name)}")
        for name in ("regularisation", "confidence"):
            if not getattr(self, name) > 0:
                raise InvalidRequest(f"{name} must be > 0, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, eq=False)
class Als:
    """One vector for each item; a listener's own follows from their profile.

    Attributes:
        item_weights: (n_items,) float32, of `item_factors`
        items: (n_items, factors) float32
        gram: (factors, factors) float64, items' products with one another plus the regularisation
    """

    options: AlsOptions
    item_weights: Float32Array
    items: Float32Array
    gram: FloatArray

    def score(self, profile: Profile, candidates: IntArray | None = None) -> AlsScores:
        """Score as `Model.score`, by one solve for what the profile holds; every part is an own item's."""
        options = self.options
        weights = profile_weights(profile, options.weights, self.item_weights, options.discard)
        own = self.items[profile.items].astype(np.float64)
        confidence = options.confidence * np.abs(weights)
        system = self.gram + (own * confidence[:, None]).T @ own
        # A discarded item is not liked for certain: its confidence is that of a preference of 0.
        wanted = np.where(profile.feedback < 0, 0.0, 1 + confidence)
        vectors = self.items if candidates is None else self.items[candidates]
        # Positive definite by the regularisation, so that this cannot fail.
        _, pulls, _ = lapack.dposv(system, (own * wanted[:, None]).T)
        values = vectors @ pulls.sum(axis=1).astype(np.float32)
        return AlsScores(values, vectors, pulls, len(profile.friends))


@dataclass(frozen=True, slots=True, eq=False)
class AlsScores:
    """Scores linear in what each item of the profile adds to the listener's vector.

    Attributes:
        values: (n_candidates,) float32
        vectors: (n_candidates, factors) float32
        pulls: (factors, n_profile_items) float64, what each item adds to the listener's vector
    """

    values: Float32Array
    vectors: Float32Array
    pulls: FloatArray
    n_friends: int

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`."""
        # A product of matrices rounds a row by how many there are: a shorter list would have other reasons.
        own = np.einsum("if,fj->ij", self.vectors[indices].astype(np.float64), self.pulls)
        return ScoreParts(
            own, np.zeros((len(indices), self.n_friends)), self.values[indices] - own.sum(axis=1)
        )


def fit_als(data: TrainingData, options: AlsOptions = AlsOptions(), start: Float32Array | None = None) -> Als:
    """Learn vectors of users and items whose products are close to 1 where played and to 0 elsewhere.

    The squared error of a cell counts by its confidence, 1 + confidence times weight. Deterministic by seed.

    Args:
        start: (n_items, factors) vectors of the items to go on from, 0 for new ones: one epoch instead of
            those of the options; None draws them

    References:
        Hu, Koren and Volinsky, ICDM 2008; conjugate gradient: Takacs, Pilaszy and Tikk, RecSys 2011
    """
    item_weights = item_factors(data, options.weights)
    users_by_items = weight_matrix(data, options.weights, item_weights, options.discard)
    items_by_users = users_by_items.T.tocsr()
    rng = np.random.default_rng(options.seed)
    if start is None:
        items = rng.standard_normal((data.n_items, options.factors), np.float32) * np.float32(0.1)
        epochs = options.epochs
    else:
        items, epochs = start, min(options.epochs, _WARM_EPOCHS)
    users = np.zeros((data.n_users, options.factors), np.float32)
    for _ in range(epochs):
        users = _solve(users, items, users_by_items, options)
        items = _solve(items, users, items_by_users, options)
    return Als(options, item_weights, items, _gram(items, options.regularisation))


def _gram(vectors: Float32Array, regularisation: float) -> FloatArray:
    wide = vectors.astype(np.float64)
    return wide.T @ wide + regularisation * np.eye(vectors.shape[1])


def _solve(
    start: Float32Array, fixed: Float32Array, weights: Float32Matrix, options: AlsOptions
) -> Float32Array:
    """Vectors of all rows given those of the columns, improved from `start`: (n_rows, factors) float32."""
    gram = _gram(fixed, options.regularisation).astype(np.float32)
    solved = np.empty_like(start)
    first = 0
    while first < len(start):
        last = int(np.searchsorted(weights.indptr, weights.indptr[first] + _BLOCK_CELLS, side="right")) - 1
        last = min(max(last, first + 1), len(start))
        solved[first:last] = _solve_block(start[first:last], fixed, gram, weights[first:last], options)
        first = last
    return solved


def _solve_block(
    start: Float32Array, fixed: Float32Array, gram: Float32Array, weights: Float32Matrix, options: AlsOptions
) -> Float32Array:
    """Conjugate gradient for many rows at a time: each has a system of its own."""
    confidence = abs(weights) * np.float32(options.confidence)
    liked = confidence.copy()
    liked.data = np.where(weights.data < 0, 0, 1 + confidence.data).astype(np.float32)
    lengths = np.diff(weights.indptr)
    gathered = fixed[weights.indices]

    def apply(vectors: Float32Array) -> Float32Array:
        seen = confidence.copy()
        seen.data = confidence.data * _dots(np.repeat(vectors, lengths, axis=0), gathered)
        return vectors @ gram + seen @ fixed

    solved = start.copy()
    residual = liked @ fixed - apply(solved)
    direction, size = residual, _square(residual)
    for _ in range(options.steps):
        image = apply(direction)
        step = _ratio(size, _dots(direction, image))
        solved += step[:, None] * direction
        residual = residual - step[:, None] * image
        size, before = _square(residual), size
        direction = residual + _ratio(size, before)[:, None] * direction
    return solved


def _dots(ones: Float32Array, others: Float32Array) -> Float32Array:
    return np.asarray(np.einsum("nf,nf->n", ones, others), np.float32)


def _square(vectors: Float32Array) -> Float32Array:
    return _dots(vectors, vectors)


def _ratio(numerator: Float32Array, denominator: Float32Array) -> Float32Array:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
