"""A small world for tests without a database: what the queries of a recommendation answer, and a model of it.

    u1 plays t1 t2          genre pop        friends: u2, u3 (private), u4 is similar in taste
    u2 plays t1 t3 t4       t3 t4 are fado
    u3 plays t2 t4 t5       t5 is jazz
    u4 plays t1 t3 t6       t6 is fado

Artist a1 made t1, t2 and t3, and is the only one among the most played; a2 made t4, t5 and t6.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from muse_graph.core.keys import key_of, keys_of
from muse_graph.core.listening.profiles import pack
from muse_graph.core.models.ease.ease import EaseOptions, fit_ease
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Interactions
from muse_graph.graph.connection import Row
from muse_graph.model_store import Catalogue, Content, ServedModel
from tests.fakes import Answers, FakeGraph

__all__ = ["GENRES", "PLAYS", "content", "served", "small_graph", "track_names"]

PLAYS = {
    "u1": {"t1": 9, "t2": 3},
    "u2": {"t1": 2, "t3": 5, "t4": 2},
    "u3": {"t2": 1, "t4": 8, "t5": 1},
    "u4": {"t1": 4, "t3": 1, "t6": 6},
}
GENRES = {"t1": "pop", "t2": "pop", "t3": "fado", "t4": "fado", "t5": "jazz", "t6": "fado"}
ARTISTS = {"t1": "a1", "t2": "a1", "t3": "a1", "t4": "a2", "t5": "a2", "t6": "a2"}
FRIENDS = [("u1", "u2"), ("u1", "u3")]
_RADAR_PLAYS = 20
_ARTIST_PLAYS = {"a1": 25, "a2": 17}


def profile(user_id: str) -> bytes:
    """What the user plays, as the graph keeps it; heard is unknown for the first track, 0.9 for others."""
    played = PLAYS[user_id]
    heard = np.where(np.arange(len(played)) == 0, np.nan, 0.9)
    genres = keys_of(GENRES[track] for track in played)
    return pack(keys_of(played), genres, np.array(list(played.values())), heard)


def neighbourhood(max_similar: int = 0, **_: object) -> list[Row]:
    """The answer of `listener_neighbourhood` for u1."""
    friends = [["u2", "Bea", None, profile("u2")], ["u3", "Carl", "nobody", profile("u3")]]
    return [
        {
            "country": None,
            "n_friends": len(friends),
            "profile": profile("u1"),
            "own_genres": [[key_of("pop"), 12]],
            "friend_genres": [[key_of("pop"), 2], [key_of("fado"), 2], [key_of("jazz"), 1]],
            "pool": [],
            "feedback": [],
            "friends": friends,
            "similar": [[key_of("u4"), profile("u4")]][:max_similar],
            "tags": [["late night", 2]] if max_similar else [],
        }
    ]


def track_names(keys: list[int]) -> list[Row]:
    """The answer of `track_names`; the title of t1 is Song 1."""
    tracks = [
        [
            key_of(track),
            track,
            f"Song {track[1:]}",
            "pt",
            None,
            [[artist, f"The {artist}", _ARTIST_PLAYS[artist]]],
            [[1, GENRES[track], GENRES[track], key_of(GENRES[track])]],
        ]
        for track, artist in ARTISTS.items()
        if key_of(track) in keys
    ]
    return [{"tracks": tracks, "radar_plays": _RADAR_PLAYS}]


def genre_names(keys: list[int]) -> list[Row]:
    """The answer of `genre_names`."""
    return [{"genres": [[key_of(name), name, name] for name in set(GENRES.values()) if key_of(name) in keys]}]


def small_graph(**more: Answers) -> FakeGraph:
    """A graph that answers about u1; there is nothing to fall back on unless `more` says so."""
    return FakeGraph(
        {
            "listener_neighbourhood": neighbourhood,
            "track_names": track_names,
            "genre_names": genre_names,
            "friends_of_friends": [],
            "similar_listeners": [],
            "chart": [{"tracks": []}],
            **more,
        }
    )


def content() -> Content:
    """What training makes of this world."""
    users, tracks, tags = (np.sort(keys_of(names)) for names in (PLAYS, GENRES, ["late night"]))
    genres, artists = (np.sort(keys_of(set(names.values()))) for names in (GENRES, ARTISTS))
    rows = sorted(
        (int(np.searchsorted(users, key_of(user))), int(np.searchsorted(tracks, key_of(track))), plays)
        for user, played in PLAYS.items()
        for track, plays in played.items()
    )
    user, item, plays = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    by_key = {key_of(track): track for track in GENRES}
    order = [by_key[key] for key in tracks.tolist()]
    item_genre = np.searchsorted(genres, keys_of(GENRES[track] for track in order))
    pairs = np.searchsorted(users, [[key_of(one), key_of(other)] for one, other in FRIENDS])
    both = np.concatenate([pairs, pairs[:, ::-1]])
    n_users, n_items = len(users), len(tracks)
    data = TrainingData(
        n_users,
        n_items,
        Interactions(user, item, plays, np.full(len(plays), np.nan)),
        sparse.csr_array((n_users, n_items)),
        sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), (n_users, n_users)),
        sparse.csr_array((n_users, 1)),
        sparse.csr_array((n_items, 1)),
        item_genre,
    )
    catalogue = Catalogue(
        track_keys=tracks,
        genre=item_genre,
        artist=np.searchsorted(artists, keys_of(ARTISTS[track] for track in order)),
        listeners=np.bincount(item, minlength=n_items),
        under_radar=np.array([ARTISTS[track] == "a2" for track in order]),
        genre_keys=genres,
        artist_keys=artists,
    )
    return Content(fit_ease(data, EaseOptions()), catalogue, users, tags)


def served() -> ServedModel:
    """That model, served."""
    return ServedModel("v000001", {}, content())
