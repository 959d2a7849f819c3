"""The sparse linear form, on weights written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.models.ease.features import Encoder, FeatureOptions
from muse_graph.core.models.ease.linear import Builder, LinearModel
from muse_graph.errors import ShapeError
from tests.unit.core.models.battery import profile

# Items 0, 1, 2; friend 0; no tags. Every item says 1 where it is played.
ENCODER = Encoder(
    FeatureOptions(row_power=0.0, friends=1.0, discard=0.5),
    np.ones(3, np.float32),
    np.ones(3, np.float32),
    np.zeros(0, np.float32),
    n_users=1,
    energy=1.0,
)
WEIGHTS = np.array([[0, 2, -1, 0.5], [3, 0, 0, 4], [0, -5, 0, 0]], np.float32)  # items by features


def model_of(weights: np.ndarray, strongest: int = 4) -> LinearModel:
    builder = Builder(ENCODER, strongest, np.ones(4, np.float32))
    builder.add(np.array([2]), np.arange(4), weights[2:])
    builder.add(np.array([0, 1]), np.array([3, 1, 0, 2]), weights[:2, [3, 1, 0, 2]])
    return builder.build()


def test_a_profile_is_scored_by_what_its_features_add() -> None:
    model = model_of(WEIGHTS)
    assert model.score(profile([1])).values.tolist() == [2, 0, -5]
    assert model.score(profile([1, 2])).values.tolist() == [1, 0, -5]
    assert model.score(profile([1], friends=[0])).values.tolist() == [2.5, 4, -5]
    assert model.score(profile([0], discarded=[1])).values.tolist() == [-1, 3, 2.5]


def test_each_part_is_its_own_entry() -> None:
    scores = model_of(WEIGHTS).score(profile([1, 2], friends=[0]), np.array([2, 0]))
    parts = scores.parts(np.array([1, 0, 1]))
    assert parts.own.tolist() == [[2, -1], [-5, 0], [2, -1]]
    assert parts.friends.tolist() == [[0.5], [0], [0.5]]
    assert parts.rest.tolist() == [0, 0, 0]


def test_each_item_keeps_its_strongest() -> None:
    assert model_of(WEIGHTS, 1).score(profile([0, 1, 2], friends=[0])).values.tolist() == [2, 4, -5]


@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=3, max_size=3), st.integers(1, 4)
)
def test_what_is_dropped_is_no_stronger_than_what_is_kept(weights: list[list[int]], strongest: int) -> None:
    dense = np.array(weights, np.float32)
    model = model_of(dense, strongest)
    kept = np.zeros((3, 4), np.float32)
    kept[model.items, np.repeat(np.arange(4), np.diff(model.start))] = model.weights
    for row, left in zip(dense, kept, strict=True):
        assert sorted(abs(left)) == [*[0] * (4 - strongest), *sorted(abs(row))[-strongest:]]
        assert (left[left != 0] == row[left != 0]).all()


def test_arrays_that_do_not_fit_are_refused() -> None:
    model = model_of(WEIGHTS)
    with pytest.raises(ShapeError, match=r"start must be \(5,\), got \(4,\)"):
        replace(model, start=model.start[:-1])
    with pytest.raises(ShapeError, match=r"items and weights must be \(6,\), got \(6,\) and \(5,\)"):
        replace(model, weights=model.weights[:-1])
