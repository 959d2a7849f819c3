"""Who comes first: an exact top k whose ties never depend on chance."""

from __future__ import annotations

import numpy as np

from muse_graph.core.types import FloatArray, IntArray, check_lengths
from muse_graph.errors import InvalidRequest

__all__ = ["top_k"]


def top_k(scores: FloatArray, items: IntArray, k: int) -> IntArray:
    """Order the k best by descending score, equal scores by ascending item key.

    Args:
        scores: (n,) float64, no NaN
        items: (n,) int64

    Returns:
        (min(k, n),) int64 positions, best first

    Raises:
        InvalidRequest: If k < 0.
        ShapeError: If the two differ in length.
    """
    if k < 0:
        raise InvalidRequest(f"cutoff k must be >= 0, got {k}")
    n = check_lengths(scores=scores, items=items)
    if k == 0:
        return np.empty(0, np.int64)
    contenders = np.arange(n)
    if k < n:
        # All that tie with the k-th best stay in, so that the item key and not the partition decides.
        contenders = np.flatnonzero(scores >= np.partition(scores, n - k)[n - k])
    return contenders[np.lexsort((items[contenders], -scores[contenders]))[:k]]
