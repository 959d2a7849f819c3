"""What happened to one track in one country in one month: a bucket.

All of it follows from one table of rows (listener, day, source, report) -> plays. Buckets of the same key add
up in any order, and plays are taken out of one by adding them with a minus. Equal listening gives equal
buckets.

Stored are three views of the table, each for the questions it answers at the least cost:

- sums: plays by day, source and report, whoever the listener. They grow with days, not with plays.
- listeners: who heard it on which days by which source. They count the distinct listeners of a period.
- cells: the table itself, with places in `listeners` for the listeners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.arrays import group_sums, run_starts, run_sums
from muse_graph.core.listening.reports import N_REPORTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.core.types import IntArray, check_lengths
from muse_graph.errors import InvalidRequest, ShapeError, Unstorable

__all__ = ["CELL", "LISTENER", "Buckets", "Rows", "add_up", "pack", "unpack", "unpack_listeners"]

#: A listener who came by one source: key of the user, position in `SOURCES`, bit d for day d (0 for no time).
LISTENER = np.dtype([("listener", "<i8"), ("source", "u1"), ("days", "<u4")])
#: Plays of such a listener on one day: place among those of the bucket, day, report, plays.
CELL = np.dtype([("place", "<u4"), ("day", "u1"), ("report", "u1"), ("plays", "<u4")])

_DAYS = 32  # day of month 1..31, and 0 for no time
_MOST = np.iinfo(np.uint32).max
_UNREADABLE = "a month of a track in a country cannot be read; run `muse-graph doctor --repair`"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Plays in n_buckets buckets.

    Attributes:
        bucket: (n,) int64 in 0..n_buckets-1
        listener: (n,) int64, key of the user
        day: (n,) int64, day of month, 0 for no time
        source: (n,) int64, position in `SOURCES`
        report: (n,) int64, as `muse_graph.core.listening.reports` says
        plays: (n,) int64; below 0 to take plays out
    """

    bucket: IntArray
    listener: IntArray
    day: IntArray
    source: IntArray
    report: IntArray
    plays: IntArray

    @property
    def columns(self) -> tuple[IntArray, ...]:
        """The columns in their order."""
        return self.bucket, self.listener, self.day, self.source, self.report, self.plays


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """Buckets as they are stored, end to end: bucket i has the rows offsets[i]:offsets[i + 1] of each view.

    Attributes:
        plays: (n_buckets,) int64, all plays of each
        days, sources, reports, sum_plays: (s,) int64, the sums by day, source and report in ascending order
        sum_offsets: (n_buckets + 1,) int64
        listeners: (m,) LISTENER, by listener and source in ascending order
        listener_offsets: (n_buckets + 1,) int64
        cells: (c,) CELL, in ascending order
        cell_offsets: (n_buckets + 1,) int64
    """

    plays: IntArray
    days: IntArray
    sources: IntArray
    reports: IntArray
    sum_plays: IntArray
    sum_offsets: IntArray
    listeners: NDArray[np.void]
    listener_offsets: IntArray
    cells: NDArray[np.void]
    cell_offsets: IntArray

    def __len__(self) -> int:
        return len(self.plays)

    def properties(self) -> list[dict[str, Any]]:
        """The properties of each bucket as a relationship of the graph has them."""
        sums = [column.tolist() for column in (self.days, self.sources, self.reports, self.sum_plays)]
        listeners, cells = self.listeners.tobytes(), self.cells.tobytes()
        bounds = zip(
            self.plays.tolist(),
            _pairs(self.sum_offsets),
            _pairs(self.listener_offsets * LISTENER.itemsize),
            _pairs(self.cell_offsets * CELL.itemsize),
            strict=True,
        )
        names = ("days", "day_sources", "day_reports", "day_plays")
        return [
            {"plays": plays}
            | {name: column[slice(*some)] for name, column in zip(names, sums, strict=True)}
            | {"listeners": listeners[slice(*people)], "cells": cells[slice(*own)]}
            for plays, some, people, own in bounds
        ]


def add_up(n_buckets: int, *tables: Rows) -> Rows:
    """Add up tables of the same buckets: rows in ascending order, each once, those without plays left out.

    Raises:
        ShapeError: If the columns of a table differ in length, or a bucket is out of range.
        InvalidRequest: If a day, source or report is.
    """
    for table in tables:
        names = zip(Rows.__slots__, table.columns, strict=True)
        check_lengths(**dict(names))
    joined = Rows(*map(np.concatenate, zip(*(table.columns for table in tables), strict=True)))
    _check_ranges(joined, n_buckets)
    keys, rank = np.unique(joined.listener, return_inverse=True)
    # One number for each place in the order sorts several times faster than four columns: of a billion plays
    # of a million listeners in a hundred million buckets, it is below 2^60.
    key = joined.bucket * len(keys) + rank
    key = ((key * len(SOURCES) + joined.source) * _DAYS + joined.day) * N_REPORTS + joined.report
    order = np.argsort(key)
    starts = run_starts(key[order])
    plays = run_sums(joined.plays[order], starts)
    kept = plays > 0
    first = order[starts[kept]]
    bucket, listener, day, source, report, _ = (column[first] for column in joined.columns)
    return Rows(bucket, listener, day, source, report, plays[kept])


