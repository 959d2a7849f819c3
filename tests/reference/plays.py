"""Plays of an artist as columns, and which of them an answer is of; all by comparing values one by one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from muse_graph.answers import Analytics
from muse_graph.core.listening.sources import SOURCES
from tests.worlds.months import Play

__all__ = ["Plays"]


class Plays:
    """Columns of n plays; with segment and first day of who played, and whether the track is saved."""

    def __init__(self, plays: list[Play], saved: set[tuple[int, str]]) -> None:
        self._saved = saved
        self.listener = np.array([play.listener for play in plays])
        self.track = np.array([play.track for play in plays])
        self.country = np.array([play.country for play in plays])
        self.day = np.array([play.day for play in plays], "datetime64[D]")
        self.source = np.array([SOURCES[play.source] for play in plays])
        segment, first = _segments(plays), _first_days(plays)
        self.segment = np.array([segment[play.listener] for play in plays])
        self.first_day = np.array([first[play.listener] for play in plays], "datetime64[D]")
        self.saved = np.array([(play.listener, play.track) in saved for play in plays])

    def listeners(self, rows: np.ndarray) -> int:
        return len(np.unique(self.listener[rows]))

    def savers(self) -> list[dict[str, Any]]:
        """As `artist_savers` returns them."""
        tracks = sorted({track for _, track in self._saved})
        return [
            {"track_id": track, "keys": sorted(who for who, one in self._saved if one == track)}
            for track in tracks
        ]

    def under(self, answer: Analytics, from_day: str | None = None, to_day: str | None = None) -> np.ndarray:
        """The plays of an answer: what was asked less what was left out; of its period or another."""
        asked, gone = answer.filters, {one.filter: one.values for one in answer.left_out}
        rows = np.ones(len(self.listener), bool)
        for name, column, values in (
            ("tracks", self.track, asked.tracks),
            ("countries", self.country, asked.countries),
            ("sources", self.source, asked.sources),
            ("segments", self.segment, asked.segments),
        ):
            if values:
                rows &= np.isin(column, [one for one in values if one not in gone.get(name, [])])  # type: ignore[call-overload]
        return rows & self.within(from_day or answer.from_day, to_day or answer.to_day)

    def within(self, from_day: str | None, to_day: str | None) -> np.ndarray:
        """The plays of a period."""
        rows = np.ones(len(self.listener), bool)
        if from_day or to_day:
            rows &= ~np.isnat(self.day)
        if from_day:
            rows &= self.day >= np.datetime64(from_day)
        if to_day:
            rows &= self.day <= np.datetime64(to_day)
        return rows

    def within_unit(self, first: str, days: int) -> np.ndarray:
        """The plays of the unit that begins on a day; days : 1, 7, 31 for its month or 366 for its year"""
        start = date.fromisoformat(first)
        if days == 31:
            days = ((start + timedelta(31)).replace(day=1) - start).days
        if days == 366:
            days = (start.replace(year=start.year + 1) - start).days
        return self.within(first, str(start + timedelta(days - 1)))


def _segments(plays: list[Play]) -> dict[int, str]:
    last = max(play.day for play in plays if play.day)
    days: dict[int, set[date]] = {play.listener: set() for play in plays}
    for play in plays:
        if play.day and play.day > last - timedelta(28):
            days[play.listener].add(play.day)
    return {
        who: "super" if len(some) >= 8 else "moderate" if len(some) >= 3 else "light" if some else "lapsed"
        for who, some in days.items()
    }


def _first_days(plays: list[Play]) -> dict[int, date | None]:
    first: dict[int, date | None] = {play.listener: None for play in plays}
    for play in plays:
        known = first[play.listener]
        if play.day and (known is None or play.day < known):
            first[play.listener] = play.day
    return first
