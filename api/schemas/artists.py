"""Analytics of artists, and influencers."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from muse_graph.answers import SortBy
from muse_graph.api.schemas.audiences import AudienceQuery
from muse_graph.api.schemas.common import CountryCode, CountryFilter, Id, Query, SegmentFilter, SourceFilter
from muse_graph.errors import InvalidValue
from muse_graph.service.artists.influencer_sets import MAX_TOGETHER, Price
from muse_graph.service.field_kinds import BEYOND

__all__ = [
    "AnalyticsQuery",
    "ArtistMatchesQuery",
    "ArtistPath",
    "InfluencersQuery",
    "MatchQuery",
    "TogetherQuery",
]


class ArtistPath(BaseModel):
    """One artist."""

    artist_id: Id = Field(description="id of the artist", json_schema_extra={"example": "a1"})


class AnalyticsQuery(AudienceQuery):
    """Filters; all of them apply."""

    track: list[Id] = Field([], description="only this track of the artist; may be repeated")
    country: list[CountryFilter] = Field(
        [], description="only plays in this country, ZZ for unknown; may be repeated"
    )
    source: list[SourceFilter] = Field(
        [], description="only plays that were brought by this; may be repeated"
    )
    segment: list[SegmentFilter] = Field(
        [], description="only listeners of this segment, by the days on which they heard it; may be repeated"
    )
    from_day: date | None = Field(None, alias="from", description="first day, UTC")
    to_day: date | None = Field(None, alias="to", description="last day, UTC")
    beside: Id | None = Field(
        None,
        description="a second curve: id of another track of the artist, or `genre` for the median of the "
        "most played tracks of its main genre",
    )


class InfluencersQuery(Query):
    """Filters of a match for an artist."""

    country: CountryCode | None = Field(None, description="where the influencer is based")
    genre: Id | None = Field(None, description="id of a genre the influencer posts in")
    k: int = Field(20, ge=1, le=1_000, description="how many influencers")


class ArtistMatchesQuery(InfluencersQuery):
    """Filters of a match for an artist, and what comes first."""

    sort: SortBy = Field("score", description="what the influencers are sorted by, the most first")


class TogetherQuery(InfluencersQuery):
    """Influencers to be chosen together; costs are those of the request."""

    k: int = Field(5, ge=1, le=MAX_TOGETHER, description="how many influencers at most")
    cost_per_1000: float | None = Field(
        None, ge=0, lt=BEYOND, allow_inf_nan=False, description="cost of an influencer for 1,000 followers"
    )
    minimum_cost: float = Field(
        0, ge=0, lt=BEYOND, allow_inf_nan=False, description="the least that each one costs"
    )
    budget: float | None = Field(
        None,
        gt=0,
        lt=BEYOND,
        allow_inf_nan=False,
        description="most for all together; needs `cost_per_1000`",
    )

    def price(self) -> Price | None:
        """What influencers cost; None where nothing was said of it. raises: InvalidValue."""
        if self.cost_per_1000 is not None:
            return Price(self.cost_per_1000, self.minimum_cost, self.budget)
        if self.budget is None and not self.minimum_cost:
            return None
        rule = "must be given with `budget` or `minimum_cost`: without it nobody has a cost"
        raise InvalidValue(f"cost_per_1000 {rule}", (("cost_per_1000", rule),))


class MatchQuery(InfluencersQuery):
    """A country and a genre."""

    country: CountryCode = Field(description="where the influencer is based")
    genre: Id = Field(
        description="id of a genre the influencer posts in", json_schema_extra={"example": "cumbia"}
    )
