"""Samples that stay, who has heard what, and who heard it first; beside slow references."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.artists.earliest import earliest
from muse_graph.core.artists.heard import (
    GenrePlays,
    heard_of,
    listeners_of_artists,
    listeners_of_items,
)
from muse_graph.core.artists.sampling import sample_keys, sample_pairs
from muse_graph.core.listening.profiles import pack, unpack
from muse_graph.errors import ShapeError

keys = st.lists(st.integers(-(2**63), 2**63 - 1), unique=True, max_size=60).map(
    lambda values: np.array(values, np.int64)
)


@given(keys, st.integers(0, 70), st.integers(0, 70))
def test_a_smaller_sample_is_within_a_larger_one(values: np.ndarray, one: int, other: int) -> None:
    small, large = (sample_keys(values, most) for most in sorted((one, other)))
    assert len(small) == min(len(values), one, other)
    assert set(small.tolist()) <= set(large.tolist()) <= set(values.tolist())
    assert np.array_equal(small, np.sort(small))
    assert np.array_equal(sample_keys(values[::-1], len(large)), large)


def test_a_sample_is_drawn_evenly_also_of_keys_in_a_row() -> None:
    found = sample_keys(np.arange(20_000), 2_000)
    # A tenth of each tenth: 200, with a deviation of 13.4.
    assert np.all(np.abs(np.histogram(found, bins=10)[0] - 200) < 60)


def test_a_sample_of_pairs_is_of_pairs_and_not_of_either() -> None:
    first, second = (side.ravel() for side in np.meshgrid(np.arange(100), np.arange(100)))
    found = sample_pairs(first, second, 1_000)
    assert np.array_equal(found, np.sort(found))
    assert len(np.unique(first[found])) == len(np.unique(second[found])) == 100
    assert np.array_equal(sample_pairs(first, second, 20_000), np.arange(10_000))
    with pytest.raises(ShapeError):
        sample_pairs(first, second[:3], 2)


plays = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(1, 12)), st.integers(1, 9), min_size=0, max_size=30
)


@given(plays, st.sets(st.integers(1, 12)), st.sets(st.tuples(st.integers(0, 4), st.integers(100, 103))))
def test_what_is_left_out_does_not_count_for_genres_either(
    played: dict[tuple[int, int], int], left_out: set[int], liked: set[tuple[int, int]]
) -> None:
    """Track t is in the genres 100 + t % 4 and, if it is even, 104."""

    def genres_of(track: int) -> list[int]:
        return [100 + track % 4, *([104] if track % 2 == 0 else [])]

    streams: dict[tuple[int, int], int] = defaultdict(int)
    beside: dict[tuple[int, int], int] = defaultdict(int)
    for (user, track), n in played.items():
        for genre in genres_of(track):
            streams[user, genre] += n
            beside[user, genre] += 0 if track in left_out else n
    for pair in liked:
        streams[pair] += 1
        beside[pair] += 1
    packed = []
    for user in range(5):
        rows = [(t, g, n) for (who, t), n in played.items() if who == user for g in genres_of(t)]
        track, genre, n_plays = np.array(rows, np.int64).reshape(-1, 3).T
        packed.append(pack(track, genre, n_plays, np.full(len(rows), np.nan)))
    pairs = np.array([(*pair, n) for pair, n in streams.items()], np.int64).reshape(-1, 3)
    found = heard_of(np.arange(5), unpack(packed), GenrePlays(*pairs.T), np.array(sorted(left_out), np.int64))
    assert set(zip(found.user.tolist(), found.track.tolist(), strict=True)) == {
        pair for pair in played if pair[1] not in left_out
    }
    assert sorted(zip(found.genre_user.tolist(), found.genre.tolist(), strict=True)) == sorted(
        pair for pair, n in beside.items() if n
    )
    wanted = np.array([103, 100, 7], np.int64)
    counts = [sum(1 for (_, genre), n in beside.items() if n and genre == one) for one in wanted]
    assert listeners_of_items(found.genre, wanted).tolist() == counts
    catalogue = [[1, 2, 3], [], [3, 4, 99]]
    listeners, n_pairs = listeners_of_artists(found, catalogue)
    for artist, tracks in enumerate(catalogue):
        rows = [(who, t) for who, t in played if t in tracks and t not in left_out]
        assert (listeners[artist], n_pairs[artist]) == (len({who for who, _ in rows}), len(rows))


def days(*numbers: int | None) -> np.ndarray:
    return np.array(["NaT" if n is None else f"2026-10-{n:02}" for n in numbers], "datetime64[D]")


@pytest.mark.parametrize(
    ("most", "found", "cut"),
    [
        (9, [4, 2, 1, 3, 0], False),
        (5, [4, 2, 1, 3, 0], False),
        (4, [4, 2, 1], True),
        (3, [4, 2, 1], True),
        (2, [4], True),
        (1, [4], True),
    ],
)
def test_the_first_to_hear_it_are_followed_by_whole_days(most: int, found: list[int], cut: bool) -> None:
    order, more = earliest(np.array([50, 40, 30, 45, 10, 5]), days(9, 4, 4, 9, 1, None), most)
    assert (order.tolist(), more) == (found, cut)


def test_a_first_day_with_too_many_is_cut_by_key() -> None:
    order, more = earliest(np.array([7, 3, 5, 1]), days(2, 2, 2, 3), 2)
    assert (order.tolist(), more) == ([1, 2], True)
    none, more = earliest(np.array([7]), days(None), 2)
    assert (none.tolist(), more) == ([], False)
