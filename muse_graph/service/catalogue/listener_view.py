"""Tracks, artists and genres as one listener sees them: what the listener has done with them, and friends."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers import Named, TrackCard
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.catalogue.search import track_cards
from muse_graph.service.field_rules import Feedback

__all__ = [
    "ArtistRelation",
    "KnownTrack",
    "TrackRelation",
    "artist_relation",
    "artist_tracks",
    "genre_tracks",
    "liked_tracks",
    "track_relation",
]

_TRACKS = 24
#: Tracks of each genre that a listener likes.
_OF_EACH = 8
_FEEDBACK: dict[str | None, Feedback] = {"saved": "save", "discarded": "discard"}


@dataclass(frozen=True)
class KnownTrack:
    """A track, how often the listener played it, and the latest feedback on it."""

    card: TrackCard
    plays: int
    feedback: Feedback | None


@dataclass(frozen=True)
class TrackRelation:
    """What a listener and the friends have done with one track.

    Attributes:
        heard: mean share heard; None if unknown
        friends: how many play it; named are some of those who do not keep their listens private
        under_the_radar: whether none of its artists is among the most played 20 %
    """

    plays: int
    heard: float | None
    feedback: Feedback | None
    friends: int
    named: list[Named]
    under_the_radar: bool


@dataclass(frozen=True)
class ArtistRelation:
    """How often a listener played an artist, how many of the tracks, and how many friends play the artist."""

    plays: int
    tracks: int
    friends: int


def artist_tracks(
    graph: Graph, artist_id: str, user_id: str | None, *, limit: int = _TRACKS
) -> list[KnownTrack]:
    """The artist's tracks with the most listeners."""
    rows = graph.read("artist_tracks", artist_id=artist_id, user_id=user_id or "", limit=limit)
    return _known(graph, rows)


def genre_tracks(graph: Graph, genre_id: str, user_id: str | None) -> list[KnownTrack]:
    """The genre's tracks with the most listeners."""
    rows = graph.read("genre_tracks", genre_id=genre_id, user_id=user_id or "", limit=_TRACKS)
    return _known(graph, rows)


def liked_tracks(graph: Graph, user_id: str) -> list[KnownTrack]:
    """The most heard tracks of the genres that the listener likes, of each genre in turn."""
    return _known(graph, graph.read("liked_tracks", user_id=user_id, each=_OF_EACH, limit=_TRACKS))


def track_relation(graph: Graph, track_id: str, user_id: str | None) -> TrackRelation:
    """What the listener has done with a track; nothing for a track that is not there."""
    rows = graph.read("listener_track", track_id=track_id, user_id=user_id or "")
    if not rows:
        return TrackRelation(0, None, None, 0, [], under_the_radar=False)
    row = rows[0]
    named = list(map(Named, row["friend_ids"], row["friend_names"]))
    feedback = _FEEDBACK.get(row["said"])
    return TrackRelation(
        row["plays"], row["heard"], feedback, row["friends"], named, under_the_radar=row["under_the_radar"]
    )


def artist_relation(graph: Graph, artist_id: str, user_id: str | None) -> ArtistRelation:
    """How much the listener and the friends play an artist."""
    (row,) = graph.read("listener_artist", artist_id=artist_id, user_id=user_id or "")
    return ArtistRelation(**row)


def _known(graph: Graph, rows: list[Row]) -> list[KnownTrack]:
    cards = {card.track_id: card for card in track_cards(graph, [row["id"] for row in rows])}
    return [
        KnownTrack(cards[row["id"]], row["plays"], _FEEDBACK.get(row["said"]))
        for row in rows
        if row["id"] in cards
    ]
