"""How artists are heard, and influencers for them."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers.common import Reason
from muse_graph.core.artists.words import Dimension, Segment, Unit
from muse_graph.core.listening.sources import SourceGroup, Way

__all__ = [
    "Analytics",
    "AnalyticsFilters",
    "CountryAudience",
    "Curve",
    "CurvePoint",
    "DayAudience",
    "Dimension",
    "Drop",
    "LeftOut",
    "Match",
    "Reach",
    "Reports",
    "Segment",
    "SourceAudience",
    "SourceGroup",
    "Unit",
    "Way",
]


@dataclass(frozen=True)
class Reach:
    """How many plays reached that share of the track; share is of the plays whose share is known."""

    percent: int
    plays: int
    share: float | None


@dataclass(frozen=True)
class CountryAudience:
    """Plays and distinct listeners in one country."""

    country: str
    name: str
    plays: int
    listeners: int


@dataclass(frozen=True)
class DayAudience:
    """Plays and distinct listeners on one day, UTC."""

    day: str
    plays: int
    listeners: int


@dataclass(frozen=True)
class SourceAudience:
    """Plays that one group of sources brought, and distinct listeners it brought."""

    source: SourceGroup
    plays: int
    listeners: int


@dataclass(frozen=True)
class Reports:
    """How far plays went: ten counts each, by how many of the steps 10 %, 20 %, ... 90 % were reached.

    Attributes:
        exact: plays whose share heard is known
        at_least: the others, by how many steps they reached for certain; the first of them reached none for
            certain
    """

    exact: list[int]
    at_least: list[int]


@dataclass(frozen=True)
class CurvePoint:
    """The estimated share of plays that reach that share of the track, and its 95 % interval.

    All three are null from the first step on of which no play tells anything.
    """

    percent: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Drop:
    """The step that loses most plays, and the share of all plays that ends before it."""

    percent: int
    share: float


@dataclass(frozen=True)
class Curve:
    """How far plays get, estimated from all of them: those known to have got "at least so far" count so far.

    Attributes:
        coverage: share of the plays whose share heard is known exactly; null without plays. Below 20 % there
            is no curve
        points: 10 %, 20 %, ... 90 %; empty where there is no curve
        biggest_drop: null where no step is known to lose any
        completion: share of plays that reach 90 %
    """

    coverage: float | None
    points: list[CurvePoint]
    biggest_drop: Drop | None
    completion: float | None


@dataclass(frozen=True)
class AnalyticsFilters:
    """What is counted alone; all of it together.

    Attributes:
        tracks, countries, sources, segments: ids, codes and names; each empty for all
        from_day, to_day: both included, UTC; null for open. With either, plays without a time do not count
    """

    tracks: list[str]
    countries: list[str]
    sources: list[SourceGroup]
    segments: list[Segment]
    from_day: str | None
    to_day: str | None


@dataclass(frozen=True)
class LeftOut:
    """What of a filter is not in the figures.

    Attributes:
        values: those left out; of a period the first and the last day asked for, null where open
        why: a sentence
    """

    filter: Dimension
    values: list[str | None]
    why: str


@dataclass(frozen=True)
class Analytics:
    """An artist's figures under the filters given.

    Attributes:
        track_id, country: the filter, if it is of one
        unknown: plays whose share heard is not known, or only at least; they are in `plays` and in no `reach`
        countries: most plays first, then code
        days: days with plays in their order
        undated: plays without a time; they are in no day
        sources: in a fixed order, those with plays
        reports: from which `curve` is estimated
    """

    artist_id: str
    name: str
    track_id: str | None
    country: str | None
    from_day: str | None
    to_day: str | None
    plays: int
    unknown: int
    listeners: int
    reach: list[Reach]
    countries: list[CountryAudience]
    filters: AnalyticsFilters
    days: list[DayAudience]
    undated: int
    sources: list[SourceAudience]
    reports: Reports
    curve: Curve


@dataclass(frozen=True)
class Match:
    """An influencer of a country and genre, most likes first.

    Attributes:
        genres: ids of the genres the influencer posts in, among those asked for
        score: average likes
    """

    rank: int
    influencer_id: str
    handle: str
    country: str | None
    genres: list[str]
    avg_likes: float | None
    followers: int | None
    score: float
    reasons: list[Reason]
