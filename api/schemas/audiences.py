"""What an audience likes, what it shares with another, and how an artist spreads."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from muse_graph.answers import AnalyticsFilters
from muse_graph.api.schemas.common import CountryFilter, Id, Query, SegmentFilter, SourceFilter
from muse_graph.errors import InvalidValue
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.artists.interests import MAX_INTERESTS
from muse_graph.service.artists.spread import DAYS, MAX_DAYS

__all__ = ["AudienceQuery", "InterestsQuery", "OverlapQuery", "SpreadQuery"]


class AudienceQuery(Query):
    """Who belongs to the audience; all filters apply."""

    track: list[Id] = Field([], description="only who heard this track of the artist; may be repeated")
    country: list[CountryFilter] = Field(
        [], description="only who heard it in this country, ZZ for unknown; may be repeated"
    )
    source: list[SourceFilter] = Field([], description="only who was brought by this; may be repeated")
    segment: list[SegmentFilter] = Field([], description="only this segment; may be repeated")
    from_day: date | None = Field(None, alias="from", description="only who heard it from this day on, UTC")
    to_day: date | None = Field(None, alias="to", description="only who heard it until this day, UTC")

    def filters(self) -> AnalyticsFilters:
        """The filters. raises: InvalidValue, for a period that ends before it begins."""
        if self.from_day and self.to_day and self.from_day > self.to_day:
            rule = f"must not be after `to`, got {self.from_day} and {self.to_day}"
            raise InvalidValue(f"from {rule}", (("from", rule),))
        return filters_of(
            track=self.track,
            country=self.country,
            source=self.source,
            segment=self.segment,
            from_day=self.from_day,
            to_day=self.to_day,
        )


class InterestsQuery(AudienceQuery):
    """Whose interests, and how many of them."""

    k: int = Field(20, ge=1, le=MAX_INTERESTS, description="most tracks, artists and bridge genres")


class OverlapQuery(Query):
    """With whose audience."""

    other: Id = Field(alias="with", description="id of the other artist", json_schema_extra={"example": "a2"})


class SpreadQuery(AudienceQuery):
    """Whom to follow, and how."""

    window: int = Field(
        DAYS, ge=1, le=MAX_DAYS, description="most days between a friend's first listen and one's own"
    )
