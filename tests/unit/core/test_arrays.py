"""Weights and positions, beside plain dictionaries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.arrays import interaction_weights, others, positions
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
).map(lambda rows: sorted(rows, key=lambda row: row[:2]))


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


keys = st.integers(-3, 8) | st.integers(-(2**63), 2**63 - 1)


@given(there=st.lists(keys, unique=True, max_size=12), wanted=st.lists(keys, max_size=12))
def test_positions_agree_with_a_dictionary(there: list[int], wanted: list[int]) -> None:
    place = {key: position for position, key in enumerate(there)}
    found = positions(np.array(there, np.int64), np.array(wanted, np.int64))
    assert found.tolist() == [place.get(key, -1) for key in wanted]


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 1, 1, 0.5), (0, 1, 2, 0.5)],
        [(0, 2, 1, 0.5), (0, 1, 1, 0.5)],
        [(1, 1, 1, 0.5), (0, 2, 1, 0.5)],
    ],
)
def test_rows_out_of_order_or_repeated_are_refused(rows: list[Row]) -> None:
    with pytest.raises(ShapeError, match="each pair once; row 1 has"):
        interactions_of(rows)


def test_arrays_that_do_not_fit_are_refused() -> None:
    ones = np.ones(2, np.int64)
    with pytest.raises(ShapeError, match=r"heard \(3,\)"):
        Interactions(ones, ones, ones, np.ones(3))
    with pytest.raises(ShapeError, match="one-dimensional"):
        Interactions(ones[None], ones[None], ones[None], np.ones((1, 2)))


@given(
    keys=st.sets(st.integers(-5, 20)),
    unwanted=st.lists(st.integers(-10, 25)),
)
def test_others_are_none_of_those_unwanted(keys: set[int], unwanted: list[int]) -> None:
    ascending = sorted(keys)
    found = others(np.array(ascending, np.int64), np.array(unwanted, np.int64))
    assert found.tolist() == [key not in unwanted for key in ascending]
