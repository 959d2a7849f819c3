"""Which values of one dimension stand for themselves in a box, and which are hidden to hide others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.artists.presence import PERIOD, Masks, Presence
from muse_graph.core.types import BoolArray, IntArray

__all__ = ["standing"]


def standing(table: Presence, masks: Masks, dimension: int, k: int) -> BoolArray:
    """Which values stand where a dimension of a box is freed.

    A value with fewer than k listeners there does not stand. If the values that do not stand have 1..k-1
    listeners together, the one with the fewest listeners of the others does not stand either (ties: the
    smaller code), since the total less the others would tell. In time this holds for each run of units
    without a standing one between two that stand, since two periods less a third would tell; what is before
    the first standing unit, after the last or has no time is one run.

    Returns:
        (size + 1,) bool, code c at c + 1
    """
    rows = table.within(masks, but=dimension)
    counts = table.listeners_by_code(dimension, rows)
    stands = counts >= k
    stands[0] = False
    while (hidden := _to_hide(table, rows, dimension, stands, counts, k)) is not None:
        stands[hidden] = False
    return stands


def _to_hide(
    table: Presence, rows: BoolArray, dimension: int, stands: BoolArray, counts: IntArray, k: int
) -> int | None:
    """A standing value that has to be hidden; None if none has to."""
    if not stands.any():
        return None
    code = table.codes[dimension]
    run = _runs(stands) if dimension == PERIOD else np.zeros(len(stands), np.uint16)
    sizes = table.listeners_by_group(run[code], rows & ~stands[code], len(stands))
    small = np.flatnonzero((sizes > 0) & (sizes < k))
    if not len(small):
        return None
    beside = _beside(stands, int(small[0])) if dimension == PERIOD else np.flatnonzero(stands)
    return int(beside[np.argmin(counts[beside])])


def _runs(stands: BoolArray) -> NDArray[np.uint16]:
    """(size + 1,) uint16, how many standing units are before each; 0 also after the last and for no time."""
    before = np.cumsum(stands, dtype=np.uint16)
    return np.where(before == before[-1], 0, before).astype(np.uint16)


def _beside(stands: BoolArray, run: int) -> IntArray:
    """The standing units just before and just after a run."""
    units = np.flatnonzero(stands)
    return units[[0, -1]] if run == 0 else units[[run - 1, run]]
