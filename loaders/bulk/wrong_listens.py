"""Listens that cannot be: ids that others have, and more plays of a track than there may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muse_graph.core.types import BoolArray
from muse_graph.loaders.bulk.listens import ListenColumns
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.text_bytes import bytes_of
from muse_graph.service.field_rules import MAX_PLAYS
from muse_graph.service.listens.record import too_many_plays

__all__ = ["drop_wrong"]

#: An odd number whose powers spread the bytes of an id over 64 bits.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
#: Ids whose bytes are numbers of 64 bits at once.
_HASHED = 500_000

_Own = tuple[int, int, int, float | None, float | None, int]


def drop_wrong(listens: ListenColumns, users: pa.Array, tracks: pa.Array, rejects: Rejects) -> ListenColumns:
    """Keep the first good listen of each id; looks only at ids and pairs in which something may be wrong."""
    doubtful = _may_repeat(listens.ids) | _of_many_plays(listens, len(tracks))
    if not doubtful.any():
        return listens
    good = np.ones(len(listens), np.bool_)
    facts: dict[str, tuple[object, ...]] = {}
    plays: defaultdict[tuple[int, int], int] = defaultdict(int)
    for row, listen_id, own in _looked_at(listens, doubtful):
        pair, total = own[:2], plays[own[:2]] + own[-1]
        if facts.get(listen_id) == own:
            rejects.tally["listens"].repeated += 1
        elif listen_id in facts:
            reason = f"listen_id {listen_id!r} is used by another listen"
            rejects.reject("listens", int(listens.line[row]), reason)
        elif total > MAX_PLAYS:
            user, track = (ids[place].as_py() for ids, place in zip((users, tracks), pair, strict=True))
            rejects.reject("listens", int(listens.line[row]), too_many_plays(user, track, total))
        else:
            facts[listen_id], plays[pair] = own, total
            continue
        good[row] = False
    return listens if good.all() else listens.rows(good)


def _looked_at(listens: ListenColumns, chosen: BoolArray) -> Iterator[tuple[int, str, _Own]]:
    """Position, id and what must not differ of some listens: user, track, time, shares, plays."""
    some = listens.rows(chosen)
    heard, at_least = (
        [None if share != share else share for share in column.tolist()]
        for column in (some.heard, some.at_least)
    )
    own = zip(
        some.user.tolist(),
        some.track.tolist(),
        some.at.tolist(),
        heard,
        at_least,
        some.plays.tolist(),
        strict=True,
    )
    yield from zip(np.flatnonzero(chosen).tolist(), some.ids.to_pylist(), own, strict=True)


def _may_repeat(ids: pa.ChunkedArray) -> BoolArray:
    """(n,) whether an id may be there more than once: whether another has the same 64 bits."""
    pieces = [ids[begin : begin + _HASHED] for begin in range(0, len(ids), _HASHED)]
    hashes = np.concatenate(
        [np.empty(0, np.uint64), *(_hashes(chunk) for piece in pieces for chunk in piece.chunks)]
    )
    ascending = np.sort(hashes)
    several = np.unique(ascending[1:][ascending[1:] == ascending[:-1]])
    return np.isin(hashes, several) if len(several) else np.zeros(len(hashes), np.bool_)


def _hashes(ids: pa.Array) -> NDArray[np.uint64]:
    """(n,) uint64, the same for the same text."""
    bounds, letters = bytes_of(ids)
    lengths = np.diff(bounds)
    powers = np.cumprod(np.full(int(lengths.max(initial=0)), _SPREAD), dtype=np.uint64)
    place = np.arange(len(letters)) - np.repeat(bounds[:-1], lengths)
    # Letters count from 1: an id that ends with bytes of 0 differs from one without them.
    sums = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum((letters.astype(np.uint64) + np.uint64(1)) * powers[place], dtype=np.uint64, out=sums[1:])
    return sums[bounds[1:]] - sums[bounds[:-1]]


def _of_many_plays(listens: ListenColumns, n_tracks: int) -> BoolArray:
    """(n,) whether user and track of a listen have more plays in all of them than there may be."""
    many = np.zeros(len(listens), np.bool_)
    per_user = np.bincount(listens.user, weights=listens.plays)
    if per_user.max(initial=0) <= MAX_PLAYS:
        return many
    rows = np.flatnonzero(per_user[listens.user] > MAX_PLAYS)
    pair = np.unique(
        listens.user[rows].astype(np.int64) * n_tracks + listens.track[rows], return_inverse=True
    )[1]
    many[rows] = np.bincount(pair, weights=listens.plays[rows])[pair] > MAX_PLAYS
    return many
