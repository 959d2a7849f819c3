"""Tracks, artists and genres."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers.common import Named

__all__ = ["ArtistCard", "GenreCard", "TrackCard"]


@dataclass(frozen=True)
class TrackCard:
    """A track found by search or by id."""

    track_id: str
    title: str
    artists: list[Named]
    genres: list[Named]
    plays: int
    listeners: int
    duration_s: float | None
    language: str | None
    mbid: str | None
    isrc: str | None


@dataclass(frozen=True)
class ArtistCard:
    """An artist found by search or by id; under the radar means outside the most played 20 %."""

    artist_id: str
    name: str
    country: str | None
    tracks: int
    plays: int
    under_the_radar: bool


@dataclass(frozen=True)
class GenreCard:
    """A genre found by search or by id."""

    genre_id: str
    name: str
    tracks: int
