"""How an artist spreads along friendships: who heard it first, and through whom it went on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.checks import check_at_least
from muse_graph.core.types import BoolArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = ["Crossings", "Reproduction", "Spread", "crossings", "reproduction", "spread"]

_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Through whom it went on.

    Attributes:
        parent: (n,) int64, position of the friend from whom each listener may have it; -1 for those who came
            by themselves
        root: (n,) int64, position of the first of each listener's cascade, its own for a first
        generation: (n,) int64, 0 for a first, 1 for its children, ...
        roots: (n_cascades,) int64, the firsts, by the size of their cascade from the largest down, then the
            earliest, then by position
        sizes: (n_cascades,) int64, listeners of each cascade, its first too
    """

    parent: IntArray
    root: IntArray
    generation: IntArray
    roots: IntArray
    sizes: IntArray


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How many listeners a listener brings on, beside the same where times are shuffled.

    Attributes:
        r: mean number of children of a listener; NaN if nobody was early enough
        n: listeners early enough to have had the whole window
        shuffled: the mean of r over the shuffles, NaN without any
        low, high: where the middle 95 % of the shuffles lie
        p: the share of shuffles with an r as large, this world counted as one of them: small where friends
            listen one after the other more than chance has it
    """

    r: float
    n: int
    shuffled: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """From which country to which it went on.

    Attributes:
        source, target: (m,) int64, codes of different countries, by count from the most down, then ascending
        counts: (m,) int64, listeners in target with a parent in source
        within: listeners whose parent is in the same country
        unknown: listeners with a parent, where one of both has no country
    """

    source: IntArray
    target: IntArray
    counts: IntArray
    within: int
    unknown: int


def spread(first: IntArray, friends: IntArray, window: int) -> Spread:
    """Find through whom each listener may have come to it.

    The parent is the friend who heard it first at most `window` before the listener did, the latest of them
    (ties: the smaller position). A friend who heard it at the same time is no parent. That is what may have
    been: friends share tastes, too. `reproduction` says how much of it chance explains.

    Args:
        first: (n,) int64, when each listener first heard it, in any unit
        friends: (m, 2) int64, pairs of positions in `first`, each pair once in any order
        window: > 0, in the unit of `first`

    Raises:
        InvalidRequest: If the window is below 1.
        ShapeError: If friends is not (m, 2), or a position is not in `first`.
    """
    edges = _Edges.of(friends, len(first))
    latest = edges.latest_before(first, window)
    parent = np.full(len(first), -1)
    match = np.flatnonzero(first[edges.friend] == latest[edges.child])
    # Friends ascend within a child: the first that matches is the smallest.
    child, at = np.unique(edges.child[match], return_index=True)
    parent[child] = edges.friend[match[at]]
    root, generation = _climb(parent)
    sizes = np.bincount(root, minlength=len(first))
    roots = np.flatnonzero(parent < 0)
    order = np.lexsort((roots, first[roots], -sizes[roots]))
    return Spread(parent, root, generation, roots[order], sizes[roots[order]])


def reproduction(
    first: IntArray, friends: IntArray, window: int, end: int, n_shuffles: int, seed: int
) -> Reproduction:
    """Count how many listeners a listener brings on, and how many chance would.

    Only listeners whose whole window is seen count: those who first heard it at `end` - window or before. In
    a shuffle friendships and times stay and listeners change their times with one another: what friends share
        all
    along is in it, what passes from one to the other is not.

    Args:
        first, friends, window: of `spread`
        end: the last time that is seen, in the unit of `first`
        n_shuffles: >= 0
        seed: of the shuffles; the same gives the same

    Raises:
        InvalidRequest: If the window is below 1 or n_shuffles below 0.
        ShapeError: If friends is not (m, 2), or a position is not in `first`.

    References:
        Anagnostopoulos, Kumar and Mahdian, KDD 2008 (shuffle test); R as the mean of a branching process:
        Goel, Watts and Goldstein, EC 2012
    """
    check_at_least("n_shuffles", n_shuffles, 0)
    edges = _Edges.of(friends, len(first))
    rng = np.random.default_rng(seed)
    r, n = edges.mean_children(first, window, end)
    shuffles = np.array(
        [edges.mean_children(rng.permutation(first), window, end)[0] for _ in range(n_shuffles)], np.float64
    )
    if not n or not n_shuffles:
        return Reproduction(r, n, np.nan, np.nan, np.nan, np.nan)
    low, high = np.quantile(shuffles, [0.025, 0.975])
    p = (1 + np.count_nonzero(shuffles >= r)) / (1 + n_shuffles)
    return Reproduction(r, n, float(shuffles.mean()), float(low), float(high), float(p))


def crossings(parent: IntArray, country: IntArray) -> Crossings:
    """Count from which country to which it went on.

    Args:
        parent: (n,) int64 of `spread`
        country: (n,) int64, code of each listener's country from 0, -1 for none

    Raises:
        ShapeError: If the arrays differ in length.
    """
    check_lengths(parent=parent, country=country)
    child = np.flatnonzero(parent >= 0)
    pairs = np.column_stack([country[parent[child]], country[child]])
    known = (pairs >= 0).all(axis=1)
    across = pairs[known & (pairs[:, 0] != pairs[:, 1])]
    found, counts = np.unique(across, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    within = int(np.count_nonzero(known)) - len(across)
    return Crossings(found[order, 0], found[order, 1], counts[order], within, int(np.count_nonzero(~known)))


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Friendships both ways, by child and then friend.

    Attributes:
        child, friend: (2m,) int64
        starts: (n_children,) int64, where the edges of each child with any begin
    """

    child: IntArray
    friend: IntArray
    starts: IntArray

    @classmethod
    def of(cls, friends: IntArray, n: int) -> _Edges:
        if friends.ndim != 2 or friends.shape[1] != 2:
            raise ShapeError(f"friends must be (m, 2), got {friends.shape}")
        if len(friends) and not 0 <= friends.min() <= friends.max() < n:
            raise ShapeError(f"friends must be 0..{n - 1}, got {friends.min()}..{friends.max()}")
        both = np.concatenate([friends, friends[:, ::-1]])
        child, friend = both[np.lexsort((both[:, 1], both[:, 0]))].T
        return cls(child, friend, np.unique(child, return_index=True)[1])

    def latest_before(self, first: IntArray, window: int) -> IntArray:
        """(n,) int64, when the latest friend within the window heard it; the smallest int64 for none."""
        check_at_least("window", window, 1)
        latest = np.full(len(first), _NEVER)
        if len(self.child):
            theirs, mine = first[self.friend], first[self.child]
            within: BoolArray = (theirs < mine) & (theirs >= mine - window)
            best = np.maximum.reduceat(np.where(within, theirs, _NEVER), self.starts)
            latest[self.child[self.starts]] = best
        return latest

    def mean_children(self, first: IntArray, window: int, end: int) -> tuple[float, int]:
        """Mean number of children of the n who had the whole window; n."""
        n = int(np.count_nonzero(first <= end - window))
        latest = self.latest_before(first, window)
        children = np.count_nonzero((latest > _NEVER) & (latest <= end - window))
        return (float(children / n) if n else np.nan), n


def _climb(parent: IntArray) -> tuple[IntArray, IntArray]:
    """The first ancestor of each, and how many steps up it is: each round climbs as far again."""
    up: IntArray = np.where(parent < 0, np.arange(len(parent)), parent)
    steps: IntArray = (parent >= 0).astype(np.int64)
    while (steps[up] > 0).any():
        steps, up = steps + steps[up], up[up]
    return up, steps
