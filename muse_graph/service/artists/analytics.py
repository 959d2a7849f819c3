"""Who hears an artist, how much of it and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

import numpy as np

from muse_graph.answers import Analytics, CountryAudience, Reach
from muse_graph.core.listening.audience import Audience, audience
from muse_graph.core.listening.buckets import STEPS, Buckets
from muse_graph.core.types import IntArray
from muse_graph.countries import country_name
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownTrack
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import ArtistMonthsMonth
from muse_graph.service import field_rules
from muse_graph.service.listens.monthly import NO_MONTH

__all__ = ["analytics"]

_FIRST_MONTH, _LAST_MONTH = 101, 999912


def analytics(
    graph: Graph,
    artist_id: str,
    *,
    track_id: str | None = None,
    country: str | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> Analytics:
    """Count plays, listeners and how much of an artist's tracks they heard; exact under every filter.

    Args:
        track_id: only this track, which has to be by the artist
        country: only plays there, by ISO code, or "ZZ" for plays whose country is not known
        from_day, to_day: both inclusive, in UTC; with either, plays without a time do not count

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If no track has that id.
        InvalidRequest: For a country or a period.
    """
    if country is not None:
        country = field_rules.check_by(field_rules.COUNTRY_OR_UNKNOWN, "country", country)
    _check_period(from_day, to_day)
    first, last = _months(from_day, to_day)
    rows = graph.read(
        "artist_months",
        artist_id=artist_id,
        track_id=track_id,
        country=country,
        from_month=first,
        to_month=last,
    )
    if not rows:
        raise UnknownArtist(artist_id)
    if track_id is not None and not rows[0]["track_known"]:
        raise UnknownTrack(track_id)
    heard = _audience(rows[0]["months"], from_day, to_day)
    return Analytics(
        artist_id=artist_id,
        name=rows[0]["name"],
        track_id=track_id,
        country=country,
        from_day=from_day.isoformat() if from_day else None,
        to_day=to_day.isoformat() if to_day else None,
        plays=heard.plays,
        unknown=heard.unknown,
        listeners=heard.listeners,
        reach=_reach(heard),
        countries=_countries(heard),
    )


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


def _audience(months: Sequence[ArtistMonthsMonth], from_day: date | None, to_day: date | None) -> Audience:
    return audience(
        Buckets(
            days=_join(month.days for month in months),
            plays=_join(month.day_plays for month in months),
            unknown=_join(month.day_unknown for month in months),
            reached=_join(month.reached for month in months).reshape(-1, len(STEPS)),
            day_offsets=_offsets(month.days for month in months),
            listeners=_join(month.listeners for month in months),
            listener_days=_join(month.listener_days for month in months),
            listener_offsets=_offsets(month.listeners for month in months),
        ),
        np.array([month.month for month in months], np.int64),
        np.array([month.country for month in months], np.str_),
        None if from_day is None else _day(from_day),
        None if to_day is None else _day(to_day),
    )


def _join(lists: Iterable[list[int]]) -> IntArray:
    """Lay lists end to end; one pass, for an artist has thousands of them."""
    return np.fromiter(chain.from_iterable(lists), np.int64)


def _offsets(lists: Iterable[list[int]]) -> IntArray:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)


def _reach(heard: Audience) -> list[Reach]:
    known = heard.plays - heard.unknown
    return [
        Reach(10 * step, plays, plays / known if known else None)
        for step, plays in enumerate(heard.reached.tolist(), 1)
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
