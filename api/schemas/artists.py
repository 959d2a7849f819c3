"""Analytics of artists, and influencers."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from muse_graph.api.schemas.common import CountryCode, CountryFilter, Id, Query, SourceFilter

__all__ = ["AnalyticsQuery", "ArtistPath", "InfluencersQuery", "MatchQuery"]


class ArtistPath(BaseModel):
    """One artist."""

    artist_id: Id = Field(description="id of the artist", json_schema_extra={"example": "a1"})


class AnalyticsQuery(Query):
    """Filters; all of them apply."""

    track: list[Id] = Field([], description="only this track of the artist; may be repeated")
    country: list[CountryFilter] = Field(
        [], description="only plays in this country, ZZ for unknown; may be repeated"
    )
    source: list[SourceFilter] = Field(
        [], description="only plays that were brought by this; may be repeated"
    )
    from_day: date | None = Field(None, alias="from", description="first day, UTC")
    to_day: date | None = Field(None, alias="to", description="last day, UTC")


class InfluencersQuery(Query):
    """Filters of a match for an artist."""

    country: CountryCode | None = Field(None, description="where the influencer is based")
    genre: Id | None = Field(None, description="id of a genre the influencer posts in")
    k: int = Field(20, ge=1, le=1_000, description="how many influencers")


class MatchQuery(InfluencersQuery):
    """A country and a genre."""

    country: CountryCode = Field(description="where the influencer is based")
    genre: Id = Field(
        description="id of a genre the influencer posts in", json_schema_extra={"example": "cumbia"}
    )
