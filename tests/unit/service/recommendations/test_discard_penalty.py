"""What discards take from tracks of the same artist, beside a slow twin."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.models.types import Profile
from muse_graph.model_store import Catalogue
from muse_graph.service.recommendations.discard_penalty import DISCARDED_ARTIST, artist_penalty

N_ITEMS, N_ARTISTS = 8, 3


def profile_of(said: dict[int, int]) -> Profile:
    items = np.array(sorted(said), np.int64)
    none = np.empty(0, np.int64)
    feedback = np.array([said[item] for item in sorted(said)], np.float64)
    return Profile(
        items, np.ones(len(items), np.int64), np.full(len(items), np.nan), feedback, none, none, np.empty(0)
    )


def catalogue_of(artist: list[int]) -> Catalogue:
    keys = np.arange(len(artist))
    return Catalogue(
        track_keys=keys,
        genre=np.full(len(artist), -1),
        artist=np.array(artist, np.int64),
        listeners=keys,
        under_radar=np.zeros(len(artist), np.bool_),
        genre_keys=np.empty(0, np.int64),
        artist_keys=np.arange(N_ARTISTS),
    )


@given(
    said=st.dictionaries(st.integers(0, N_ITEMS - 1), st.sampled_from([-1, 0, 1])),
    artist=st.lists(st.integers(-1, N_ARTISTS - 1), min_size=N_ITEMS, max_size=N_ITEMS),
    items=st.lists(st.integers(-1, N_ITEMS - 1)),
)
def test_as_much_as_discards_are_of_all_that_was_done(
    said: dict[int, int], artist: list[int], items: list[int]
) -> None:
    penalty = artist_penalty(profile_of(said), catalogue_of(artist), np.array(items, np.int64))
    for item, score, n in zip(items, penalty.scores, penalty.discards, strict=True):
        met = [said[other] for other in said if item >= 0 and artist[other] == artist[item] >= 0]
        assert n == met.count(-1)
        assert score == (-DISCARDED_ARTIST * met.count(-1) / len(met) if met else 0)
