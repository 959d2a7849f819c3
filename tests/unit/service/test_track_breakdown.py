"""An artist's figures by track: what is shown of each, and what is hidden to hide others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from muse_graph.answers import TrackAudience
from tests.worlds.asked import analytics
from tests.worlds.months import Play, artist_graph

MONDAY = date(2026, 1, 5)


def heard(who: range, track: str, report: int = 9, plays: int = 1, day: int = 0) -> list[Play]:
    """One row of each listener."""
    at = MONDAY + timedelta(day)
    return [Play(one, track, "CO", at, report=report, plays=plays) for one in who]


def tracks(plays: list[Play], saved: dict[str, range] | None = None, **more: Any) -> list[TrackAudience]:
    savers = [{"track_id": track, "keys": [*who]} for track, who in (saved or {}).items()]
    return analytics(artist_graph(plays, artist_savers=savers), "a1", **more).tracks


def test_plays_listeners_completion_and_savers() -> None:
    plays = [*heard(range(20), "t2", plays=2), *heard(range(10), "t2", report=4), *heard(range(30), "t1", 12)]
    plays += heard(range(25), "t3", report=8, plays=2)
    assert tracks(plays, {"t2": range(10)}) == [
        TrackAudience("t2", "Title of t2", 50, 20, 50 / 130, pytest.approx(0.8), 10, 0.5),
        TrackAudience("t3", "Title of t3", 50, 25, 50 / 130, 0.0, 0, 0.0),
        # Of its plays none says how far it went.
        TrackAudience("t1", "Title of t1", 30, 30, 30 / 130, None, 0, 0.0),
    ]


def test_few_listeners_are_not_told_nor_what_would_tell_them() -> None:
    plays = heard(range(40), "t1") + heard(range(15), "t2") + heard(range(100, 104), "t3")
    hidden = [TrackAudience(one, f"Title of {one}", *[None] * 6) for one in ("t2", "t3")]
    found = tracks(plays)
    assert [(one.track_id, one.listeners) for one in found] == [("t1", 40), ("t2", None), ("t3", None)]
    assert found[1:] == hidden
    assert [one.listeners for one in tracks(plays, exact=True)] == [40, 15, 4]


@pytest.mark.parametrize(
    ("savers", "shown"),
    [
        # Three of t3 have saved it: the total less that of t1 and t2 would tell.
        ({"t1": range(20), "t2": range(40, 52), "t3": range(70, 73)}, [20, None, None]),
        # Nobody or nearly all.
        ({"t1": range(20), "t2": range(40, 40), "t3": range(70, 85)}, [20, 0, None]),
        ({"t1": range(20), "t2": range(40, 52), "t3": range(70, 90)}, [20, 12, 20]),
    ],
)
def test_few_savers_are_not_told_nor_what_would_tell_them(
    savers: dict[str, range], shown: list[int | None]
) -> None:
    plays = heard(range(40), "t1") + heard(range(40, 70), "t2") + heard(range(70, 90), "t3")
    found = tracks(plays, savers)
    assert [one.listeners for one in found] == [40, 30, 20]
    assert [one.savers for one in found] == shown
    assert [one.savers for one in tracks(plays, savers, exact=True)] == [
        len(some) for some in savers.values()
    ]


def test_a_filter_by_tracks_leaves_only_these() -> None:
    plays = heard(range(40), "t1") + heard(range(30), "t2") + heard(range(20), "t3", day=1)
    found = tracks(plays, {"t2": range(12)}, track=["t2", "t3"])
    assert [(one.track_id, one.share, one.savers) for one in found] == [("t2", 0.6, 12), ("t3", 0.4, 0)]
    first = tracks(plays, {"t2": range(12)}, to_day=MONDAY)
    # That nobody heard t3 yet is not told either.
    known = [(one.track_id, one.listeners, one.savers) for one in first]
    assert known == [("t1", 40, 0), ("t2", 30, 12), ("t3", None, None)]


def test_nothing_is_told_where_all_is_suppressed() -> None:
    assert tracks(heard(range(9), "t1")) == []
