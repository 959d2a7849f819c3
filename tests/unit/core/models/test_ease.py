"""EASE: the battery, both ways of solving beside the textbook's, what it makes of a profile."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from muse_graph.core.models.ease import ease
from muse_graph.core.models.ease.ease import EaseOptions, PrimalSolver, fit_ease, training_rows
from muse_graph.core.models.ease.linear import LinearModel
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.types import FloatArray
from muse_graph.errors import InvalidRequest
from tests.unit.core.models.battery import PersonalBattery, profile, training_data

EVERYTHING = EaseOptions(tags=0.1, tag_uses=2, strongest=1000)


class TestClosedForm(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_ease(data)


class TestItemSide(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_ease(data, EaseOptions(max_rows=20, top_columns=20, tail_columns=10))


def small_world(seed: int = 1) -> TrainingData:
    """12 users, 9 items, 5 tags; the last user has no history, the last item no listener."""
    rng = np.random.default_rng(seed)
    played = {user: rng.choice(8, rng.integers(1, 6), replace=False).tolist() for user in range(11)}
    friends = [(one, other) for one in range(12) for other in range(one) if rng.random() < 0.3]
    data = training_data(played, 12, 9, friends, {(2, 4): 1, (3, 1): -1, (5, 0): -1})
    plays = rng.integers(1, 50, len(data.interactions))
    user_tags = sparse.csr_array(rng.poisson(0.5, (12, 5)).astype(float))
    item_tags = sparse.csr_array(rng.poisson(0.5, (9, 5)).astype(float))
    return replace(
        data, interactions=replace(data.interactions, plays=plays), user_tags=user_tags, item_tags=item_tags
    )


def slow_row(data: TrainingData, user: int, options: EaseOptions) -> tuple[FloatArray, float]:
    """The items of one user's row before columns are scaled."""
    own = data.profile(user)
    most = max([1, *own.plays.tolist()])
    row = np.zeros(data.n_items)
    for item, plays, said in zip(own.items, own.plays, own.feedback, strict=True):
        weight = math.log(1 + plays) / math.log(1 + most)
        weight = 1.0 if said > 0 else -options.discard if said < 0 else weight
        listeners = max(int((data.interactions.item == item).sum()), 1)
        row[item] = weight * (1 + math.log(data.n_users / listeners))
    length = math.sqrt(sum(row**2))
    return row / (length**options.row_power if length else 1.0), length


def slow_rows(data: TrainingData, options: EaseOptions) -> tuple[FloatArray, FloatArray, float]:
    """Rows of users, rows to train on, and the energy, cell by cell."""
    items = np.array([slow_row(data, user, options)[0] for user in range(data.n_users)])
    total = abs(items).sum(axis=0)
    items *= np.where(total > 0, total, 1.0) ** -options.column_power
    history = (items != 0).any(axis=1)
    energy = float((items[history] ** 2).sum(axis=1).mean())
    friends = data.friends.toarray()
    friends /= np.maximum(np.linalg.norm(friends, axis=1, keepdims=True), 1e-12)
    counts = data.user_tags.toarray()
    tags = np.log(1 + counts) * (1 + np.log(data.n_users / np.maximum((counts > 0).sum(axis=0), 1)))
    tags /= np.maximum(np.linalg.norm(tags, axis=1, keepdims=True), 1e-12)
    sides = [math.sqrt(options.friends * energy) * friends, math.sqrt(options.tags * energy) * tags]
    users = np.hstack([items, *sides])
    listeners = np.bincount(data.interactions.item, minlength=data.n_items)
    idf = 1 + np.log(data.n_users / np.maximum(listeners, 1))
    rows = [users[history]]
    for tag in data.item_tags.toarray().T:
        row = np.log(1 + tag) * idf
        length = math.sqrt(sum(row**2)) ** options.row_power
        if tag.sum() >= options.tag_uses:
            rows.append(np.append(options.tag_rows * row / length, np.zeros(data.n_users + 5))[None, :])
    return users, np.vstack(rows), energy


