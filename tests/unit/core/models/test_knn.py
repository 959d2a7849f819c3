"""Nearest neighbours: the battery, each measure beside its twin, and worked examples."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from muse_graph.core.models.knn import neighbours
from muse_graph.core.models.knn.knn import ITEM_KNN, USER_KNN, KnnOptions, fit_item_knn, fit_user_knn
from muse_graph.core.models.knn.neighbours import nearest_listeners, nearest_rows
from muse_graph.core.models.knn.similarity_index import SimilarityIndex
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.similarity import similarities
from muse_graph.core.types import Float32Matrix, Interactions, SimilarityKind
from muse_graph.errors import InvalidRequest
from tests.unit.core.models.battery import PersonalBattery, profile, training_data

KINDS: tuple[SimilarityKind, ...] = get_args(SimilarityKind)

# Quarters are exact in float32, and often equal or zero.
crowds = st.lists(
    st.dictionaries(st.integers(0, 6), st.integers(0, 4).map(lambda n: n / 4)), min_size=1, max_size=6
)


class TestUserKnn(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_user_knn(data)


class TestUserKnnJaccard(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_user_knn(data, replace(USER_KNN, similarity="jaccard", weights="binary"))


class TestItemKnn(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_item_knn(data)


class TestItemKnnLogLikelihood(PersonalBattery):
    @staticmethod
    def fit(data: TrainingData) -> Model:
        return fit_item_knn(data, replace(ITEM_KNN, similarity="log-likelihood", weights="binary"))


def matrix_of(rows: list[dict[int, float]]) -> Float32Matrix:
    cells = [(index, column, row[column]) for index, row in enumerate(rows) for column in sorted(row)]
    index, column, value = (np.array(part) for part in zip(*cells, strict=True)) if cells else ([], [], [])
    matrix = sparse.coo_array(
        (np.array(value, np.float32), (np.array(index, int), np.array(column, int))), shape=(len(rows), 7)
    ).tocsr()
    matrix.sort_indices()
    return matrix


def twin(rows: list[dict[int, float]], kind: SimilarityKind, shrinkage: float) -> np.ndarray:
    """One row at a time by the measures of the core, on the interactions themselves."""
    cells = [(index, column, row[column]) for index, row in enumerate(rows) for column in sorted(row)]
    user, item, weight = (list(part) for part in zip(*cells, strict=True)) if cells else ([], [], [])
    played = Interactions(
        np.array(user, np.int64),
        np.array(item, np.int64),
        np.ones(len(user), np.int64),
        np.array(weight, float),
    )
    return np.array(
        [similarities(played, played.heard, row, len(rows), kind, shrinkage) for row in range(len(rows))]
    )


@pytest.mark.parametrize("kind", KINDS)
@given(rows=crowds, shrinkage=st.sampled_from([0.0, 3.0]))
def test_rows_are_as_alike_as_by_the_measure_of_the_core(
    kind: SimilarityKind, rows: list[dict[int, float]], shrinkage: float
) -> None:
    matrix = matrix_of(rows)
    found = SimilarityIndex.of(matrix, kind, shrinkage).similarity(matrix).toarray()
    np.fill_diagonal(found, 0)
    np.testing.assert_allclose(found, twin(rows, kind, shrinkage), atol=2e-6)


@pytest.mark.parametrize("kind", KINDS)
@given(rows=crowds, k=st.integers(1, 4))
def test_the_nearest_are_those_of_a_full_sort(
    kind: SimilarityKind, rows: list[dict[int, float]], k: int
) -> None:
    matrix = matrix_of(rows)
    similarity_index = SimilarityIndex.of(matrix, kind, 0.0)
    similarity = similarity_index.similarity(matrix).toarray()
    wanted = [
        (row, other, similarity[row, other])
        for row in range(len(rows))
        for other in sorted(range(len(rows)), key=lambda other: (-similarity[row, other], other))[: k + 1]
        if other != row and similarity[row, other] > 0
    ]
    kept = [cell for n, cell in enumerate(wanted) if sum(c[0] == cell[0] for c in wanted[:n]) < k]
    index, other, weight = nearest_rows(similarity_index, matrix, k)
    assert list(zip(index.tolist(), other.tolist(), weight.tolist(), strict=True)) == kept


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    data = training_data({user: rng.integers(0, 20, 6).tolist() for user in range(30)}, 30, 20)
    whole = nearest_listeners(data, 5)
    monkeypatch.setattr(neighbours, "_BLOCK_CELLS", 70)
    for part, same in zip(nearest_listeners(data, 5), whole, strict=True):
        np.testing.assert_array_equal(part, same)


def test_listeners_alike_play_the_same_rare_items() -> None:
    # Users 0 to 3 play item 0. Users 0 and 1 share item 1 too; 2 and 3 have one of their own.
    data = training_data({0: [0, 1], 1: [0, 1], 2: [0, 2], 3: [0, 3], 4: []}, 5, 4)
    user, neighbour, weight = nearest_listeners(data, 2)
    assert user.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    # Of equals the first; user 4 is like nobody.
    assert neighbour.tolist() == [1, 2, 0, 2, 0, 1, 0, 1]
    common, rare, own = np.log1p(5 / 4), np.log1p(5 / 2), np.log1p(5)
    lengths = np.hypot(common, rare), np.hypot(common, own)
    faint = common**2 / (lengths[0] * lengths[1])
    assert weight == pytest.approx([1, faint, 1, faint, faint, faint, faint, faint])


@pytest.mark.parametrize("k", [0, -1])
def test_less_than_one_neighbour_is_refused(k: int) -> None:
    with pytest.raises(InvalidRequest, match=f"neighbours k must be >= 1, got {k}"):
        nearest_listeners(training_data({0: [0]}, 1, 1), k)


def test_nobody_has_no_neighbour() -> None:
    for data in (training_data({}, 0, 0), training_data({}, 3, 3)):
        assert [len(column) for column in nearest_listeners(data)] == [0, 0, 0]


def test_a_stranger_measure_and_a_negative_shrinkage_are_refused() -> None:
    data = training_data({0: [0]}, 1, 1)
    with pytest.raises(InvalidRequest, match=r"similarity must be one of cosine, .*, got 'sine'"):
        fit_user_knn(data, replace(USER_KNN, similarity="sine"))
    with pytest.raises(InvalidRequest, match="shrinkage must be >= 0, got -1"):
        fit_item_knn(data, replace(ITEM_KNN, shrinkage=-1.0))


PLAIN = KnnOptions(k=2, similarity="jaccard", shrinkage=0.0, weights="binary", power=1.0, discard=0.5)
# 0 and 1 are played together by two of three; 2 and 3 by one.
SMALL = {0: [0, 1], 1: [0, 1, 2], 2: [0, 2, 3]}


def test_user_knn_by_hand() -> None:
    model = fit_user_knn(training_data(SMALL, 3, 4), PLAIN)
    # Items 0 and 1: user 0 has nothing new; 1 is alike by 2/3, 2 by 1/4.
    values = model.score(profile([0, 1]), np.array([2, 3])).values
    assert values == pytest.approx([2 / 3 + 1 / 4, 1 / 4])


def test_item_knn_by_hand() -> None:
    model = fit_item_knn(training_data(SMALL, 3, 4), PLAIN)
    scores = model.score(profile([0, 1]), np.array([2, 3]))
    # Item 2's nearest are 0 (2/3) and 3 (1/2), not 1 (1/3); item 3's are 2 (1/2) and 0 (1/3).
    assert scores.values == pytest.approx([2 / 3, 1 / 3])
    assert scores.parts(np.array([1])).own == pytest.approx(np.array([[1 / 3, 0]]))


def test_a_discard_takes_away_what_a_save_gives() -> None:
    model = fit_item_knn(training_data(SMALL, 3, 4), PLAIN)
    assert model.score(profile(discarded=[0]), np.array([2, 3])).values == pytest.approx([-1 / 3, -1 / 6])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", ["binary", "log-plays", "tf-idf", "heard"])
def test_every_measure_takes_every_weight(kind: SimilarityKind, weights: str) -> None:
    rng = np.random.default_rng(1)
    data = training_data(
        {user: rng.integers(0, 9, 5).tolist() for user in range(12)}, 12, 9, feedback={(0, 1): 1, (3, 2): -1}
    )
    options = replace(PLAIN, similarity=kind, weights=weights, shrinkage=2.0)
    for fit in (fit_user_knn, fit_item_knn):
        assert np.isfinite(fit(data, options).score(data.profile(3)).values).all()


def test_users_who_are_left_out_add_nothing() -> None:
    """As fitted without what they play; the factors of items stay those of everybody."""
    rng = np.random.default_rng(5)
    played = {user: rng.choice(9, 4, replace=False).tolist() for user in range(12)}
    options = replace(USER_KNN, weights="binary", k=5)
    model = fit_user_knn(training_data(played, 12, 9), options)
    asked, out = profile([0, 3, 5]), [2, 7]
    left = model.without_users(np.array(out)).score(asked).values
    alone = training_data({user: items for user, items in played.items() if user not in out}, 12, 9)
    np.testing.assert_allclose(left, fit_user_knn(alone, options).score(asked).values, atol=1e-6)
    assert not np.allclose(left, model.score(asked).values)
