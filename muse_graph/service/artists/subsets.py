"""Parts of an audience by what its listeners did besides: who is new, who has saved what they heard.

Such a part is counted by the rule for its own rows alone. It is smaller than the audience, so its units of
time are longer, and it is counted only in periods of whole ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.artists.cells import cells_within
from muse_graph.core.artists.disclosure import Shown, shown
from muse_graph.core.artists.presence import PERIOD, TRACKS, Box, Masks, Presence, masks_of
from muse_graph.core.artists.units import Days, choose_unit, unit_codes, whole_units
from muse_graph.core.artists.words import UNITS, Unit
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import ArtistAudience
from muse_graph.service.artists.periods import Units

__all__ = ["newcomers", "newcomers_unit", "saved_rows", "savers", "savers_by_track", "savers_unit"]


def newcomers(audience: ArtistAudience, box: Box, unit: Unit | None) -> tuple[int | None, int | None]:
    """Listeners who heard the artist for the first time in the period shown, and before it; both or none.

    Args:
        unit: of `newcomers_unit`
    """
    start = audience.period[0]
    if start is None or unit is None:
        return None, None
    is_new = (audience.people.first_day >= np.datetime64(start))[audience.table.listener - 1]
    new, returning = (_count(audience, box, rows, unit) for rows in (is_new, ~is_new))
    return (None, None) if new is None or returning is None else (new, returning)


def newcomers_unit(audience: ArtistAudience) -> Unit | None:
    """The unit of time in whole ones of which `newcomers` are counted; None without a first day."""
    if audience.period[0] is None:
        return None
    first_day = audience.people.first_day
    return _unit(audience, np.arange(len(first_day)), first_day)


def savers(audience: ArtistAudience, box: Box, saved: BoolArray, listeners: int, unit: Unit) -> int | None:
    """Listeners who have saved a track that they heard in what is shown.

    Not shown either where fewer than k have not saved any.

    Args:
        saved: of `saved_rows`
        listeners: shown
        unit: of `savers_unit`
    """
    found = _count(audience, box, saved, unit)
    return None if found is None or 0 < listeners - found < audience.k else found


def savers_by_track(
    audience: ArtistAudience, box: Box, saved: BoolArray, listeners: Mapping[int, int]
) -> dict[int, int | None]:
    """As `savers`, of each track by itself: the cells of the saved rows, by the rule for cells.

    Args:
        listeners: shown, by code of the track
    """
    part = _part(audience, box, saved, savers_unit(audience, saved))
    if part is None:
        return dict.fromkeys(listeners)
    there = part.table.listeners_by_code(TRACKS, part.table.within(part.masks))[1:]
    whole = shown(part.table, part.box, audience.k)
    seen = np.zeros(len(there), np.bool_)
    if isinstance(whole, Shown) and not {*whole.left_out} - {"tracks"}:
        seen = cells_within(part.table, whole.box, "tracks", audience.k).shown
    counts = {code: int(there[code]) for code in listeners}
    return {
        code: n if not n or (seen[code] and not 0 < listeners[code] - n < audience.k) else None
        for code, n in counts.items()
    }


def saved_rows(graph: Graph, audience: ArtistAudience) -> BoolArray:
    """(n,) bool, rows of the table whose listener has saved their track; one round trip."""
    table, stored, keys = audience.table, audience.stored, audience.people.keys
    codes = {track: code for code, track in enumerate(stored.tracks)}
    found = graph.read("artist_savers", artist_id=audience.artist_id)
    pairs = [np.empty(0, np.int64)]
    for row in found:
        if row["track_id"] in codes:
            who = positions(keys, np.array(row["keys"], np.int64))
            pairs.append(_pair(who[who >= 0], codes[row["track_id"]], len(keys)))
    listener, track = table.listener.astype(np.int64) - 1, table.codes[0].astype(np.int64) - 1
    return np.isin(_pair(listener, track, len(keys)), np.concatenate(pairs))


def savers_unit(audience: ArtistAudience, saved: BoolArray) -> Unit:
    """The unit of time in whole ones of which savers are counted. saved : of `saved_rows`"""
    return _unit(audience, audience.table.listener[saved].astype(np.int64), audience.row_day[saved])


def _pair(listener: IntArray, track: IntArray | int, n: int) -> IntArray:
    return np.asarray(track * n + listener)


def _unit(audience: ArtistAudience, listener: IntArray, day: Days) -> Unit:
    """The unit that a part comes in: as for an audience, and no finer than its own."""
    whole = audience.units.unit
    return whole if audience.exact else max(whole, choose_unit(listener, day, audience.k), key=UNITS.index)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some rows of the table, and a box of them in their units of time."""

    table: Presence
    box: Box

    @property
    def masks(self) -> Masks:
        return masks_of(self.box, self.table.sizes)


def _part(audience: ArtistAudience, box: Box, rows: BoolArray, unit: Unit) -> _Part | None:
    """Some rows in their units; None where the period of the box is not of whole ones."""
    table, units = _in_units(audience, unit)
    if box.period is not None:
        start, end = audience.period
        if not all(_is_whole(day, unit, ends=ends) for day, ends in ((start, False), (end, True))):
            return None
        box = replace(box, period=units.codes((start, end)))
    return _Part(table.take(rows), box)


def _count(audience: ArtistAudience, box: Box, rows: BoolArray, unit: Unit) -> int | None:
    """Listeners of some rows of the table in a box; None where they are not shown."""
    part = _part(audience, box, rows, unit)
    if part is None:
        return None
    if not part.table.within(part.masks).any():
        return 0
    found = shown(part.table, part.box, audience.k)
    return found.listeners if isinstance(found, Shown) and not found.left_out else None


def _in_units(audience: ArtistAudience, unit: Unit) -> tuple[Presence, Units]:
    """The table in other units of time."""
    table = audience.table
    if unit == audience.units.unit:
        return table, audience.units
    period, first = unit_codes(audience.row_day, unit)
    codes, sizes = list(table.codes), list(table.sizes)
    codes[PERIOD], sizes[PERIOD] = (period + 1).astype(np.uint16), len(first)
    return replace(table, codes=tuple(codes), sizes=tuple(sizes)), Units(unit, first)


def _is_whole(day: str | None, unit: Unit, *, ends: bool) -> bool:
    return day is None or whole_units(np.datetime64(day), unit, ends=ends) == np.datetime64(day)
