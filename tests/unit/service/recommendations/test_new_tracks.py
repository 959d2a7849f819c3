"""Scores of tracks that came after the training, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from muse_graph.answers import Named
from muse_graph.core.keys import key_of, keys_of
from muse_graph.model_store import Catalogue
from muse_graph.service.recommendations.new_tracks import scores_of_new
from muse_graph.service.recommendations.track_cache import TrackInfo

ARTISTS, GENRES = sorted(["a1", "a2", "a3"], key=key_of), sorted(["rock", "fado"], key=key_of)
A1, A2, A3 = (ARTISTS.index(name) for name in ("a1", "a2", "a3"))
ROCK, FADO = GENRES.index("rock"), GENRES.index("fado")
#: Two tracks of a1 and one of a2 in rock, one of a3 in fado, one of a2 that nobody has heard.
CATALOGUE = Catalogue(
    track_keys=np.arange(5),
    genre=np.array([ROCK, ROCK, ROCK, FADO, FADO]),
    artist=np.array([A1, A1, A2, A3, A2]),
    listeners=np.array([9, 9, 9, 9, 0]),
    under_radar=np.zeros(5, np.bool_),
    genre_keys=keys_of(GENRES),
    artist_keys=keys_of(ARTISTS),
)
STANDARD = np.array([4.0, 2.0, 0.0, -1.0, 50.0])


def new(artists: list[str], genres: list[str]) -> TrackInfo:
    return TrackInfo(
        key=7,
        track_id="new",
        title="New",
        under_radar=False,
        language=None,
        features=None,
        artists=[Named(name, name) for name in artists],
        genres=[Named(name, name) for name in genres],
        artist_keys=(),
        genre_keys=tuple(key_of(name) for name in genres),
    )


@pytest.mark.parametrize(
    ("artists", "genres", "score"),
    [
        (["a1"], ["rock"], (4 + 2 + 2 * 2) / 4),
        (["a2"], ["rock"], (0 + 2 * 2) / 3),
        (["a1", "a2"], ["rock", "fado"], (4 + 2 + 0 + 2 * 0.5) / 5),
        (["nobody"], ["fado"], -1.0),
        (["a1"], ["new wave"], (4 + 2) / 4),
        (["nobody"], [], 0.0),
    ],
    ids=["loved", "one track", "two of each", "artist unknown", "genre unknown", "nothing known"],
)
def test_a_new_track_is_worth_what_its_artists_and_genres_are(
    artists: list[str], genres: list[str], score: float
) -> None:
    assert scores_of_new(CATALOGUE, STANDARD, [new(artists, genres), None]).tolist() == [score, 0.0]
