"""Gradient descent: the battery, one step beside the gradient found by trying, and when it ends."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from muse_graph.core.models.adam import Adam
from muse_graph.core.models.mf import gradient
from muse_graph.core.models.mf.gradient import GradientOptions, fit_gradient
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, IntArray
from muse_graph.errors import InvalidRequest
from tests.unit.core.models.battery import PersonalBattery, checkerboard, profile, training_data

SMALL = GradientOptions(
    factors=4, learning_rate=0.05, regularisation=0.1, epochs=60, batch=8, validation=0.0, negatives=24
)


class TestGradient(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_gradient(data, SMALL)


def some_data() -> TrainingData:
    rng = np.random.default_rng(2)
    played = {user: rng.integers(0, 15, 8).tolist() for user in range(12)}
    return training_data(played, 12, 15, feedback={(0, 1): 1, (3, 2): -1})


def loss(profiles: Float32Matrix, inputs: Float32Array, outputs: Float32Array, bias: Float32Array) -> float:
    """Minus the log of the softmax of every item liked, mean over the users."""
    dense, total = profiles.toarray().astype(float), 0.0
    for row in dense:
        logits = outputs.astype(float) @ (row @ inputs) + bias
        total -= sum(logits[item] - math.log(np.exp(logits).sum()) for item in np.flatnonzero(row > 0))
    return total / len(dense)


def test_the_gradient_is_that_of_the_softmax(monkeypatch: pytest.MonkeyPatch) -> None:
    data, found = some_data(), {}
    options = replace(SMALL, dropout=0.0)

    def keep(self: Adam, rows: IntArray, slope: Float32Array, _: float) -> None:
        found[id(self)] = (rows, slope)

    monkeypatch.setattr(Adam, "step_rows", keep)
    factors = gradient.item_factors(data, options.weights)
    profiles = gradient.weight_matrix(data, options.weights, factors, options.discard)
    gradient._normalise(profiles)
    descent = gradient._Descent(gradient.item_listeners(data), options, np.random.default_rng(1))
    descent.learn(profiles)
    tables = [table.astype(float) for table in descent.tables()]
    for table, (rows, slope) in zip(tables, found.values(), strict=True):
        for place in range(0, len(rows), 4):
            cell = (rows[place], *(1 for _ in table.shape[1:]))
            before = table[cell]
            table[cell] = before + 1e-4
            already_listed = loss(profiles, *tables)
            table[cell] = before - 1e-4
            slope_tried = (already_listed - loss(profiles, *tables)) / 2e-4
            table[cell] = before
            assert slope[(place, *cell[1:])] == pytest.approx(slope_tried, abs=1e-4)


def test_items_drawn_stand_for_all_the_others() -> None:
    listeners = np.ones(50, np.int64)
    descent = gradient._Descent(listeners, replace(SMALL, negatives=12), np.random.default_rng(3))
    own = np.array([3, 4, 40])
    for _ in range(20):
        items, logs = descent._items(own)
        assert items[:3].tolist() == own.tolist()
        assert len(set(items.tolist())) == len(items)
        assert np.exp(logs[3:]).sum() == pytest.approx(47, rel=1e-5)
        assert not logs[:3].any()


def test_it_ends_when_hidden_items_are_found_no_better_and_keeps_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    qualities, tables, told = [0.2, 0.5, 0.3, 0.5, 0.9], [], []

    def judge(self: gradient._Descent, *_: Float32Matrix) -> float:
        tables.append(self.tables())
        return qualities[len(tables) - 1]

    monkeypatch.setattr(gradient._Descent, "quality", judge)
    model = fit_gradient(checkerboard(), replace(SMALL, patience=2), lambda *news: told.append(news))
    assert told == [(1, 0.2), (2, 0.5), (3, 0.3), (4, 0.5)]
    np.testing.assert_array_equal(model.outputs, tables[1][1])


def test_items_are_hidden_from_some_and_the_rest_of_their_profile_has_the_length_1() -> None:
    profiles = gradient.weight_matrix(checkerboard(), "binary", np.ones(24, np.float32), 0.5)
    left, shown, hidden = gradient._split(profiles, 0.3, np.random.default_rng(4))
    assert shown.shape == hidden.shape == (24, 24)
    assert 0 < (hidden.toarray() > 0).sum() == profiles.nnz - left.nnz
    assert not ((shown.toarray() != 0) & (hidden.toarray() != 0)).any()
    assert np.linalg.norm(left.toarray(), axis=1) == pytest.approx(1)


def test_without_hidden_items_the_last_epoch_is_taken() -> None:
    told: list[float] = []
    fit_gradient(checkerboard(), replace(SMALL, epochs=6), lambda _, quality: told.append(quality))
    assert len(told) == 6
    assert np.isnan(told).all()


def test_ndcg_is_as_counted_by_hand() -> None:
    values = np.array([[3.0, 2, 1, 0], [0, 1, 2, 3], [1, 1, 1, 1]], np.float32)
    wanted = np.array([[False, True, False, True], [False, False, False, True], [False] * 4])
    first = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert gradient._ndcg(values, wanted) == pytest.approx([first, 1])


def test_the_rest_is_the_bias_and_nothing_known_leaves_it_alone() -> None:
    model = fit_gradient(some_data(), SMALL)
    np.testing.assert_array_equal(model.score(profile()).values, model.bias)
    parts = model.score(profile([1, 2], friends=[4])).parts(np.arange(15))
    np.testing.assert_allclose(parts.rest, model.bias, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"factors": 0}, "factors must be >= 1, got 0"),
        ({"epochs": 0}, "epochs must be >= 1, got 0"),
        ({"patience": 0}, "patience must be >= 1, got 0"),
        ({"batch": 0}, "batch must be >= 1, got 0"),
        ({"negatives": -1}, "negatives must be >= 0, got -1"),
        ({"learning_rate": 0.0}, "learning_rate must be > 0, got 0.0"),
        ({"regularisation": 99.0}, "regularisation must be 0..1 / learning_rate, got 99.0"),
        ({"dropout": 1.0}, "dropout must be in"),
        ({"validation": -0.1}, "validation must be in"),
    ],
)
def test_options_out_of_range_are_refused(change: dict[str, float], rule: str) -> None:
    with pytest.raises(InvalidRequest, match=rule):
        replace(SMALL, **change)


def test_a_score_is_as_worked_out_by_hand() -> None:
    """Weights 3 and -4, of the length 5: what the two items add is 0.6 (1, 2) and -0.8 (10, 0)."""
    model = gradient.Gradient(
        replace(SMALL, weights="binary", discard=0.5),
        np.array([3.0, 8.0, 1.0], np.float32),
        np.array([[1, 2], [10, 0], [7, 7]], np.float32),
        np.array([[1, 0], [0, 1], [2, -1]], np.float32),
        np.array([0.5, 0.25, -1.0], np.float32),
    )
    scores = model.score(profile([0], friends=[4, 5], discarded=[1]))
    assert scores.values == pytest.approx([-6.9, 1.45, -17.0], abs=1e-5)
    parts = scores.parts(np.array([2, 0]))
    np.testing.assert_allclose(parts.own, [[0.0, -16.0], [0.6, -8.0]], atol=1e-6)
    assert parts.rest == pytest.approx([-1.0, 0.5], abs=1e-5)
    assert parts.friends.shape == (2, 2)
    assert not parts.friends.any()
    some = model.score(profile([0], discarded=[1]), np.array([2, 1]))
    assert some.values == pytest.approx([-17.0, 1.45], abs=1e-5)


def test_in_each_epoch_everybody_with_a_history_is_learned_from_once(monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[tuple[float, list[tuple[int, ...]]]] = []

    def note(self: gradient._Descent, batch: Float32Matrix, lr_scale: float) -> None:
        rows = [tuple(np.flatnonzero(row).tolist()) for row in batch.toarray()]
        learned.append((lr_scale, rows))

    monkeypatch.setattr(gradient._Descent, "learn", note)
    played = {user: [user, 10] for user in range(10)}
    fit_gradient(training_data(played, 12, 11), replace(SMALL, epochs=2, batch=4))
    assert [(scale, len(rows)) for scale, rows in learned] == [
        *((1.0, 4), (1.0, 4), (1.0, 2)),
        *((0.5, 4), (0.5, 4), (0.5, 2)),
    ]
    for epoch in (learned[:3], learned[3:]):
        assert sorted(row for _, rows in epoch for row in rows) == [(user, 10) for user in range(10)]
