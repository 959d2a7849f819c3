"""Tracks that came after the training, scored by what they are: by their artists, else by their genres.

A new track has the mean score of its artists' tracks and of two more, which have the mean of its genres. So
an artist with one track says less than one with ten; a new artist is worth what the genres are, and a track
of no known genre the mean of all tracks. Tags are given to artists, and are in the scores of their tracks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.core.arrays import find
from muse_graph.core.keys import keys_of
from muse_graph.core.types import Float32Array, FloatArray, IntArray
from muse_graph.model_store import Catalogue
from muse_graph.service.recommendations.track_cache import TrackInfo

__all__ = ["scores_of_new"]

#: For so many tracks of the artist the mean of the genres counts.
_GENRE_COUNTS_FOR = 2.0


def scores_of_new(
    catalogue: Catalogue, standard: Float32Array, tracks: Sequence[TrackInfo | None]
) -> FloatArray:
    """Score tracks that the model does not know; 0, the mean, for one that is gone.

    Args:
        standard: (n_items,) float32, the listener's scores in deviations above their mean

    Returns:
        (n,) float64, in such deviations
    """
    heard = np.flatnonzero(catalogue.listeners > 0)
    scores = standard[heard].astype(np.float64)
    genre_sums, genre_counts = _sums(catalogue.genre[heard], scores, len(catalogue.genre_keys))
    artist_sums, artist_counts = _sums(catalogue.artist[heard], scores, len(catalogue.artist_keys))
    genre_means = genre_sums / np.maximum(genre_counts, 1)
    found = np.zeros(len(tracks))
    for place, track in enumerate(tracks):
        if track is None:
            continue
        genres = find(catalogue.genre_keys, np.array(track.genre_keys, np.int64))
        genres = genres[genres >= 0]
        by_genre = float(genre_means[genres].mean()) if len(genres) else 0.0
        artists = find(catalogue.artist_keys, keys_of(artist.id for artist in track.artists))
        artists = artists[artists >= 0]
        weight = artist_counts[artists].sum() + _GENRE_COUNTS_FOR
        found[place] = (artist_sums[artists].sum() + _GENRE_COUNTS_FOR * by_genre) / weight
    return found


def _sums(group: IntArray, values: FloatArray, n_groups: int) -> tuple[FloatArray, FloatArray]:
    """Sum and number of the values of each group; -1 is no group."""
    grouped = group >= 0
    sums = np.bincount(group[grouped], weights=values[grouped], minlength=n_groups)
    return np.asarray(sums, np.float64), np.bincount(group[grouped], minlength=n_groups).astype(np.float64)
