"""Mean and standard deviation of scores, so that two listeners, or two models, can be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

from muse_graph.core.types import FloatArray

__all__ = ["ScoreStats", "score_stats"]

# Scores that differ by less of their mean than this are equal.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class ScoreStats:
    """Mean and standard deviation of a listener's scores over the whole catalogue; deviation > 0."""

    mean: float
    deviation: float

    def standardise(self, scores: FloatArray) -> FloatArray:
        """(n,) float64: deviations above the mean."""
        return (scores - self.mean) / self.deviation


def score_stats(scores: FloatArray) -> ScoreStats:
    """Where a listener's scores lie, so that scores of two listeners, or of two models, can be compared.

    Args:
        scores: (n_items,) of the whole catalogue, or of its items with a listener; not of a few candidates

    Returns:
        deviation 1 when all scores are equal but for rounding, or there are none
    """
    if not len(scores):
        return ScoreStats(0.0, 1.0)
    mean = float(scores.mean())
    from_mean = scores - mean
    deviation = math.sqrt(float(from_mean @ from_mean) / len(scores))
    return ScoreStats(mean, deviation if deviation > _ROUNDING * abs(mean) else 1.0)
