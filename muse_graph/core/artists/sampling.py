"""Samples that are the same each time: the keys with the smallest hashes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.types import IntArray, check_lengths

__all__ = ["sample_keys", "sample_pairs"]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = ((30, np.uint64(0xBF58476D1CE4E5B9)), (27, np.uint64(0x94D049BB133111EB)))


def sample_keys(keys: IntArray, most: int) -> IntArray:
    """At most so many of the keys, ascending: whoever is in a sample of fewer is in a sample of more.

    Args:
        keys: (n,) int64, each once

    Returns:
        (min(n, most),) int64
    """
    return np.sort(keys[_smallest(_hashes(keys), most)])


def sample_pairs(first: IntArray, second: IntArray, most: int) -> IntArray:
    """Positions of at most so many pairs, ascending.

    Args:
        first, second: (n,) int64 keys, each pair once

    Returns:
        (min(n, most),) int64

    Raises:
        ShapeError: If the arrays differ in length.
    """
    check_lengths(first=first, second=second)
    return np.sort(_smallest(_hashes(_hashes(first).view(np.int64) ^ second), most))


def _smallest(hashes: NDArray[np.uint64], most: int) -> IntArray:
    if len(hashes) <= most:
        return np.arange(len(hashes))
    return np.argpartition(hashes, most)[:most]


def _hashes(keys: IntArray) -> NDArray[np.uint64]:
    """(n,) uint64, splitmix64 of each key, so that neighbours are far apart.

    References:
        Steele, Lea and Flood, OOPSLA 2014
    """
    hashes = keys.astype(np.int64).view(np.uint64) + _STEP
    for shift, factor in _MIX:
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * factor
    return np.asarray(hashes ^ (hashes >> np.uint64(31)), np.uint64)
