"""Exposure beside twins that go through pairs and lists one by one; tallies add up."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.exposure import (
    N_DECILES,
    Exposure,
    RunningExposure,
    count_exposure,
    gini,
    popularity_deciles,
)
from muse_graph.errors import ShapeError

N_ITEMS = 23
lists = st.lists(st.lists(st.integers(-1, N_ITEMS - 1), max_size=8), max_size=12)
counts = st.lists(st.integers(0, 1_000), min_size=1, max_size=40)


def count(shown: list[list[int]]) -> Exposure:
    return count_exposure(np.array([i for one in shown for i in one], np.int64), N_ITEMS, len(shown))


@given(counts=counts)
def test_gini_is_the_mean_difference_over_twice_the_mean(counts: list[int]) -> None:
    found = gini(np.array(counts))
    if not sum(counts):
        assert math.isnan(found)
        return
    n = len(counts)
    differences = sum(abs(a - b) for a in counts for b in counts) / n**2
    assert found == pytest.approx(differences / (2 * sum(counts) / n), abs=1e-12)


def test_gini_known_answers() -> None:
    assert gini(np.full(7, 3)) == pytest.approx(0, abs=1e-15)
    assert gini(np.array([0, 0, 0, 9])) == pytest.approx(0.75)
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    assert math.isnan(gini(np.empty(0)))


@given(popularity=st.lists(st.integers(0, 5), max_size=60))
def test_deciles_are_tenths_from_the_most_popular_down(popularity: list[int]) -> None:
    decile = popularity_deciles(np.array(popularity, np.int64))
    n = len(popularity)
    by_popularity = sorted(range(n), key=lambda i: (-popularity[i], i))
    assert decile[by_popularity].tolist() == [place * N_DECILES // n for place in range(n)]
    sizes = np.bincount(decile, minlength=N_DECILES)
    assert sizes.max() - sizes.min() <= 1


@given(shown=lists, popularity=st.lists(st.integers(0, 5), min_size=N_ITEMS, max_size=N_ITEMS))
def test_counts_shares_and_coverage_agree_with_a_walk(shown: list[list[int]], popularity: list[int]) -> None:
    found, decile = count(shown), popularity_deciles(np.array(popularity))
    flat = [item for one in shown for item in one if item >= 0]
    assert found.shown.tolist() == [flat.count(item) for item in range(N_ITEMS)]
    assert (found.n_lists, found.n_other) == (len(shown), sum(one.count(-1) for one in shown))
    assert found.coverage == len(set(flat)) / N_ITEMS
    totals = [sum(decile[item] == d for item in flat) for d in range(N_DECILES)]
    assert found.by_decile(decile).tolist() == totals
    expected = [total / len(flat) for total in totals] if flat else [math.nan] * N_DECILES
    np.testing.assert_allclose(found.shares(decile), expected)


@given(one=lists, other=lists)
def test_tallies_add_up(one: list[list[int]], other: list[list[int]]) -> None:
    both, together = count(one) + count(other), count(one + other)
    assert both.shown.tolist() == together.shown.tolist()
    assert (both.n_lists, both.n_other) == (together.n_lists, together.n_other)
    np.testing.assert_equal(both.gini, together.gini)


@given(shown=lists)
def test_a_running_tally_is_the_tally_of_all_its_lists(shown: list[list[int]]) -> None:
    decile = popularity_deciles(np.arange(N_ITEMS))
    running, grown = RunningExposure(decile), np.zeros(N_DECILES, np.int64)
    for one in shown:
        grown += running.add(np.array(one, np.int64))
    found, expected = running.snapshot(), count(shown)
    assert found.shown.tolist() == expected.shown.tolist()
    assert (found.n_lists, found.n_other) == (expected.n_lists, expected.n_other)
    assert grown.tolist() == expected.by_decile(decile).tolist()


def test_threads_lose_no_list() -> None:
    running = RunningExposure(popularity_deciles(np.arange(N_ITEMS)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(running.add, [np.array([0, 0, 3, -1])] * 400))
    found = running.snapshot()
    assert (found.n_lists, found.n_other, found.shown[0], found.shown[3]) == (400, 400, 800, 400)


def test_an_empty_catalogue_has_no_coverage() -> None:
    nothing = count_exposure(np.empty(0, np.int64), 0, 3)
    assert math.isnan(nothing.coverage)
    assert nothing.by_decile(popularity_deciles(np.empty(0))).tolist() == [0] * N_DECILES


def test_items_of_another_catalogue() -> None:
    with pytest.raises(ShapeError, match="items must be below 3, got 5"):
        count_exposure(np.array([[0, 5]]), 3, 1)
    with pytest.raises(ShapeError, match="items must be below 2, got 2"):
        RunningExposure(np.zeros(2, np.int64)).add(np.array([2]))
    with pytest.raises(ShapeError):
        count([]) + Exposure(np.zeros(2, np.int64))
    with pytest.raises(ShapeError):
        count([]).by_decile(np.zeros(2, np.int64))
