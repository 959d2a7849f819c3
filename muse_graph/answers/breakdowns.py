"""An artist's figures by country, track, time, source and segment."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.core.artists.words import Segment
from muse_graph.core.listening.sources import SourceGroup

__all__ = [
    "CountryAudience",
    "PeriodAudience",
    "SegmentAudience",
    "SourceAudience",
    "TrackAudience",
]


@dataclass(frozen=True)
class CountryAudience:
    """Plays and distinct listeners in one country; null where fewer than 10 listeners are not shown.

    Attributes:
        share: of all plays, 0..1
    """

    country: str
    name: str
    plays: int | None
    listeners: int | None
    share: float | None
    plays_per_listener: float | None


@dataclass(frozen=True)
class TrackAudience:
    """Plays and distinct listeners of one track; null where fewer than 10 listeners are not shown.

    Attributes:
        share: of all plays, 0..1
        completion: share of its plays that reach 90 %; null too where too few of them say how far they went
        savers: listeners who have saved it
        save_rate: their share of its listeners, 0..1
    """

    track_id: str
    title: str
    plays: int | None
    listeners: int | None
    share: float | None
    completion: float | None
    savers: int | None
    save_rate: float | None


@dataclass(frozen=True)
class PeriodAudience:
    """Plays and distinct listeners in one unit of time, UTC; null where fewer than 10 are not shown.

    Attributes:
        day: the first day of it; of a week the Monday
    """

    day: str
    plays: int | None
    listeners: int | None


@dataclass(frozen=True)
class SourceAudience:
    """Plays that one group of sources brought, and distinct listeners it brought; null where not shown."""

    source: SourceGroup
    plays: int | None
    listeners: int | None


@dataclass(frozen=True)
class SegmentAudience:
    """Listeners of one segment, and their share of all listeners, 0..1; null where not shown.

    Segments are by the days on which somebody heard the artist, of the last 28 days up to its last play:
    "super" 8 and more, "moderate" 3 to 7, "light" 1 or 2, "lapsed" none, but before.
    """

    segment: Segment
    listeners: int | None
    share: float | None