def pack(rows: Rows, n_buckets: int) -> Buckets:
    """Make the views of a table that `add_up` returned.

    Raises:
        Unstorable: If plays of one listener on one day are more than a cell holds, 2^32 - 1.
    """
    if rows.plays.max(initial=0) > _MOST:
        raise Unstorable(f"plays of a listener on one day must be at most {_MOST:,}, got {rows.plays.max()}")
    starts = run_starts(rows.bucket, rows.listener, rows.source)
    listeners = np.empty(len(starts), LISTENER)
    listeners["listener"], listeners["source"] = rows.listener[starts], rows.source[starts]
    if len(starts):
        listeners["days"] = np.bitwise_or.reduceat(np.left_shift(1, rows.day), starts)
    listener_offsets = _offsets(rows.bucket[starts], n_buckets)
    cells = np.empty(len(rows.plays), CELL)
    place = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows.plays)))
    cells["place"] = place - listener_offsets[rows.bucket]
    cells["day"], cells["report"], cells["plays"] = rows.day, rows.report, rows.plays
    key, sums = _add_by_key(rows)
    return Buckets(
        plays=group_sums(rows.bucket, rows.plays, n_buckets),
        days=key // (len(SOURCES) * N_REPORTS) % _DAYS,
        sources=key // N_REPORTS % len(SOURCES),
        reports=key % N_REPORTS,
        sum_plays=sums,
        sum_offsets=_offsets(key // (_DAYS * len(SOURCES) * N_REPORTS), n_buckets),
        listeners=listeners,
        listener_offsets=listener_offsets,
        cells=cells,
        cell_offsets=_offsets(rows.bucket, n_buckets),
    )


def unpack(listeners: Sequence[bytes], cells: Sequence[bytes]) -> Rows:
    """The table of buckets that are stored so, in the order of `add_up`.

    Raises:
        ShapeError: If these are no listeners and cells of buckets.
    """
    people, offsets = unpack_listeners(listeners)
    found, cell_offsets = _structs(cells, CELL)
    bucket = np.repeat(np.arange(len(cells)), np.diff(cell_offsets))
    place = found["place"] + offsets[bucket]
    if (place >= offsets[bucket + 1]).any():
        raise ShapeError(_UNREADABLE)
    return Rows(
        bucket=bucket,
        listener=people["listener"][place].astype(np.int64),
        day=found["day"].astype(np.int64),
        source=people["source"][place].astype(np.int64),
        report=found["report"].astype(np.int64),
        plays=found["plays"].astype(np.int64),
    )


def unpack_listeners(listeners: Sequence[bytes]) -> tuple[NDArray[np.void], IntArray]:
    """(m,) LISTENER of buckets end to end, and their (n_buckets + 1,) int64 offsets; raises ShapeError."""
    return _structs(listeners, LISTENER)


def _structs(parts: Sequence[bytes], kind: np.dtype[np.void]) -> tuple[NDArray[np.void], IntArray]:
    try:
        lengths = np.array([len(part) for part in parts], np.int64)
        found = np.frombuffer(b"".join(parts), kind)
    except (TypeError, ValueError) as error:
        raise ShapeError(_UNREADABLE) from error
    if (lengths % kind.itemsize).any():
        raise ShapeError(_UNREADABLE)
    return found, np.concatenate([[0], np.cumsum(lengths // kind.itemsize)])


def _check_ranges(rows: Rows, n_buckets: int) -> None:
    if not len(rows.plays):
        return
    if not 0 <= rows.bucket.min() <= rows.bucket.max() < n_buckets:
        raise ShapeError(f"bucket must be 0..{n_buckets - 1}, got {rows.bucket.min()}..{rows.bucket.max()}")
    for name, column, n in (
        ("day of month", rows.day, _DAYS),
        ("source", rows.source, len(SOURCES)),
        ("report", rows.report, N_REPORTS),
    ):
        if not 0 <= column.min() <= column.max() < n:
            raise InvalidRequest(f"{name} must be 0..{n - 1}, got {column.min()}..{column.max()}")


def _add_by_key(rows: Rows) -> tuple[IntArray, IntArray]:
    """Distinct bucket, day, source and report as one number, ascending, and the plays of each."""
    key = ((rows.bucket * _DAYS + rows.day) * len(SOURCES) + rows.source) * N_REPORTS + rows.report
    order = np.argsort(key)
    key = key[order]
    starts = run_starts(key)
    return key[starts], run_sums(rows.plays[order], starts)


def _offsets(bucket: IntArray, n_buckets: int) -> IntArray:
    """(n_buckets + 1,) int64 bounds of the rows of each bucket."""
    return np.concatenate([[0], np.cumsum(np.bincount(bucket, minlength=n_buckets))])


def _pairs(offsets: IntArray) -> list[tuple[int, int]]:
    return list(pairwise(offsets.tolist()))
