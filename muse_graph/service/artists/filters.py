"""Filters of an artist's figures: checked here, whoever asks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from muse_graph.answers import AnalyticsFilters
from muse_graph.errors import InvalidRequest
from muse_graph.service import field_rules
from muse_graph.service.field_kinds import FieldRule

__all__ = ["Several", "filters_of"]

#: One value of a filter, several that are all right, or none for all there are.
Several = str | Collection[str] | None


def filters_of(
    *,
    track: Several = None,
    country: Several = None,
    source: Several = None,
    segment: Several = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> AnalyticsFilters:
    """Filters in their normal form, each value once.

    Args:
        track: only these tracks, which have to be by the artist
        country: only plays there, by ISO code, or "ZZ" for plays whose country is not known
        source: only plays that these brought, by the names of `muse_graph.core.listening.sources.SOURCES`
        segment: only listeners of these, by the names of `muse_graph.core.artists.words.SEGMENTS`
        from_day, to_day: both inclusive, in UTC; with either, plays without a time do not count

    Raises:
        InvalidRequest: For a track, country, source, segment or a period.
    """
    if from_day and to_day and from_day > to_day:
        rule = f"must not be after to, got {from_day} and {to_day}"
        raise InvalidRequest(f"from {rule}", (("from", rule),))
    return AnalyticsFilters(
        tracks=_checked(field_rules.ID, "track", track),
        countries=_checked(field_rules.COUNTRY_OR_UNKNOWN, "country", country),
        sources=_checked(field_rules.SOURCE_GROUP, "source", source),
        segments=_checked(field_rules.SEGMENT, "segment", segment),
        from_day=from_day.isoformat() if from_day else None,
        to_day=to_day.isoformat() if to_day else None,
    )


def _checked(rule: FieldRule, name: str, given: Several) -> list[Any]:
    """The distinct values of a filter in their normal form, in the order given."""
    if given is None:
        return []
    values = [given] if isinstance(given, str) else given
    return list(dict.fromkeys(field_rules.check_by(rule, name, value) for value in values))
