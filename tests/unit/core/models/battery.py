"""What every model must get right; to add one: `class TestMine(PersonalBattery)` with its own static `fit`.

The checkerboard: user u has played every item of u's parity except item u, and is friends with the four
users u ± 2 and u ± 4 (around the corner), who have. So whatever a model goes by, item u is the right one for
user u.
Idea: the recommender tests of the library implicit.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from muse_graph.core.models.types import Model, Profile, Scores, TrainingData
from muse_graph.core.types import IntArray, Interactions

N = 24


def training_data(
    played: dict[int, Iterable[int]],
    n_users: int,
    n_items: int,
    friends: Iterable[tuple[int, int]] = (),
    feedback: dict[tuple[int, int], int] | None = None,
) -> TrainingData:
    """Everybody's plays, three of each, without tags or genres."""
    pairs = sorted((user, item) for user in played for item in set(played[user]))
    user_index, item = np.array(pairs, np.int64).reshape(-1, 2).T
    circle = sparse.lil_array((n_users, n_users))
    for one, other in friends:
        circle[one, other] = circle[other, one] = 1
    said = sparse.lil_array((n_users, n_items))
    for (user, about), word in (feedback or {}).items():
        said[user, about] = word
    return TrainingData(
        n_users,
        n_items,
        Interactions(
            user_index.copy(), item.copy(), np.full(len(item), 3, np.int64), np.full(len(item), np.nan)
        ),
        said.tocsr(),
        circle.tocsr(),
        sparse.csr_array((n_users, 0)),
        sparse.csr_array((n_items, 0)),
        np.full(n_items, -1, np.int64),
    )


def checkerboard() -> TrainingData:
    played = {user: [item for item in range(user % 2, N, 2) if item != user] for user in range(N)}
    friends = [(user, (user + step) % N) for user in range(N) for step in (2, 4)]
    return training_data(played, N, N, friends)


def profile(items: Iterable[int] = (), friends: Iterable[int] = (), discarded: Iterable[int] = ()) -> Profile:
    """A newcomer who plays some items three times, discarded others unheard, and has friends."""
    gone = set(discarded)
    all_items = np.array(sorted({*items, *gone}), np.int64)
    feedback = np.array([-1.0 if item in gone else 0.0 for item in all_items.tolist()])
    plays = np.where(feedback < 0, 0, 3)
    heard = np.full(len(all_items), np.nan)
    nobody = np.empty(0, np.int64)
    befriended = np.array(sorted(friends), np.int64)
    return Profile(all_items, plays, heard, feedback, befriended, nobody, np.empty(0))


def new_items(whose: Profile) -> IntArray:
    return np.setdiff1d(np.arange(N), whose.items)


class Battery:
    """What holds for any model."""

    # A change of order in a sum is no difference.
    tolerance = 1e-5

    @staticmethod
    def fit(data: TrainingData) -> Model:
        """Learn from the data with options that suit a world of 24 users and 24 items."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls) -> Model:
        return cls.fit(checkerboard())

    @pytest.mark.parametrize(
        "own",
        [
            profile([0, 2, 4], friends=[1, 2]),
            profile([0, 1], discarded=[2, 5]),
            profile([7]),
            profile(friends=[3]),
            profile(),
        ],
        ids=["items and friends", "discards", "one item", "friends alone", "nothing"],
    )
    def test_parts_add_up(self, model: Model, own: Profile) -> None:
        candidates = new_items(own)[::-1]
        scores = model.score(own, candidates)
        indices = np.array([4, 0, len(candidates) - 1])
        parts = scores.parts(indices)
        assert parts.own.shape == (3, len(own.items))
        assert parts.friends.shape == (3, len(own.friends))
        total = parts.own.sum(axis=1) + parts.friends.sum(axis=1) + parts.rest + parts.base
        np.testing.assert_allclose(total, scores.values[indices], atol=self.tolerance)

    def test_no_places_have_no_parts(self, model: Model) -> None:
        own = profile([0, 2], friends=[1])
        parts = model.score(own).parts(np.empty(0, np.int64))
        assert (parts.own.shape, parts.friends.shape, parts.rest.shape) == ((0, 2), (0, 1), (0,))

    def test_any_profile_has_finite_scores(self, model: Model) -> None:
        some = st.sets(st.integers(0, N - 1))

        @given(some, some, some)
        def finite(items: set[int], friends: set[int], discarded: set[int]) -> None:
            values = model.score(profile(items, friends, discarded)).values
            assert (values.shape, values.dtype) == ((N,), np.float32)
            assert np.isfinite(values).all()

        finite()

    def test_candidates_are_scored_as_among_all(self, model: Model) -> None:
        own = profile([0, 2, 3], friends=[1])
        everything = model.score(own).values

        @given(st.lists(st.integers(0, N - 1), max_size=N))
        def same(candidates: list[int]) -> None:
            values = model.score(own, np.array(candidates, np.int64)).values
            assert values.shape == (len(candidates),)
            np.testing.assert_allclose(values, everything[candidates], atol=self.tolerance)

        same()

    def test_the_same_data_give_the_same_scores(self, model: Model) -> None:
        own = profile([0, 2, 3], friends=[1])
        again: Scores = self.fit(checkerboard()).score(own)
        np.testing.assert_array_equal(again.values, model.score(own).values)

    def test_a_world_without_a_play_is_scored_too(self) -> None:
        empty = training_data({}, N, N, friends=[(0, 1)], feedback={(0, 3): 1, (1, 4): -1})
        for data in (training_data({}, N, N), empty):
            assert np.isfinite(self.fit(data).score(profile([1, 2], friends=[0])).values).all()

    def test_a_discard_does_not_raise_what_is_like_it(self, model: Model) -> None:
        loved, hated = profile([0, 2, 4, 6]), profile([0, 2, 4], discarded=[6])
        even = np.arange(8, N, 2)
        change = model.score(hated, even).values - model.score(loved, even).values
        assert (change <= self.tolerance).all()


class PersonalBattery(Battery):
    """And what holds for one that does not tell everybody the same."""

    def test_the_item_missing_on_the_checkerboard_comes_first(self, model: Model) -> None:
        data = checkerboard()
        for user in range(N):
            own = data.profile(user)
            candidates = new_items(own)
            values = model.score(own, candidates).values
            best = candidates[values >= values.max() - self.tolerance]
            assert best.tolist() == [user]

    def test_a_newcomer_is_scored_by_what_they_play_and_whom_they_know(self, model: Model) -> None:
        for parity in (0, 1):
            own = profile(range(parity, 12, 2), friends=[parity, parity + 2])
            candidates = new_items(own)
            values = model.score(own, candidates).values
            alike = candidates % 2 == parity
            assert values[alike].min() > values[~alike].max()
