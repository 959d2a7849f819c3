"""Tracks, artists and genres."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers.common import Named

__all__ = ["ArtistCard", "ArtistCatalogue", "CatalogueTrack", "GenreCard", "TrackCard"]


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
class CatalogueTrack:
    """A track of an artist."""

    track_id: str
    title: str
    genres: list[Named]


@dataclass(frozen=True)
class ArtistCatalogue:
    """An artist as its own pages name it.

    Attributes:
        n_tracks: how many tracks there are; `tracks` may name fewer
        tracks: most listeners first
        genres: of these tracks, those of most tracks first
    """

    artist_id: str
    name: str
    country: str | None
    n_tracks: int
    tracks: list[CatalogueTrack]
    genres: list[Named]


@dataclass(frozen=True)
class GenreCard:
    """A genre found by search or by id."""

    genre_id: str
    name: str
    tracks: int