def slow_weights(data: TrainingData, options: EaseOptions) -> tuple[FloatArray, FloatArray]:
    """Rows of users, and the weights by the inverse over features: -P / diag(P) off the diagonal."""
    users, rows, energy = slow_rows(data, options)
    inverse = np.linalg.inv(rows.T @ rows + options.ridge * energy * np.eye(rows.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return users, weights[:, : data.n_items]


def dense(model: LinearModel) -> NDArray[np.float32]:
    shape = model.encoder.n_features, model.encoder.n_items
    return sparse.csr_array((model.weights, model.items, model.start), shape=shape).toarray()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_either_side_is_the_textbook_solution(seed: int) -> None:
    data = small_world(seed)
    _, weights = slow_weights(data, EVERYTHING)
    model = fit_ease(data, EVERYTHING)
    np.testing.assert_allclose(dense(model), weights, atol=2e-6)
    rows = training_rows(data, model.encoder, EVERYTHING)
    everything = PrimalSolver.of(rows, EVERYTHING.ridge * model.encoder.energy, rows.shape[1], 3)
    found = np.zeros_like(weights)
    for items, features, solved in everything.blocks(np.arange(9)):
        found[np.ix_(features, items)] = solved.T
    # Features that nobody has are not solved for, and have no weight.
    found[:, ~rows.toarray()[:, :9].any(axis=0)] = 0.0
    np.testing.assert_allclose(found, weights, atol=2e-6)


@pytest.mark.parametrize("tail_columns", [3, 6])
def test_beyond_the_limit_the_loudest_features_alone_have_weights(tail_columns: int) -> None:
    data = small_world()
    options = replace(EVERYTHING, max_rows=6, top_columns=6, tail_columns=tail_columns)
    model = fit_ease(data, options)
    _, rows, energy = slow_rows(data, EVERYTHING)
    ridge = EVERYTHING.ridge * energy
    top = np.argsort(-(rows**2).sum(axis=0), kind="stable")[:6]
    assert {item for item in range(data.n_items) if item in top} not in (set(), set(range(data.n_items)))
    for item in range(data.n_items):
        known = [one for one in (top if item in top else top[:tail_columns]) if one != item]
        design = rows[:, known]
        weights = np.zeros(rows.shape[1])
        weights[known] = np.linalg.solve(
            design.T @ design + ridge * np.eye(len(known)), design.T @ rows[:, item]
        )
        np.testing.assert_allclose(dense(model)[:, item], weights, atol=2e-6)


def test_many_items_keep_fewer_weights_each() -> None:
    model = fit_ease(small_world(), replace(EVERYTHING, max_weights=19))
    kept = np.diff(sparse.csr_array(dense(model).T).indptr)
    assert set(kept) == {2}  # 19 among the 9 items that somebody plays, or that carry a tag


def test_folding_in_a_profile_of_the_training_gives_that_users_scores() -> None:
    data = small_world()
    model = fit_ease(data, EVERYTHING)
    users, weights = slow_weights(data, EVERYTHING)
    for user in range(data.n_users):
        np.testing.assert_allclose(model.score(data.profile(user)).values, users[user] @ weights, atol=1e-5)
    rows = model.encoder.rows(data)
    np.testing.assert_allclose(rows.toarray(), users, atol=1e-6)


def test_of_too_many_users_some_are_learned_from() -> None:
    data = small_world()
    options = replace(EVERYTHING, max_users=4, tag_rows=0.0)
    encoder = fit_ease(data, options).encoder
    chosen, again, others = (
        training_rows(data, encoder, replace(options, seed=seed)).toarray() for seed in (0, 0, 1)
    )
    everybody = encoder.rows(data).toarray().tolist()
    assert chosen.shape[0] == 4
    assert all(row in everybody for row in chosen.tolist())
    np.testing.assert_array_equal(again, chosen)
    assert (others != chosen).any()


def test_only_the_strongest_are_kept() -> None:
    data = small_world()
    everything = fit_ease(data, EVERYTHING)
    pruned = fit_ease(data, replace(EVERYTHING, strongest=4))
    assert (np.diff(sparse.csr_array(dense(pruned).T).indptr) <= 4).all()
    kept = dense(pruned) != 0
    np.testing.assert_allclose(dense(pruned)[kept], dense(everything)[kept], atol=1e-6)


def test_what_is_saved_counts_like_what_is_played_most() -> None:
    model = fit_ease(small_world(), EVERYTHING)
    played = profile([0, 1])
    saved = replace(played, plays=np.array([3, 0]), feedback=np.array([0.0, 1.0]))
    np.testing.assert_array_equal(model.score(saved).values, model.score(played).values)


def test_a_discard_takes_from_each_item_what_playing_it_gives() -> None:
    model = fit_ease(small_world(), replace(EVERYTHING, row_power=0.0, discard=0.7))
    everything = np.arange(model.encoder.n_items)
    loved, hated = (
        model.score(own).parts(everything).own for own in (profile([0, 1]), profile([0], discarded=[1]))
    )
    np.testing.assert_allclose(hated[:, 1], -0.7 * loved[:, 1], atol=1e-7)
    np.testing.assert_allclose(hated[:, 0], loved[:, 0], atol=1e-7)


def test_friends_and_tags_speak_where_nothing_was_played() -> None:
    data = small_world()
    model = fit_ease(data, EVERYTHING)
    nothing = profile()
    assert not model.score(nothing).values.any()
    friendly = profile(friends=[1, 2])
    tagging = replace(nothing, tags=np.array([1, 3]), tag_counts=np.array([2.0, 1.0]))
    assert model.score(friendly).parts(np.arange(9)).friends.any()
    assert model.score(tagging).parts(np.arange(9)).rest.any()


def test_the_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = small_world()
    whole = [fit_ease(data, replace(EVERYTHING, max_rows=limit)) for limit in (10_000, 10)]
    monkeypatch.setattr(ease, "_CELLS", 50)
    for model, limit in zip(whole, (10_000, 10), strict=True):
        again = fit_ease(data, replace(EVERYTHING, max_rows=limit))
        np.testing.assert_allclose(dense(again), dense(model), atol=1e-6)


@pytest.mark.parametrize(
    "outside",
    [
        lambda: EaseOptions(ridge=0.0),
        lambda: EaseOptions(friends=-1.0),
        lambda: EaseOptions(tags=math.nan),
        lambda: EaseOptions(strongest=0),
        lambda: EaseOptions(max_rows=0),
    ],
)
def test_an_option_outside_its_range_is_refused(outside: Callable[[], EaseOptions]) -> None:
    with pytest.raises(InvalidRequest, match="must be a finite number >= "):
        outside()


def test_what_is_solved_takes_four_bytes_a_cell_both_ways() -> None:
    """The memory that `fit_ease` promises is that of float32."""
    data = small_world()
    rows = training_rows(data, ease.learn_encoder(data, EVERYTHING), EVERYTHING)
    dual, primal = ease.DualSolver.of(rows, 2.0), PrimalSolver.of(rows, 2.0, 5, 3)
    items = np.arange(3)
    for found in (
        *(dual.columns, dual.inverse, *(block[2] for block in dual.blocks(items))),
        *(
            primal.columns,
            primal.first,
            primal.inverse,
            primal.first_inverse,
            *(block[2] for block in primal.blocks(items)),
        ),
    ):
        assert found.dtype == np.float32
    np.testing.assert_allclose(dual.columns.toarray(), rows.toarray().T, rtol=1e-6)
