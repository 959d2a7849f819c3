"""Lifts beside their formula, and on worlds whose true lifts are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma, nbinom

from muse_graph.core.artists.interests import Overlap, interests, overlap
from muse_graph.errors import ShapeError

keys = st.frozensets(st.integers(-5, 5))


@given(one=keys, other=keys)
def test_overlap(one: frozenset[int], other: frozenset[int]) -> None:
    found = overlap(np.array([*one, *one], np.int64), np.array([*other], np.int64))
    shared = len(one & other)
    ratios = (shared / len(some) if some else math.nan for some in (one | other, one, other))
    assert repr(found) == repr(Overlap(shared, *ratios))


def drawn(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True lifts, counts in an audience of 2,000 and in a base of 100,000; most items are rare."""
    rng = np.random.default_rng(seed)
    base = np.minimum((40_000 * rng.random(n) ** 4).astype(np.int64) + 20, 40_000)
    lift = rng.gamma(5.0, 1.1 / 5.0, n)
    return lift, np.minimum(rng.poisson(lift * 2_000 * base / 100_000), 2_000), base


def test_the_interval_holds_95_times_of_100() -> None:
    holds, errors, raw_errors = [], [], []
    for seed in range(10):
        lift, counts, base = drawn(seed)
        found = interests(counts, 2_000, base, 100_000)
        holds.append((found.low <= lift) & (lift <= found.high))
        errors.append(np.abs(found.lift - lift).mean())
        raw_errors.append(np.abs(found.share / found.base_share - lift).mean())
        assert found.typical == pytest.approx(1.1, abs=0.12)
    assert np.mean(holds) == pytest.approx(0.95, abs=0.015)
    assert max(np.array(errors) / raw_errors) < 0.75


def test_the_prior_is_the_likeliest() -> None:
    _, counts, base = drawn(3)
    found = interests(counts, 2_000, base, 100_000)
    expected = 2_000 * base / 100_000

    def likelihood(shape: float) -> float:
        rate = shape / found.typical
        return float(nbinom.logpmf(counts, shape, rate / (rate + expected)).sum())

    # From one item: lift (rate + expected) = shape + count.
    item = int(np.argmin(base))
    shape = (counts[item] - found.lift[item] * expected[item]) / (found.lift[item] / found.typical - 1)
    assert likelihood(shape) >= max(likelihood(shape * 0.9), likelihood(shape * 1.1))
    known = gamma(shape + counts, scale=1 / (shape / found.typical + expected))
    np.testing.assert_allclose(found.low, np.minimum(known.ppf(0.025), 1 / found.base_share), rtol=1e-6)
    np.testing.assert_allclose(found.high, np.minimum(known.ppf(0.975), 1 / found.base_share), rtol=1e-6)


def test_small_counts_are_shrunk_and_large_ones_are_not() -> None:
    counts, base = np.array([2, 600, 300, 90, 40, 10]), np.array([10, 8_000, 9_000, 2_000, 900, 700])
    found = interests(counts, 2_000, base, 50_000)
    raw = found.share / found.base_share
    assert raw[0] == pytest.approx(5)
    assert found.lift[0] < 2.5
    assert found.lift[1] == pytest.approx(raw[1], rel=0.02)
    assert (found.low < found.lift).all()
    assert (found.lift < found.high).all()
    assert found.high[0] - found.low[0] > 5 * (found.high[1] - found.low[1])


def test_the_order_is_total() -> None:
    found = interests(np.array([5, 9, 5, 0, 9]), 50, np.array([50, 90, 50, 0, 90]), 500)
    assert found.order.tolist() == [1, 4, 0, 2, 3]
    assert np.isnan(found.lift[3])


def test_no_lift_above_the_whole_audience() -> None:
    found = interests(np.array([100, 1]), 100, np.array([900, 50]), 1_000)
    assert found.high[0] == pytest.approx(1 / 0.9)
    assert found.lift[0] <= found.high[0]


@pytest.mark.parametrize(
    ("counts", "n_audience", "base", "n_base"),
    [([], 0, [], 0), ([0, 0], 0, [3, 4], 9), ([0, 0], 5, [0, 0], 9), ([0], 5, [3], 9)],
)
def test_nothing_known(counts: list[int], n_audience: int, base: list[int], n_base: int) -> None:
    found = interests(np.array(counts, np.int64), n_audience, np.array(base, np.int64), n_base)
    assert np.isnan(found.lift).all()
    assert found.order.tolist() == list(range(len(counts)))


def test_one_item_still_has_an_interval() -> None:
    found = interests(np.array([1_000]), 2_000, np.array([20_000]), 100_000)
    assert found.lift[0] == pytest.approx(2.5)
    assert 0.2 < found.high[0] - found.low[0] < 0.5


def test_refusals() -> None:
    with pytest.raises(ShapeError, match=r"counts must be 0\.\.5, got 6\.\.6"):
        interests(np.array([6]), 5, np.array([6]), 9)
    with pytest.raises(ShapeError, match="equally long"):
        interests(np.array([1]), 5, np.array([6, 7]), 9)
