"""Metrics beside trec_eval, the reference, and beside loops."""

from __future__ import annotations

import math
from collections import Counter

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, P, R, Success, nDCG

from muse_graph.core import ranking_metrics as metrics

N_ITEMS = 12


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]]]:
    """Lists of at most 8 items, and the relevant items of each, at least one."""
    n_users = draw(st.integers(1, 5))
    some = st.lists(st.integers(0, N_ITEMS - 1), unique=True, max_size=8)
    lists = [draw(some) for _ in range(n_users)]
    relevant = [draw(some.filter(bool)) for _ in range(n_users)]
    return lists, relevant


def hits_of(lists: list[list[int]], relevant: list[list[int]], k: int) -> np.ndarray:
    """(n_users, k) bool."""
    rows = [
        [item in wanted for item in row[:k]] + [False] * (k - len(row[:k]))
        for row, wanted in zip(lists, relevant, strict=True)
    ]
    return np.array(rows, np.bool_).reshape(len(lists), k)


@given(answers(), st.integers(1, 10))
def test_accuracy_is_that_of_trec_eval(given: tuple[list[list[int]], list[list[int]]], k: int) -> None:
    lists, relevant = given
    qrels = [ir_measures.Qrel(str(user), str(item), 1) for user, row in enumerate(relevant) for item in row]
    # An item nobody wants stands last, so that a user with an empty list is judged too.
    run = [
        ir_measures.ScoredDoc(str(user), str(item), float(100 - rank))
        for user, row in enumerate(lists)
        for rank, item in enumerate([*row[:k], *(f"none {rank}" for rank in range(k - len(row)))])
    ]
    expected = ir_measures.calc_aggregate([P @ k, R @ k, nDCG @ k, Success @ k, RR @ k], qrels, run)
    hits, n_relevant = hits_of(lists, relevant, k), np.array([len(row) for row in relevant])
    found = {
        P @ k: metrics.precision(hits),
        R @ k: metrics.recall(hits, n_relevant),
        nDCG @ k: metrics.ndcg(hits, n_relevant),
        Success @ k: metrics.hit(hits),
        RR @ k: metrics.reciprocal_rank(hits),
    }
    for measure, values in found.items():
        assert values.mean() == pytest.approx(expected[measure]), str(measure)


def test_nothing_to_find_is_nan() -> None:
    hits, none = np.zeros((1, 3), np.bool_), np.array([0])
    assert np.isnan(metrics.recall(hits, none)).all()
    assert np.isnan(metrics.ndcg(hits, none)).all()
    assert metrics.reciprocal_rank(np.zeros((2, 0), np.bool_)).tolist() == [0.0, 0.0]


lists_of_items = st.lists(
    st.lists(st.integers(-1, N_ITEMS - 1), min_size=4, max_size=4), min_size=1, max_size=5
)


@given(lists_of_items, st.lists(st.integers(-1, 3), min_size=N_ITEMS, max_size=N_ITEMS))
def test_entropy_is_that_of_the_shares(rows: list[list[int]], genre: list[int]) -> None:
    found = metrics.genre_entropy(np.array(rows), np.array(genre))
    for row, bits in zip(rows, found, strict=True):
        counts = Counter(genre[item] for item in row if item >= 0)
        shares = [n / counts.total() for n in counts.values()]
        assert (math.isnan(bits) and not shares) or bits == pytest.approx(
            -sum(share * math.log2(share) for share in shares)
        )


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_percentiles_count_who_is_less_popular(popularity: list[int]) -> None:
    found = metrics.percentiles(np.array(popularity))
    for value, share in zip(popularity, found, strict=True):
        below, same = sum(p < value for p in popularity), sum(p == value for p in popularity)
        assert share == pytest.approx((below + same / 2) / len(popularity))
    assert found.mean() == pytest.approx(0.5)


@given(st.lists(st.integers(0, 5), max_size=30))
def test_a_fifth_of_what_is_heard_is_well_known(listeners: list[int]) -> None:
    radar = metrics.under_radar(np.array(listeners, np.int64))
    n_heard = sum(n > 0 for n in listeners)
    assert (~radar).sum() == n_heard // 5
    known = [n for n, under in zip(listeners, radar, strict=True) if not under]
    others = [n for n, under in zip(listeners, radar, strict=True) if under]
    assert not known or min(known) >= max(others)


def test_what_lists_are_made_of() -> None:
    lists = np.array([[0, 1], [1, -1], [-1, -1]])
    assert metrics.coverage(lists, 4) == 0.5
    assert metrics.share_of(lists, np.array([1.0, 0.0, 1.0, 1.0])) == pytest.approx(1 / 3)
    assert math.isnan(metrics.share_of(np.full((2, 2), -1), np.ones(3)))


def test_each_group_counts_the_same() -> None:
    assert metrics.mean_over_groups(np.array([1.0, 1.0, 0.0]), np.array([7, 7, 3])) == 0.5
    assert math.isnan(metrics.mean_over_groups(np.empty(0), np.empty(0, np.int64)))
