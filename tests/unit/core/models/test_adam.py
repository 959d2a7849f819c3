"""Adam beside the published formulas, number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from muse_graph.core.models.adam import Adam

SLOPES = [2.0, -1.0, 0.5]


def slow(slopes: list[float], l2: float, weight_decay: float) -> list[float]:
    """A parameter after each step from 1, at a learning rate of 0.1."""
    value, mean, square, values = 1.0, 0.0, 0.0, []
    for step, given in enumerate(slopes, start=1):
        slope = given + l2 * value
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        unbiased = (mean / (1 - 0.9**step)) / math.sqrt(square / (1 - 0.999**step))
        value = value * (1 - 0.1 * weight_decay) - 0.1 * unbiased
        values.append(value)
    return values


@pytest.mark.parametrize(("l2", "weight_decay"), [(0.0, 0.0), (0.3, 0.0), (0.0, 0.5), (0.3, 0.5)])
def test_steps_are_as_published(l2: float, weight_decay: float) -> None:
    wanted = slow(SLOPES, l2, weight_decay)
    all_rows = Adam(np.ones((3, 1), np.float32), 0.1, l2=l2, weight_decay=weight_decay)
    one_row = Adam(np.ones((3, 1), np.float32), 0.1, l2=l2, weight_decay=weight_decay)
    for slope, value in zip(SLOPES, wanted, strict=True):
        all_rows.step(np.full((3, 1), slope, np.float32))
        one_row.step_rows(np.array([1]), np.array([[slope]], np.float32))
        assert all_rows.values.ravel() == pytest.approx([value] * 3, abs=1e-5)
        assert one_row.values.ravel() == pytest.approx([1, value, 1], abs=1e-5)


def test_a_step_may_take_a_part_of_the_learning_rate() -> None:
    whole, half = (Adam(np.zeros(2, np.float32), 0.1) for _ in range(2))
    whole.step(np.array([3.0, -0.2], np.float32))
    half.step(np.array([3.0, -0.2], np.float32), 0.5)
    assert whole.values == pytest.approx([-0.1, 0.1], abs=1e-5)
    assert half.values == pytest.approx([-0.05, 0.05], abs=1e-5)


def test_the_parameters_are_those_given() -> None:
    values = np.zeros(1, np.float32)
    Adam(values, 0.1).step(np.ones(1, np.float32))
    assert values == pytest.approx([-0.1], abs=1e-5)
