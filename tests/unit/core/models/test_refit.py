"""The ensemble fitted again: what is anew, what goes on from before, and what stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from muse_graph.core.models.ease.ease import EaseOptions, fit_ease
from muse_graph.core.models.ensemble.ensemble import fit_ensemble
from muse_graph.core.models.ensemble.refit import fitted_with, refit_ensemble
from muse_graph.core.models.knn.knn import fit_user_knn
from muse_graph.core.models.mf.als import AlsOptions, fit_als
from tests.unit.core.models.battery import N, checkerboard, training_data
from tests.unit.core.models.test_ensemble import SMALL


def test_what_was_learned_goes_on_and_all_else_is_solved_again() -> None:
    last = fit_ensemble(checkerboard(), SMALL)
    # Item 0 is new and comes before all others; its listeners are all users with odd numbers.
    played = {user: {item + 1 for item in range(user % 2, N, 2) if item != user} for user in range(N)}
    data = training_data({user: row | ({0} if user % 2 else set()) for user, row in played.items()}, N, N + 1)
    place = np.arange(-1, N)
    model = refit_ensemble(data, SMALL, last, place)
    assert model.weights is last.weights
    np.testing.assert_array_equal(model.members.ease.weights, fit_ease(data, SMALL.ease).weights)
    np.testing.assert_array_equal(
        model.members.listeners.rows.toarray(), fit_user_knn(data, SMALL.listeners).rows.toarray()
    )
    als, fresh = model.members.als, fit_als(data, SMALL.als)
    for user in (0, 1):
        profile = data.profile(user)
        scores = als.score(profile).values
        # The new item is with the odd ones, as those are in a model that has learned from the seed.
        assert (scores[0] > scores[1::2].max()) == (user % 2 == 1)
        assert abs(np.corrcoef(scores, fresh.score(profile).values)[0, 1]) > 0.99
    anew = refit_ensemble(data, SMALL, last, None)
    np.testing.assert_array_equal(anew.members.als.items, fresh.items)


def test_an_epoch_from_where_it_was_is_as_good_as_all_of_them() -> None:
    data = checkerboard()
    options = AlsOptions(factors=4, epochs=10)
    last = fit_als(data, options)
    on = fit_als(data, options, last.items)
    assert on.options == options
    np.testing.assert_allclose(on.items, last.items, atol=0.02 * np.abs(last.items).max())


def test_other_options_are_noticed() -> None:
    last = fit_ensemble(checkerboard(), SMALL)
    assert fitted_with(last, SMALL)
    assert not fitted_with(last, replace(SMALL, ease=EaseOptions(ridge=3.0)))
    assert not fitted_with(last, replace(SMALL, als=AlsOptions(factors=3)))
    assert not fitted_with(last, replace(SMALL, listeners=replace(SMALL.listeners, k=9)))
