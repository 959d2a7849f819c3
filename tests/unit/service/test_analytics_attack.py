"""The answers that an artist gets, attacked: pairs of filters made to be near each other.

Every figure of every answer is a set of plays, found by filtering them one by one. Of any two figures of
which one has all plays of the other, also of different pairs, none or at least ten listeners are in between.
MUSE_PAIRS is how many pairs are asked for, 20 if it is not set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from muse_graph.answers import Analytics
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from tests.reference.plays import Plays
from tests.worlds.asked import analytics
from tests.worlds.months import artist_graph, crowd

PAIRS = int(os.environ.get("MUSE_PAIRS", "20"))
PAIRS_OF_A_WORLD = 20
TRACKS = tuple(f"t{n}" for n in range(1, 6))
COUNTRIES = ("CO", "PT", "JP", "ZZ", "MX", "PE", "FR")
FIRST, DAYS = date(2026, 1, 5), 70

Filters = dict[str, Any]
#: Which table it is of, and which plays it has.
Figure = tuple[str, np.ndarray]


def figures(plays: Plays, answer: Analytics) -> Iterator[Figure]:
    """All figures of an answer, each compared with the plays it is of."""
    if answer.suppressed:
        return
    left = plays.under(answer)
    yield from _counted(plays, "all", left, answer.listeners)
    for place in answer.countries:
        yield from _counted(plays, "all", left & (plays.country == place.country), place.listeners)
    for one in answer.tracks:
        rows = left & (plays.track == one.track_id)
        yield from _counted(plays, "all", rows, one.listeners)
        yield from _counted(plays, "savers", rows & plays.saved, one.savers)
        assert one.savers is None or one.listeners is not None
    for source in answer.sources:
        yield from _counted(plays, "all", left & (plays.source == source.source), source.listeners)
    for segment in answer.segments:
        yield from _counted(plays, "all", left & (plays.segment == segment.segment), segment.listeners)
    for days, periods in ((1, answer.days), (7, answer.weeks), (31, answer.months), (366, answer.years)):
        for period in periods:
            yield from _counted(plays, "all", left & plays.within_unit(period.day, days), period.listeners)
    assert answer.undated in (None, 0)
    if before := answer.before:
        rows = plays.under(answer, before.from_day, before.to_day)
        yield from _counted(plays, "all", rows, before.listeners)
    new = plays.first_day >= np.datetime64(answer.from_day or "0001")
    yield from _counted(plays, f"new {answer.from_day}", left & new, answer.new_listeners)
    yield from _counted(plays, f"returning {answer.from_day}", left & ~new, answer.returning_listeners)
    yield from _counted(plays, "savers", left & plays.saved, answer.savers)


def _counted(plays: Plays, kind: str, rows: np.ndarray, listeners: int | None) -> Iterator[Figure]:
    if listeners is not None:
        assert listeners == plays.listeners(rows)
        assert listeners >= 10 or (listeners == 0 and kind != "all")
        yield kind, rows


def breaches(plays: Plays, found: list[Figure]) -> list[tuple[str, int]]:
    """Differences of two figures with 1..9 listeners."""
    bad = []
    for kind in {kind for kind, _ in found}:
        table = np.array([*{rows.tobytes(): rows for one, rows in found if one == kind}.values()])
        common = table.astype(np.float32) @ table.T.astype(np.float32)
        small, large = np.nonzero((common == table.sum(axis=1)[:, None]) & ~np.eye(len(table), dtype=bool))
        for one, other in zip(small, large, strict=True):
            apart = plays.listeners(table[other] & ~table[one])
            if 0 < apart < 10:
                bad.append((kind, apart))
    return bad


def near_pair(rng: np.random.Generator) -> tuple[Filters, Filters]:
    """Filters, and the same with one value or day more or less, or with one of them freed."""
    some: Filters = {
        "track": _some(rng, TRACKS),
        "country": _some(rng, COUNTRIES),
        "source": _some(rng, SOURCES[:4]),
        "segment": _some(rng, SEGMENTS),
    }
    narrow = {name: some[name] for name in rng.permutation([*some])[: rng.integers(0, 3)]}
    if rng.random() < 0.6 or not narrow:
        start, end = sorted(int(n) for n in rng.integers(0, DAYS, 2))
        narrow |= {"from_day": FIRST + timedelta(start), "to_day": FIRST + timedelta(end)}
    name = str(rng.choice([*narrow]))
    value = narrow[name]
    if isinstance(value, date):
        days = int(rng.choice([-7, -1, 1, 7]))
        other = narrow | {name: value + timedelta(days)}
        return narrow, other if other["from_day"] <= other["to_day"] else narrow | {name: None}
    fewer = [one for one in value if one != value[0]]
    return narrow, narrow | {name: fewer if rng.random() < 0.5 else None}


def _some(rng: np.random.Generator, values: tuple[str, ...]) -> list[str]:
    return rng.choice(values, rng.integers(1, 4), replace=False).tolist()


@pytest.mark.parametrize("seed", range(-(-PAIRS // PAIRS_OF_A_WORLD)))
def test_no_pair_of_answers_tells_of_fewer_than_ten(seed: int) -> None:
    rng = np.random.default_rng(seed)
    listeners = int(rng.integers(60, 500))
    played = crowd(seed, listeners, int(rng.integers(4, 12)) * listeners, DAYS, TRACKS, COUNTRIES)
    plays = Plays(played, {one for one in _pairs(played) if rng.random() < 0.4})
    graph = artist_graph(played, artist_savers=plays.savers())
    asked = [filters for _ in range(PAIRS_OF_A_WORLD) for filters in near_pair(rng)]
    found = [figure for filters in asked for figure in figures(plays, analytics(graph, "a1", **filters))]
    assert len(found) > PAIRS_OF_A_WORLD
    assert breaches(plays, found) == []


def _pairs(played: list[Any]) -> list[tuple[int, str]]:
    return sorted({(play.listener, play.track) for play in played})
