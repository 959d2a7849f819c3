"""What a list shows of a track, cached in memory: the same tracks are in many lists."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache

from muse_graph.answers import Named
from muse_graph.core.rerank.track_similarity import name_key
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import (
    ChartTrack,
    CountryChartTrack,
    GenreNamesGenre,
    TrackNamesTrack,
    TrackNamesTrackArtist,
    TrackNamesTrackGenre,
)
from muse_graph.service.kept import Kept

__all__ = ["TrackCache", "TrackInfo", "TrackReader"]

#: Tracks kept at most; a thousand take about a megabyte.
_MOST = 100_000
_PAGE = 2_000
#: Charts that are kept, and for how long.
_MOST_CHARTS, _CHARTS_S = 500, 1.0
_BEYOND_ALL = (1 << 62, "")


class TrackInfo(NamedTuple):
    """A track as the graph describes it.

    The lists go into answers as they are and must not be changed.

    Attributes:
        under_radar: whether none of its artists is among the most played 20 %
        language, features: null where unknown
        artists: by id
        genres: the primary one first
        artist_keys: of the names of the artists, as `name_key` gives them
        genre_keys: of the genres, in their order
    """

    key: int
    track_id: str
    title: str
    under_radar: bool
    language: str | None
    features: array[float] | None
    artists: list[Named]
    genres: list[Named]
    artist_keys: tuple[str, ...]
    genre_keys: tuple[int, ...]

    def genre(self, key: int) -> Named | None:
        """One of its genres; None if it is not in that genre."""
        return self.genres[self.genre_keys.index(key)] if key in self.genre_keys else None


class TrackCache:
    """Tracks by their keys; one for all threads of a process.

    They are as old as the last `refresh`: so long may a new name take to show. A track that has another
    genre by now is noticed, for tracks are asked for with the genre they are offered in.

    Half of the room is for the tracks with most listeners, as the last `refresh` found them. The other half
    is for other tracks that lists need; when it is full, the least recently used track is dropped.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._room = most // 2
        self._most_heard: dict[int, TrackInfo] = {}
        self._besides: LRUCache[int, TrackInfo] = LRUCache(most - self._room)
        self._genres: dict[int, Named] = {}
        #: By country, "" for everywhere, and length; they are the same for all listeners.
        self.charts: Kept[list[ChartTrack] | list[CountryChartTrack]] = Kept(_MOST_CHARTS, _CHARTS_S)
        self._shared = _Shared()
        #: How often `refresh` has brought new names.
        self.refreshes = 0
        # The most heard are looked up without it; a look-up in the other half changes its order.
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._most_heard) + len(self._besides)

    def reading(self, graph: Graph) -> TrackReader:
        """Tracks of the cache, and of the graph where the cache lacks them."""
        return TrackReader(self, graph)

    def look_up(self, keys: Sequence[int]) -> list[TrackInfo | None]:
        """Each track as it is kept; None for one that is not."""
        most_heard = self._most_heard
        tracks = [most_heard.get(key) for key in keys]
        others = [index for index, track in enumerate(tracks) if track is None]
        if others:
            with self._lock:
                for index in others:
                    tracks[index] = self._besides.get(keys[index])
        return tracks

    @property
    def genres(self) -> Mapping[int, Named]:
        """Genres by their keys, those of the tracks read so far."""
        return self._genres

    def read(self, graph: Graph, keys: list[int]) -> list[TrackInfo]:
        """Those of the tracks that there are, as the graph has them now."""
        (row,) = graph.read("track_names", keys=keys)
        most = -1 if row["radar_plays"] is None else row["radar_plays"]
        tracks: list[TrackNamesTrack] = row["tracks"]
        return [_described(track, most, self._shared) for track in tracks]

    def keep(self, tracks: Iterable[TrackInfo]) -> None:
        """Keep tracks as they have just been read."""
        with self._lock:
            for track in tracks:
                (self._most_heard if track.key in self._most_heard else self._besides)[track.key] = track
                self._genres.update(zip(track.genre_keys, track.genres, strict=True))

    def refresh(self, graph: Graph) -> None:
        """Reload the tracks with the most listeners, half the size of the cache."""
        tracks: dict[int, TrackInfo] = {}
        listeners, after = _BEYOND_ALL
        n_read = 0
        self._shared = _Shared()
        while (room := self._room - n_read) > 0:
            limit = min(_PAGE, room)
            page = graph.read("tracks_by_listeners", listeners=listeners, after=after, limit=limit)
            if not page:
                break
            # Not the tracks kept: if the same ones come again and again, that has an end too.
            n_read += len(page)
            listeners, after = page[-1]["listeners"], page[-1]["track_id"]
            tracks |= {track.key: track for track in self.read(graph, [row["key"] for row in page])}
        with self._lock:
            self._most_heard = tracks
            self._besides.clear()
            # New names replace old ones; what no track is in any more may stay.
            for track in tracks.values():
                self._genres.update(zip(track.genre_keys, track.genres, strict=True))
            self.refreshes += 1


