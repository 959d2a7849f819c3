"""How far a play is known to have gone: what it reports, as one small number.

A report of 0..9 is exact: so many of the nine steps 10 %, 20 %, ... 90 % of the track were reached. One of
10..19 is a lower bound: at least 0..9 steps were reached. A play of which nothing is known reached at least
none.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from muse_graph.core.types import FloatArray, IntArray

__all__ = ["AT_LEAST", "N_REPORTS", "STEPS", "UNKNOWN", "report_of", "reports_of"]

#: Shares of a track that count as reached; d / 10 is the float nearest to the decimal.
STEPS: FloatArray = np.array([d / 10 for d in range(1, 10)])
#: Reports from this one on are lower bounds; this one says nothing.
AT_LEAST = UNKNOWN = len(STEPS) + 1
N_REPORTS = 2 * AT_LEAST

_STEPS: list[float] = STEPS.tolist()


def reports_of(heard: FloatArray, heard_at_least: FloatArray) -> IntArray:
    """Reports of n plays.

    Args:
        heard: (n,) float64, share heard 0..1, NaN where not known exactly
        heard_at_least: (n,) float64, share heard at least, NaN where that is unknown, too

    Returns:
        (n,) int64 in 0..N_REPORTS - 1
    """
    exact = ~np.isnan(heard)
    share = np.where(exact, heard, np.nan_to_num(heard_at_least))
    return np.where(exact, 0, AT_LEAST) + np.searchsorted(STEPS, share, side="right")


def report_of(heard: float | None, heard_at_least: float | None) -> int:
    """The report of one play, as `reports_of`; None where a share is unknown."""
    if heard is not None:
        return bisect_right(_STEPS, heard)
    return AT_LEAST + bisect_right(_STEPS, heard_at_least or 0.0)
