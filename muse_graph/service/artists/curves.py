"""How far plays get, as an answer."""

from __future__ import annotations

import math

from muse_graph.answers import Curve, CurvePoint, Drop
from muse_graph.core.artists.survival import LEAST_COVERAGE, biggest_drop, heard_curve
from muse_graph.core.types import IntArray

__all__ = ["LEAST_COVERAGE", "curve_of", "known"]


def curve_of(reports: IntArray) -> Curve:
    """The curve of plays; without points where too few of them are known exactly.

    Args:
        reports: (20,) int64, plays by report
    """
    found = heard_curve(reports)
    if math.isnan(found.reached[0]):
        return Curve(known(found.coverage), [], None, None)
    rows = zip(found.reached.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    points = [
        CurvePoint(10 * step, *(known(share) for share in shares)) for step, shares in enumerate(rows, 1)
    ]
    drop = biggest_drop(found.reached)
    return Curve(
        known(found.coverage),
        points,
        None if drop is None else Drop(10 * drop[0], drop[1]),
        known(found.completion),
    )


def known(number: float) -> float | None:
    """A number as answers have it; None for NaN."""
    return None if math.isnan(number) else number
