"""HEARD_IN: a track's months in a country, kept up to date as plays come in or are erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from muse_graph.core.listening.buckets import Rows, add_up, pack, unpack
from muse_graph.graph.connection import Row, Transaction
from muse_graph.graph.months import NAME, put_months

__all__ = ["NO_MONTH", "Play", "add_plays", "remove_plays"]

#: The month and the day of plays whose time is not known.
NO_MONTH = NO_DAY = 0

_Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Play:
    """One listen as a month sees it.

    Attributes:
        report: how far it went, as `muse_graph.core.listening.reports` says
        source: position in `muse_graph.core.listening.sources.SOURCES`
        listener: key of the user
    """

    track_id: str
    country: str
    at: datetime | None
    report: int
    source: int
    plays: int
    listener: int


def add_plays(transaction: Transaction, plays: Sequence[Play]) -> None:
    """Add plays to the months of their tracks and countries."""
    _change(transaction, plays, 1)


def remove_plays(transaction: Transaction, plays: Sequence[Play]) -> None:
    """Take plays out of the months of their tracks and countries; a month without plays goes."""
    _change(transaction, plays, -1)


def _change(transaction: Transaction, plays: Sequence[Play], sign: int) -> None:
    keys = sorted({_key(play) for play in plays})
    names = [dict(zip(NAME, key, strict=True)) for key in keys]
    index = {key: position for position, key in enumerate(keys)}
    rows = add_up(len(keys), _stored(transaction, names, index), _rows(plays, index, sign))
    months = zip(names, pack(rows, len(keys)).properties(), strict=True)
    put_months(transaction, (name | values for name, values in months))


def _stored(transaction: Transaction, names: list[Row], index: dict[_Key, int]) -> Rows:
    """The rows of the months that are there."""
    found = transaction.run("month_buckets", rows=names)
    rows = unpack([month["listeners"] for month in found], [month["cells"] for month in found])
    place = [index[month["track_id"], month["country"], month["month"]] for month in found]
    bucket = np.array(place, np.int64)[rows.bucket]
    return Rows(bucket, *rows.columns[1:])


def _rows(plays: Sequence[Play], index: dict[_Key, int], sign: int) -> Rows:
    values = [
        (index[_key(play)], play.listener, _day(play), play.source, play.report, sign * play.plays)
        for play in plays
    ]
    return Rows(*np.array(values, np.int64).T)


def _key(play: Play) -> _Key:
    if play.at is None:
        return play.track_id, play.country, NO_MONTH
    at = play.at.astimezone(UTC)
    return play.track_id, play.country, at.year * 100 + at.month


def _day(play: Play) -> int:
    return NO_DAY if play.at is None else play.at.astimezone(UTC).day
