"""Tracks as lines of lists show them, looked up once for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from muse_graph.answers import TrackLine
from muse_graph.graph.connection import Graph
from muse_graph.service.recommendations.track_cache import TrackCache, TrackInfo

__all__ = ["TrackLines"]


@dataclass(frozen=True)
class TrackLines:
    """Tracks by their keys; one that is gone is not there."""

    tracks: dict[int, TrackInfo]

    @classmethod
    def read(cls, graph: Graph, track_cache: TrackCache, keys: Iterable[int]) -> TrackLines:
        """Look tracks up; one query at most."""
        wanted = list(dict.fromkeys(keys))
        found = track_cache.reading(graph).get(wanted) if wanted else []
        return cls({track.key: track for track in found if track})

    def get(self, key: int) -> TrackLine | None:
        """One of the tracks."""
        track = self.tracks.get(key)
        return track and TrackLine(track.track_id, track.title, track.artists, track.genres)
