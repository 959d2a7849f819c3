"""Who hears an artist, how much of it, where, when, and what brought them there."""

from __future__ import annotations

from typing import Any

from muse_graph.answers import Analytics, AnalyticsFilters, Reach, Reports
from muse_graph.core.arrays import find
from muse_graph.core.artists.disclosure import Shown
from muse_graph.core.artists.plays import PlayTable, plays_by_listener, plays_of_all
from muse_graph.core.artists.presence import PERIOD, Masks, masks_of
from muse_graph.core.artists.words import UNITS
from muse_graph.core.listening.buckets import unpack
from muse_graph.core.listening.reports import AT_LEAST
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.graph.connection import Graph
from muse_graph.service import field_rules
from muse_graph.service.artists.audiences import ArtistAudience, read_audience
from muse_graph.service.artists.breakdowns import Breakdowns
from muse_graph.service.artists.comparisons import beside_genre, beside_track, period_before_this
from muse_graph.service.artists.curves import curve_of
from muse_graph.service.artists.subsets import newcomers, newcomers_unit, saved_rows, savers, savers_unit

__all__ = ["analytics"]

_COMPARED = (
    *("before", "new_listeners", "returning_listeners", "newcomers_unit"),
    *("savers", "save_rate", "savers_unit", "beside"),
)


def analytics(
    graph: Graph,
    artist_id: str,
    filters: AnalyticsFilters,
    *,
    beside: str | None = None,
    exact: bool = False,
) -> Analytics:
    """Count plays, listeners and how much of an artist's tracks they heard.

    Args:
        filters: from `muse_graph.service.artists.filters.filters_of`
        beside: a second curve: the id of a track of the artist, or "genre" for the median of its main genre
        exact: for operators and analysts; else no figure tells of fewer than 10 listeners, by the rule of
            `muse_graph.core.artists.disclosure`, and periods are shortened to whole units

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If a track is not by the artist.
        InvalidRequest: For what is to be beside.
    """
    track = None if beside in (None, "genre") else field_rules.check_by(field_rules.ID, "beside", beside)
    audience = read_audience(graph, artist_id, filters, exact=exact, beside=track)
    decision = audience.decision
    if not isinstance(decision, Shown):
        return Analytics(**_asked(audience), **_nothing())
    plays, saved = _plays(audience), saved_rows(graph, audience)
    answer = (
        _asked(audience)
        | _figures(audience, decision, plays, saved)
        | _compared(audience, decision, plays, saved)
    )
    if track is not None:
        answer["beside"] = beside_track(audience, decision.box, plays, track)
    elif beside is not None:
        answer["beside"] = beside_genre(graph, artist_id, exact=exact)
    return Analytics(**answer)


def _asked(audience: ArtistAudience) -> dict[str, Any]:
    """What was asked, and how it is answered."""
    filters = audience.filters
    return {
        "artist_id": audience.artist_id,
        "name": audience.name,
        "track_id": _only(filters.tracks),
        "country": _only(filters.countries),
        "from_day": audience.period[0],
        "to_day": audience.period[1],
        "filters": filters,
        "exact": audience.exact,
        "unit": audience.units.unit,
        "left_out": audience.left_out,
        "suppressed": audience.suppressed,
    }


def _nothing() -> dict[str, Any]:
    """Where all is suppressed."""
    numbers = ("plays", "unknown", "listeners", "undated", "reports", "curve", *_COMPARED)
    lists = ("reach", "countries", "tracks", "days", "weeks", "months", "years", "sources", "segments")
    return dict.fromkeys(numbers) | {name: [] for name in lists}


def _figures(audience: ArtistAudience, decision: Shown, plays: PlayTable, saved: BoolArray) -> dict[str, Any]:
    seen = Breakdowns(audience, decision, plays)
    reports = plays.reports(seen.masks)
    unit = audience.units.unit
    return {
        "plays": int(reports.sum()),
        "unknown": int(reports[AT_LEAST:].sum()),
        "listeners": decision.listeners,
        "reach": _reach(reports[:AT_LEAST]),
        "countries": seen.countries(),
        "tracks": seen.tracks(saved),
        **{f"{one}s": seen.units() if one == unit else [] for one in UNITS},
        **({"weeks": seen.weeks()} if unit == "day" else {}),
        "undated": _undated(audience, seen.masks, plays),
        "sources": seen.sources(),
        "segments": seen.segments(),
        "reports": Reports(reports[:AT_LEAST].tolist(), reports[AT_LEAST:].tolist()),
        "curve": curve_of(reports),
    }


def _compared(
    audience: ArtistAudience, decision: Shown, plays: PlayTable, saved: BoolArray
) -> dict[str, Any]:
    box, listeners = decision.box, decision.listeners
    reports = plays.reports(masks_of(box, audience.table.sizes))
    units = newcomers_unit(audience), savers_unit(audience, saved)
    new, returning = newcomers(audience, box, units[0])
    n_savers = savers(audience, box, saved, listeners, units[1])
    rate = n_savers / listeners if n_savers is not None and listeners else None
    before = period_before_this(audience, box, plays, reports, listeners)
    found = (before, new, returning, units[0], n_savers, rate, units[1], None)
    return dict(zip(_COMPARED, found, strict=True))


def _plays(audience: ArtistAudience) -> PlayTable:
    """The artist's plays; by listener where single segments are asked for."""
    stored, people, first = audience.stored, audience.people, audience.units.first
    if not audience.filters.segments:
        return plays_of_all(stored.months, first)
    rows = unpack(stored.listeners, stored.cells)
    return plays_by_listener(stored.months, rows, first, people.segment[find(people.keys, rows.listener)])


def _undated(audience: ArtistAudience, masks: Masks, plays: PlayTable) -> int | None:
    """Plays without a time, which are no box: who does not see all sees only that there are none."""
    found = int(plays.by_code(PERIOD, masks, audience.table.sizes[PERIOD])[0])
    return found if audience.exact or not found else None


def _only(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else None


def _reach(exact: IntArray) -> list[Reach]:
    """Plays that reached each step, of those that are known exactly: (10,) by the steps they reached."""
    known = int(exact.sum())
    reached = exact[::-1].cumsum()[::-1]
    return [
        Reach(10 * step, plays, plays / known if known else None)
        for step, plays in enumerate(reached[1:].tolist(), 1)
    ]
