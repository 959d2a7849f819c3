"""The ensemble: the battery, its weights from the first listen to the last, and how they are found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from muse_graph.core.models.ensemble import ensemble, ensemble_weights, holdout
from muse_graph.core.models.ensemble.ensemble import Ensemble, EnsembleOptions, fit_ensemble
from muse_graph.core.models.ensemble.ensemble_weights import (
    EnsembleWeights,
    Trial,
    WeightOptions,
    learn_weights,
    search,
)
from muse_graph.core.models.knn.knn import USER_KNN
from muse_graph.core.models.mf.als import Als, AlsOptions, fit_als
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.types import Float32Array
from muse_graph.errors import InvalidRequest, ShapeError
from tests.unit.core.models.battery import PersonalBattery, checkerboard, new_items, profile, training_data

SMALL = EnsembleOptions(
    als=AlsOptions(factors=2, regularisation=0.1, confidence=5.0, epochs=15),
    listeners=replace(USER_KNN, k=10),
    weights=WeightOptions(knots=(0, 1, 4), warm=8),
)


class TestBlend(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        # Each member finds the checkerboard, so that rounding alone would choose among the weights learned.
        weights = EnsembleWeights(np.zeros(1), np.array([SMALL.weights.start]))
        return replace(fit_ensemble(data, SMALL), weights=weights)


@pytest.fixture(scope="module")
def model() -> Ensemble:
    return fit_ensemble(checkerboard(), SMALL)


def test_a_score_is_the_weighted_sum_of_standardised_scores(model: Ensemble) -> None:
    own = profile([0, 2, 4], friends=[6])
    slow = np.zeros(24)
    for weight, member in zip(model.weights.of(own), model.members.score(own), strict=True):
        slow += weight * (member.values - member.values.mean()) / member.values.std()
    np.testing.assert_allclose(model.score(own).values, slow, atol=1e-6)


def test_friends_speak_for_a_newcomer(model: Ensemble) -> None:
    own = profile(friends=[0, 2])
    values = model.score(own).values
    assert values[::2].min() > values[1::2].max()


def test_weights_lie_between_those_of_the_nearest_knots() -> None:
    weights = EnsembleWeights(np.log1p([0, 3]), np.array([[0.0, 1.0], [1.0, 0.5]]))
    halves = [weights.of(profile(range(n))).tolist() for n in (0, 1, 3, 9)]
    assert halves == [[0, 1], pytest.approx([0.5, 0.75]), [1, 0.5], [1, 0.5]]
    # A discard is not a listen.
    assert weights.of(profile(discarded=[1, 2])).tolist() == [0, 1]
    with pytest.raises(ShapeError, match="do not fit"):
        EnsembleWeights(np.zeros(2), np.zeros((3, 2)))


def test_the_search_finds_the_model_that_knows() -> None:
    rng = np.random.default_rng(4)
    trials = []
    for _ in range(30):
        hidden = np.zeros(60, bool)
        hidden[:5] = True
        noise = rng.normal(size=(60, 2)).astype(np.float32)
        noise[:, 1] += 3 * hidden
        trials.append(Trial(noise, hidden, 5))
    weights = search(trials, np.array([1.0, 0.1]))
    assert weights[1] == 1
    assert weights[0] < 0.3
    assert search([], np.array([2.0, 1.0])).tolist() == [1, 0.5]


def test_chance_moves_no_weight() -> None:
    rng = np.random.default_rng(5)
    hidden = np.arange(60) < 5
    noise = [Trial(rng.normal(size=(60, 2)).astype(np.float32), hidden, 5) for _ in range(10)]
    for trial in noise:
        trial.standard[:, 1] = trial.standard[:, 0]
    # Two models that say the same weigh what they weighed.
    assert search(noise, np.array([1.0, 0.3])).tolist() == [1, 0.3]


def test_users_set_apart_are_not_learned_from() -> None:
    data = checkerboard()
    seen: list[TrainingData] = []

    def fit(known: TrainingData) -> ensemble_weights.MemberModels:
        seen.append(known)
        return fit_ensemble(known, SMALL).members

    weights = learn_weights(data, fit, SMALL.weights)
    rows = np.bincount(seen[0].interactions.user_index, minlength=24)
    # Of five cold users nothing is left, of ten warm users eleven listens less a fifth.
    assert np.bincount(rows).tolist() == [5, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 9]
    assert (seen[0].friends != data.friends).nnz == 0
    assert weights.weights.shape == (4, 4)
    assert weights.weights.max(axis=1).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("most_hidden", [0.0, 1.0])
def test_where_little_is_hidden_ease_and_als_are_fitted_once(
    most_hidden: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = checkerboard()
    learned_from: list[int] = []

    def fit(known: TrainingData, options: AlsOptions, start: Float32Array | None) -> Als:
        learned_from.append(len(known.interactions))
        return fit_als(known, options, start)

    monkeypatch.setattr(ensemble, "fit_als", fit)
    model = fit_ensemble(data, replace(SMALL, most_hidden=most_hidden))
    everything = len(data.interactions)
    assert learned_from[0] < everything
    assert learned_from[1:] == ([] if most_hidden else [everything])
    # Whom users are compared with, and what friends play, is always everybody and everything.
    assert model.members.listeners.rows.nnz == model.members.friends.played.nnz == everything
    known = fit_ensemble(data, replace(SMALL, most_hidden=most_hidden))
    np.testing.assert_array_equal(known.members.ease.weights, model.members.ease.weights)
    np.testing.assert_array_equal(known.members.als.items, model.members.als.items)


def test_what_is_hidden_of_a_regular_is_gone_with_the_tags_it_may_have_brought() -> None:
    bare = training_data({0: range(10), 1: range(10)}, 2, 10)
    data = replace(
        bare,
        feedback=sparse.csr_array(([1.0, 1.0, -1.0], ([0, 0, 1], [8, 9, 8])), shape=(2, 10)),
        user_tags=sparse.csr_array(np.array([[5.0, 1.0], [4.0, 0.0]])),
        item_tags=sparse.csr_array(np.repeat([[3.0, 0.0]], 10, axis=0)),
    )
    hidden = sparse.csr_array(([1.0, 1.0], ([0, 0], [7, 8])), shape=(2, 10))
    known = holdout.without(data, np.empty(0, np.int64), hidden)
    assert known.profile(0).items.tolist() == [0, 1, 2, 3, 4, 5, 6, 9]
    assert known.profile(0).feedback.tolist() == [0, 0, 0, 0, 0, 0, 0, 1]
    assert known.user_tags.toarray().tolist() == [[3, 1], [4, 0]]
    assert (known.profile(1).items.tolist(), known.feedback.toarray()[1, 8]) == (list(range(10)), -1)


def test_a_fifth_of_what_a_warm_user_likes_is_hidden() -> None:
    bare = training_data({0: range(12), 1: range(4)}, 2, 12)
    data = replace(bare, feedback=sparse.csr_array(([-1.0, -1.0], ([0, 0], [0, 1])), shape=(2, 12)))
    for seed in range(20):
        hidden = holdout.holdout(data, np.array([0, 1]), np.random.default_rng(seed)).toarray()
        assert hidden.sum(axis=1).tolist() == [2, 0]
        assert hidden[0, :2].sum() == 0


def test_a_newcomer_gets_back_listens_and_keeps_discards() -> None:
    whole = profile([2, 4, 6, 8], discarded=[5])
    order = holdout.liked(whole)[::-1]
    known, hidden = holdout.first_listens(whole, order, 1)
    assert (known.items.tolist(), hidden.tolist()) == ([5, 8], [2, 4, 6])
    assert known.feedback.tolist() == [-1, 0]
    known, hidden = holdout.first_listens(whole, order, 0)
    assert (known.items.tolist(), hidden.tolist()) == ([5], [2, 4, 6, 8])


def test_what_is_known_is_not_looked_for(model: Ensemble) -> None:
    own = profile([0, 2])
    trial = ensemble_weights.make_trial(model.members, own, np.array([2, 4, 23]), new_items(own)[:-1], 5)
    # Item 2 is known and item 23 cannot be recommended: only item 4 is left to find.
    assert trial.hidden.sum() <= 1
    assert trial.n_hidden == 1


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"knots": (1, 2)}, "knots must be ascending from 0"),
        ({"knots": (0, 2, 2)}, "knots must be ascending from 0"),
        ({"warm": 20}, "warm must be more than the last knot 20, got 20"),
        ({"users": 0}, "users must be >= 1, got 0"),
        ({"warm_users": 0}, "warm_users must be >= 1, got 0"),
        ({"best": 0}, "best must be >= 1, got 0"),
    ],
)
def test_bad_options(options: dict[str, object], rule: str) -> None:
    with pytest.raises(InvalidRequest, match=rule):
        WeightOptions(**options)  # type: ignore[arg-type]
