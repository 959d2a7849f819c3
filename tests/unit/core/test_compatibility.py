"""Compatibility of two tastes: by hand, and what holds for any two."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.compatibility import Counts, Taste, affinity, compatibility, shared
from muse_graph.errors import ShapeError

Plays = dict[int, int]

COUNTS = st.dictionaries(st.integers(-5, 5), st.integers(1, 10**8), max_size=8)
TASTES = st.tuples(COUNTS, COUNTS, COUNTS)


def counts(plays: Plays) -> Counts:
    return Counts.of(np.array([*plays], np.int64), np.array([*plays.values()], np.int64))


def taste(genres: Plays, artists: Plays, tracks: Plays) -> Taste:
    return Taste(counts(genres), counts(artists), counts(tracks))


def reference(one: Plays, other: Plays) -> float:
    """The coefficient as its definition reads."""
    mine, theirs = sum(one.values()), sum(other.values())
    return sum(math.sqrt(one[key] / mine * other[key] / theirs) for key in one.keys() & other.keys())


def test_plays_of_one_thing_are_added_up() -> None:
    found = Counts.of(np.array([7, 3, 7], np.int64), np.array([1, 2, 4], np.int64))
    assert (found.keys.tolist(), found.plays.tolist()) == ([3, 7], [2, 5])
    with pytest.raises(ShapeError):
        Counts.of(np.array([7], np.int64), np.array([1, 2], np.int64))


@given(one=COUNTS, other=COUNTS)
def test_affinity_is_the_coefficient(one: Plays, other: Plays) -> None:
    found = affinity(counts(one), counts(other))
    assert 0 <= found <= 1
    assert found == pytest.approx(reference(one, other) if one and other else 0)
    assert found == affinity(counts(other), counts(one))


@given(one=COUNTS, other=COUNTS)
def test_what_is_shared(one: Plays, other: Plays) -> None:
    rows = zip(*(column.tolist() for column in shared(counts(one), counts(other))), strict=True)
    assert [*rows] == [(key, one[key], other[key]) for key in sorted(one.keys() & other.keys())]


@given(one=TASTES, other=TASTES, times=st.integers(2, 9))
def test_it_is_the_same_from_both_sides_and_for_any_amount(
    one: tuple[Plays, ...], other: tuple[Plays, ...], times: int
) -> None:
    found = compatibility(taste(*one), taste(*other))
    assert 0 <= found <= 100
    assert found == compatibility(taste(*other), taste(*one))
    more = [{key: times * plays for key, plays in part.items()} for part in one]
    assert compatibility(taste(*more), taste(*other)) == pytest.approx(found, abs=1)


@pytest.mark.parametrize(("n", "score"), [(0, 0), (1, 9), (10, 50), (90, 90), (500, 98)])
def test_the_same_taste_counts_by_how_much_is_known(n: int, score: int) -> None:
    plays = {key: 1 + key % 3 for key in range(n)}
    assert compatibility(taste(plays, plays, plays), taste(plays, plays, plays)) == score


def test_parts_and_their_weights() -> None:
    same, mine, theirs = {1: 5}, {1: 5}, {2: 5}
    tracks = dict.fromkeys(range(10), 1)
    others = {key + 10: 1 for key in range(10)}
    assert compatibility(taste(same, mine, tracks), taste(same, theirs, others)) == 20
    assert compatibility(taste(mine, same, tracks), taste(theirs, same, others)) == 20
    assert compatibility(taste(mine, mine, tracks), taste(theirs, theirs, tracks)) == 10
    assert compatibility(taste(mine, mine, tracks), taste(theirs, theirs, others)) == 0
