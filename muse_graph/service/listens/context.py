"""What the graph knows of listens that arrive: their users, tracks and months, and listens of their ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from muse_graph.graph.connection import Row
from muse_graph.graph.query_records import (
    ListenContextKnown,
    OpenListensHeard,
    OpenListensKnown,
    OpenListensMonth,
    OpenListensTrack,
    OpenListensUser,
)
from muse_graph.timestamps import to_ms

if TYPE_CHECKING:
    from muse_graph.service.listens.record import Listen

__all__ = ["Context", "Facts", "Run", "facts_in", "month_of", "ms_of", "read_context"]

#: `Transaction.run`, or `Graph.write_once`.
Run = Callable[..., list[Row]]

#: What makes a listen the same as another of its id: ms, user, track, share heard, share at least, plays.
Facts = tuple[int | None, str, str, float | None, float | None, int]

#: The month of plays whose time is not known.
NO_MONTH = 0


@dataclass(frozen=True, slots=True)
class Context:
    """All that new listens are written by, as it was when the write lock had been taken so many times.

    Attributes:
        users, tracks: by id; who or what is not there is unknown
        recent: what each user heard last, as stored
        heard: what users have listened to so far, by ids of user and track
        known: listens known by these ids
        months: what is kept of months of the tracks, in countries of the listens or of their users
    """

    taken: int
    users: dict[str, OpenListensUser]
    recent: dict[str, list[int]]
    tracks: dict[str, OpenListensTrack]
    heard: dict[tuple[str, str], OpenListensHeard]
    known: dict[str, Facts]
    months: list[OpenListensMonth]


def read_context(run: Run, listens: Sequence[Listen]) -> Context:
    """Wait for the write lock and read; within a transaction it is held to the end."""
    months = {(one.user_id, one.track_id, one.country, month_of(one.listened_at)) for one in listens}
    of = {
        "user_ids": sorted({one.user_id for one in listens}),
        "track_ids": sorted({one.track_id for one in listens}),
        "pairs": [list(pair) for pair in sorted({(one.user_id, one.track_id) for one in listens})],
        "listen_ids": sorted({one.listen_id for one in listens}),
        "months": [list(month) for month in months],
    }
    (found,) = run("open_listens", listens=of)
    return Context(
        taken=found["taken"],
        users={one.user_id: one for one in found["users"]},
        recent={one.user_id: one.recent or [] for one in found["recent"]},
        tracks={one.track_id: one for one in found["tracks"]},
        heard={(one.user_id, one.track_id): one for one in found["heard"]},
        known={one.listen_id: facts_in(one) for one in found["known"]},
        months=found["months"],
    )


def facts_in(known: OpenListensKnown | ListenContextKnown) -> Facts:
    """The facts of a listen of the graph."""
    ids = (known.user_id, known.track_id)
    return (known.listened_ms, *ids, known.heard, known.heard_at_least, known.plays)


def ms_of(at: datetime | None) -> int | None:
    """Milliseconds since 1970 of a time with a zone, if there is one."""
    return None if at is None else to_ms(at)


def month_of(at: datetime | None) -> int:
    """Year and month in UTC as one number, 202610; `NO_MONTH` where the time is not known."""
    if at is None:
        return NO_MONTH
    utc = at.astimezone(UTC)
    return utc.year * 100 + utc.month
