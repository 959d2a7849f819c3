"""Who hears an artist, how much of it, where, when, and what brought them there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

import numpy as np

from muse_graph.answers import (
    Analytics,
    AnalyticsFilters,
    CountryAudience,
    DayAudience,
    Reach,
    Reports,
    SourceAudience,
)
from muse_graph.core.listening.audience import Audience, Months, audience
from muse_graph.core.listening.buckets import unpack_listeners
from muse_graph.core.listening.reports import AT_LEAST
from muse_graph.core.listening.sources import SOURCES
from muse_graph.core.types import IntArray
from muse_graph.countries import country_name
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownTrack
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import ArtistMonthsMonth
from muse_graph.service import field_rules
from muse_graph.service.artists.curves import curve_of
from muse_graph.service.field_kinds import FieldRule
from muse_graph.service.listens.monthly import NO_MONTH

__all__ = ["analytics"]

_FIRST_MONTH, _LAST_MONTH = 101, 999912

#: One value of a filter, several that are all right, or none for all there are.
_Filter = str | Collection[str] | None


def analytics(
    graph: Graph,
    artist_id: str,
    *,
    track_id: _Filter = None,
    country: _Filter = None,
    source: _Filter = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> Analytics:
    """Count plays, listeners and how much of an artist's tracks they heard; exact under every filter.

    Args:
        track_id: only these tracks, which have to be by the artist
        country: only plays there, by ISO code, or "ZZ" for plays whose country is not known
        source: only plays that these brought, by the names of `muse_graph.core.listening.sources.SOURCES`
        from_day, to_day: both inclusive, in UTC; with either, plays without a time do not count

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If no track has that id.
        InvalidRequest: For a track, country, source or a period.
    """
    filters = AnalyticsFilters(
        _checked(field_rules.ID, "track", track_id),
        _checked(field_rules.COUNTRY_OR_UNKNOWN, "country", country),
        _checked(field_rules.SOURCE_GROUP, "source", source),
        [],
        from_day.isoformat() if from_day else None,
        to_day.isoformat() if to_day else None,
    )
    _check_period(from_day, to_day)
    name, months = _read(graph, artist_id, filters, from_day, to_day)
    heard = audience(
        months,
        None if from_day is None else _day(from_day),
        None if to_day is None else _day(to_day),
        [SOURCES.index(source) for source in filters.sources],
    )
    return Analytics(
        artist_id=artist_id,
        name=name,
        track_id=_only(filters.tracks),
        country=_only(filters.countries),
        from_day=from_day.isoformat() if from_day else None,
        to_day=to_day.isoformat() if to_day else None,
        plays=int(heard.reports.sum()),
        unknown=int(heard.reports[AT_LEAST:].sum()),
        listeners=heard.listeners,
        reach=_reach(heard.reports[:AT_LEAST]),
        countries=_countries(heard),
        filters=filters,
        days=_days(heard),
        undated=int(heard.day_plays[heard.days == 0].sum()),
        sources=_sources(heard),
        reports=Reports(heard.reports[:AT_LEAST].tolist(), heard.reports[AT_LEAST:].tolist()),
        curve=curve_of(heard.reports),
    )


def _checked(rule: FieldRule, name: str, given: _Filter) -> list[Any]:
    """The distinct values of a filter in their normal form, in the order given."""
    if given is None:
        return []
    values = [given] if isinstance(given, str) else given
    return list(dict.fromkeys(field_rules.check_by(rule, name, value) for value in values))


def _only(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else None


def _check_period(from_day: date | None, to_day: date | None) -> None:
    if from_day and to_day and from_day > to_day:
        rule = f"must not be after to, got {from_day} and {to_day}"
        raise InvalidRequest(f"from {rule}", (("from", rule),))


def _months(from_day: date | None, to_day: date | None) -> tuple[int, int]:
    """First and last month (yyyymm) to read; months of plays without a time only where no day is asked."""
    if from_day is None and to_day is None:
        return NO_MONTH, _LAST_MONTH
    first = _FIRST_MONTH if from_day is None else _day(from_day) // 100
    return first, _LAST_MONTH if to_day is None else _day(to_day) // 100


def _day(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _read(
    graph: Graph, artist_id: str, filters: AnalyticsFilters, from_day: date | None, to_day: date | None
) -> tuple[str, Months]:
    """The artist's name and months. Raises UnknownArtist, UnknownTrack."""
    first, last = _months(from_day, to_day)
    rows = graph.read(
        "artist_months",
        artist_id=artist_id,
        track_ids=filters.tracks or None,
        countries=filters.countries or None,
        from_month=first,
        to_month=last,
    )
    if not rows:
        raise UnknownArtist(artist_id)
    for unknown in rows[0]["unknown_tracks"]:
        raise UnknownTrack(unknown)
    return rows[0]["name"], _arrays(rows[0]["months"])


def _arrays(months: Sequence[ArtistMonthsMonth]) -> Months:
    listeners, listener_offsets = unpack_listeners([month.listeners for month in months])
    return Months(
        month=np.array([month.month for month in months], np.int64),
        country=np.array([month.country for month in months], np.str_),
        days=_join(month.days for month in months),
        sources=_join(month.day_sources for month in months),
        reports=_join(month.day_reports for month in months),
        plays=_join(month.day_plays for month in months),
        sum_offsets=_offsets(month.days for month in months),
        listeners=listeners,
        listener_offsets=listener_offsets,
    )


def _join(lists: Iterable[list[int]]) -> IntArray:
    """Lay lists end to end; one pass, for an artist has thousands of them."""
    return np.fromiter(chain.from_iterable(lists), np.int64)


def _offsets(lists: Iterable[list[int]]) -> IntArray:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)


def _reach(exact: IntArray) -> list[Reach]:
    """Plays that reached each step, of those that are known exactly: (10,) by the steps they reached."""
    known = int(exact.sum())
    reached = exact[::-1].cumsum()[::-1]
    return [
        Reach(10 * step, plays, plays / known if known else None)
        for step, plays in enumerate(reached[1:].tolist(), 1)
    ]


def _countries(heard: Audience) -> list[CountryAudience]:
    """Most plays first, then by code: the codes come in ascending order."""
    order = np.argsort(-heard.country_plays, kind="stable")
    return [
        CountryAudience(code, country_name(code), plays, listeners)
        for code, plays, listeners in zip(
            heard.countries[order].tolist(),
            heard.country_plays[order].tolist(),
            heard.country_listeners[order].tolist(),
            strict=True,
        )
    ]


def _days(heard: Audience) -> list[DayAudience]:
    return [
        DayAudience(f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}", plays, listeners)
        for day, plays, listeners in zip(
            heard.days.tolist(), heard.day_plays.tolist(), heard.day_listeners.tolist(), strict=True
        )
        if day
    ]


def _sources(heard: Audience) -> list[SourceAudience]:
    return [
        SourceAudience(name, plays, listeners)
        for name, plays, listeners in zip(
            SOURCES, heard.source_plays.tolist(), heard.source_listeners.tolist(), strict=True
        )
        if plays
    ]
