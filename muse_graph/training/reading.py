"""The graph read in streams, as what models learn from; positions follow the keys, ascending."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from muse_graph.core.arrays import find
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import FloatMatrix, IntArray
from muse_graph.errors import ModelError
from muse_graph.graph.connection import Graph
from muse_graph.model_store import Catalogue
from muse_graph.service.listens.refresh import how_to_finish, unfinished
from muse_graph.service.pagination import Advance
from muse_graph.training.tracks import Tracks, read_tracks
from muse_graph.training.users import Users, read_users

__all__ = ["TrainingSet", "read_training_set"]


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Training data, and the keys behind its positions.

    Attributes:
        data: items are the tracks of the catalogue; its first users are those of the graph
        catalogue: its listeners are those of the data
        user_keys: (n,) int64 ascending, users of the graph
        tag_keys: (n_tags,) int64 ascending
    """

    data: TrainingData
    catalogue: Catalogue
    user_keys: IntArray
    tag_keys: IntArray


def read_training_set(graph: Graph, advance: Advance) -> TrainingSet:
    """Read everything; users and tracks created meanwhile may be in it or not.

    Raises:
        ModelError: If a load is unfinished.
    """
    if loads := unfinished(graph):
        raise ModelError(how_to_finish(loads.values()))
    tracks = read_tracks(graph, advance)
    users = read_users(graph, tracks.keys, advance)
    tag_keys, user_tags, item_tags = _tags(tracks, users)
    data = TrainingData(
        n_users=len(users.keys),
        n_items=len(tracks.keys),
        interactions=users.interactions,
        feedback=users.feedback,
        friends=users.friends,
        user_tags=user_tags,
        item_tags=item_tags,
        item_genre=tracks.genre,
    )
    catalogue = Catalogue(
        track_keys=tracks.keys,
        genre=tracks.genre,
        artist=tracks.artist,
        listeners=np.bincount(users.interactions.item, minlength=len(tracks.keys)),
        under_radar=tracks.under_radar,
        genre_keys=tracks.genre_keys,
        artist_keys=tracks.artist_keys,
    )
    return TrainingSet(data, catalogue, users.keys, tag_keys)


def _tags(tracks: Tracks, users: Users) -> tuple[IntArray, FloatMatrix, FloatMatrix]:
    """Keys of the tags, how often each user gave each, and how many gave it to the artists of each track."""
    keys, tag = np.unique(users.tag, return_inverse=True)
    ones = np.ones(len(tag))
    user_tags = sparse.csr_array((ones, (users.tagger, tag)), shape=(len(users.keys), len(keys)))
    artist = find(tracks.artist_keys, users.tagged_artist)
    known = artist >= 0
    n_artists = len(tracks.artist_keys)
    artist_tags = sparse.csr_array((ones[known], (artist[known], tag[known])), shape=(n_artists, len(keys)))
    links = (np.ones(len(tracks.by_item)), (tracks.by_item, tracks.by_artist))
    by = sparse.csr_array(links, shape=(len(tracks.keys), n_artists))
    return keys, user_tags, (by @ artist_tags).tocsr()
