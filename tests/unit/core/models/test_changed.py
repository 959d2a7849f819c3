"""Who is most similar after some have changed, beside comparing everybody with everybody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.models.knn import changed
from muse_graph.core.models.knn.changed import Similar, nearest_again
from muse_graph.core.models.knn.neighbours import nearest_listeners
from muse_graph.core.models.types import TrainingData
from tests.unit.core.models.battery import training_data

Triples = list[tuple[int, int, float]]
K, N_USERS, N_ITEMS = 3, 12, 15

worlds = st.lists(st.sets(st.integers(0, N_ITEMS - 1), max_size=6), min_size=N_USERS, max_size=N_USERS).map(
    lambda rows: dict(enumerate(rows))
)


def world(played: dict[int, set[int]]) -> TrainingData:
    return training_data(played, N_USERS, N_ITEMS)


def nearest(data: TrainingData) -> Similar:
    user, other, weight = nearest_listeners(data, K)
    return Similar(user, other, weight.astype(np.float64))


def triples(found: Similar, users: set[int] | None = None) -> Triples:
    rows = zip(found.user.tolist(), found.other.tolist(), found.weight.round(5).tolist(), strict=True)
    return [row for row in rows if users is None or row[0] in users]


def flags(users: set[int]) -> np.ndarray:
    return np.isin(np.arange(N_USERS), list(users))


def again(old: dict[int, set[int]], new: dict[int, set[int]]) -> Similar:
    moved = {user for user in old if old[user] != new[user]}
    return nearest_again(world(new), flags(moved), nearest(world(old)), K)


@given(worlds, worlds, st.sets(st.integers(0, N_USERS - 1), max_size=4))
def test_who_changed_has_those_whom_comparing_all_finds(
    old: dict[int, set[int]], other: dict[int, set[int]], moved: set[int]
) -> None:
    new = old | {user: other[user] for user in moved}
    found, right = again(old, new), nearest(world(new))
    moved = {user for user in moved if old[user] != new[user]}
    assert triples(found, moved) == triples(right, moved)
    assert (np.bincount(found.user, minlength=N_USERS) <= K).all()
    assert (np.diff(found.user) >= 0).all()
    # All others have of those who changed what is so now, each once.
    now = {(u, v): w for u, v, w in triples(Similar(*_all(world(new))))}
    ours = [(u, v, w) for u, v, w in triples(found) if v in moved]
    assert ours == [(u, v, pytest.approx(now[u, v], abs=2e-5)) for u, v, _ in ours]
    assert len({(u, v) for u, v, _ in triples(found)}) == len(found.user)


def _all(data: TrainingData) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    user, other, weight = nearest_listeners(data, N_USERS)
    return user, other, weight.astype(np.float64)


@given(worlds)
def test_where_nobody_changed_nothing_does(played: dict[int, set[int]]) -> None:
    before = nearest(world(played))
    found = nearest_again(world(played), flags(set()), before, K)
    assert sorted(triples(found)) == sorted(triples(before))


def test_one_who_comes_nearer_pushes_the_last_out_and_one_who_goes_is_gone() -> None:
    taste = {1, 2, 3, 4}
    old = {user: set() for user in range(N_USERS)} | {0: taste, 1: {1, 2, 3}, 2: {1, 2}, 3: {1}, 4: {9}}
    assert triples(nearest(world(old)), {0}) != []
    comes = triples(again(old, old | {4: taste}), {0})
    assert [other for _, other, _ in comes] == [4, 1, 2]
    goes = triples(again(old, old | {1: {9}}), {0})
    assert [other for _, other, _ in goes] == [2, 3]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    old, new = ({user: set(rng.choice(N_ITEMS, 5).tolist()) for user in range(N_USERS)} for _ in range(2))
    at_once = triples(again(old, new))
    monkeypatch.setattr(changed, "_BLOCK_CELLS", 2 * N_USERS)
    assert triples(again(old, new)) == at_once
