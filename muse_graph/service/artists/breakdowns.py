"""An artist's figures by country, track, time, source and segment, as an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import (
    CountryAudience,
    PeriodAudience,
    SegmentAudience,
    SourceAudience,
    TrackAudience,
)
from muse_graph.core.artists.cells import Cells, cells_within, spans_within
from muse_graph.core.artists.disclosure import Shown
from muse_graph.core.artists.plays import PlayTable
from muse_graph.core.artists.presence import DIMENSIONS, PERIOD, TRACKS, Masks, masks_of
from muse_graph.core.artists.survival import completions
from muse_graph.core.artists.units import spans_of
from muse_graph.core.artists.words import SEGMENTS, Dimension
from muse_graph.core.listening.sources import SOURCES
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.countries import country_name
from muse_graph.service.artists.audiences import ArtistAudience
from muse_graph.service.artists.curves import known
from muse_graph.service.artists.subsets import savers_by_track

__all__ = ["Breakdowns", "shown_countries"]

#: Of a cell: its position, plays, listeners; None where they are not shown.
_Row = tuple[int, int | None, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Breakdowns:
    """What is shown of an audience, by one dimension after the other."""

    audience: ArtistAudience
    decision: Shown
    plays: PlayTable

    @property
    def masks(self) -> Masks:
        """What is shown, of the table."""
        return masks_of(self.decision.box, self.audience.table.sizes)

    def countries(self) -> list[CountryAudience]:
        """Most plays first, then by code; last those that are not shown."""
        total = self._total()
        codes = self.audience.stored.countries
        found = [
            CountryAudience(
                codes[code],
                country_name(codes[code]),
                plays,
                listeners,
                share=None if plays is None else plays / total,
                plays_per_listener=plays / listeners if plays and listeners else None,
            )
            for code, plays, listeners in self._by("countries")
        ]
        return sorted(found, key=lambda one: (one.plays is None, -(one.plays or 0), one.country))

    def tracks(self, saved: BoolArray) -> list[TrackAudience]:
        """Most plays first, then by id; last those that are not shown. saved : of `saved_rows`"""
        total, stored = self._total(), self.audience.stored
        rows = [*self._by("tracks")]
        reports = self.plays.reports_by_code(TRACKS, self.masks, self.audience.table.sizes[TRACKS])[1:]
        completion = completions(reports).tolist()
        listeners = {code: who for code, _, who in rows if who is not None}
        savers = savers_by_track(self.audience, self.decision.box, saved, listeners)
        found = []
        for code, plays, who in rows:
            track_id, n = stored.tracks[code], savers.get(code)
            found.append(
                TrackAudience(
                    track_id,
                    stored.titles[track_id],
                    plays,
                    who,
                    share=None if plays is None else plays / total,
                    completion=None if plays is None else known(completion[code]),
                    savers=n,
                    save_rate=None if n is None or who is None else n / who,
                )
            )
        return sorted(found, key=lambda one: (one.plays is None, -(one.plays or 0), one.track_id))

    def sources(self) -> list[SourceAudience]:
        """In the order of `SOURCES`."""
        return [SourceAudience(SOURCES[code], plays, who) for code, plays, who in self._by("sources")]

    def segments(self) -> list[SegmentAudience]:
        """In the order of `SEGMENTS`."""
        everybody = self.decision.listeners
        return [
            SegmentAudience(SEGMENTS[code], who, None if who is None else who / everybody)
            for code, _, who in self._by("segments")
        ]

    def units(self) -> list[PeriodAudience]:
        """By the unit that the figures come in."""
        first = self.audience.units.first
        return [PeriodAudience(str(first[unit]), plays, who) for unit, plays, who in self._by("period")]

    def weeks(self) -> list[PeriodAudience]:
        """By week, where the unit is a day; of the first and the last one the days within the period."""
        table, days = self.audience.table, self.audience.units.first
        start, end = self.decision.box.period or (0, len(days) - 1)
        mondays, spans = spans_of(days[start : end + 1], "week")
        spans += start
        seen = spans_within(table, self.decision.box, spans, self.audience.k)
        size = table.sizes[PERIOD]
        plays = _sums(self.plays.by_code(PERIOD, self.masks, size)[1:], spans)
        there = _sums(np.bincount(table.codes[PERIOD], minlength=size + 1)[1:], spans) > 0
        return [
            PeriodAudience(str(mondays[week]), *figures)
            for week, *figures in self._rows(seen, plays, np.flatnonzero(there))
        ]

    def _total(self) -> int:
        """All plays shown."""
        return int(self.plays.plays[self.plays.within(self.masks)].sum())

    def _by(self, dimension: Dimension) -> Iterator[_Row]:
        """The cells of a breakdown; those of values that the artist has nothing of, whatever the filter, are
        left away.
        """
        table, by = self.audience.table, DIMENSIONS.index(dimension)
        seen = cells_within(table, self.decision.box, dimension, self.audience.k)
        mask = self.masks[by]
        there = np.bincount(table.codes[by], minlength=table.sizes[by] + 1)[1:] > 0
        asked = there if mask is None else there & mask[1:]
        plays = self.plays.by_code(by, self.masks, table.sizes[by])[1:]
        return self._rows(seen, plays, np.flatnonzero(asked))

    def _rows(self, seen: Cells, plays: IntArray, positions: IntArray) -> Iterator[_Row]:
        for position in positions.tolist():
            if not seen.shown[position]:
                yield position, None, None
            elif seen.listeners[position]:
                yield position, int(plays[position]), int(seen.listeners[position])


def shown_countries(audience: ArtistAudience) -> frozenset[str]:
    """Codes of the countries whose figures are shown; none where nothing is."""
    if not isinstance(audience.decision, Shown):
        return frozenset()
    seen = cells_within(audience.table, audience.decision.box, "countries", audience.k)
    return frozenset(audience.stored.countries[code] for code in np.flatnonzero(seen.shown))


def _sums(values: IntArray, spans: IntArray) -> IntArray:
    """(n,) int64, the sum of the values from the first to the last of each span."""
    until = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(until[spans[:, 1] + 1] - until[spans[:, 0]])
