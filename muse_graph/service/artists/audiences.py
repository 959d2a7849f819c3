"""The audience of an artist under a filter, as far as whoever asks may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import AnalyticsFilters, Dimension, LeftOut
from muse_graph.core.artists.disclosure import Shown, Suppressed, shown
from muse_graph.core.artists.months import day_rows
from muse_graph.core.artists.presence import Box, Presence, firsts, masks_of, presence
from muse_graph.core.artists.segments import segments
from muse_graph.core.artists.units import Days, choose_unit, unit_codes
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.disclosed import left_out_of, suppressed_why
from muse_graph.service.artists.periods import Span, Units
from muse_graph.service.artists.shown_counts import LEAST
from muse_graph.service.artists.stored_months import StoredMonths, read_months

__all__ = ["ArtistAudience", "read_audience"]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """All listeners of an artist, n of them, by position.

    Attributes:
        keys: (n,) int64 ascending, `User.key`
        segment: (n,) int64, positions in `SEGMENTS`
        first_day: (n,) datetime64[D], the first day with the artist, whatever the filter; NaT unknown
    """

    keys: IntArray
    segment: IntArray
    first_day: Days


@dataclass(frozen=True, slots=True, eq=False)
class ArtistAudience:
    """The audience of an artist under a filter.

    Attributes:
        filters: as asked for
        k: fewest listeners of a figure that is shown; 1 for those who see all
        stored: all months of the artist, whatever the filter
        people: all listeners of the artist, whatever the filter
        table: who was present where, whatever the filter; listener p of `people` is p + 1 there
        row_day: (n,) datetime64[D] of its rows
        units: of time; "day" for those who see all
        asked: the filter as a box of the table, its period in whole units
        decision: what of it is shown
        period: first and last day of what is shown, null where open; as asked for if nothing is
        left_out: what of the filter is not in it
        listeners: (m,) int64 ascending, keys of the listeners in the box shown; empty if nothing is
        first_days: (m,) datetime64[D], of each the first day with the artist, whatever the filter
        first_days_here: (m,) datetime64[D], of each the first day in the box shown
    """

    artist_id: str
    filters: AnalyticsFilters
    k: int
    stored: StoredMonths
    people: People
    table: Presence
    row_day: Days
    units: Units
    asked: Box
    decision: Shown | Suppressed
    period: Span
    left_out: list[LeftOut]
    listeners: IntArray
    first_days: Days
    first_days_here: Days

    @property
    def name(self) -> str:
        """The artist's name."""
        return self.stored.name

    @property
    def exact(self) -> bool:
        """Whether who asks sees all."""
        return self.k == 1

    @property
    def suppressed(self) -> str | None:
        """Why nothing is shown, as a sentence; None if something is."""
        return suppressed_why(self.decision)


def read_audience(
    graph: Graph, artist_id: str, filters: AnalyticsFilters, *, exact: bool, beside: str | None = None
) -> ArtistAudience:
    """Read an artist's audience, in one round trip.

    Args:
        filters: from `muse_graph.service.artists.filters.filters_of`
        exact: for operators and analysts: nothing is left out or suppressed, whatever the number of listeners
        beside: a track that will be compared with

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If a track is not by the artist.
    """
    with_cells = bool(filters.segments)
    tracks = [*filters.tracks, *([beside] if beside else [])]
    stored = read_months(graph, artist_id, tracks, filters.countries, with_cells=with_cells)
    k = 1 if exact else LEAST
    people, table, row_day, units = _table(stored, k)
    span = units.whole(filters)
    asked = _box(stored, filters, units.codes(span))
    decision = shown(table, asked, k)
    box = decision.box if isinstance(decision, Shown) else None
    period = units.days(box.period if box else asked.period, asked.period, span)
    names = names_of(stored)
    positions, first_here = _within(table, row_day, box)
    return ArtistAudience(
        artist_id=artist_id,
        filters=filters,
        k=k,
        stored=stored,
        people=people,
        table=table,
        row_day=row_day,
        units=units,
        asked=asked,
        decision=decision,
        period=period if box else (filters.from_day, filters.to_day),
        left_out=left_out_of(decision, names, filters, units, period),
        listeners=people.keys[positions],
        first_days=people.first_day[positions],
        first_days_here=first_here,
    )


def names_of(stored: StoredMonths) -> dict[Dimension, Sequence[str]]:
    """The values of each dimension but the period, by code."""
    return {
        "tracks": stored.tracks,
        "countries": stored.countries,
        "segments": SEGMENTS,
        "sources": SOURCES,
    }


def _table(stored: StoredMonths, k: int) -> tuple[People, Presence, Days, Units]:
    """All listeners, who was present where, the days of its rows, and the units they come in."""
    months = stored.months
    rows = day_rows(months)
    keys, listener = np.unique(rows.listener, return_inverse=True)
    unit = "day" if k == 1 else choose_unit(listener, rows.day, k)
    codes, first = unit_codes(rows.day, unit)
    segment = segments(listener, rows.day, len(keys))
    people = People(keys, segment, _first_days(listener, rows.day, len(keys)))
    order = np.argsort(listener, kind="stable")
    columns = (months.track[rows.month], months.country[rows.month], codes, segment[listener], rows.source)
    table = presence(listener[order], *(column[order] for column in columns))
    return people, table, rows.day[order], Units(unit, first)


def _first_days(listener: IntArray, day: Days, n: int) -> Days:
    """(n,) datetime64[D], the first day of each listener; NaT where none is known."""
    first = np.full(n, np.iinfo(np.int64).max)
    dated = ~np.isnat(day)
    np.minimum.at(first, listener[dated], day[dated].astype(np.int64))
    unknown = first == np.iinfo(np.int64).max
    return np.where(unknown, np.datetime64("NaT"), first.astype("datetime64[D]"))


def _box(stored: StoredMonths, filters: AnalyticsFilters, period: tuple[int, int] | None) -> Box:
    return Box(
        tracks=_codes(stored.tracks, filters.tracks),
        countries=_codes(stored.countries, filters.countries),
        period=period,
        segments=_codes(SEGMENTS, filters.segments),
        sources=_codes(SOURCES, filters.sources),
    )


def _codes(names: Sequence[str], asked: Sequence[str]) -> frozenset[int] | None:
    return frozenset(names.index(value) for value in asked) if asked else None


def _within(table: Presence, row_day: Days, box: Box | None) -> tuple[IntArray, Days]:
    """Positions of the listeners in a box, and the first day of each there."""
    if box is None:
        return np.empty(0, np.int64), np.empty(0, "datetime64[D]")
    rows: BoolArray = table.within(masks_of(box, table.sizes))
    listener = table.listener[rows].astype(np.int64) - 1
    positions = listener[firsts(listener)]
    rank = np.cumsum(firsts(listener)) - 1
    return positions, _first_days(rank, row_day[rows], len(positions))
