"""How far plays get: the share that reaches 10 %, 20 %, ... 90 % of a track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from muse_graph.core.listening.reports import N_REPORTS, STEPS
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.errors import ShapeError

__all__ = [
    "LEAST_COVERAGE",
    "N_STEPS",
    "HeardCurve",
    "biggest_drop",
    "completions",
    "heard_curve",
    "median_reached",
    "reached_shares",
]

#: Steps of 10 % that a play may reach.
N_STEPS: Final = len(STEPS)
#: With fewer exact reports, as a share of the plays, there is no curve.
LEAST_COVERAGE: Final = 0.2

_CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class HeardCurve:
    """How far plays get.

    Attributes:
        plays: all plays
        exact: those that report exactly how far they got
        coverage: exact / plays, 0..1; NaN without plays
        reached: (9,) float64, share of plays that reach 10 %, ... 90 %; NaN from the first step that no play
            tells of; all NaN where coverage is below `LEAST_COVERAGE`
        low, high: (9,) float64, the 95 % interval of each step, NaN where `reached` is
    """

    plays: int
    exact: int
    coverage: float
    reached: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def completion(self) -> float:
        """The share that reaches 90 %, which counts as the whole track."""
        return float(self.reached[-1])


def heard_curve(counts: IntArray) -> HeardCurve:
    """Estimate how far plays get, with a band.

    A play that reports exactly j steps was seen to go on or stop at each of the first j + 1 steps. One that
    proves at least j steps was seen to reach them; of step j + 1 it says nothing, so it is no longer among
    those of whom the share that goes on is taken (Kaplan-Meier with censoring after the step). This takes for
    granted that such plays would have gone on like the others, and that plays are reported no matter how far
    they got. A player that
    reports at least half of a track, and nothing of plays that stop earlier, breaks the latter: the
    shares up to that step come out too high. `exact / plays` is always to be shown beside the curve.

    The band is Wilson's interval for a share, of as many plays as would have the same variance without
    censoring (Greenwood's); where all or none go on, of those still seen at the step. Without censoring it is
    Wilson's interval of the plain share. Each step's interval holds by itself, and takes plays as
    independent, which plays of one listener are not.

    Args:
        counts: (20,) int64 >= 0, plays by report, as in `muse_graph.core.listening.reports`

    Raises:
        ShapeError: If counts are not (20,), or one is below 0.

    References:
        Kaplan and Meier, JASA 1958; Greenwood 1926. The band: Rothman, J. Chronic Diseases 31, 1978, by
        Wilson's interval, JASA 1927
    """
    if counts.shape != (N_REPORTS,):
        raise ShapeError(f"counts must be ({N_REPORTS},), got {counts.shape}")
    if counts.min() < 0:
        raise ShapeError(f"counts must be >= 0, got {counts.min()}")
    plays, exact = int(counts.sum()), int(counts[: N_STEPS + 1].sum())
    coverage = exact / plays if plays else np.nan
    if not coverage >= LEAST_COVERAGE:
        nothing = np.full(N_STEPS, np.nan)
        return HeardCurve(plays, exact, coverage, nothing, nothing, nothing)
    reached = reached_shares(counts)
    low, high = _wilson(reached, _effective_plays(counts, reached))
    return HeardCurve(plays, exact, coverage, reached, low, high)


def reached_shares(counts: IntArray) -> FloatArray:
    """The curve alone, of many tracks at once, whatever their coverage.

    Args:
        counts: (..., 20) int64 >= 0, plays by report

    Returns:
        (..., 9) float64 in 0..1, never rising; NaN from the first step that no play tells of
    """
    at_risk, stopped = _steps(counts)
    go_on = 1.0 - np.divide(stopped, at_risk, out=np.full(at_risk.shape, np.nan), where=at_risk > 0)
    # Where all have stopped nobody is left to go on, and none does.
    ended = np.logical_or.accumulate(go_on == 0.0, axis=-1)
    return np.asarray(np.cumprod(np.where(ended, 0.0, go_on), axis=-1))


def median_reached(counts: IntArray) -> tuple[int, FloatArray]:
    """The median of the curves of many tracks, step by step.

    Args:
        counts: (n, 20) int64 >= 0, plays by report

    Returns:
        of how many tracks, those with coverage of at least `LEAST_COVERAGE`; (9,) float64, NaN where no track
        tells of a step
    """
    covered = _covered(counts)
    curves = reached_shares(counts[covered])
    told = ~np.isnan(curves).all(axis=0)
    median = np.full(N_STEPS, np.nan)
    median[told] = np.nanmedian(curves[:, told], axis=0)
    return int(covered.sum()), median


def completions(counts: IntArray) -> FloatArray:
    """The share of plays that reach 90 %, of many tracks at once.

    Args:
        counts: (n, 20) int64 >= 0, plays by report

    Returns:
        (n,) float64 in 0..1, as `HeardCurve.completion` of each
    """
    return np.where(_covered(counts), reached_shares(counts)[:, -1], np.nan)


def _covered(counts: IntArray) -> BoolArray:
    """(n,) bool, which tracks have a curve."""
    plays, exact = counts.sum(axis=1), counts[:, : N_STEPS + 1].sum(axis=1)
    return np.asarray((plays > 0) & (exact >= LEAST_COVERAGE * plays), np.bool_)


def biggest_drop(reached: FloatArray) -> tuple[int, float] | None:
    """The step that loses most plays, and the share of all plays that it loses.

    Args:
        reached: (9,) float64 of `heard_curve`

    Returns:
        the step 1..9 that they do not reach, the first of equals; None if no step is known to lose any
    """
    drops = -np.diff(reached, prepend=1.0)
    if not np.nanmax(drops, initial=0.0) > 0.0:
        return None
    # Drops that differ by the rounding of their products are equal.
    step = int(np.nanargmax(drops.round(12)))
    return step + 1, float(drops[step])


def _steps(counts: IntArray) -> tuple[FloatArray, FloatArray]:
    """For each step how many plays are known to have reached the one before and to go on or not; how many do
    not.

    Returns:
        both (..., 9) float64
    """
    exact, at_least = counts[..., : N_STEPS + 1], counts[..., N_STEPS + 1 :]
    stopped = exact[..., :-1]
    going_on = _from(exact)[..., 1:] + _from(at_least)[..., 1:]
    return (stopped + going_on).astype(np.float64), stopped.astype(np.float64)


def _from(counts: IntArray) -> IntArray:
    """How many have each number of steps or more."""
    return np.asarray(np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1])


def _effective_plays(counts: IntArray, reached: FloatArray) -> FloatArray:
    """(9,) float64, how many plays without censoring would give a share of the same variance."""
    at_risk, stopped = _steps(counts)
    left = at_risk - stopped
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(stopped / (at_risk * left))
        effective = (1.0 - reached) / (reached * greenwood)
    seen = np.minimum.accumulate(np.where(at_risk > 0, at_risk, np.inf))
    return np.asarray(np.where((reached > 0.0) & (reached < 1.0), effective, seen))


def _wilson(share: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval for shares of n. source : Wilson, JASA 1927"""
    z2 = float(ndtri(0.5 + _CONFIDENCE / 2)) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
