"""Sets of influencers beside every set there is, and the plain greedy choice."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.core.artists.coverage import Audiences, affordable_set, audiences, best_set
from muse_graph.errors import InvalidRequest, ShapeError

N_LISTENERS = 9
groups = st.lists(st.frozensets(st.integers(0, N_LISTENERS - 1)), min_size=1, max_size=7)
weights = st.lists(st.integers(0, 4), min_size=N_LISTENERS, max_size=N_LISTENERS)
price = st.sampled_from([0.5, 1.0, 1.5, 3.0, 8.0])


def of(some: list[frozenset[int]], counts: list[int] | None = None) -> Audiences:
    pairs = [(who, one) for who, group in enumerate(some) for one in sorted(group)]
    influencer, listener = np.array(pairs, np.int64).reshape(-1, 2).T
    weight = N_LISTENERS if counts is None else np.array(counts, float)
    return audiences(influencer, listener, len(some), weight)


def reach(some: list[frozenset[int]], counts: list[int], chosen: tuple[int, ...] | list[int]) -> int:
    return sum(counts[one] for one in frozenset().union(*(some[who] for who in chosen)))


@given(some=groups, counts=weights, k=st.integers(1, 4))
def test_a_set_reaches_63_per_cent_of_the_best(some: list[frozenset[int]], counts: list[int], k: int) -> None:
    found = best_set(of(some, counts), k)
    best = max(reach(some, counts, one) for one in combinations(range(len(some)), min(k, len(some))))
    assert found.reach == reach(some, counts, found.influencers.tolist())
    assert found.reach >= (1 - 1 / math.e) * best
    assert len(found.influencers) <= k
    assert found.cost == 0


@given(some=groups, counts=weights, k=st.integers(1, 7))
def test_lazy_is_plain_greedy(some: list[frozenset[int]], counts: list[int], k: int) -> None:
    chosen: list[int] = []
    gains: list[int] = []
    for _ in range(k):
        gain = [reach(some, counts, [*chosen, who]) - reach(some, counts, chosen) for who in range(len(some))]
        if not max(gain):
            break
        chosen.append(gain.index(max(gain)))
        gains.append(max(gain))
    found = best_set(of(some, counts), k)
    assert (found.influencers.tolist(), found.gains.tolist()) == (chosen, gains)


@given(some=groups, counts=weights, data=st.data(), budget=st.sampled_from([0.0, 0.9, 2.0, 3.5, 8.0, 20.0]))
@settings(deadline=None)
def test_an_affordable_set_reaches_31_per_cent_of_the_best(
    some: list[frozenset[int]], counts: list[int], data: st.DataObject, budget: float
) -> None:
    costs = np.array([data.draw(price) for _ in some])
    found = affordable_set(of(some, counts), costs, budget)
    sets = [one for size in range(len(some) + 1) for one in combinations(range(len(some)), size)]
    best = max(reach(some, counts, one) for one in sets if costs[list(one)].sum() <= budget)
    assert found.cost == costs[found.influencers].sum() <= budget
    assert found.reach == reach(some, counts, found.influencers.tolist())
    assert found.reach >= (1 - 1 / math.e) / 2 * best


def test_nobody_is_counted_twice() -> None:
    """The second largest adds nothing to the largest; the third adds two."""
    found = best_set(of([frozenset({0, 1, 2, 3}), frozenset({1, 2, 3}), frozenset({3, 7, 8})]), 3)
    assert (found.influencers.tolist(), found.gains.tolist(), found.reach) == ([0, 2], [4, 2], 6)


def test_one_large_beats_many_small() -> None:
    """By gain for cost the small one comes first, and leaves too little for the large."""
    some = of([frozenset({0}), frozenset(range(1, 9))])
    found = affordable_set(some, np.array([0.5, 8.0]), 8.0)
    assert (found.influencers.tolist(), found.gains.tolist(), found.cost) == ([1], [8], 8)
    found = affordable_set(some, np.array([0.5, 8.0]), 8.5)
    assert (found.influencers.tolist(), found.gains.tolist(), found.cost) == ([0, 1], [1, 8], 8.5)


def test_listeners_of_the_artist_add_nothing_and_pairs_count_once() -> None:
    known = audiences(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 2]), 2, np.array([0.0, 0.0, 1.0]))
    assert best_set(known, 5).influencers.tolist() == [1]
    assert best_set(known, 5).reach == 1


def test_nothing_to_choose_from() -> None:
    assert len(best_set(of([frozenset()]), 3).influencers) == 0
    empty = audiences(np.empty(0, np.int64), np.empty(0, np.int64), 0, 0)
    assert best_set(empty, 1).reach == affordable_set(empty, np.empty(0), 1.0).reach == 0


def test_refusals() -> None:
    pair = np.array([0])
    with pytest.raises(InvalidRequest, match="k must be a finite number >= 1, got 0"):
        best_set(of([frozenset({1})]), 0)
    with pytest.raises(InvalidRequest, match="budget must be a finite number >= 0, got -1"):
        affordable_set(of([frozenset({1})]), np.ones(1), -1.0)
    with pytest.raises(ShapeError, match=r"costs must be \(1,\), got \(2,\)"):
        affordable_set(of([frozenset({1})]), np.ones(2), 1.0)
    with pytest.raises(ShapeError, match="costs must be finite and above 0"):
        affordable_set(of([frozenset({1})]), np.zeros(1), 1.0)
    with pytest.raises(ShapeError, match=r"listener must be 0\.\.2, got 3\.\.3"):
        audiences(pair, np.array([3]), 1, 3)
    with pytest.raises(ShapeError, match=r"influencer must be 0\.\.0, got -1\.\.-1"):
        audiences(np.array([-1]), pair, 1, 3)
    with pytest.raises(ShapeError, match="weights must be finite and >= 0"):
        audiences(pair, pair, 1, np.array([np.nan]))
