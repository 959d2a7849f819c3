"""Spread beside a slow twin, on cascades whose R is known, and in worlds where nothing spreads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.artists.spread import crossings, reproduction, spread
from muse_graph.errors import InvalidRequest, ShapeError

N = 9
firsts = st.lists(st.integers(0, 12), min_size=N, max_size=N)
pairs = st.frozensets(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]),
    max_size=20,
)
windows = st.integers(1, 6)


def array(friends: frozenset[tuple[int, int]]) -> np.ndarray:
    return np.array(sorted(friends), np.int64).reshape(-1, 2)


def slow_parents(first: list[int], friends: frozenset[tuple[int, int]], window: int) -> list[int]:
    parents = []
    for me, mine in enumerate(first):
        others = [a + b - me for a, b in friends if me in (a, b)]
        near = [(-first[one], one) for one in others if mine - window <= first[one] < mine]
        parents.append(min(near)[1] if near else -1)
    return parents


@given(first=firsts, friends=pairs, window=windows)
def test_spread_is_that_of_the_twin(
    first: list[int], friends: frozenset[tuple[int, int]], window: int
) -> None:
    found = spread(np.array(first), array(friends), window)
    parents = slow_parents(first, friends, window)
    assert found.parent.tolist() == parents
    cascades: dict[int, int] = {}
    for me in range(N):
        at, generation = me, 0
        while parents[at] >= 0:
            at, generation = parents[at], generation + 1
        assert (found.root[me], found.generation[me]) == (at, generation)
        cascades[at] = cascades.get(at, 0) + 1
    order = sorted(cascades, key=lambda root: (-cascades[root], first[root], root))
    assert (found.roots.tolist(), found.sizes.tolist()) == (order, [cascades[root] for root in order])


@given(first=firsts, friends=pairs, window=windows, end=st.integers(0, 14))
def test_r_is_the_mean_number_of_children(
    first: list[int], friends: frozenset[tuple[int, int]], window: int, end: int
) -> None:
    found = reproduction(np.array(first), array(friends), window, end, 0, 0)
    parents = slow_parents(first, friends, window)
    early = [me for me in range(N) if first[me] <= end - window]
    assert found.n == len(early)
    wanted = np.mean([parents.count(me) for me in early]) if early else np.nan
    assert found.r == pytest.approx(wanted, nan_ok=True)
    assert np.isnan([found.shuffled, found.low, found.high, found.p]).all()


def ring_lattice(rng: np.random.Generator, n: int, degree: int) -> np.ndarray:
    """Random friendships, about `degree` for each; hardly any triangles."""
    friends = rng.integers(0, n, (n * degree // 2, 2))
    friends = np.sort(friends[friends[:, 0] != friends[:, 1]], axis=1)
    return np.unique(friends, axis=0)


def simulate(
    rng: np.random.Generator, n: int, degree: int, chance: float, window: int, end: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """A listener passes it on to each friend with a chance, within the window; a few begin each day.

    Returns first times (-1 for never), friendships, and the mean number of those to whom one passed it.
    """
    friends = ring_lattice(rng, n, degree)
    around: list[list[int]] = [[] for _ in range(n)]
    for a, b in friends.tolist():
        around[a].append(b)
        around[b].append(a)
    first = np.full(n, -1)
    children = np.zeros(n, np.int64)
    due: list[list[tuple[int, int]]] = [[] for _ in range(end + window + 1)]
    for now in range(end + 1):
        fresh = [(int(one), -1) for one in rng.integers(0, n, 3)]
        for one, source in due[now] + fresh:
            if first[one] < 0:
                first[one] = now
                if source >= 0:
                    children[source] += 1
                for friend in around[one]:
                    if rng.random() < chance:
                        due[now + int(rng.integers(1, window + 1))].append((friend, one))
    early = (first >= 0) & (first <= end - window)
    return first, friends, float(children[early].mean())


def among_listeners(first: np.ndarray, friends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    heard = first >= 0
    position = np.cumsum(heard) - 1
    return first[heard], position[friends[heard[friends].all(axis=1)]]


@pytest.mark.parametrize("r", [0.3, 0.6, 0.9])
def test_a_known_r_is_found(r: float) -> None:
    """Within 5 % of what was simulated; that is near degree x chance, less friends who had it already."""
    rng = np.random.default_rng(int(10 * r))
    first, friends, truth = simulate(rng, 40_000, 10, r / 10, 8, 200)
    found = reproduction(*among_listeners(first, friends), 8, 200, 20, 1)
    assert truth == pytest.approx(r, rel=0.1)
    assert found.r == pytest.approx(truth, rel=0.05)
    assert found.r > found.high > found.shuffled > found.low
    assert found.p == pytest.approx(1 / 21)


def test_without_influence_r_is_that_of_the_shuffle() -> None:
    """Friends have it in common, as tastes are, and times are drawn: R is large and means nothing."""
    inside = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found = reproduction(rng.integers(0, 100, 3_000), ring_lattice(rng, 3_000, 12), 10, 100, 40, seed)
        assert found.r > 0.5
        assert found.r == pytest.approx(found.shuffled, rel=0.05)
        inside += found.low <= found.r <= found.high
    assert inside >= 16


def test_the_same_seed_gives_the_same() -> None:
    rng = np.random.default_rng(1)
    first, friends = rng.integers(0, 50, 300), ring_lattice(rng, 300, 6)
    one, other = (reproduction(first, friends, 5, 50, 9, 4) for _ in range(2))
    assert one == other
    assert one.p * 10 == pytest.approx(round(one.p * 10))


def test_crossings() -> None:
    """0 to 1 and 2 from country 3 to 5; 3 stays; 4 has no country; 5 came by itself."""
    parent = np.array([-1, 0, 0, 1, 3, -1, 4, 2])
    country = np.array([3, 5, 5, 5, -1, 5, 3, 3])
    found = crossings(parent, country)
    assert found.source.tolist() == [3, 5]
    assert found.target.tolist() == [5, 3]
    assert found.counts.tolist() == [2, 1]
    assert (found.within, found.unknown) == (1, 2)


def test_a_long_chain() -> None:
    n = 5_000
    chain = np.column_stack([np.arange(n - 1), np.arange(1, n)])
    found = spread(np.arange(n), chain, 1)
    assert found.generation.tolist() == list(range(n))
    assert (found.roots.tolist(), found.sizes.tolist()) == ([0], [n])


def test_nobody() -> None:
    nothing, none = np.empty(0, np.int64), np.empty((0, 2), np.int64)
    assert len(spread(nothing, none, 1).parent) == 0
    assert np.isnan(reproduction(nothing, none, 1, 0, 3, 0).r)
    assert len(crossings(nothing, nothing).counts) == 0


def test_refusals() -> None:
    one, none = np.zeros(1, np.int64), np.empty((0, 2), np.int64)
    with pytest.raises(InvalidRequest, match="window must be a finite number >= 1, got 0"):
        spread(one, none, 0)
    with pytest.raises(InvalidRequest, match="n_shuffles must be a finite number >= 0, got -1"):
        reproduction(one, none, 1, 1, -1, 0)
    with pytest.raises(ShapeError, match=r"friends must be \(m, 2\), got \(1,\)"):
        spread(one, one, 1)
    with pytest.raises(ShapeError, match=r"friends must be 0\.\.0, got 0\.\.1"):
        spread(one, np.array([[0, 1]]), 1)
