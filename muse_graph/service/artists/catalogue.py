"""An artist as its pages name it: name, country, and the tracks most heard with their genres."""

from __future__ import annotations

from collections import Counter

from muse_graph.answers import ArtistCatalogue, CatalogueTrack, Named
from muse_graph.errors import UnknownArtist
from muse_graph.graph.connection import Graph

__all__ = ["MOST_TRACKS", "read_catalogue"]

#: Tracks that are named; an artist may have more.
MOST_TRACKS = 200


def read_catalogue(graph: Graph, artist_id: str) -> ArtistCatalogue:
    """The artist with up to `MOST_TRACKS` tracks; one round trip. raises: UnknownArtist"""
    rows = graph.read("artist_catalogue", artist_id=artist_id, limit=MOST_TRACKS)
    if not rows:
        raise UnknownArtist(artist_id)
    (row,) = rows
    tracks = [
        CatalogueTrack(track.track_id, track.title, [Named(*genre) for genre in track.genres])
        for track in row["tracks"]
    ]
    counts = Counter(genre for track in tracks for genre in track.genres)
    genres = sorted(counts, key=lambda genre: (-counts[genre], genre.id))
    return ArtistCatalogue(artist_id, row["name"], row["country"], row["n_tracks"], tracks, genres)
