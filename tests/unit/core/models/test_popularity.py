"""Popularity and friends count: the battery, and worked examples."""

from __future__ import annotations

import numpy as np

from muse_graph.core.models.popularity import fit_friends_count, fit_popularity
from muse_graph.core.models.types import Model, TrainingData
from tests.unit.core.models.battery import Battery, PersonalBattery, profile, training_data

SMALL = {0: [0, 1], 1: [0, 1, 2], 2: [0, 2], 3: [3]}


class TestPopularity(Battery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_popularity(data)


class TestFriendsCount(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_friends_count(data)


def test_popularity_counts_listeners() -> None:
    model = fit_popularity(training_data(SMALL, 4, 5))
    assert model.score(profile([3], friends=[1])).values.tolist() == [3, 2, 2, 1, 0]


def test_friends_are_counted_and_equals_go_by_popularity() -> None:
    model = fit_friends_count(training_data(SMALL, 4, 5))
    scores = model.score(profile(friends=[1, 3]))
    assert scores.values.tolist() == [1.75, 1.5, 1.5, 1.25, 0]
    parts = scores.parts(np.array([0, 3]))
    assert parts.friends.tolist() == [[1, 0], [0, 1]]
    assert parts.rest.tolist() == [0.75, 0.25]


def test_a_friend_who_discarded_an_item_does_not_speak_for_it_and_one_who_saved_it_does() -> None:
    data = training_data(SMALL, 4, 5, feedback={(1, 0): -1, (1, 4): 1})
    parts = fit_friends_count(data).score(profile(friends=[1])).parts(np.arange(5))
    assert parts.friends[:, 0].tolist() == [0, 1, 1, 0, 1]
