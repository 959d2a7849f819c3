"""All months of an artist, in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.core.arrays import joined
from muse_graph.core.artists.months import Months
from muse_graph.core.listening.buckets import unpack_listeners
from muse_graph.errors import UnknownArtist, UnknownTrack
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import ArtistAudienceMonth

__all__ = ["StoredMonths", "read_months"]


@dataclass(frozen=True, slots=True, eq=False)
class StoredMonths:
    """An artist's months.

    Attributes:
        titles: of all tracks, by id
        tracks, countries: ids and codes; their positions are the codes in `months`. Those asked for are among
            them, also without a play
        listeners, cells: bytes of each month; no cells where they were not asked for
    """

    name: str
    titles: dict[str, str]
    tracks: list[str]
    countries: list[str]
    months: Months
    listeners: list[bytes]
    cells: list[bytes]


def read_months(
    graph: Graph, artist_id: str, tracks: Sequence[str], countries: Sequence[str], *, with_cells: bool
) -> StoredMonths:
    """Read an artist's months, all of them.

    Args:
        tracks, countries: asked for

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If a track is not by the artist.
    """
    rows = graph.read("artist_audience", artist_id=artist_id, with_cells=with_cells)
    if not rows:
        raise UnknownArtist(artist_id)
    titles = {track.track_id: track.title for track in rows[0]["titles"]}
    for track in tracks:
        if track not in titles:
            raise UnknownTrack(track, f"artist {artist_id!r}")
    found: Sequence[ArtistAudienceMonth] = rows[0]["months"]
    track_codes = _codes([month.track_id for month in found], tracks)
    country_codes = _codes([month.country for month in found], countries)
    listeners = [month.listeners for month in found]
    people, offsets = unpack_listeners(listeners)
    months = Months(
        track=np.array([track_codes[month.track_id] for month in found], np.int64),
        country=np.array([country_codes[month.country] for month in found], np.int64),
        month=np.array([month.month for month in found], np.int64),
        days=joined(month.days for month in found),
        sources=joined(month.day_sources for month in found),
        reports=joined(month.day_reports for month in found),
        plays=joined(month.day_plays for month in found),
        sum_offsets=np.cumsum([0, *(len(month.days) for month in found)], dtype=np.int64),
        listeners=people,
        listener_offsets=offsets,
    )
    cells = [month.cells or b"" for month in found] if with_cells else []
    return StoredMonths(
        rows[0]["name"], titles, list(track_codes), list(country_codes), months, listeners, cells
    )


def _codes(there: Sequence[str], asked: Sequence[str]) -> dict[str, int]:
    """Values that are there, ascending, then those asked for only."""
    present = sorted(set(there))
    return {value: code for code, value in enumerate(dict.fromkeys([*present, *asked]))}
