"""What an audience likes more than everybody does, and what two audiences share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import gammaincinv, gammaln

from muse_graph.core.types import FloatArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = ["Interests", "Overlap", "interests", "overlap"]

_TAILS: Final = (0.025, 0.975)
#: Bounds of the prior's shape. Above the upper one lifts would differ by less than a tenth, which few items
#: cannot tell.
_SHAPES: Final = (0.01, 100.0)


@dataclass(frozen=True, slots=True, eq=False)
class Interests:
    """What an audience likes beside everybody, each array by item (genre, track or artist).

    Attributes:
        share, base_share: (n,) float64, share of the audience, of everybody, 0..1; NaN of nobody
        lift: (n,) float64, share / base_share, shrunk where counts are small; NaN for an item that nobody
            likes
        low, high: (n,) float64, the 95 % interval of the lift, NaN where it is
        typical: the lift of all items together, to which small counts are shrunk; NaN without any
        order: (n,) int64, items by lift from the highest down, then the listeners of the audience from the
            most down, then by position; those without a lift last
    """

    share: FloatArray
    base_share: FloatArray
    lift: FloatArray
    low: FloatArray
    high: FloatArray
    typical: float
    order: IntArray


def interests(counts: IntArray, n_audience: int, base_counts: IntArray, n_base: int) -> Interests:
    """Compare an audience with everybody, item by item.

    Counts are taken as Poisson with mean lift x expected, expected = n_audience x base_share, and lifts as
    drawn from one Gamma distribution. Its mean is the lift of all items together, its shape the most likely
    one for these counts. An item's lift is the mean of what is then known of it, (shape + count) / (shape /
    typical + expected), and its interval the middle 95 %: with a small count near the typical lift, with a
    large one count / expected. No lift exceeds 1 / base_share, where the whole audience has it.

    Args:
        counts: (n,) int64, listeners of the audience who like each item
        base_counts: (n,) int64, listeners of all, the audience too
        n_audience, n_base: listeners altogether

    Raises:
        ShapeError: If the arrays differ in length, or a count is below 0 or above the number of listeners.

    References:
        DuMouchel, American Statistician 53, 1999 (Gamma-Poisson shrinkage), here with one Gamma; Clayton and
        Kaldor, Biometrics 43, 1987
    """
    check_lengths(counts=counts, base_counts=base_counts)
    for name, column, n in (("counts", counts, n_audience), ("base_counts", base_counts, n_base)):
        if len(column) and not 0 <= column.min() <= column.max() <= n:
            raise ShapeError(f"{name} must be 0..{n}, got {column.min()}..{column.max()}")
    share, base_share = _shares(counts, n_audience), _shares(base_counts, n_base)
    expected = np.nan_to_num(n_audience * base_share)
    known = expected > 0
    lift, low, high = (np.full(len(counts), np.nan) for _ in range(3))
    typical = float(counts[known].sum() / expected[known].sum()) if known.any() else np.nan
    if typical > 0:
        shape = _shape_of(counts[known], expected[known], typical)
        count, rate = shape + counts[known], shape / typical + expected[known]
        most = 1.0 / base_share[known]
        lift[known] = np.minimum(count / rate, most)
        low[known], high[known] = (np.minimum(gammaincinv(count, tail) / rate, most) for tail in _TAILS)
    order = np.lexsort((-counts, -np.nan_to_num(lift, nan=-1.0)))
    return Interests(share, base_share, lift, low, high, typical, order)


def _shares(counts: IntArray, n: int) -> FloatArray:
    return counts / n if n else np.full(len(counts), np.nan)


def _shape_of(counts: IntArray, expected: FloatArray, mean: float) -> float:
    """The shape of the Gamma distribution of lifts, of given mean, under which the counts are likeliest."""

    def surprise(log_shape: float) -> float:
        shape = np.exp(log_shape)
        rate = shape / mean
        by_item = gammaln(shape + counts) - gammaln(shape) - (shape + counts) * np.log(rate + expected)
        return -float((by_item + shape * np.log(rate)).sum())

    # Here, for it takes 20 MB that only a process needs which is asked for interests.
    from scipy.optimize import minimize_scalar

    low, high = _SHAPES
    found = minimize_scalar(surprise, bounds=(float(np.log(low)), float(np.log(high))), method="bounded")
    return float(np.exp(found.x))


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two audiences share.

    Attributes:
        shared: listeners in both
        jaccard: shared over those in either, 0..1; NaN if both are empty
        of_first, of_second: shared over the listeners of each, 0..1; NaN for an empty one
    """

    shared: int
    jaccard: float
    of_first: float
    of_second: float


def overlap(first: IntArray, second: IntArray) -> Overlap:
    """Compare two audiences.

    Args:
        first, second: (n,), (m,) int64 keys of listeners, any order; a repeated key counts once
    """
    first, second = np.unique(first), np.unique(second)
    shared = len(np.intersect1d(first, second, assume_unique=True))
    either = len(first) + len(second) - shared
    jaccard, of_first, of_second = (
        shared / n if n else float("nan") for n in (either, len(first), len(second))
    )
    return Overlap(shared, jaccard, of_first, of_second)
