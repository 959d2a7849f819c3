"""Alternating least squares: the battery, and each half beside the exact solution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from muse_graph.core.models.interaction_weights import weight_matrix
from muse_graph.core.models.mf import als
from muse_graph.core.models.mf.als import AlsOptions, fit_als
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.errors import InvalidRequest
from tests.unit.core.models.battery import PersonalBattery, checkerboard, profile, training_data

SMALL = AlsOptions(factors=2, regularisation=0.1, confidence=5.0, epochs=15)


class TestAls(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_als(data, SMALL)


def test_the_fold_in_is_the_weighted_ridge_regression() -> None:
    data = checkerboard()
    model = fit_als(data, SMALL)
    own = profile([0, 2, 5], discarded=[7])
    confidence, wanted = np.ones(data.n_items), np.zeros(data.n_items)
    confidence[[0, 2, 5]], wanted[[0, 2, 5]] = 6, 1
    confidence[7] = 1 + 5 * SMALL.discard
    items = model.items.astype(float)
    system = items.T @ (items * confidence[:, None]) + 0.1 * np.eye(2)
    vector = np.linalg.solve(system, items.T @ (confidence * wanted))
    np.testing.assert_allclose(model.score(own).values, items @ vector, atol=1e-5)


def test_enough_steps_solve_exactly_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    data = training_data(
        {user: rng.integers(0, 15, 6).tolist() for user in range(20)},
        20,
        15,
        feedback={(0, 1): 1, (3, 2): -1},
    )
    options = replace(SMALL, steps=12, epochs=1)
    whole = fit_als(data, options)
    monkeypatch.setattr(als, "_BLOCK_CELLS", 10)
    np.testing.assert_allclose(fit_als(data, options).items, whole.items, atol=1e-4)


def test_the_loss_falls_with_every_epoch() -> None:
    data = checkerboard()
    played = np.zeros((data.n_users, data.n_items))
    played[data.interactions.user_index, data.interactions.item] = 1
    losses = []
    for epochs in (1, 2, 4, 8):
        model = fit_als(data, replace(SMALL, epochs=epochs))
        guess = np.array([model.score(data.profile(user)).values for user in range(data.n_users)])
        losses.append(((1 + 5 * played) * (played - guess) ** 2).sum())
    assert losses == sorted(losses, reverse=True)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"factors": 0}, "factors must be >= 1, got 0"),
        ({"epochs": 0}, "epochs must be >= 1, got 0"),
        ({"steps": 0}, "steps must be >= 1, got 0"),
        ({"regularisation": 0.0}, "regularisation must be > 0, got 0.0"),
        ({"confidence": -1.0}, "confidence must be > 0, got -1.0"),
    ],
)
def test_options_out_of_range_are_refused(change: dict[str, float], rule: str) -> None:
    with pytest.raises(InvalidRequest, match=rule):
        replace(SMALL, **change)


@pytest.mark.filterwarnings("ignore:OpenBLAS is configured:RuntimeWarning")
@pytest.mark.parametrize(("steps", "by_steps"), [(3, True), (12, False)], ids=["steps", "exact"])
def test_implicit_finds_the_same_factors(steps: int, by_steps: bool) -> None:
    """From one start, both learn the same: by as many steps, and by enough steps as by an exact solver."""
    implicit = pytest.importorskip("implicit.cpu.als", reason="implicit has no wheel for this machine")
    n_users, n_items, rng = 80, 50, np.random.default_rng(5)
    # Each item has a listener: implicit sets the others to zero at once, ours in the steps it has.
    played = {user: [*rng.choice(n_items, 8, replace=False), user % n_items] for user in range(n_users)}
    data = training_data(played, n_users, n_items, feedback={(0, 1): 1, (3, 2): -1, (5, 7): -1})
    options = AlsOptions(factors=8, regularisation=1.0, confidence=5.0, epochs=10, steps=steps)
    ours = fit_als(data, options)

    weights = weight_matrix(data, options.weights, ours.item_weights, options.discard)
    # Its matrix holds the whole confidence, ours what is added to 1; below zero both mean: not liked.
    confidence = sparse.csr_matrix(weights)
    confidence.data = np.sign(weights.data) * (1 + options.confidence * abs(weights.data))
    theirs = implicit.AlternatingLeastSquares(
        factors=8, regularization=1.0, iterations=10, use_cg=by_steps, num_threads=1
    )
    start = np.random.default_rng(options.seed).standard_normal((n_items, 8), np.float32)
    theirs.item_factors, theirs.user_factors = start * np.float32(0.1), np.zeros((n_users, 8), np.float32)
    theirs.fit(confidence, show_progress=False)

    # Both compute in float32 and add up in different orders: 1e-6 was seen, of factors up to 1.
    np.testing.assert_allclose(ours.items, theirs.item_factors, atol=1e-5)
    for user in (0, 3, 5, 79):
        scores = ours.score(data.profile(user)).values
        vector = theirs.recalculate_user(user, confidence[user])
        np.testing.assert_allclose(scores, theirs.item_factors @ vector, atol=1e-5)
