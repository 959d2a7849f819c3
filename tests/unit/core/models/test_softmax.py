"""The softmax: the battery, its features beside a slow twin, and its gradients beside differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from muse_graph.core.models.softmax import softmax
from muse_graph.core.models.softmax.features import SocialLikes, social_features
from muse_graph.core.models.softmax.softmax import SoftmaxOptions, fit_softmax
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.errors import InvalidRequest
from tests.unit.core.models.battery import PersonalBattery, checkerboard, profile, training_data

SMALL = SoftmaxOptions(hidden=4, epochs=60, batch=8)


class TestSoftmax(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_softmax(data, SMALL)


def small_world() -> TrainingData:
    """0 - 1 - 2, and 3 without friends."""
    return training_data(
        {0: [0, 1], 1: [1], 2: [0, 1, 2], 3: [3]},
        4,
        4,
        friends=[(0, 1), (1, 2)],
        feedback={(0, 1): -1, (3, 2): 1},
    )


def test_likes_of_friends_and_of_their_friends() -> None:
    social = SocialLikes.of(small_world())
    assert social.liked.toarray().tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1]]
    assert social.by_friends[0].tolist() == [0, 1, 0, 0]
    assert social.by_friends[1].tolist() == [2, 1, 1, 0]
    # Of the friends of user 1, the only friend of user 0: half of them each.
    assert social.by_second[0].tolist() == [1, 0.5, 0.5, 0]
    assert social.self_contribution.tolist() == [0.5, 2, 0.5, 0]
    assert social.eligible.tolist() == [2, 3]


def test_what_is_left_out_comes_back_through_no_friend() -> None:
    data = training_data({0: [0, 1], 1: [2]}, 2, 3, friends=[(0, 1)])
    social = SocialLikes.of(data)
    found, liked, target = social.left_out(np.array([0]), np.random.default_rng(0))
    kept = 1 - int(target[0])
    assert liked[0].tolist() == [float(item == kept) for item in range(3)]
    by_second = np.zeros((1, 3), np.float32)
    by_second[0, kept] = 1
    by_friends = np.array([[0, 0, 1]], np.float32)
    np.testing.assert_allclose(found, social_features(liked, by_friends, by_second, np.array([1])))


def test_features_agree_with_their_description() -> None:
    rng = np.random.default_rng(3)
    liked = (rng.random((5, 4)) < 0.5).astype(np.float32)
    by_friends, by_second = rng.random((2, 5, 4)).astype(np.float32)
    n_friends = np.arange(5)
    for row, found in enumerate(social_features(liked, by_friends, by_second, n_friends)):
        n = max(liked[row].sum(), 1)
        slow = [*(x / n**0.5 for x in liked[row]), *liked[row]]
        slow += [(x / (row + 1)) ** 0.5 for x in (*by_friends[row], *by_second[row])]
        assert found == pytest.approx([*slow, np.log(n), np.log1p(row)], rel=1e-5)


def test_gradients_agree_with_differences() -> None:
    rng = np.random.default_rng(5)
    weights = [rng.normal(size=shape) for shape in ((7, 4), (7, 3), (3, 4))]
    bias, seen, target = rng.normal(size=4), rng.normal(size=(6, 7)), np.array([0, 1, 2, 3, 0, 1])
    liked = np.zeros((6, 4))
    liked[np.arange(6), (target + 1) % 4] = 1

    def loss() -> float:
        total = 0.0
        for row in range(6):
            logits = seen[row] @ weights[0] + np.maximum(seen[row] @ weights[1], 0) @ weights[2] + bias
            open_to = np.exp(logits[liked[row] == 0])
            total -= logits[target[row]] - np.log(open_to.sum())
        return total / 6

    # float64 throughout, so that differences are exact enough.
    found = softmax._gradients(weights, bias, seen, liked, target)  # type: ignore[arg-type]
    for one, gradient in zip(weights, found, strict=True):
        for cell in np.ndindex(one.shape):
            kept = one[cell]
            one[cell] = kept + 1e-6
            already_listed = loss()
            one[cell] = kept - 1e-6
            slope = (already_listed - loss()) / 2e-6
            one[cell] = kept
            assert gradient[cell] == pytest.approx(slope, abs=1e-6)


def test_parts_name_the_likes_and_the_friends_that_speak() -> None:
    model = fit_softmax(checkerboard(), SMALL)
    own = profile([0, 2, 4, 6], friends=[8, 9], discarded=[3])
    parts = model.score(own).parts(np.array([10, 11]))
    assert (parts.own[0] - parts.own[1]).sum() > 0
    # An odd item discarded speaks for the odd one less than for the even one.
    discarded = own.items.tolist().index(3)
    assert parts.own[1, discarded] < parts.own[0, discarded]
    assert parts.friends[0, 0] > parts.friends[1, 0]


def test_bad_options() -> None:
    for name, value, rule in [
        ("hidden", 0, "hidden must be >= 1"),
        ("linear_decay", -1, "linear_decay must be >= 0"),
        ("learning_rate", 0, "learning_rate must be > 0"),
    ]:
        with pytest.raises(InvalidRequest, match=rule):
            replace(SMALL, **{name: value})
    small = training_data({0: [0]}, 1, 1)
    wide = replace(
        small,
        n_items=1 << 29,
        feedback=sparse.csr_array((1, 1 << 29)),
        item_tags=sparse.csc_array((1 << 29, 0)),
        item_genre=np.broadcast_to(np.int64(-1), 1 << 29),
    )
    with pytest.raises(InvalidRequest, match=r"users times items must be <= 2\^28"):
        fit_softmax(wide)
