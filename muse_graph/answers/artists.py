"""How artists are heard, and influencers for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muse_graph.answers.breakdowns import (
    CountryAudience,
    PeriodAudience,
    SegmentAudience,
    SourceAudience,
    TrackAudience,
)
from muse_graph.answers.common import Reason
from muse_graph.core.artists.words import Dimension, Segment, Unit
from muse_graph.core.listening.sources import SourceGroup, Way

__all__ = [
    "Analytics",
    "AnalyticsFilters",
    "Beside",
    "BesideKind",
    "Curve",
    "CurvePoint",
    "Dimension",
    "Drop",
    "LeftOut",
    "Match",
    "PeriodBefore",
    "Reach",
    "Reports",
    "Segment",
    "SourceGroup",
    "Unit",
    "Way",
]

#: Whose curve is beside an artist's.
BesideKind = Literal["track", "genre"]


@dataclass(frozen=True)
class Reach:
    """How many plays reached that share of the track; share is of the plays whose share is known."""

    percent: int
    plays: int
    share: float | None


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
class PeriodBefore:
    """The figures of the period before, and how those of the period differ; null where not shown.

    Attributes:
        completion: share of plays that reach 90 %
        plays_change, listeners_change: 0.5 is half more, -0.5 half less; null without any before
        completion_change: the difference of the two shares
    """

    from_day: str
    to_day: str
    plays: int | None
    listeners: int | None
    completion: float | None
    plays_change: float | None
    listeners_change: float | None
    completion_change: float | None


@dataclass(frozen=True)
class Beside:
    """A second curve, to compare with.

    Attributes:
        kind: "track", another track of the artist under the same filters; "genre", of the most played tracks
            of the artist's main genre, each over all its plays, the median at each step
        id, name: of the track or the genre; null if the artist has no genre
        n_tracks: how many tracks it is made of
        points: 10 %, 20 %, ... 90 %; empty where there is no curve. A median has no interval
        completion: share of plays that reach 90 %
        suppressed: why there is no curve, as a sentence; null if there is
    """

    kind: BesideKind
    id: str | None
    name: str | None
    n_tracks: int
    points: list[CurvePoint]
    completion: float | None
    suppressed: str | None


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

    What an artist may not see, for fewer than 10 listeners or because it would tell of fewer, is null and
    never 0; if that is all of it, lists are empty, too, and `suppressed` says why.

    Attributes:
        track_id, country: the filter, if it is of one
        from_day, to_day: the period that the figures are of: as asked for, or shortened to whole units
        filters: as asked for
        exact: whether nothing is left out or suppressed, for analysts and operators
        unit: of time, as fine as the audience allows; periods are of whole ones
        left_out: what of the filters the figures do not have
        suppressed: why there are no figures, as a sentence; null if there are
        unknown: plays whose share heard is not known, or only at least; they are in `plays` and in no `reach`
        countries, tracks: most plays first, then code or id; those that are not shown last
        days, weeks, months, years: in their order; of units finer than `unit` there are none, months and
            years only where they are the unit
        undated: plays without a time; they are in no unit. To artists only shown if there are none
        sources: in a fixed order
        segments: in a fixed order
        reports: from which `curve` is estimated
        before: the period before, of equal length; null without a first day
        new_listeners, returning_listeners: who heard the artist, whatever the filter, for the first time in
            the period, or before it; null without a first day
        newcomers_unit: of time; in periods that are not of whole ones these two are null. Null as they are
            without a first day
        savers: listeners who have saved a track that they heard here
        save_rate: their share of all listeners, 0..1
        savers_unit: of time; in periods that are not of whole ones these two are null
        beside: the curve asked for beside `curve`
    """

    artist_id: str
    name: str
    track_id: str | None
    country: str | None
    from_day: str | None
    to_day: str | None
    filters: AnalyticsFilters
    exact: bool
    unit: Unit
    left_out: list[LeftOut]
    suppressed: str | None
    plays: int | None
    unknown: int | None
    listeners: int | None
    reach: list[Reach]
    countries: list[CountryAudience]
    tracks: list[TrackAudience]
    days: list[PeriodAudience]
    weeks: list[PeriodAudience]
    months: list[PeriodAudience]
    years: list[PeriodAudience]
    undated: int | None
    sources: list[SourceAudience]
    segments: list[SegmentAudience]
    reports: Reports | None
    curve: Curve | None
    before: PeriodBefore | None
    new_listeners: int | None
    returning_listeners: int | None
    newcomers_unit: Unit | None
    savers: int | None
    save_rate: float | None
    savers_unit: Unit | None
    beside: Beside | None


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
