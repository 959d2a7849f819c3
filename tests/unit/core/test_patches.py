"""A profile and what was heard last, changed listen by listen: the same as made of all listens at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.listening.profiles import MAX_TRACKS, NO_GENRE, pack, put_track
from muse_graph.core.listening.recent import MAX_RECENT, put_recent

#: Genres of each track; keys are of all 64 bits.
GENRES = {-(2**63): [5, -3], -7: [], 0: [0], 9: [2**63 - 1], 2**63 - 1: [1, 2, 3]}

tracks = st.sampled_from(sorted(GENRES))
shares = st.none() | st.floats(0, 1)


def packed(heard: dict[int, tuple[int, float | None]]) -> bytes:
    rows = [
        (track, genre, plays, np.nan if share is None else share)
        for track, (plays, share) in heard.items()
        for genre in GENRES.get(track, []) or [NO_GENRE]
    ]
    kinds = (np.int64, np.int64, np.int64, np.float64)
    columns = zip(*rows, strict=True)
    return pack(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


@given(st.lists(st.tuples(tracks, st.integers(1, 2**40), shares), min_size=1))
def test_a_profile(listens: list[tuple[int, int, float | None]]) -> None:
    profile, heard = b"", {}
    for track, plays, share in listens:
        heard[track] = (plays, share)
        after = put_track(profile, track, GENRES[track], plays, share)
        assert after == packed(heard)
        profile = after


def test_a_full_profile_takes_listens_of_its_tracks_alone() -> None:
    heard: dict[int, tuple[int, float | None]] = dict.fromkeys(range(10, 10 + MAX_TRACKS), (1, 0.5))
    profile = packed(heard)
    assert put_track(profile, 10, [], 2, 0.5) == packed(heard | {10: (2, 0.5)})
    assert put_track(profile, 9, GENRES[9], 1, 0.5) is None
    # Rows count by tracks, however many genres these have.
    del heard[10]
    heard[2**63 - 1] = (1, None)
    assert len(packed(heard)) > len(profile)
    assert put_track(packed(heard), 10, [], 1, None) is None
    del heard[11]
    assert put_track(packed(heard), 10, [], 1, None) == packed(heard | {10: (1, None)})


def test_what_is_no_profile_is_not_changed() -> None:
    assert put_track(b"short", 1, [], 1, None) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 70), st.integers(-50, 500)), max_size=150, unique_by=lambda one: one[1]
    ),
    st.lists(st.integers(0, 70)),
)
def test_what_was_heard_last(timed: list[tuple[int, int]], untimed: list[int]) -> None:
    recent: list[int] = []
    last: dict[int, int] = {}
    for track, at in timed:
        last[track] = max(at, last.get(track, at))
        order = sorted(last, key=lambda one: -last[one])[:MAX_RECENT]
        found = put_recent(recent, track, at)
        assert found == [number for one in order for number in (one, last[one])]
        recent = found
    for track in untimed:
        assert put_recent(recent, track, None) == recent


def test_of_two_tracks_of_one_time_nobody_knows_the_first() -> None:
    assert put_recent([1, 50, 2, 40], 3, 40) is None
    assert put_recent([1, 50, 2, 50], 2, None) is None
    assert put_recent([1, 50, 2, 50], 2, 60) is None
    assert put_recent([1, 50, 2, 50, 3, 40], 3, None) == [1, 50, 2, 50, 3, 40]
    assert put_recent([1, 50, 2, 50], 3, 60) == [3, 60, 1, 50, 2, 50]
