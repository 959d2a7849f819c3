"""The listens of a load as narrow columns, for there are far more of them than of all else together.

Ids become positions as the batches come in, a chunk of rows at a time: what is kept of a listen takes about
60 bytes, two thirds of it its own id, its time and its shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muse_graph.core.listening.derive import Listens
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.countries import UNKNOWN
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects

__all__ = ["ListenChunks", "ListenColumns", "places_among"]

#: Columns that are numpy's.
_NUMBERS = ("user", "track", "at", "heard", "at_least", "plays", "country", "source", "line")

_CHUNK = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ListenColumns:
    """n listens in the order of their rows.

    Attributes:
        ids: (n,) texts
        user, track: (n,) int32 positions
        at: (n,) int64, ms since 1970; -1 without a time
        heard, at_least: (n,) float64 share heard, and what is proven of one that is unknown; NaN for null
        plays: (n,) int32
        country, source: (n,) int16, int32 positions in `countries` and `sources`; -1 for null
        line: (n,) int64
        countries, sources: the texts
    """

    ids: pa.ChunkedArray
    user: NDArray[np.int32]
    track: NDArray[np.int32]
    at: IntArray
    heard: FloatArray
    at_least: FloatArray
    plays: NDArray[np.int32]
    country: NDArray[np.int16]
    source: NDArray[np.int32]
    line: IntArray
    countries: list[str]
    sources: list[str]

    def __len__(self) -> int:
        return len(self.user)

    def rows(self, chosen: BoolArray | slice) -> ListenColumns:
        """Some of the listens."""
        ids = self.ids[chosen] if isinstance(chosen, slice) else self.ids.filter(pa.array(chosen))
        columns = {name: getattr(self, name)[chosen] for name in _NUMBERS}
        return replace(self, ids=ids, **columns)

    def facts(self, chosen: IntArray) -> Listens:
        """What everything is derived from, of the listens at these positions."""
        return Listens(
            self.user[chosen].astype(np.int64),
            self.track[chosen].astype(np.int64),
            self.at[chosen],
            self.heard[chosen],
            self.plays[chosen].astype(np.int64),
        )

    def settled(self, homes: pa.ChunkedArray, others: Iterable[str]) -> ListenColumns:
        """With the country of each: its own, else where its user lives, else unknown.

        Args:
            homes: (n_users,) codes or null
            others: codes that are used elsewhere: `countries` will be these and those of listens, sorted
        """
        living = [code for code in pc.unique(homes).to_pylist() if code is not None]
        seen = list(dict.fromkeys([*self.countries, *living, UNKNOWN]))
        home = places_among(homes, pa.array(seen)).astype(np.int16)
        country = np.where(self.country < 0, home[self.user], self.country)
        country[country < 0] = seen.index(UNKNOWN)
        used = np.flatnonzero(np.bincount(country, minlength=len(seen))).tolist()
        codes = sorted({*others, *(seen[place] for place in used)})
        place = np.array([codes.index(code) if code in codes else -1 for code in seen], np.int16)
        return replace(self, country=place[country], countries=codes)


class _Chunk(NamedTuple):
    """Columns of some rows, as ListenColumns has them, but for those of texts: each with a dictionary."""

    ids: pa.Array
    user: pa.DictionaryArray
    track: pa.DictionaryArray
    at: IntArray
    heard: FloatArray
    at_least: FloatArray
    plays: NDArray[np.int32]
    country: pa.DictionaryArray
    source: pa.DictionaryArray
    line: IntArray


class ListenChunks:
    """Takes in batches of listens; `placed` gives them, and none is taken in after it."""

    def __init__(self) -> None:
        self._waiting: list[pa.RecordBatch] = []
        self._n_waiting = 0
        self._chunks: list[_Chunk] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in a batch of the listens table."""
        self._waiting.append(batch)
        self._n_waiting += batch.num_rows
        if self._n_waiting >= _CHUNK:
            self._encode()

    def placed(self, users: pa.Array, tracks: pa.Array, rejects: Rejects) -> ListenColumns:
        """The listens of these users and tracks; all others are rejected."""
        self._encode()
        countries, sources = _Numbers(), _Numbers()
        parts = []
        while self._chunks:
            chunk = self._chunks.pop(0)
            parts.append(_placed(chunk, users, tracks, countries, sources, rejects))
        columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _NUMBERS}
        ids = pa.chunked_array([piece for part in parts for piece in part.ids.chunks], pa.string())
        del parts
        return ListenColumns(ids=ids, countries=countries.texts, sources=sources.texts, **columns)

    def _encode(self) -> None:
        table = pa.Table.from_batches(self._waiting, SCHEMAS["listens"])
        self._waiting, self._n_waiting = [], 0
        if table.num_rows or not self._chunks:
            self._chunks.append(_encoded(table))


