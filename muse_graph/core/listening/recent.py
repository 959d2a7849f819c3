"""What a user heard last, in one property: what a feed needs of a friend.

One pair of numbers for each track, the latest first: its key, and when it was last heard, in milliseconds
since 1970. A track heard again moves to the front, so that it is there once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import neg

import numpy as np

from muse_graph.core.types import IntArray

__all__ = ["MAX_RECENT", "Events", "newest", "put_recent"]

#: Tracks that are kept of a user: bounds what a feed reads of a friend, however much the friend listens to.
MAX_RECENT = 50

#: (n,) int64 each: time in ms, rank of the person, kind of the event, key of the track.
Events = tuple[IntArray, IntArray, IntArray, IntArray]


def put_recent(recent: Sequence[int], track: int, at_ms: int | None) -> list[int] | None:
    """What a user heard last, after another listen of a track.

    Args:
        recent: keys and times in turns, as stored
        at_ms: milliseconds since 1970; None for a listen whose time is not known

    Returns:
        None where this alone cannot tell: of two tracks of one time, the one that was played more is first
    """
    if at_ms is not None and track not in recent[::2] and (not recent or at_ms > recent[1]):
        # Nearly always: a track that was not there, heard after all others.
        return [track, at_ms, *recent[: 2 * MAX_RECENT - 2]]
    tracks, times = list(recent[::2]), list(recent[1::2])
    place = tracks.index(track) if track in tracks else None
    before = None if place is None else times[place]
    at = before if at_ms is None or (before is not None and before > at_ms) else at_ms
    if at is None:
        return list(recent)
    if place is not None:
        del tracks[place], times[place]
    if at in times or (place is not None and before in times):
        return None
    place = bisect_left(times, -at, key=neg)
    tracks.insert(place, track)
    times.insert(place, at)
    return [number for pair in zip(tracks[:MAX_RECENT], times, strict=False) for number in pair]


def newest(
    events: Events, limit: int, before: tuple[int, int, int, int] | None = None
) -> Sequence[tuple[int, int, int, int]]:
    """The newest events, of one time by person, kind and track.

    Args:
        events: in any order
        limit: how many at most
        before: an event, whether it is still there or not; those after it in this order are returned. An
            event newer than it never is, so that pages have nothing twice while new events arrive

    Returns:
        (time, person, kind, track) of each
    """
    at, person, kind, track = events
    rows = np.arange(len(at))
    if before is not None:
        rows = np.flatnonzero(at <= before[0])
    if len(rows) > limit:
        # Whatever has the time of the last one may still come before it.
        kept = limit + (0 if before is None else int((at[rows] == before[0]).sum()))
        if kept < len(rows):
            least = np.partition(at[rows], len(rows) - kept)[len(rows) - kept]
            rows = rows[at[rows] >= least]
    order = rows[np.lexsort((track[rows], kind[rows], person[rows], -at[rows]))]
    found = zip(*(column[order].tolist() for column in (at, person, kind, track)), strict=True)
    after = [one for one in found if before is None or _order(one) > _order(before)]
    return after[:limit]


def _order(event: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    at, *others = event
    return (-at, *others)  # type: ignore[return-value]
