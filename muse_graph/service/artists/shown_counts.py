"""Counts of listeners as somebody may see them: exact, or in tens and none below ten.

The same followers are counted for many artists, and in many sets of influencers. Exact counts of 10 and more
would give the small ones away: 110 follow an influencer, 105 of them are new to one artist, so 5 are not.
Rounded down to tens, two counts leave their difference open by nine either way. See docs/security.md.
"""

from __future__ import annotations

import math

import numpy as np

from muse_graph.answers import NewReach, ShownCount
from muse_graph.core.types import IntArray

__all__ = ["LEAST", "nearest_tens", "shown_count", "shown_reach", "visible"]

#: Listeners that a figure must have to be shown to artists and managers, and the step of rounded counts.
LEAST = 10


def shown_count(count: int, *, exact: bool) -> ShownCount:
    """A count as it is shown; exact for operators."""
    if exact:
        return ShownCount(count, suppressed=False)
    rounded = count // LEAST * LEAST
    return ShownCount(rounded or None, suppressed=not rounded)


def shown_reach(new: float, low: float, high: float, *, known: bool, exact: bool) -> NewReach:
    """New listeners as they are shown; of known ones the interval is what rounding leaves open."""
    if exact:
        return NewReach(round(new), math.floor(low), math.ceil(high), estimated=not known, suppressed=False)
    count = shown_count(int(new), exact=False)
    least = int(low) // LEAST * LEAST
    most = int(high) // LEAST * LEAST + LEAST - 1
    return NewReach(count.count, least, most, estimated=not known, suppressed=count.suppressed)


def visible(count: ShownCount | NewReach) -> float:
    """What a count says to whoever is shown it: those that are hidden are all the same, half of `LEAST`."""
    return LEAST / 2 if count.count is None else float(count.count)


def nearest_tens(counts: IntArray) -> IntArray:
    """(n,) int64, counts to the nearest ten, as shares are computed from them; 0 for all that are hidden."""
    return np.where(counts < LEAST, 0, (counts + LEAST // 2) // LEAST * LEAST)
