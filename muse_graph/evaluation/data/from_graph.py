"""The graph itself as a data set: how good would the models be for the users there are?"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from muse_graph.core.arrays import find
from muse_graph.core.rerank.track_similarity import Traits, traits_of
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.graph.connection import Graph
from muse_graph.service.pagination import Advance
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.training.tracks import read_tracks
from muse_graph.training.users import read_users

__all__ = ["read_graph", "read_traits"]

_PAGE = 2_000


def read_graph(graph: Graph, advance: Advance) -> Dataset:
    """Read listens, friendships and tags; ids are the keys of the graph, rows in the order of keys.

    A tag of an artist counts for each of the artist's tracks. Saves and discards are left out: they were
    given to recommendations, which would be measured by their own success.
    """
    tracks = read_tracks(graph, advance)
    users = read_users(graph, tracks.keys, advance)
    played = users.interactions
    names, tag = np.unique(users.tag, return_inverse=True)
    n_artists = len(tracks.artist_keys)
    links = (np.arange(len(tracks.by_item)), (tracks.by_artist, np.arange(len(tracks.by_item))))
    # Row a holds the places of artist a's links, so that a tag can be repeated for each of its tracks.
    by_artist = sparse.csr_array(links, shape=(n_artists, len(tracks.by_item)))
    artist = find(tracks.artist_keys, users.tagged_artist)
    known = np.flatnonzero(artist >= 0)
    n_tracks = np.diff(by_artist.indptr)[artist[known]]
    row = np.repeat(known, n_tracks)
    return Dataset(
        name="graph",
        user_ids=tuple(map(str, users.keys.tolist())),
        item_ids=tuple(map(str, tracks.keys.tolist())),
        genre_ids=tuple(map(str, tracks.genre_keys.tolist())),
        user=played.user_index,
        item=played.item,
        plays=played.plays,
        heard=played.heard,
        friends=users.friends,
        tag_user=users.tagger[row],
        tag_item=tracks.by_item[by_artist[artist[known]].indices],
        tag=tag[row],
        n_tags=len(names),
        item_genre=tracks.genre,
    )


def read_traits(graph: Graph, dataset: Dataset) -> Traits:
    """What the tracks of `read_graph` are compared by; a track that has gone since has no traits."""
    keys = [int(item_id) for item_id in dataset.item_ids]
    pages = [keys[first : first + _PAGE] for first in range(0, len(keys), _PAGE)]
    reader = TrackCache().reading(graph)
    tracks = [track for page in pages for track in reader.get(page)]
    return traits_of(
        [track.artist_keys if track else () for track in tracks],
        [track.language if track else None for track in tracks],
        [track.features if track else None for track in tracks],
    )