@dataclass(frozen=True, slots=True)
class TrackReader:
    """What one answer asks about tracks: a cache, and the graph that fills it."""

    cache: TrackCache
    graph: Graph

    def get(self, keys: Sequence[int], genres: Sequence[int | None] | None = None) -> list[TrackInfo | None]:
        """Each track, None for one that is gone; one query at most.

        Args:
            genres: key of a genre that each track must have, None for any
        """
        tracks = self.cache.look_up(keys)
        claims = genres if genres is not None else [None] * len(keys)
        missing = [
            index
            for index, (track, genre) in enumerate(zip(tracks, claims, strict=True))
            if track is None or (genre is not None and genre not in track.genre_keys)
        ]
        if missing:
            found = self.cache.read(self.graph, [keys[index] for index in missing])
            read = {track.key: track for track in found}
            for index in missing:
                tracks[index] = read.get(keys[index])
            self.cache.keep(read.values())
        return tracks

    def chart(self, country: str | None, limit: int) -> list[ChartTrack] | list[CountryChartTrack]:
        """The most popular tracks of a country, or everywhere, as they were a second ago at most."""
        name, params = ("country_chart", {"country": country}) if country else ("chart", {})

        def read() -> list[ChartTrack] | list[CountryChartTrack]:
            (row,) = self.graph.read(name, limit=limit, **params)
            tracks: list[ChartTrack] | list[CountryChartTrack] = row["tracks"]
            return tracks

        return self.cache.charts.get(f"{country or ''} {limit}", read)

    def genres(self, keys: Sequence[int]) -> list[Named]:
        """Each genre by name; one query if the cache lacks one."""
        known = self.cache.genres
        missing = [key for key in keys if key not in known]
        if not missing:
            return [known[key] for key in keys]
        (row,) = self.graph.read("genre_names", keys=missing)
        found: list[GenreNamesGenre] = row["genres"]
        read = {genre.key: Named(genre.genre_id, genre.name) for genre in found}
        return [read[key] if key in read else known[key] for key in keys]

    def known_to(self, user_id: str, keys: Sequence[int]) -> set[int]:
        """Which of the tracks a listener has heard or judged."""
        if not keys:
            return set()
        return set(self.graph.read("tracks_not_new", user_id=user_id, keys=keys)[0]["keys"])


class _Shared:
    """Artists and genres of tracks: most tracks have those of another, and are given the same objects."""

    def __init__(self) -> None:
        self._artists: dict[tuple[tuple[str, str], ...], tuple[list[Named], tuple[str, ...]]] = {}
        self._genres: dict[tuple[tuple[str, str], ...], tuple[list[Named], tuple[int, ...]]] = {}

    def artists(self, artists: Sequence[TrackNamesTrackArtist]) -> tuple[list[Named], tuple[str, ...]]:
        """As a track has them, and the keys of their names."""
        same = tuple((artist.artist_id, artist.name) for artist in artists)
        if (found := self._artists.get(same)) is None:
            named = [Named(artist.artist_id, artist.name) for artist in sorted(artists)]
            found = named, tuple(dict.fromkeys(name_key(artist.name) for artist in artists))
            self._artists[same] = found
        return found

    def genres(self, genres: Sequence[TrackNamesTrackGenre]) -> tuple[list[Named], tuple[int, ...]]:
        """As a track has them, and their keys."""
        same = tuple((genre.genre_id, genre.name) for genre in genres)
        if (found := self._genres.get(same)) is None:
            named = [Named(genre.genre_id, genre.name) for genre in genres]
            found = named, tuple(genre.key for genre in genres)
            self._genres[same] = found
        return found


def _described(track: TrackNamesTrack, radar_plays: int, shared: _Shared) -> TrackInfo:
    artists, artist_keys = shared.artists(track.artists)
    genres, genre_keys = shared.genres(sorted(track.genres))
    return TrackInfo(
        track.key,
        track.track_id,
        track.title,
        bool(track.artists) and all(artist.plays <= radar_plays for artist in track.artists),
        track.language and sys.intern(track.language),
        None if track.features is None else array("d", track.features),
        artists,
        genres,
        artist_keys,
        genre_keys,
    )
