"""Months of an artist as the graph has them, from plays one by one; and a crowd that plays at random."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from muse_graph.core.listening.buckets import Rows, add_up, pack
from tests.fakes import FakeGraph

__all__ = ["Play", "artist_graph", "crowd"]

_COLUMNS = ("days", "day_sources", "day_reports", "day_plays", "listeners")


class Play(NamedTuple):
    """Plays of one listener; source is a position in `SOURCES`, report as in `core/listening/reports.py`."""

    listener: int
    track: str
    country: str
    day: date | None
    source: int = 0
    report: int = 9
    plays: int = 1


def artist_graph(plays: list[Play], **rows: Any) -> FakeGraph:
    """A graph that has an artist with these plays, whatever its id. rows : answers of other queries"""

    def answer(*, with_cells: bool, **_: Any) -> list[dict[str, Any]]:
        titles = [[track, f"Title of {track}"] for track in sorted({play.track for play in plays})]
        months = _months(plays, with_cells=with_cells)
        return [{"name": "Ana", "titles": titles, "months": months}]

    return FakeGraph({"artist_audience": answer, **rows})


def crowd(
    seed: int,
    listeners: int,
    plays: int,
    days: int = 60,
    tracks: tuple[str, ...] = ("t1", "t2", "t3"),
    countries: tuple[str, ...] = ("CO", "PT", "JP", "ZZ"),
) -> list[Play]:
    """Random plays: few listeners play most, some tracks and countries have few; some have no time."""
    rng = np.random.default_rng(seed)
    who = np.minimum(rng.geometric(2 / listeners, plays), listeners)
    home = np.minimum(rng.geometric(0.45, listeners + 1), len(countries)) - 1
    track = np.minimum(rng.geometric(0.5, plays), len(tracks)) - 1
    source, report = rng.integers(0, 8, plays) // 2, rng.integers(0, 20, plays)
    day, undated = rng.integers(0, days, plays), rng.random(plays) < 0.03
    return [
        Play(
            int(w),
            tracks[t],
            countries[home[w]],
            None if gone else date(2026, 1, 5) + timedelta(int(d)),
            int(s),
            int(r),
        )
        for w, t, d, gone, s, r in zip(who, track, day, undated, source, report, strict=True)
    ]


def _months(plays: list[Play], *, with_cells: bool) -> list[list[Any]]:
    keys = [(p.track, p.country, p.day.year * 100 + p.day.month if p.day else 0) for p in plays]
    buckets = sorted(set(keys))
    table = [
        (buckets.index(key), p.listener, p.day.day if p.day else 0, p.source, p.report, p.plays)
        for key, p in zip(keys, plays, strict=True)
    ]
    rows = Rows(*np.array(table, np.int64).reshape(-1, 6).T)
    return [
        [*key, *(stored[column] for column in _COLUMNS), stored["cells"] if with_cells else None]
        for key, stored in zip(
            buckets, pack(add_up(len(buckets), rows), len(buckets)).properties(), strict=True
        )
    ]
