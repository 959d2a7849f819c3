"""What listeners have heard, read from their profiles; and figures of everybody, to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.arrays import joined
from muse_graph.core.artists.heard import GenrePlays, Heard, heard_of
from muse_graph.core.artists.sampling import sample_pairs
from muse_graph.core.listening.profiles import unpack
from muse_graph.core.types import IntArray
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import read_audience
from muse_graph.service.artists.breakdowns import shown_countries
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.kept import Kept

__all__ = ["MOST_READ", "Everybody", "GenreUsers", "Languages", "Sample", "read_heard", "read_languages"]

#: Listeners read at most, of an audience and of everybody.
MOST_READ = 2_000
#: Tracks heard, each by one listener, whose language is looked up at most.
_MOST_PAIRS = 4_000


@dataclass(frozen=True, slots=True, eq=False)
class Languages:
    """Languages of m tracks heard, each by one listener.

    Attributes:
        user, track: (m,) int64 positions of listeners and keys of tracks
        language: (m,) int64 positions in `names`, -1 where unknown
        names: in their order
    """

    user: IntArray
    track: IntArray
    language: IntArray
    names: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A sample of everybody who has heard anything or likes a genre.

    Attributes:
        listeners: how many there are altogether; an estimate where not all are in the sample
        complete: whether all are
    """

    listeners: int
    complete: bool
    heard: Heard
    languages: Languages


@dataclass(frozen=True, slots=True, eq=False)
class GenreUsers:
    """The n users who play a genre and live somewhere.

    Attributes:
        keys: (n,) int64, ascending
        home: (n,) uint8, positions in `countries` of where each lives
    """

    keys: IntArray
    home: NDArray[np.uint8]
    countries: list[str]


class Everybody:
    """Figures of everybody, at most ten minutes old; one for all threads of a process.

    Users of a genre take 9 bytes each; the 100 genres asked for last are kept.
    """

    _OLDEST_S = 600.0
    _MOST_GENRES = 100
    _MOST_ARTISTS = 10_000

    def __init__(self) -> None:
        self._samples: Kept[Sample] = Kept(1, self._OLDEST_S, lambda found: found.listeners > 0)
        self._shown_in: Kept[frozenset[str]] = Kept(self._MOST_ARTISTS, self._OLDEST_S)
        self._genres: Kept[GenreUsers] = Kept(
            self._MOST_GENRES, self._OLDEST_S, lambda found: len(found.keys) > 0
        )

    def sample(self, graph: Graph) -> Sample:
        """The sample; three round trips where it has to be read. One without listeners is not kept."""
        return self._samples.get("", lambda: _read_sample(graph))

    def shown_in(self, graph: Graph, artist_id: str) -> frozenset[str]:
        """The countries whose plays an artist sees; one round trip where that has to be read.

        Raises:
            UnknownArtist: If no artist has that id.
        """

        def read() -> frozenset[str]:
            return shown_countries(read_audience(graph, artist_id, filters_of(), exact=False))

        return self._shown_in.get(artist_id, read)

    def playing(self, graph: Graph, genre_id: str) -> GenreUsers:
        """Who plays a genre; one round trip where that has to be read. One without users is not kept."""
        return self._genres.get(genre_id, lambda: _read_genre(graph, genre_id))


def _read_genre(graph: Graph, genre_id: str) -> GenreUsers:
    rows = graph.read("genre_listeners", genre_id=genre_id)
    keys = joined(row["keys"] for row in rows)
    home = np.repeat(np.arange(len(rows), dtype=np.uint8), [len(row["keys"]) for row in rows])
    order = np.argsort(keys)
    return GenreUsers(keys[order], home[order], [row["country"] for row in rows])


def _read_sample(graph: Graph) -> Sample:
    (row,) = graph.read("user_sample", limit=MOST_READ)
    nothing = np.empty(0, np.int64)
    heard = read_heard(graph, np.array(row["keys"], np.int64), nothing)
    active = np.unique(np.concatenate([heard.user, heard.genre_user]))
    share = len(active) / len(heard.keys) if len(heard.keys) else 0.0
    rank = np.searchsorted(active, heard.user), np.searchsorted(active, heard.genre_user)
    heard = Heard(heard.keys[active], rank[0], heard.track, rank[1], heard.genre)
    complete = row["users"] <= MOST_READ
    listeners = len(active) if complete else max(round(row["users"] * share), len(active))
    return Sample(listeners, complete, heard, read_languages(graph, heard))


def read_heard(graph: Graph, keys: IntArray, leave_out: IntArray) -> Heard:
    """What users have heard, by key, without some tracks; one round trip. Users who are gone are left out."""
    (row,) = graph.read("heard_by_users", keys=keys.tolist())
    found = row["genres"]
    genres = GenrePlays(
        joined(one.users for one in found),
        np.repeat(np.array([one.key for one in found], np.int64), [len(one.users) for one in found]),
        joined(one.plays for one in found),
    )
    return heard_of(np.array(row["keys"], np.int64), unpack(row["profiles"]), genres, leave_out)


def read_languages(graph: Graph, heard: Heard) -> Languages:
    """Languages of what listeners have heard, of a sample of it where that is much; one round trip."""
    some = sample_pairs(heard.keys[heard.user], heard.track, _MOST_PAIRS)
    user, track = heard.user[some], heard.track[some]
    tracks, place = np.unique(track, return_inverse=True)
    rows = graph.read("track_languages", keys=tracks.tolist())
    names = [row["language"] for row in rows if row["language"] is not None]
    language = np.full(len(tracks), -1)
    for row in rows:
        if row["language"] is not None:
            language[np.searchsorted(tracks, row["tracks"])] = names.index(row["language"])
    return Languages(user, track, language[place], names)
