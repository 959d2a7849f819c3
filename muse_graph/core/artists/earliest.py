"""The first to hear an artist, so many of them at most."""

from __future__ import annotations

import numpy as np

from muse_graph.core.artists.units import Days
from muse_graph.core.types import IntArray, check_lengths

__all__ = ["earliest"]


def earliest(keys: IntArray, first_day: Days, most: int) -> tuple[IntArray, bool]:
    """Positions of the listeners with the earliest first days, whole days only; those without one are left
    out.

    If the first day alone has more listeners than are asked for, it is cut by key: nobody of them can come
    after another.

    Args:
        keys: (n,) int64 of the listeners
        first_day: (n,) datetime64[D], NaT where unknown
        most: >= 1

    Returns:
        (m,) int64 by day and then by key, and whether some with a later day are left out

    Raises:
        ShapeError: If the arrays differ in length.
    """
    check_lengths(keys=keys, first_day=first_day)
    dated = np.flatnonzero(~np.isnat(first_day))
    order = dated[np.lexsort((keys[dated], first_day[dated]))]
    if len(order) <= most:
        return order, False
    day = first_day[order]
    whole = int(np.searchsorted(day, day[most], side="left"))
    return order[: whole or most], True
