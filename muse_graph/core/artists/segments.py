"""How close listeners are to an artist: segments by the days on which they heard it lately."""

from __future__ import annotations

from typing import Final

import numpy as np

from muse_graph.core.artists.presence import firsts
from muse_graph.core.artists.units import Days
from muse_graph.core.types import IntArray, check_lengths

__all__ = ["SEGMENT_DAYS", "segments"]

SEGMENT_DAYS: Final = 28

#: The least days of super, moderate, light.
_LEAST = np.array([8, 3, 1])


def segments(listener: IntArray, day: Days, n: int) -> IntArray:
    """The segment of each listener, the same whatever is asked of them.

    Args:
        listener: (r,) int64 in 0..n-1, of each day with a play; rows may repeat
        day: (r,) datetime64[D], NaT for no time
        n: how many listeners there are

    Returns:
        (n,) int64, positions in `muse_graph.core.artists.words.SEGMENTS`

    Raises:
        ShapeError: If the arrays differ in length.
    """
    check_lengths(listener=listener, day=day)
    dated = ~np.isnat(day)
    if not dated.any():
        return np.full(n, len(_LEAST), np.int64)
    age = (day[dated].max() - day[dated]).astype(np.int64)
    recent = age < SEGMENT_DAYS
    heard = np.sort(listener[dated][recent] * SEGMENT_DAYS + age[recent])
    days = np.bincount(heard[firsts(heard)] // SEGMENT_DAYS, minlength=n)
    return np.asarray(np.count_nonzero(days[:, None] < _LEAST, axis=1), np.int64)
