"""The curve beside lifelines' figures, scipy's Kaplan-Meier and a known truth that is censored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, binomtest, ecdf

from muse_graph.core.artists.survival import (
    N_STEPS,
    biggest_drop,
    completions,
    heard_curve,
    reached_shares,
)
from muse_graph.core.listening.reports import N_REPORTS
from muse_graph.errors import ShapeError

few = st.lists(st.integers(0, 6), min_size=N_REPORTS, max_size=N_REPORTS)
exact_only = st.lists(st.integers(0, 40), min_size=N_STEPS + 1, max_size=N_STEPS + 1)

WHOLE = [120, 80, 60, 40, 50, 30, 20, 30, 40, 530] + [0] * 10
CENSORED = [30, 22, 15, 9, 11, 8, 4, 6, 10, 85, 50, 3, 7, 0, 4, 61, 2, 0, 9, 21]


def times(counts: list[int]) -> CensoredData:
    """The same plays for a reference: who stops after j steps dies at j + 1, who is censored lives at j."""
    exact, at_least = counts[: N_STEPS + 1], counts[N_STEPS + 1 :]
    dead = [step + 1 for step, plays in enumerate(exact[:-1]) for _ in range(plays)]
    alive = [step for step, plays in enumerate(at_least) for _ in range(plays)] + [N_STEPS] * exact[-1]
    return CensoredData(uncensored=dead, right=alive)


@given(counts=few)
def test_the_curve_is_kaplan_meier(counts: list[int]) -> None:
    found = reached_shares(np.array(counts))
    known = ~np.isnan(found)
    assert (known[:-1] >= known[1:]).all()
    if sum(counts):
        wanted = ecdf(times(counts)).sf.evaluate(np.arange(1, N_STEPS + 1))
        np.testing.assert_allclose(found[known], wanted[known], atol=1e-12)


@pytest.mark.parametrize(
    ("counts", "reached", "low", "high"),
    [
        (
            WHOLE,
            [0.88, 0.8, 0.74, 0.7, 0.65, 0.62, 0.6, 0.57, 0.53],
            [0.858218, 0.773841, 0.711643, 0.670556, 0.619557, 0.589131, 0.568916, 0.538691, 0.49857],
            [0.898635, 0.823485, 0.766041, 0.727368, 0.67867, 0.649278, 0.629616, 0.600025, 0.560394],
        ),
        (
            CENSORED,
            [0.90228, 0.829834, 0.779028, 0.748544, 0.7106, 0.671394, 0.651501, 0.621661, 0.56807],
            [0.863212, 0.782782, 0.727931, 0.695557, 0.655626, 0.612735, 0.591284, 0.559516, 0.502907],
            [0.930637, 0.86756, 0.821716, 0.793697, 0.758445, 0.723222, 0.705116, 0.677639, 0.627966],
        ),
    ],
)
def test_beside_lifelines(
    counts: list[int], reached: list[float], low: list[float], high: list[float]
) -> None:
    """Figures of lifelines 0.30.3, KaplanMeierFitter; its band is log-log, so near and not equal."""
    found = heard_curve(np.array(counts))
    np.testing.assert_allclose(found.reached, reached, atol=1e-6)
    np.testing.assert_allclose(found.low, low, atol=0.006)
    np.testing.assert_allclose(found.high, high, atol=0.006)
    assert found.completion == found.reached[-1]


@given(counts=exact_only)
def test_without_censoring_it_is_the_plain_share_and_its_interval(counts: list[int]) -> None:
    found = heard_curve(np.array(counts + [0] * (N_STEPS + 1)))
    plays = sum(counts)
    if not plays:
        assert np.isnan(found.coverage)
        assert np.isnan(found.reached).all()
        return
    for step in range(1, N_STEPS + 1):
        reached = sum(counts[step:])
        interval = binomtest(reached, plays).proportion_ci(method="wilson")
        seen = (found.reached[step - 1], found.low[step - 1], found.high[step - 1])
        wanted = (reached / plays, interval.low, interval.high)
        # Where all have stopped, only those still seen tell of the last step.
        assert seen[:2] == pytest.approx(wanted[:2], abs=1e-9)
        assert seen[2] >= interval.high - 1e-9
        assert reached == 0 or seen[2] == pytest.approx(interval.high, abs=1e-9)


def draw(rng: np.random.Generator, plays: int, stop: np.ndarray, censored: float) -> np.ndarray:
    """Plays that stop before each step with a known chance; some prove only a step they were seen at."""
    fate = rng.random((plays, N_STEPS)) < stop
    steps = np.where(fate.any(axis=1), fate.argmax(axis=1), N_STEPS)
    seen = rng.integers(0, N_STEPS + 1, plays)
    at_least = (rng.random(plays) < censored) & (seen <= steps)
    return np.bincount(np.where(at_least, N_STEPS + 1 + seen, steps), minlength=N_REPORTS)


@pytest.mark.parametrize(
    ("plays", "censored"), [(40, 0.0), (200, 0.5), (1_000, 0.8)], ids=["few", "half censored", "mostly"]
)
def test_the_band_holds_95_times_of_100(plays: int, censored: float) -> None:
    rng = np.random.default_rng(plays)
    stop = np.array([0.02, 0.15, 0.08, 0.05, 0.05, 0.03, 0.03, 0.05, 0.1])
    truth = np.cumprod(1 - stop)
    runs = [heard_curve(draw(rng, plays, stop, censored)) for _ in range(1_500)]
    holds = np.mean([(run.low <= truth) & (truth <= run.high) for run in runs], axis=0)
    # The first step's share takes few values with few plays: no interval holds exactly 95 % there.
    assert holds.min() > 0.93, holds
    assert holds.max() < 0.995, holds
    assert holds.mean() == pytest.approx(0.95, abs=0.015)
    assert np.mean([run.reached for run in runs], axis=0) == pytest.approx(truth, abs=0.01)


def test_at_least_half_says_nothing_of_what_comes_after() -> None:
    """100 stop nowhere, 100 reach half at least and may have stopped after it: nobody is known to stop."""
    counts = np.zeros(N_REPORTS, np.int64)
    counts[[9, 15]] = 100
    found = heard_curve(counts)
    assert found.reached.tolist() == [1.0] * N_STEPS
    assert (found.high == 1.0).all()
    assert found.low[4] > found.low[5] == found.low[8]
    assert biggest_drop(found.reached) is None


def test_no_curve_where_few_report_exactly() -> None:
    counts = np.zeros(N_REPORTS, np.int64)
    counts[[0, 9, 15]] = 10, 9, 81
    found = heard_curve(counts)
    assert (found.plays, found.exact, found.coverage) == (100, 19, 0.19)
    assert np.isnan([found.reached, found.low, found.high]).all()
    counts[9] += 2
    assert not np.isnan(heard_curve(counts).reached).any()


def test_all_censored() -> None:
    counts = np.zeros(N_REPORTS, np.int64)
    counts[15] = 7
    assert np.isnan(heard_curve(counts).reached).all()
    np.testing.assert_equal(reached_shares(counts), [1.0] * 5 + [np.nan] * 4)


def test_nobody_reaches_the_first_step() -> None:
    counts = np.zeros(N_REPORTS, np.int64)
    counts[0] = 30
    found = heard_curve(counts)
    assert found.reached.tolist() == found.low.tolist() == [0.0] * N_STEPS
    assert found.high == pytest.approx([binomtest(0, 30).proportion_ci(method="wilson").high] * N_STEPS)
    assert biggest_drop(found.reached) == (1, 1.0)


def test_what_no_play_tells_of_is_unknown() -> None:
    counts = np.zeros(N_REPORTS, np.int64)
    counts[[3, 15]] = 1
    found = heard_curve(counts)
    np.testing.assert_equal(found.reached, [1, 1, 1, 0.5, 0.5] + [np.nan] * 4)
    np.testing.assert_equal(np.isnan(found.low), np.isnan(found.reached))
    assert biggest_drop(found.reached) == (4, 0.5)
    assert np.isnan(found.completion)


def test_plays_up_to_1e8_a_pair() -> None:
    counts = np.array(CENSORED)
    found = heard_curve(counts * 10**8)
    np.testing.assert_allclose(found.reached, heard_curve(counts).reached, rtol=1e-12)
    assert (found.high - found.low).max() < 2e-5
    assert found.plays == sum(CENSORED) * 10**8


def test_many_tracks_at_once() -> None:
    counts = np.array([CENSORED, WHOLE])
    found = reached_shares(counts)
    np.testing.assert_equal(found, [reached_shares(row) for row in counts])


def test_the_completion_of_many_is_that_of_each() -> None:
    rng = np.random.default_rng(4)
    # Of a third of the tracks few plays say how far they went, of one there are none.
    counts = rng.integers(0, 20, (60, N_REPORTS)) * np.where(rng.random((60, N_REPORTS)) < 0.4, 0, 1)
    counts[:20, : N_STEPS + 1] //= 10
    counts[0] = 0
    each = [heard_curve(one).completion for one in counts]
    np.testing.assert_array_equal(completions(counts), each)
    assert 0 < np.isnan(each).sum() < 40


def test_the_biggest_drop_is_the_first_of_equals() -> None:
    assert biggest_drop(np.array([0.75, 0.75, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, np.nan])) == (1, 0.25)
    assert biggest_drop(np.full(N_STEPS, np.nan)) is None


def test_refusals() -> None:
    with pytest.raises(ShapeError, match=r"counts must be \(20,\), got \(10,\)"):
        heard_curve(np.zeros(10, np.int64))
    with pytest.raises(ShapeError, match="counts must be >= 0, got -1"):
        heard_curve(np.full(N_REPORTS, -1))
