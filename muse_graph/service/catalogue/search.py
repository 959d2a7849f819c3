"""Tracks, artists and genres: found by words, listed, looked up by id.

A search goes through the best thousand hits: to order all that begin with one letter would take seconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from muse_graph.answers import ArtistCard, GenreCard, Named, Page, TrackCard
from muse_graph.errors import NotFound, UnknownArtist, UnknownGenre, UnknownTrack, invalid
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import TrackCardsArtist, TrackCardsGenre
from muse_graph.service.pagination import Position, check_limit, page_of, read_cursor

__all__ = [
    "MAX_TEXT",
    "get_artist",
    "get_genre",
    "get_track",
    "lucene_query",
    "search_artists",
    "search_genres",
    "search_tracks",
]

MAX_TEXT = 200
_MOST = 2**63 - 1
_BEST = 1e308
_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')


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
    """`TrackCard`s whose titles have these words, best fit first; without words, most listeners first."""
    return _search(graph, _TRACKS, text, limit, cursor)


def search_artists(graph: Graph, text: str, *, limit: int, cursor: str | None = None) -> Page:
    """`ArtistCard`s whose names have these words, best fit first; without words, most plays first."""
    return _search(graph, _ARTISTS, text, limit, cursor)


def search_genres(graph: Graph, text: str, *, limit: int, cursor: str | None = None) -> Page:
    """`GenreCard`s whose names have these words, best fit first; without words, by name."""
    return _search(graph, _GENRES, text, limit, cursor)


def get_track(graph: Graph, track_id: str) -> TrackCard:
    """The track of that id; raises UnknownTrack."""
    card: TrackCard = _get(graph, _TRACKS, track_id)
    return card


def get_artist(graph: Graph, artist_id: str) -> ArtistCard:
    """The artist of that id; raises UnknownArtist."""
    card: ArtistCard = _get(graph, _ARTISTS, artist_id)
    return card


def get_genre(graph: Graph, genre_id: str) -> GenreCard:
    """The genre of that id; raises UnknownGenre."""
    card: GenreCard = _get(graph, _GENRES, genre_id)
    return card


def lucene_query(text: str) -> str:
    """What the full-text index is asked for: every word, the last one also as the beginning of a word.

    Returns:
        empty where the text has no letter and no digit
    """
    words = [word for word in _folded(text).split() if re.search(r"[^\W_]", word)]
    if not words:
        return ""
    return " AND ".join([*(_phrase(word) for word in words[:-1]), _beginning(words[-1])])


def _folded(text: str) -> str:
    """Small letters without accents, as the index keeps them: it folds whole words itself, beginnings not."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFC", "".join(one for one in apart if not unicodedata.combining(one)))


def _phrase(word: str) -> str:
    """The word as the index cuts it up: AC/DC is stored as ac and dc."""
    return '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'


def _beginning(word: str) -> str:
    # The index does not cut up what ends with a star, so it is asked for whole and in parts.
    *parts, last = re.findall(r"[^\W_]+", word)
    whole = _SPECIAL.sub(r"\\\1", word) + "*"
    cut = " AND ".join([*(_phrase(part) for part in parts), f"{last}*"])
    return f"({_phrase(word)} OR {whole} OR ({cut}))"


def _search(graph: Graph, resource: _Resource, text: str, limit: int, cursor: str | None) -> Page:
    check_limit(limit)
    if len(text) > MAX_TEXT:
        raise invalid("q", f"must have at most {MAX_TEXT} characters", len(text))
    # What UTF-8 cannot hold is in no title either.
    text = text.encode(errors="ignore").decode().strip()
    words = lucene_query(text)
    if text and not words:
        return Page([], None)
    start = (_BEST, "") if words else resource.start
    place, after = read_cursor(cursor, start)
    asked = {"place": place, "after": after, "limit": limit + 1}
    rows = graph.read(resource.hits, words=words, **asked) if words else graph.read(resource.listed, **asked)

    def cards(found: Sequence[Row]) -> list[Any]:
        return [resource.card(row) for row in graph.read(resource.cards, ids=[row["id"] for row in found])]

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
