"""Tracks, artists and genres: found by words, listed, looked up by id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from muse_graph.answers import ArtistCard, GenreCard, Named, Page, TrackCard
from muse_graph.errors import NotFound, UnknownArtist, UnknownGenre, UnknownTrack
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import TrackCardsArtist, TrackCardsGenre
from muse_graph.service.pagination import Position, page_of, read_cursor
from muse_graph.service.text_search import page_of_hits

__all__ = [
    "artist_cards",
    "get_artist",
    "get_genre",
    "get_track",
    "search_artists",
    "search_genres",
    "search_tracks",
    "track_cards",
]

_MOST = 2**63 - 1


@dataclass(frozen=True)
class _Resource:
    """How one kind of thing is searched, listed and shown.

    Attributes:
        hits, listed, cards: names of the queries
        start: the place before the first of the list, as `read_cursor` takes it
    """

    hits: str
    listed: str
    cards: str
    start: Position
    card: Callable[[Row], Any]
    unknown: type[NotFound]


def search_tracks(graph: Graph, text: str, *, limit: int, cursor: str | None = None) -> Page:
    """`TrackCard`s whose titles or artists have these words, or all of them; most listeners first."""
    return _search(graph, _TRACKS, text, limit, cursor)


def search_artists(graph: Graph, text: str, *, limit: int, cursor: str | None = None) -> Page:
    """`ArtistCard`s whose names have these words, or all of them; most plays first."""
    return _search(graph, _ARTISTS, text, limit, cursor)


def search_genres(graph: Graph, text: str, *, limit: int, cursor: str | None = None) -> Page:
    """`GenreCard`s whose names have these words, most tracks first; without words all, by name."""
    return _search(graph, _GENRES, text, limit, cursor)


def get_track(graph: Graph, track_id: str) -> TrackCard:
    """The track of that id; raises UnknownTrack."""
    card: TrackCard = _get(graph, _TRACKS, track_id)
    return card


def track_cards(graph: Graph, ids: Sequence[str]) -> list[TrackCard]:
    """The tracks of these ids in this order, those that exist."""
    return [_track_card(row) for row in graph.read(_TRACKS.cards, ids=list(ids))] if ids else []


def artist_cards(graph: Graph, ids: Sequence[str]) -> list[ArtistCard]:
    """The artists of these ids in this order, those that exist."""
    return [ArtistCard(**row) for row in graph.read(_ARTISTS.cards, ids=list(ids))] if ids else []


def get_artist(graph: Graph, artist_id: str) -> ArtistCard:
    """The artist of that id; raises UnknownArtist."""
    card: ArtistCard = _get(graph, _ARTISTS, artist_id)
    return card


def get_genre(graph: Graph, genre_id: str) -> GenreCard:
    """The genre of that id; raises UnknownGenre."""
    card: GenreCard = _get(graph, _GENRES, genre_id)
    return card


def _search(graph: Graph, resource: _Resource, text: str, limit: int, cursor: str | None) -> Page:
    def cards(found: Sequence[Row]) -> list[Any]:
        return [resource.card(row) for row in graph.read(resource.cards, ids=[row["id"] for row in found])]

    if found := page_of_hits(graph, resource.hits, text, cards, limit=limit, cursor=cursor):
        return found
    place, after = read_cursor(cursor, resource.start)
    rows = graph.read(resource.listed, place=place, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: (row["place"], row["id"]), cards)


def _get(graph: Graph, resource: _Resource, identifier: str) -> Any:
    rows = graph.read(resource.cards, ids=[identifier])
    if not rows:
        raise resource.unknown(identifier)
    return resource.card(rows[0])


def _track_card(row: Row) -> TrackCard:
    artists: list[TrackCardsArtist] = row["artists"]
    genres: list[TrackCardsGenre] = row["genres"]
    named = {
        "artists": [Named(artist.id, artist.name) for artist in artists],
        "genres": [Named(genre.id, genre.name) for genre in genres],
    }
    return TrackCard(**(row | named))


_TRACKS = _Resource("track_hits", "most_heard_tracks", "track_cards", (_MOST, ""), _track_card, UnknownTrack)
_ARTISTS = _Resource(
    "artist_hits",
    "most_played_artists",
    "artist_cards",
    (_MOST, ""),
    lambda row: ArtistCard(**row),
    UnknownArtist,
)
_GENRES = _Resource(
    "genre_hits", "genres_by_name", "genre_cards", ("", ""), lambda row: GenreCard(**row), UnknownGenre
)