class _Numbers:
    """Numbers texts from 0 in the order they come."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        return list(self._place)

    def of(self, column: pa.DictionaryArray) -> IntArray:
        """(n,) int64 numbers of the texts of a column; -1 for null."""
        texts = column.dictionary.to_pylist()
        places = np.array([self._place.setdefault(text, len(self._place)) for text in texts], np.int64)
        return _looked_up(places, column)


def _looked_up(places: IntArray, column: pa.DictionaryArray) -> IntArray:
    """(n,) int64, what stands in `places` for the text of each row; -1 for null."""
    found: IntArray = np.append(places, -1)[pc.fill_null(column.indices, len(places)).to_numpy()]
    return found


def _encoded(table: pa.Table) -> _Chunk:
    texts = {name: _with_dictionary(table[name]) for name in ("user_id", "track_id", "country", "source")}
    heard, at_least = (
        pc.fill_null(table[name], float("nan")).to_numpy() for name in ("heard", "heard_at_least")
    )
    return _Chunk(
        ids=table["listen_id"].combine_chunks(),
        user=texts["user_id"],
        track=texts["track_id"],
        at=pc.fill_null(table["listened_at"].cast(pa.int64()), -1).to_numpy(),
        heard=heard,
        at_least=at_least,
        plays=table["plays"].cast(pa.int32()).to_numpy(),
        country=texts["country"],
        source=texts["source"],
        line=table["line"].to_numpy(),
    )


def _with_dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    found = pc.dictionary_encode(column).combine_chunks()
    # Without any chunk there is a chunked array without any, too.
    return found if isinstance(found, pa.DictionaryArray) else pa.array([], pa.string()).dictionary_encode()


def _placed(
    chunk: _Chunk,
    users: pa.Array,
    tracks: pa.Array,
    countries: _Numbers,
    sources: _Numbers,
    rejects: Rejects,
) -> ListenColumns:
    """The listens of a chunk whose user and track there are; the others are rejected."""
    user, track = (
        _looked_up(places_among(column.dictionary, ids), column)
        for column, ids in ((chunk.user, users), (chunk.track, tracks))
    )
    unknown = user < 0
    for column, missing, what in (
        (chunk.user, unknown, "user"),
        (chunk.track, (track < 0) & ~unknown, "track"),
    ):
        for row in np.flatnonzero(missing).tolist():
            reason = f"no {what} has the id {column[row].as_py()!r}"
            rejects.reject("listens", int(chunk.line[row]), reason)
    placed = ListenColumns(
        ids=pa.chunked_array([chunk.ids], pa.string()),
        user=user.astype(np.int32),
        track=track.astype(np.int32),
        at=chunk.at,
        heard=chunk.heard,
        at_least=chunk.at_least,
        plays=chunk.plays,
        country=countries.of(chunk.country).astype(np.int16),
        source=sources.of(chunk.source).astype(np.int32),
        line=chunk.line,
        countries=[],
        sources=[],
    )
    good = ~unknown & (track >= 0)
    return placed if good.all() else placed.rows(good)


def places_among(values: pa.Array | pa.ChunkedArray, ids: pa.Array | pa.ChunkedArray) -> IntArray:
    """(n,) int64 place of each value among the ids; -1 where it is not one of them."""
    found = pc.fill_null(pc.index_in(values, value_set=ids), -1)
    places: IntArray = found.to_numpy().astype(np.int64)
    return places
