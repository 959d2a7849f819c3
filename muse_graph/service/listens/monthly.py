"""HEARD_IN: a track's months in a country, kept up to date as plays come in or are erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from muse_graph.core.listening.buckets import Rows, add_up, pack, unpack
from muse_graph.graph.connection import Row, Transaction
from muse_graph.graph.months import NAME, put_months
from muse_graph.graph.query_records import OpenListensMonth
from muse_graph.service.listens.context import month_of

__all__ = ["Play", "add_to", "remove_plays"]

#: The day of plays whose time is not known.
NO_DAY = 0

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


def remove_plays(transaction: Transaction, plays: Sequence[Play]) -> None:
    """Take plays out of the months of their tracks and countries; a month without plays goes."""
    names = [dict(zip(NAME, key, strict=True)) for key in sorted({_key(play) for play in plays})]
    found = [OpenListensMonth(**row) for row in transaction.run("month_buckets", rows=names)]
    put_months(transaction, add_to(found, plays, -1))


def add_to(months: Sequence[OpenListensMonth], plays: Sequence[Play], sign: int = 1) -> list[Row]:
    """Months of the plays as they are afterwards, rows of `put_months`.

    Args:
        months: what is kept of them so far, any of others besides
        sign: -1 to take the plays out
    """
    keys = sorted({_key(play) for play in plays})
    index = {key: position for position, key in enumerate(keys)}
    rows = add_up(len(keys), _stored(months, index), _rows(plays, index, sign))
    packed = pack(rows, len(keys)).properties()
    return [dict(zip(NAME, key, strict=True)) | values for key, values in zip(keys, packed, strict=True)]


def _stored(months: Sequence[OpenListensMonth], index: dict[_Key, int]) -> Rows:
    """The rows of the months that are there."""
    wanted = [one for one in months if (one.track_id, one.country, one.month) in index]
    rows = unpack([month.listeners for month in wanted], [month.cells for month in wanted])
    place = [index[month.track_id, month.country, month.month] for month in wanted]
    bucket = np.array(place, np.int64)[rows.bucket]
    return Rows(bucket, *rows.columns[1:])


def _rows(plays: Sequence[Play], index: dict[_Key, int], sign: int) -> Rows:
    values = [
        (index[_key(play)], play.listener, _day(play), play.source, play.report, sign * play.plays)
        for play in plays
    ]
    return Rows(*np.array(values, np.int64).T)


def _key(play: Play) -> _Key:
    return play.track_id, play.country, month_of(play.at)


def _day(play: Play) -> int:
    return NO_DAY if play.at is None else play.at.astimezone(UTC).day
