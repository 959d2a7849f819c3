"""How artists are heard, and influencers for them."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers.common import Reason

__all__ = ["Analytics", "CountryAudience", "Match", "Reach"]


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
class Analytics:
    """An artist's figures under the filters given.

    Attributes:
        unknown: plays whose share heard is not known; they are in `plays` and in no `reach`
        countries: most plays first, then code
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
