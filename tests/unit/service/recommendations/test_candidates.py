"""Which tracks may be recommended, beside a slow twin; and which of them make the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.discovery.twenty_percent_rule import make_ledger
from muse_graph.core.keys import key_of, keys_of
from muse_graph.core.listening.profiles import MAX_TRACKS, Profiles
from muse_graph.service.recommendations.candidates import (
    CandidateSet,
    Reranker,
    allowed_genres,
    generate_candidates,
)
from muse_graph.service.recommendations.context import RecommendationContext, read_context
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache, TrackReader
from tests.fakes import FakeGraph
from tests.worlds import small

N_GENRES = 4


def profiles_of(entries: Sequence[tuple[int, int]]) -> Profiles:
    """Of (user_index, track) pairs."""
    user, track = np.array(entries, np.int64).reshape(-1, 2).T
    rest = np.zeros(len(user), np.int64)
    return Profiles(user, track, rest, rest, rest.astype(np.float64))


def gather_slowly(
    entries: list[tuple[int, int, int]], allowed: list[bool], boost: list[float], known: set[int]
) -> dict[int, int]:
    """The genre of each candidate: of those allowed the one with most appeal, the first of equals."""
    found: dict[int, int] = {}
    for user, track, genre in entries:
        if user == 0 or track in known or not allowed[genre]:
            continue
        best = found.get(track, -1)
        if best < 0 or (genre >= 0 and (-boost[genre], genre) < (-boost[best], best)):
            found[track] = genre
    return found


@given(
    entries=st.lists(
        st.tuples(st.integers(0, 3), st.integers(-3, 6), st.integers(-1, N_GENRES - 1)), max_size=30
    ),
    allowed=st.lists(st.booleans(), min_size=N_GENRES + 1, max_size=N_GENRES + 1),
    boost=st.lists(st.sampled_from([0.0, 0.2, 0.5, 1.0]), min_size=N_GENRES, max_size=N_GENRES),
    known=st.sets(st.integers(-3, 6)),
)
def test_candidates_are_those_of_the_slow_twin(
    entries: list[tuple[int, int, int]], allowed: list[bool], boost: list[float], known: set[int]
) -> None:
    tracks, genre = generate_candidates(
        profiles_of([entry[:2] for entry in entries]),
        np.array([entry[2] for entry in entries], np.int64),
        np.array(allowed),
        np.array(boost),
        np.array(sorted(known), np.int64),
    )
    assert (np.diff(tracks) > 0).all()
    expected = gather_slowly(entries, allowed, boost, known)
    assert dict(zip(tracks.tolist(), genre.tolist(), strict=True)) == expected


TRACKS = ["t3", "t4", "t5", "t6"]
FADO, JAZZ = key_of("fado"), key_of("jazz")


def context_of(graph: FakeGraph) -> RecommendationContext:
    found = read_context(graph, "u1", RecommendationOptions())
    graph.asked.clear()
    return found


def chosen(
    graph: FakeGraph, k: int, *, scores: Sequence[float] = (0.9, 0.5, 0.4, 0.1), **more: Any
) -> list[str]:
    """Which of TRACKS make the list; t3 is by the artist everybody plays, the others are under the radar."""
    options, context = more.pop("options", RecommendationOptions(radar_share=0.0)), context_of(graph)
    genre = np.searchsorted(context.genres.keys, [FADO, FADO, JAZZ, FADO])
    items = keys_of(TRACKS)
    reranker = Reranker(context, options, TrackCache().reading(graph))
    best = reranker.choose(CandidateSet(items, np.array(scores), genre, **more), k)
    assert items[best.index].tolist() == [track.key for track in best.tracks]
    return [track.track_id for track in best.tracks]


def test_the_best_come_first() -> None:
    assert chosen(small.small_graph(), 3) == ["t3", "t4", "t5"]
    assert chosen(small.small_graph(), 9) == TRACKS
    assert chosen(small.small_graph(), 9, scores=(0.1, 0.2, 0.3, 0.4)) == TRACKS[::-1]


def test_a_track_that_is_gone_makes_room() -> None:
    def without_t4(keys: list[int]) -> Any:
        return small.track_names([key for key in keys if key != key_of("t4")])

    assert chosen(small.small_graph(track_names=without_t4), 2) == ["t3", "t5"]


def test_what_is_worth_more_under_the_radar_rises() -> None:
    assert chosen(small.small_graph(), 2, radar_weight=0.45) == ["t4", "t3"]


def test_the_mode_under_the_radar_has_nobody_else() -> None:
    assert chosen(small.small_graph(), 4, options=RecommendationOptions(mode="under-the-radar")) == [
        "t4",
        "t5",
        "t6",
    ]


def test_a_share_of_the_list_is_under_the_radar() -> None:
    assert chosen(small.small_graph(), 1, options=RecommendationOptions(radar_share=1.0)) == ["t4"]
    # Half of one track is none.
    assert chosen(small.small_graph(), 1, options=RecommendationOptions(radar_share=0.5)) == ["t3"]
    scores = (0.9, 0.1, 0.5, 0.4)
    half = RecommendationOptions(radar_share=0.5)
    assert chosen(small.small_graph(), 2, scores=scores, options=half) == ["t3", "t5"]


def test_few_tracks_of_an_artist() -> None:
    options = RecommendationOptions(radar_share=0.0, max_per_artist=1)
    assert chosen(small.small_graph(), 4, options=options) == ["t3", "t4"]


def test_tracks_unlike_those_above_come_earlier() -> None:
    options = RecommendationOptions(radar_share=0.0, diversity=0.9)
    assert chosen(small.small_graph(), 2, scores=(0.1, 0.9, 0.8, 0.7), options=options) == ["t4", "t3"]


@pytest.mark.parametrize("flags", [None, np.array([False, True, True, True])], ids=["unknown", "known"])
@pytest.mark.parametrize(
    "options",
    [{"radar_share": 1.0}, {"radar_share": 0.5}, {"mode": "under-the-radar"}, {"max_per_artist": 1}],
)
def test_candidates_are_looked_at_until_no_other_can_change_the_list(
    options: dict[str, Any], flags: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = RecommendationOptions(**options)
    whole = chosen(small.small_graph(), 4, options=asked, under_radar=flags)
    for k in range(1, 5):
        for weight in (0.0, 0.45):
            monkeypatch.undo()
            found = chosen(small.small_graph(), k, options=asked, under_radar=flags, radar_weight=weight)
            monkeypatch.setattr("muse_graph.service.recommendations.candidates._SHORT", 1)
            monkeypatch.setattr("muse_graph.service.recommendations.candidates._TIMES_K", 1)
            monkeypatch.setattr("muse_graph.service.recommendations.candidates._TIMES", 2)
            assert found == chosen(
                small.small_graph(), k, options=asked, under_radar=flags, radar_weight=weight
            )
            assert weight or found == whole[:k]


def test_no_more_candidates_are_looked_at_than_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muse_graph.service.recommendations.candidates._SHORT", 1)
    monkeypatch.setattr("muse_graph.service.recommendations.candidates._TIMES_K", 1)
    graph = small.small_graph()
    assert chosen(graph, 1) == ["t3"]
    assert [params["keys"] for _, params in graph.asked] == [[key_of("t3")]]


def test_tracks_are_asked_for_with_the_genre_they_are_offered_in() -> None:
    graph = small.small_graph()

    class Claims(TrackReader):
        def get(self, keys: Any, genres: Any = None) -> Any:
            claims.update(zip(keys, genres, strict=True))
            return super().get(keys, genres)

    claims: dict[int, int | None] = {}
    context = context_of(graph)
    genre = np.append(np.searchsorted(context.genres.keys, [FADO, JAZZ]), -1)
    items = keys_of(["t3", "t5", "t6"])
    reranker = Reranker(context, RecommendationOptions(), Claims(TrackCache(), graph))
    reranker.choose(CandidateSet(items, np.zeros(3), genre), 3)
    assert claims == dict(zip(items.tolist(), [FADO, JAZZ, None], strict=True))


def test_only_a_listener_whose_profile_is_cut_off_is_asked_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = small.small_graph(tracks_not_new=lambda **_: [{"keys": [key_of("t3")]}])
    assert chosen(graph, 2) == ["t3", "t4"]
    assert [name for name, _ in graph.asked] == ["track_names"]
    assert MAX_TRACKS > 2
    monkeypatch.setattr("muse_graph.service.recommendations.context.MAX_TRACKS", 2)
    assert chosen(graph, 2) == ["t4", "t5"]
    assert [name for name, _ in graph.asked] == ["track_names", "tracks_not_new"]


def test_nothing_gathered_nothing_chosen() -> None:
    graph, none = small.small_graph(), np.empty(0, np.int64)
    reranker = Reranker(context_of(graph), RecommendationOptions(), TrackCache().reading(graph))
    best = reranker.choose(CandidateSet(none, np.empty(0), none), 5)
    assert (best.index.tolist(), best.tracks) == ([], [])
    assert graph.asked == []


def test_what_is_listed_does_not_come_again() -> None:
    graph, items = small.small_graph(), keys_of(TRACKS)
    reranker = Reranker(
        context_of(graph), RecommendationOptions(radar_share=0.0), TrackCache().reading(graph)
    )
    candidates = CandidateSet(items, np.array([0.9, 0.5, 0.4, 0.1]), np.full(4, -1))
    first = reranker.choose(candidates, 2)
    rest = reranker.choose(candidates, 2, first.tracks)
    assert [track.track_id for track in (*first.tracks, *rest.tracks)] == TRACKS
    assert items[rest.index].tolist() == [track.key for track in rest.tracks]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"mode": "discovery"}, [False, True, False, False, False]),
        ({"mode": "discovery", "new_only": True}, [False, True, False, False, False]),
        ({"mode": "for-you"}, [True, True, False, True, True]),
        ({"mode": "under-the-radar"}, [True, True, False, True, True]),
        ({"mode": "for-you", "new_only": True}, [False, True, False, False, False]),
    ],
)
def test_genres_that_tracks_may_come_from(options: dict[str, Any], expected: list[bool]) -> None:
    """One at home, one never heard, one turned away, one that rests; the last place: tracks without one."""
    ledger = make_ledger(
        np.array([20, 0, 0, 9]),
        friends_play=np.ones(4, np.bool_),
        recorded=np.array([False, False, False, True]),
        dismissed=np.array([False, False, True, False]),
    )
    found = allowed_genres(ledger, RecommendationOptions(**options))
    assert found.tolist() == expected
    assert found.dtype == np.bool_
