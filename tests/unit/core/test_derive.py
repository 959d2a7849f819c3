"""What is derived from a whole graph at once: known answers, and the rules that decide ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.arrays import group_sums
from muse_graph.core.listening import derive
from muse_graph.core.listening.derive import GenrePlays, Links, Listened, Listens
from muse_graph.core.listening.profiles import NO_GENRE, unpack
from muse_graph.core.types import IntArray
from muse_graph.errors import ShapeError


def ints(*values: int) -> IntArray:
    return np.array(values, np.int64)


def links(*pairs: tuple[int, int]) -> Links:
    return Links(*np.array(sorted(pairs), np.int64).reshape(-1, 2).T)


LISTENS = Listens(
    user=ints(1, 0, 1, 1, 0),
    track=ints(2, 1, 2, 0, 1),
    at=ints(50, -1, 70, 60, 20),
    heard=np.array([0.5, np.nan, 1.0, 0.25, 0.0000005]),
    plays=ints(2, 9, 1, 4, 3),
)


class TestListened:
    def test_one_row_for_each_user_and_track(self) -> None:
        found = derive.listened(LISTENS, 3)
        assert found.user.tolist() == [0, 1, 1]
        assert found.track.tolist() == [1, 0, 2]
        assert found.plays.tolist() == [12, 4, 3]
        assert found.heard_plays.tolist() == [3, 4, 3]
        # Half a millionth is rounded to even, which is none.
        assert found.heard_ppm.tolist() == [0, 1_000_000, 2_000_000]
        assert found.last_at.tolist() == [20, 60, 70]
        assert found.heard.tolist() == [0.0, 0.25, pytest.approx(2 / 3)]

    def test_where_no_share_is_known_there_is_no_mean(self) -> None:
        one = Listens(ints(0), ints(0), ints(-1), np.array([np.nan]), ints(7))
        found = derive.listened(one, 1)
        assert (found.heard_plays.tolist(), found.heard_ppm.tolist(), found.last_at.tolist()) == (
            [0],
            [0],
            [-1],
        )
        assert np.isnan(found.heard).all()

    def test_nothing_at_all(self) -> None:
        none = Listens(ints(), ints(), ints(), np.empty(0), ints())
        assert len(derive.listened(none, 0).user) == 0

    def test_lengths_that_differ(self) -> None:
        with pytest.raises(ShapeError):
            derive.listened(Listens(ints(0), ints(0, 1), ints(-1), np.array([0.5]), ints(1)), 2)


class TestGenrePlays:
    TRACK_GENRES = links((0, 1), (2, 0), (2, 1))

    def test_a_play_counts_for_every_genre_and_a_like_for_one(self) -> None:
        pairs = derive.listened(LISTENS, 3)
        found = derive.genre_plays(pairs, self.TRACK_GENRES, links((0, 1), (1, 1)), 3, 2)
        rows = zip(found.user.tolist(), found.genre.tolist(), found.plays.tolist(), strict=True)
        assert [*rows] == [(0, 1, 1), (1, 0, 3), (1, 1, 4 + 3 + 1)]

    def test_without_genres(self) -> None:
        found = derive.genre_plays(derive.listened(LISTENS, 3), links(), links(), 3, 0)
        assert len(found.plays) == 0


def test_sums_are_exact_and_have_a_place_for_all() -> None:
    assert group_sums(ints(2, 0, 2), ints(2**53, 1, 1), 4).tolist() == [1, 0, 2**53 + 1, 0]


@given(
    streams=st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 3)), st.integers(1, 12), max_size=14),
    pairs=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda p: p[0] != p[1]), max_size=7),
    theta=st.sampled_from([0.1, 0.2, 0.3, 0.5, 1.0]),
)
def test_pools_are_those_of_the_definition(
    streams: dict[tuple[int, int], int], pairs: set[tuple[int, int]], theta: float
) -> None:
    """A genre is in the pool when friends play it and it is below the cap, or nothing was played."""
    friendships = {(min(pair), max(pair)) for pair in pairs}
    rows = sorted(streams)
    plays = GenrePlays(
        ints(*(user for user, _ in rows)),
        ints(*(genre for _, genre in rows)),
        ints(*(streams[r] for r in rows)),
    )
    found = derive.discovery_pool(plays, links(*friendships), 5, 4, theta)
    expected = set()
    for user in range(5):
        friends = {b if a == user else a for a, b in friendships if user in (a, b)}
        favourite = max((streams.get((user, genre), 0) for genre in range(4)), default=0)
        for genre in range(4):
            below = streams.get((user, genre), 0) * 10 < favourite * round(theta * 10) or favourite == 0
            if below and any((friend, genre) in streams for friend in friends):
                expected.add((user, genre))
    assert [*zip(found.source.tolist(), found.target.tolist(), strict=True)] == sorted(expected)


def test_a_graph_of_nobody_has_no_pools() -> None:
    none = GenrePlays(ints(), ints(), ints())
    assert len(derive.discovery_pool(none, links(), 0, 0, 0.2).source) == 0


class TestProfiles:
    """Tracks 0..3; track 3 is in no genre, track 0 in two."""

    GENRES = links((0, 1), (0, 0), (1, 0), (2, 1))
    TRACK_KEYS, GENRE_KEYS = ints(40, 10, 30, 20), ints(8, 7)

    def packed(
        self, last_at: IntArray, plays: IntArray, order: IntArray | None = None
    ) -> dict[int, list[tuple[int, int, int]]]:
        n = len(last_at)
        pairs = Listened(ints(*[0] * n), np.arange(n), plays, ints(*[0] * n), ints(*[0] * n), last_at)
        order = np.arange(4) if order is None else order
        entries, bounds = derive.profiles(pairs, self.TRACK_KEYS, order, self.GENRES, self.GENRE_KEYS, 2)
        assert bounds[1] == bounds[2]
        profiles = {0: unpack([entries[: bounds[1]].tobytes()])}
        return {
            user: [*zip(p.track.tolist(), p.genre.tolist(), p.plays.tolist(), strict=True)]
            for user, p in profiles.items()
        }

    def test_a_row_for_each_genre_and_one_for_a_track_without(self) -> None:
        found = self.packed(ints(1, 2, 3, 4), ints(5, 6, 7, 2**33))
        assert found == {0: [(10, 8, 6), (20, NO_GENRE, 2**32 - 1), (30, 7, 7), (40, 7, 5), (40, 8, 5)]}

    def test_no_track_is_in_a_genre(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(TestProfiles, "GENRES", links())
        assert self.packed(ints(1), ints(5)) == {0: [(40, NO_GENRE, 5)]}

    @pytest.mark.parametrize(
        ("last_at", "plays", "order", "kept"),
        [
            ((1, 9, 8, 2), (5, 5, 5, 5), (0, 1, 2, 3), {10, 30}),
            ((5, -1, 8, -1), (5, 5, 5, 9), (0, 1, 2, 3), {30, 40}),
            ((5, 5, 5, 5), (1, 9, 2, 8), (0, 1, 2, 3), {10, 20}),
            ((5, 5, 5, 5), (5, 5, 5, 5), (3, 2, 1, 0), {20, 30}),
        ],
        ids=["latest first", "without a time last", "then most plays", "then by id"],
    )
    def test_of_very_many_the_first_are_kept(
        self,
        last_at: tuple[int, ...],
        plays: tuple[int, ...],
        order: tuple[int, ...],
        kept: set[int],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(derive, "MAX_TRACKS", 2)
        found = self.packed(ints(*last_at), ints(*plays), ints(*order))
        assert {track for track, _, _ in found[0]} == kept
