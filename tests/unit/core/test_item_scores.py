"""Genre scores and discovery scores beside their slow twins, and what always holds of them."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.discovery.item_scores import (
    MOST_RADAR,
    GenreItems,
    discover,
    genre_chances,
)
from muse_graph.core.models.score_stats import score_stats
from muse_graph.errors import InvalidRequest, ShapeError

N_GENRES = 4
scores = st.sampled_from([-1.0, 0.0, 0.5, 1.0]) | st.floats(-5, 5)
items = st.lists(st.tuples(scores, st.integers(-1, N_GENRES - 1)), max_size=40)


def columns(rows: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.int64)


@given(rows=items, best=st.integers(1, 5))
def test_genre_scores_agree_with_sorting_each_genre(rows: list[tuple[float, int]], best: int) -> None:
    by_genre = defaultdict(list)
    for score, genre in rows:
        by_genre[genre].append(max(score, 0.0))
    slow = []
    for genre in range(N_GENRES):
        leading = sorted(by_genre[genre], reverse=True)[:best]
        slow.append(sum(0.95**place * score for place, score in enumerate(leading)))
    standard, genre = columns(rows)
    assert GenreItems.of(genre, N_GENRES).scores(standard, best) == pytest.approx(slow)


def test_items_that_do_not_count_and_items_without_genre_add_nothing() -> None:
    standard = np.array([3.0, -np.inf, 2.0, 1.0])
    assert GenreItems.of(np.array([0, 0, -1, 1]), 2).scores(standard).tolist() == [3, 1]


def test_of_two_genres_alike_the_one_with_fewer_listens_comes_first() -> None:
    standard, genre = np.array([2.0, 2.0, 0.0, 1.0]), np.array([0, 1, 1, -1])
    found = GenreItems.of(genre, 3, np.array([10, 4, 96, 7])).scores(standard)
    assert found == pytest.approx([2 / 10**0.02, 2 / 100**0.02, 0])
    with pytest.raises(ShapeError):
        GenreItems.of(genre, 3, np.zeros(3, np.int64))


def test_more_genres_than_sixteen_bits_count() -> None:
    found = GenreItems.of(np.array([70_000, 1]), 70_001).scores(np.ones(2))
    assert found[[1, 70_000]].tolist() == [1, 1]


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_standard_scores_have_mean_zero_and_deviation_one(values: list[float]) -> None:
    found = np.array(values)
    stats = score_stats(found)
    assert stats.deviation > 0
    if len(values) and np.ptp(found) > 1e-3:
        standard = stats.standardise(found)
        assert (standard.mean(), standard.std()) == pytest.approx((0, 1), abs=1e-6)


@given(rows=st.lists(st.tuples(st.floats(0, 1e3), st.booleans()), max_size=12))
def test_chances_are_shares_among_the_offered(rows: list[tuple[float, bool]]) -> None:
    found = np.array([row[0] for row in rows])
    offered = np.array([row[1] for row in rows], bool)
    chances = genre_chances(found, offered)
    assert not chances[~offered].any()
    assert (chances[offered] >= 1e-4).all()
    if offered.any():
        assert chances.sum() == pytest.approx(1, abs=1e-4 * len(rows))
        total = found[offered].sum()
        even = 1 / offered.sum()
        slow = [max(s / total if total > 0 else even, 1e-4) for s in found[offered]]
        assert chances[offered] == pytest.approx(slow)


@pytest.mark.parametrize("focus", [0, 0.125, 1])
@pytest.mark.parametrize("radar", [0, 0.5, 2])
def test_discovery_scores_by_hand(radar: float, focus: float) -> None:
    found = discover(
        np.array([1.0, 2.0, 3.0]),
        np.array([1, 0, -1]),
        np.array([0.75, 0.25]),
        np.array([False, True, False]),
        focus=focus,
        radar=radar,
    )
    expected = [
        1 + 8 * focus * math.log(2 * 0.25),
        2 + 8 * focus * math.log(2 * 0.75) + 1.6 * radar,
        3 + 8 * focus * math.log(2 * 1e-4),
    ]
    assert found.values == pytest.approx(expected)
    assert found.values == pytest.approx(found.taste + found.genre + found.radar)


def test_the_knob_brings_up_what_few_know() -> None:
    radar, one_genre = np.array([False, True, True, False]), np.zeros(4, np.int64)
    found = discover(np.array([0.0, -1.0, -2.0, 0.8]), one_genre, np.ones(1), radar, radar=1)
    assert np.argsort(-found.values).tolist() == [3, 1, 0, 2]


def test_bad_arguments() -> None:
    one, none = np.zeros(1), np.zeros(1, np.int64)
    with pytest.raises(InvalidRequest, match="best must be >= 1, got 0"):
        GenreItems.of(none, 1).scores(one, best=0)
    with pytest.raises(ShapeError, match="item_genre must be below 1, got 1"):
        GenreItems.of(none + 1, 1)
    with pytest.raises(ShapeError):
        GenreItems.of(none, 1).scores(np.zeros(2))
    with pytest.raises(InvalidRequest, match=r"radar must be 0\.\.2, got 3"):
        discover(one, none, np.ones(1), none > 0, radar=MOST_RADAR + 1)
    with pytest.raises(InvalidRequest, match=r"focus must be 0\.\.1, got 2"):
        discover(one, none, np.ones(1), none > 0, focus=2)
