"""Tracks as training reads them from the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.arrays import find
from muse_graph.core.keys import key_of
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import TrainingTracksArtist
from muse_graph.service.pagination import Advance, each_page

__all__ = ["Tracks", "read_tracks"]

_PAGE = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Tracks in the order of their keys.

    Attributes:
        keys: (n_items,) int64 ascending
        genre: (n_items,) int64, position of the primary genre, -1 for none
        artist: (n_items,) int64, position of the first artist by id, -1 for none
        under_radar: (n_items,) bool
        genre_keys, artist_keys: int64 ascending
        by_item, by_artist: (n_links,) int64 positions, one pair for each artist of each track
    """

    keys: IntArray
    genre: IntArray
    artist: IntArray
    under_radar: BoolArray
    genre_keys: IntArray
    artist_keys: IntArray
    by_item: IntArray
    by_artist: IntArray


def read_tracks(graph: Graph, advance: Advance) -> Tracks:
    """Read all tracks, with their genres and artists."""
    keys: list[int] = []
    genres: list[int | None] = []
    links: list[tuple[int, int, int]] = []
    for page in each_page(graph, "training_tracks", "track_id", _PAGE):
        for row in page:
            artists: list[TrainingTracksArtist] = row["artists"]
            links += [(len(keys), key_of(artist.artist_id), artist.plays) for artist in artists]
            keys.append(row["key"])
            genres.append(row["genre"])
        advance("tracks", len(page))
    line = next((row["radar_plays"] for row in graph.read("radar_line")), -1)
    return _in_order(keys, genres, np.array(links, np.int64).reshape(-1, 3), line)


def _in_order(keys: list[int], genres: list[int | None], links: IntArray, line: int) -> Tracks:
    """Turn what was read into positions by the order of keys.

    Args:
        links: (n_links, 3) int64: place of the track as read, key and plays of the artist
        line: how many plays an artist under the radar has at most
    """
    key = np.array(keys, np.int64)
    order = np.argsort(key)
    index = np.empty_like(order)
    index[order] = np.arange(len(order))
    genre_keys = np.array(sorted({one for one in genres if one is not None}), np.int64)
    # A key of its own for none would be a key of something; so they are separated after the search.
    genre = find(genre_keys, np.array([0 if one is None else one for one in genres], np.int64))
    genre[[one is None for one in genres]] = -1
    artist_keys, by_artist = np.unique(links[:, 1], return_inverse=True)
    by_item = index[links[:, 0]]
    # Links of a track come in the order of the artists' ids, and of equals the last assignment stays.
    artist = np.full(len(key), -1)
    artist[by_item[::-1]] = by_artist[::-1]
    most = np.zeros(len(key), np.int64)
    np.maximum.at(most, by_item, links[:, 2])
    return Tracks(key[order], genre[order], artist, most <= line, genre_keys, artist_keys, by_item, by_artist)
