"""A live listener in the positions of a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.keys import key_of, keys_of
from muse_graph.errors import ShapeError
from muse_graph.model_store import Content, ServedModel

Making = Callable[..., Content]
TRACKS = [f"t{number}" for number in range(1, 8)]


@pytest.fixture
def served(make: Making) -> ServedModel:
    return ServedModel("v000001", {}, make())


def keys(*identifiers: str) -> np.ndarray:
    return keys_of(identifiers)


def test_a_listener_is_seen_with_what_the_model_knows(served: ServedModel) -> None:
    profile = served.profile(
        track_keys=keys("t2", "new", "t4"),
        plays=np.array([5, 9, 2]),
        heard=np.array([0.5, 0.1, np.nan]),
        saved_keys=keys("t4", "t1", "newer"),
        discarded_keys=keys("t3"),
        friends=served.users(keys("u3", "u1", "nobody", "u1")),
        tags={"tropical": 2, "unheard of": 7, "late night": 1},
    )
    tracks = served.catalogue.track_keys[profile.items].tolist()
    assert (np.diff(profile.items) > 0).all()
    assert dict(zip(tracks, profile.plays.tolist(), strict=True)) == {
        key_of("t1"): 0,
        key_of("t2"): 5,
        key_of("t3"): 0,
        key_of("t4"): 2,
    }
    assert dict(zip(tracks, profile.feedback.tolist(), strict=True)) == {
        key_of("t1"): 1,
        key_of("t2"): 0,
        key_of("t3"): -1,
        key_of("t4"): 1,
    }
    assert profile.heard[tracks.index(key_of("t2"))] == 0.5
    assert np.isnan(profile.heard).sum() == 3
    assert set(served.content.user_keys[profile.friends]) == {key_of("u1"), key_of("u3")}
    assert served.content.tag_keys[profile.tags].tolist() == sorted(keys("late night", "tropical"))
    counts = dict(zip(served.content.tag_keys[profile.tags].tolist(), profile.tag_counts, strict=True))
    assert counts == {key_of("late night"): 1, key_of("tropical"): 2}


def test_a_stranger_has_an_empty_profile(served: ServedModel) -> None:
    none = np.empty(0, np.int64)
    profile = served.profile(
        track_keys=none,
        plays=none,
        heard=np.empty(0),
        saved_keys=none,
        discarded_keys=none,
        friends=np.empty(0, np.int64),
        tags={},
    )
    assert [len(getattr(profile, name)) for name in (one.name for one in fields(profile))] == [0] * 7
    with pytest.raises(ShapeError):
        served.profile(
            track_keys=none,
            plays=np.ones(1, np.int64),
            heard=np.empty(0),
            saved_keys=none,
            discarded_keys=none,
            friends=np.empty(0, np.int64),
            tags={},
        )


@given(
    played=st.dictionaries(st.sampled_from(TRACKS), st.integers(1, 99)),
    saved=st.sets(st.sampled_from(TRACKS)),
    discarded=st.sets(st.sampled_from(TRACKS)),
)
def test_a_profile_equals_its_slow_twin(
    played: dict[str, int], saved: set[str], discarded: set[str], make: Making
) -> None:
    served = ServedModel("v000001", {}, make())
    profile = served.profile(
        track_keys=keys(*played),
        plays=np.array(list(played.values()), np.int64),
        heard=np.ones(len(played)),
        saved_keys=keys(*saved),
        discarded_keys=keys(*discarded),
        friends=np.empty(0, np.int64),
        tags={},
    )
    known = {track: int(served.items(keys(track))[0]) for track in TRACKS[:4]}
    assert served.items(keys(*TRACKS[4:])).tolist() == [-1] * 3
    right = sorted(
        (item, played.get(track, 0), -1.0 if track in discarded else float(track in saved))
        for track, item in known.items()
        if track in played or track in saved | discarded
    )
    found = zip(profile.items.tolist(), profile.plays.tolist(), profile.feedback.tolist(), strict=True)
    assert list(found) == right
