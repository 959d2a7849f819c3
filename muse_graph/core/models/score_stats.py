"""Mean and standard deviation of scores, so that two listeners, or two models, can be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScoreStats", "score_stats"]

_Float = TypeVar("_Float", np.float32, np.float64)

# Scores that differ by less of their mean than so many units of their last place are equal.
_ROUNDING = 32


@dataclass(frozen=True, slots=True)
class ScoreStats:
    """Mean and standard deviation of a listener's scores over the whole catalogue; deviation > 0."""

    mean: float
    deviation: float

    def standardise(self, scores: NDArray[_Float]) -> NDArray[_Float]:
        """(n,) of the type of the scores: deviations above the mean."""
        standard = scores - scores.dtype.type(self.mean)
        standard /= scores.dtype.type(self.deviation)
        return standard


def score_stats(scores: NDArray[_Float]) -> ScoreStats:
    """Where a listener's scores lie, so that scores of two listeners, or of two models, can be compared.

    Args:
        scores: (n_items,) float32 or float64, of the whole catalogue, or of its items with a listener; not
            of a few candidates

    Returns:
        deviation 1 when all scores are equal but for rounding, or there are none
    """
    if not len(scores):
        return ScoreStats(0.0, 1.0)
    mean = float(np.add.reduce(scores)) / len(scores)
    from_mean = scores - scores.dtype.type(mean)
    deviation = math.sqrt(float(from_mean @ from_mean) / len(scores))
    rounding = _ROUNDING * float(np.finfo(scores.dtype).eps) * abs(mean)
    return ScoreStats(mean, deviation if deviation > rounding else 1.0)
