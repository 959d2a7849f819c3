"""What two users play, compared: the number, what they share, and the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import Compatibility, Named, SharedTaste
from muse_graph.core.compatibility import Counts, Taste, compatibility, shared
from muse_graph.core.keys import key_of
from muse_graph.core.listening.profiles import NO_GENRE, unpack
from muse_graph.core.types import IntArray
from muse_graph.service.users.track_lines import TrackLines

__all__ = ["Listening", "PackedListening", "compare", "listening"]

#: Shared artists and genres that are named.
_NAMED = 10
_HIDDEN = "What this person plays is not shown to you"


@dataclass(frozen=True, slots=True, eq=False)
class PackedListening:
    """A profile: track, genre, plays (n,) int64, a track once for each of its genres."""

    track: IntArray
    genre: IntArray
    plays: IntArray


@dataclass(frozen=True)
class Listening:
    """What one user plays, with the names of it by key."""

    taste: Taste
    artist_names: dict[int, Named]
    genre_names: dict[int, Named]

    @classmethod
    def of(cls, packed: PackedListening, lines: TrackLines) -> Listening:
        """Add up a profile by genre, artist and track."""
        first = np.unique(packed.track, return_index=True)[1]
        tracks = Counts(packed.track[first], packed.plays[first])
        by = [
            (key_of(artist.id), plays, artist)
            for key, plays in zip(tracks.keys.tolist(), tracks.plays.tolist(), strict=True)
            if key in lines.tracks
            for artist in lines.tracks[key].artists
        ]
        artists = Counts.of(
            np.array([key for key, _, _ in by], np.int64), np.array([plays for _, plays, _ in by], np.int64)
        )
        named = packed.genre != NO_GENRE
        genre_names = {
            key: genre
            for track in tracks.keys.tolist()
            if (line := lines.tracks.get(track))
            for key, genre in zip(line.genre_keys, line.genres, strict=True)
        }
        genres = Counts.of(packed.genre[named], packed.plays[named])
        return cls(Taste(genres, artists, tracks), {key: artist for key, _, artist in by}, genre_names)


def listening(profiles: Sequence[bytes | None]) -> list[PackedListening]:
    """Unpack the profiles of several users."""
    found = unpack(profiles)
    rows = [found.user_index == index for index in range(len(profiles))]
    return [PackedListening(found.track[own], found.genre[own], found.plays[own]) for own in rows]


def compare(
    user_id: str, other_id: str, own: Listening, theirs: Listening, *, visible: bool
) -> Compatibility:
    """How well two tastes fit.

    Args:
        visible: whether what the other plays may be seen
    """
    if not visible:
        return Compatibility(user_id, other_id, None, _HIDDEN, None, None, None, None)
    artists = _shared(own.taste.artists, theirs.taste.artists, own.artist_names)
    genres = _shared(own.taste.genres, theirs.taste.genres, own.genre_names)
    known = len(own.taste.tracks.keys) and len(theirs.taste.tracks.keys)
    return Compatibility(
        user_id,
        other_id,
        compatibility(own.taste, theirs.taste),
        _sentence(artists, genres) if known else "One of you has played nothing yet",
        len(artists),
        len(genres),
        artists[:_NAMED],
        genres[:_NAMED],
    )


def _shared(own: Counts, theirs: Counts, names: dict[int, Named]) -> list[SharedTaste]:
    """What both play, first what the one who plays it less plays most."""
    rows = zip(*(column.tolist() for column in shared(own, theirs)), strict=True)
    found = [
        SharedTaste(names[key].id, names[key].name, mine, other) for key, mine, other in rows if key in names
    ]
    return sorted(found, key=lambda one: (-min(one.plays, one.their_plays), one.id))


def _sentence(artists: list[SharedTaste], genres: list[SharedTaste]) -> str:
    if not artists and not genres:
        return "You have no artist and no genre in common"
    both = [_counted(len(artists), "artist", artists), _counted(len(genres), "genre", genres)]
    return "You both play " + " and ".join(filter(None, both))


def _counted(n: int, noun: str, named: list[SharedTaste]) -> str:
    """How many, with the first two by name: "3 genres (fado, jazz, …)"."""
    if not n:
        return ""
    counted = f"one {noun}" if n == 1 else f"{n} {noun}s"
    names = [one.name for one in named[:2]]
    if not names:
        return counted
    return f"{counted} ({', '.join(names)}{', …' if n > len(names) else ''})"
