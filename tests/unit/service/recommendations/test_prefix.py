"""The list for k is the head of the list for more, and that of all candidates, whatever is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.answers import Recommendations
from muse_graph.core.keys import key_of, keys_of
from muse_graph.core.listening.profiles import pack
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations import candidates, context, sources
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import RecommendationOptions
from tests.fakes import FakeGraph
from tests.worlds import small

N_TRACKS, N_ARTISTS, GENRES = 24, 7, ("pop", "fado", "jazz", "ska")
ALL = N_TRACKS + 1

options = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["discovery", "for-you", "under-the-radar"]),
        "radar_share": st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]),
        "max_per_artist": st.sampled_from([1, 2, 3, 1000]),
    },
    optional={
        "new_only": st.booleans(),
        "beyond_friends": st.booleans(),
        "diversity": st.sampled_from([0.3, 1.0]),
        "focus": st.sampled_from([0.0, 1.0]),
        "neighbours": st.sampled_from([1, 2]),
        "weights": st.sampled_from(["heard", "log-plays", "binary"]),
    },
)


@contextmanager
def world(seed: int, *, cut_off: bool) -> Iterator[tuple[FakeGraph, ServedModel]]:
    """A listener, four friends and three others in a small world of that seed, and a model of it.

    Args:
        cut_off: whether the listener's profile does not hold all that is known
    """
    rng = np.random.default_rng(seed)
    tracks = [f"t{n}" for n in range(N_TRACKS)]
    users = ["u1", "f1", "f2", "f3", "f4", "o1", "o2", "o3"]
    with pytest.MonkeyPatch.context() as patch:
        plays = {
            user: {
                track: int(rng.integers(1, 30))
                for track in rng.choice(tracks, int(rng.integers(1, 12)), replace=False).tolist()
            }
            for user in users
        }
        patch.setattr(small, "PLAYS", plays)
        patch.setattr(small, "GENRES", {track: str(rng.choice(GENRES)) for track in tracks})
        patch.setattr(small, "ARTISTS", {track: f"a{rng.integers(N_ARTISTS)}" for track in tracks})
        patch.setattr(small, "_ARTIST_PLAYS", {f"a{n}": int(rng.integers(5, 40)) for n in range(N_ARTISTS)})
        patch.setattr(small, "FRIENDS", [("u1", f"f{n}") for n in range(1, 5)])

        def packed(user: str) -> bytes:
            heard = rng.choice([0.01, 0.5, 0.9, np.nan], len(plays[user]))
            genres = keys_of(small.GENRES[track] for track in plays[user])
            return pack(keys_of(plays[user]), genres, np.array([*plays[user].values()]), heard)

        profiles = {user: packed(user) for user in users}
        own = {small.GENRES[track] for track in plays["u1"]}
        listeners = dict.fromkeys(GENRES, 0)
        for friend in users[1:5]:
            for genre in {small.GENRES[track] for track in plays[friend]}:
                listeners[genre] += 1
        row = {
            "country": "PT",
            "n_friends": 4,
            "profile": profiles["u1"],
            "own_genres": [[key_of(genre), int(rng.integers(1, 40))] for genre in own],
            "friend_genres": [[key_of(genre), n] for genre, n in listeners.items() if n],
            "pool": [],
            "feedback": [],
            "friends": [
                [user, user.upper(), "nobody" if user == "f2" else None, profiles[user]]
                for user in users[1:5]
            ],
            "similar": [[key_of("o1"), profiles["o1"]]],
            "tags": [],
        }
        hidden = (
            {key_of(track) for track in rng.choice(tracks, 4, replace=False).tolist()} if cut_off else set()
        )
        ranked = [[key_of(track), 90 - n, [key_of(small.GENRES[track])]] for n, track in enumerate(tracks)]
        both = rng.permutation(len(tracks)).tolist()
        graph = small.small_graph(
            listener_neighbourhood=[row],
            all_genres=[{"keys": [key_of(genre) for genre in GENRES]}],
            friends_of_friends=[{"user_id": "o2", "in_common": 1, "profile": profiles["o2"]}],
            similar_listeners=[{"user_id": "o3", "in_common": 1.0, "profile": profiles["o3"]}],
            country_chart=lambda limit, **_: [{"tracks": [ranked[n] for n in both[:12]][:limit]}],
            chart=lambda limit: [{"tracks": ranked[:limit]}],
            tracks_not_new=lambda keys, **_: [{"keys": sorted(hidden & set(keys))}],
        )
        if cut_off:
            patch.setattr(context, "MAX_TRACKS", 1)
        patch.setattr(sources, "_CHART", (3, 7, 1_000))
        patch.setattr(candidates, "_STEP", 4)
        yield graph, small.served()


def in_small_steps(patch: pytest.MonkeyPatch) -> None:
    for name, value in {"_SHORT": 1, "_TIMES_K": 1, "_TIMES": 2}.items():
        patch.setattr(candidates, name, value)


def same(found: Recommendations, whole: Recommendations, k: int) -> None:
    """The head of a list, to the last reason; what it is called is that of its first track."""
    assert found.items == whole.items[:k]
    assert found.mode == whole.mode


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    asked=options,
    trained=st.booleans(),
    cut_off=st.booleans(),
    ks=st.lists(st.integers(1, ALL), min_size=1, max_size=4),
)
def test_a_list_is_the_head_of_each_longer_one(
    seed: int, asked: dict[str, Any], trained: bool, cut_off: bool, ks: list[int]
) -> None:
    with world(seed, cut_off=cut_off) as (graph, served), pytest.MonkeyPatch.context() as patch:
        model = served if trained else None
        # The steps of diversity are part of what is asked for; the others must make no difference.
        if "diversity" in asked:
            in_small_steps(patch)
        whole = recommend(graph, "u1", RecommendationOptions(k=ALL, **asked), model=model)
        in_small_steps(patch)
        for k in ks:
            same(recommend(graph, "u1", RecommendationOptions(k=k, **asked), model=model), whole, k)
        for item in whole.items:
            # Where tracks are equal in the float32 of a model's scores, they are made equal.
            assert sum(reason.part for reason in item.reasons) == pytest.approx(item.score, abs=1e-6)
        scores = [item.score for item in whole.items]
        assert asked.get("diversity") or scores == sorted(scores, reverse=True)
