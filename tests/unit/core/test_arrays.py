"""Weights and matrices, beside plain dictionaries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.arrays import candidate_columns, interaction_weights, user_item_matrix
from muse_graph.core.types import Interactions
from muse_graph.errors import InvalidRequest, ShapeError

Row = tuple[int, int, int, float]

rows_of_interactions = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5),
        st.integers(0, 1000),
        st.floats(0, 1) | st.just(math.nan),
    ),
    max_size=30,
    unique_by=lambda row: row[:2],
)


def interactions_of(rows: list[Row]) -> Interactions:
    users, items, plays, heard = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Interactions(
        np.array(users, np.int64),
        np.array(items, np.int64),
        np.array(plays, np.int64),
        np.array(heard, float),
    )


def slow_weight(rows: list[Row], row: Row, kind: str) -> float:
    user, _, plays, heard = row
    if kind == "binary":
        return 1.0 if plays > 0 else 0.0
    if kind == "heard" and not math.isnan(heard):
        return heard
    most = max(other[2] for other in rows if other[0] == user)
    return math.log1p(plays) / math.log1p(most) if most else 0.0


@pytest.mark.parametrize("kind", ["heard", "log-plays", "binary"])
@given(rows=rows_of_interactions)
def test_weights_agree_with_the_slow_ones(kind: str, rows: list[Row]) -> None:
    weights = interaction_weights(interactions_of(rows), kind)
    assert weights == pytest.approx([slow_weight(rows, row, kind) for row in rows])
    for weight, (_, _, plays, heard) in zip(weights, rows, strict=True):
        assert 0 <= weight <= 1
        assert weight > 0 or plays == 0 or (kind == "heard" and heard == 0)


def test_the_most_played_item_weighs_one() -> None:
    weights = interaction_weights(interactions_of([(0, 1, 7, math.nan), (1, 1, 3, math.nan)]), "heard")
    assert weights.tolist() == [1.0, 1.0]


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="weights must be one of heard, log-plays, binary, got 'loud'"):
        interaction_weights(interactions_of([]), "loud")  # type: ignore[arg-type]


@given(rows=rows_of_interactions)
def test_matrix_holds_every_interaction_where_it_belongs(rows: list[Row]) -> None:
    interactions = interactions_of(rows)
    weights = interaction_weights(interactions, "heard")
    matrix, items = user_item_matrix(interactions, weights, 5)
    assert items.tolist() == sorted({row[1] for row in rows})
    assert matrix.shape == (5, len(items))
    assert matrix.nnz == len(rows)
    dense = matrix.toarray()
    for (user, item, _, _), weight in zip(rows, weights, strict=True):
        assert dense[user, items.tolist().index(item)] == weight


@given(rows=rows_of_interactions, candidates=st.lists(st.integers(-3, 8), max_size=12))
def test_candidate_columns_agree_with_a_lookup(rows: list[Row], candidates: list[int]) -> None:
    interactions = interactions_of(rows)
    matrix, items = user_item_matrix(interactions, interaction_weights(interactions, "log-plays"), 5)
    taken = candidate_columns(matrix, items, np.array(candidates, np.int64)).toarray()
    assert taken.shape == (5, len(candidates))
    dense, place = matrix.toarray(), {item: column for column, item in enumerate(items.tolist())}
    for column, item in enumerate(candidates):
        expected = dense[:, place[item]] if item in place else np.zeros(5)
        assert taken[:, column].tolist() == expected.tolist()


def test_a_pair_twice_is_refused() -> None:
    interactions = interactions_of([(0, 1, 1, 0.5), (0, 1, 2, 0.5)])
    with pytest.raises(ShapeError, match="got 1 repeated"):
        user_item_matrix(interactions, np.ones(2), 1)


@pytest.mark.parametrize("user", [-1, 2])
def test_a_user_beyond_the_matrix_is_refused(user: int) -> None:
    with pytest.raises(ShapeError, match=r"user_index must be 0\.\.1"):
        user_item_matrix(interactions_of([(user, 1, 1, 0.5)]), np.ones(1), 2)


def test_arrays_that_do_not_fit_are_refused() -> None:
    ones = np.ones(2, np.int64)
    with pytest.raises(ShapeError, match=r"heard \(3,\)"):
        Interactions(ones, ones, ones, np.ones(3))
    with pytest.raises(ShapeError, match="one-dimensional"):
        Interactions(ones[None], ones[None], ones[None], np.ones((1, 2)))
    with pytest.raises(ShapeError, match=r"weights must be \(1,\)"):
        user_item_matrix(interactions_of([(0, 1, 1, 0.5)]), np.ones(2), 1)
