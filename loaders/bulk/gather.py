"""Batches of all tables as columns, ids as positions, rows rejected as the write path rejects them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muse_graph.core.arrays import run_starts
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.graph.connection import Row
from muse_graph.loaders.bulk.listens import ListenChunks, ListenColumns, places_among
from muse_graph.loaders.bulk.wrong_listens import drop_wrong
from muse_graph.loaders.columns import SCHEMAS, TIME
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import Batches
from muse_graph.service.maintenance.loaded_rows import KEYS
from muse_graph.service.maintenance.tables import audience_parts
from muse_graph.service.pagination import Advance

__all__ = ["Gathered", "Pairs", "gather"]


@dataclass(frozen=True)
class Pairs:
    """Links between positions of two tables: source (n,), target (n,), place (n,) from 1 in a list."""

    source: IntArray
    target: IntArray
    place: IntArray


@dataclass(frozen=True)
class Gathered:
    """Checked tables and the ids that became positions.

    Attributes:
        tables: every table but that of listens, without impossible rows
        listens: those that can be, with the country of each
        genre_ids: their positions are those of the nodes
    """

    tables: dict[str, pa.Table]
    listens: ListenColumns
    genre_ids: pa.Array
    track_artists: Pairs
    track_genres: Pairs

    @property
    def country_codes(self) -> list[str]:
        """All countries; their positions are those of the nodes."""
        return self.listens.countries

    def position(self, table: str, column: str, ids: str) -> IntArray:
        """(n,) int64 position of each value of a column among the ids of another table."""
        return places_among(self.tables[table][column], self.tables[ids][_ID[ids]])

    def countries(self, codes: pa.ChunkedArray) -> IntArray:
        """(n,) int64 position of each country; -1 for null."""
        return places_among(codes, pa.array(self.country_codes, pa.string()))

    def genres(self, ids: pa.ChunkedArray) -> IntArray:
        """(n,) int64 position of each genre."""
        return places_among(ids, self.genre_ids)


_ID = {"users": "user_id", "artists": "artist_id", "tracks": "track_id", "influencers": "influencer_id"}
#: column of a table -> the table its ids are of, named as the write path names them.
_REFERENCES = {
    "friendships": {"user_id": "users", "friend_id": "users"},
    "likes": {"user_id": "users"},
    "tags": {"user_id": "users", "artist_id": "artists"},
    "feedback": {"user_id": "users", "track_id": "tracks"},
    "follows": {"user_id": "users", "influencer_id": "influencers"},
}


def gather(batches: Batches, rejects: Rejects, advance: Advance) -> Gathered:
    """Take in every batch, check references, count loaded, repeated and rejected rows."""
    parts: defaultdict[str, list[pa.RecordBatch]] = defaultdict(list)
    chunks = ListenChunks()
    for name, batch in batches:
        if name == "listens":
            chunks.add(batch)
        else:
            parts[name].append(batch)
        advance(name, batch.num_rows)
    advance("checks", 0)
    tables = _checked(parts, rejects)
    users, tracks = (tables[name][_ID[name]].combine_chunks() for name in ("users", "tracks"))
    listens = drop_wrong(chunks.placed(users, tracks, rejects), users, tracks, rejects)
    loaded = {name: table.num_rows for name, table in tables.items()} | {"listens": len(listens)}
    for name, n in loaded.items():
        tally = rejects.tally[name]
        tally.loaded = tally.read - tally.rejected - tally.repeated if tally.read else n
    genre_ids = _all_genres(tables)
    return Gathered(
        tables,
        listens.settled(tables["users"]["country"], _countries(tables)),
        genre_ids,
        _links(tables["tracks"]["artist_ids"], tables["artists"]["artist_id"]),
        _links(tables["tracks"]["genre_ids"], genre_ids),
    )


def _checked(parts: dict[str, list[pa.RecordBatch]], rejects: Rejects) -> dict[str, pa.Table]:
    """All tables but that of listens without rows that cannot be or are there already."""
    names = [name for name in SCHEMAS if name != "listens"]
    tables = {name: pa.Table.from_batches(parts.pop(name, []), SCHEMAS[name]) for name in names}
    tables["tracks"] = _drop_tracks(tables, rejects)
    for name, references in _REFERENCES.items():
        tables[name] = _drop_dangling(tables, name, references, rejects)
    # After the rows that cannot be: a good one counts although the same with a mistake came before it.
    for name in KEYS:
        tables[name] = _drop_repeated(tables, name, rejects)
    tables["feedback"] = _latest_feedback(tables["feedback"], rejects)
    return tables


def _drop_dangling(
    tables: dict[str, pa.Table], name: str, references: dict[str, str], rejects: Rejects
) -> pa.Table:
    """Reject rows with an id that nothing has."""
    table = tables[name]
    good = np.ones(table.num_rows, np.bool_)
    for column, other in references.items():
        missing = places_among(table[column], tables[other][_ID[other]]) < 0
        for row in _rows(table, good & missing):
            rejects.reject(name, row["line"], f"{column}: no {other[:-1]} has the id {row[column]!r}")
        good &= ~missing
    return table if good.all() else table.filter(pa.array(good))


def _drop_tracks(tables: dict[str, pa.Table], rejects: Rejects) -> pa.Table:
    """Reject tracks by artists that nothing has."""
    tracks, artists = tables["tracks"], tables["artists"]
    links = _links(tracks["artist_ids"], artists["artist_id"])
    bad = np.zeros(tracks.num_rows, np.bool_)
    bad[links.source[links.target < 0]] = True
    known = set(artists["artist_id"].to_pylist()) if bad.any() else set()
    for row in _rows(tracks, bad):
        unknown = next(one for one in row["artist_ids"] if one not in known)
        rejects.reject("tracks", row["line"], f"artist_ids: no artist has the id {unknown!r}")
    return tracks.filter(pa.array(~bad)) if bad.any() else tracks


def _latest_feedback(feedback: pa.Table, rejects: Rejects) -> pa.Table:
    """Keep the latest feedback of a user on a track."""
    now = pa.scalar(datetime.now(UTC), TIME)
    filled = pc.fill_null(feedback["at"], now)
    feedback = feedback.set_column(feedback.schema.get_field_index("at"), "at", filled)
    at = np.unique(filled.cast(pa.int64()).to_numpy(), return_inverse=True)[1]
    pair = _groups(feedback, ["user_id", "track_id"])
    # Those of a user and a track side by side, in the order of the rows.
    order = np.argsort(pair, kind="stable")
    starts = run_starts(pair[order])
    # Each time beside the latest so far of the same two: a key that only grows from one pair to the next.
    key = pair[order] * (len(at) + 1) + at[order]
    before = np.concatenate([[-1], np.maximum.accumulate(key)[:-1]])
    overtakes = key > before
    rejects.tally["feedback"].repeated += len(at) - int(overtakes.sum())
    latest = np.maximum.reduceat(np.where(overtakes, np.arange(len(at)), 0), starts) if len(at) else starts
    first = np.argsort(order[starts], kind="stable")
    return feedback.take(pa.array(order[latest][first]))


def _drop_repeated(tables: dict[str, pa.Table], name: str, rejects: Rejects) -> pa.Table:
    """Keep the first row about each thing and count the others as repeated."""
    table = tables[name]
    same = _pairs(table) if name == "friendships" else _groups(table, KEYS[name])
    first = np.unique(same, return_index=True)[1]
    if len(first) == table.num_rows:
        return table
    rejects.tally[name].repeated += table.num_rows - len(first)
    return table.take(pa.array(np.sort(first)))


def _pairs(friendships: pa.Table) -> IntArray:
    """(n,) int64, the same number for friendships of the same two, whichever is named first."""
    n = friendships.num_rows
    ends = pa.chunked_array([*friendships["user_id"].chunks, *friendships["friend_id"].chunks], pa.string())
    codes = pc.dictionary_encode(ends).combine_chunks().indices.to_numpy().astype(np.int64)
    smaller, larger = np.minimum(codes[:n], codes[n:]), np.maximum(codes[:n], codes[n:])
    pairs: IntArray = smaller * (codes.max(initial=0) + 1) + larger
    return pairs


def _groups(table: pa.Table, columns: Iterable[str]) -> IntArray:
    """(n,) int64 from 0, the same number for rows that have the same values in these columns."""
    group = np.zeros(table.num_rows, np.int64)
    for column in columns:
        codes = pc.dictionary_encode(table[column]).combine_chunks().indices.to_numpy()
        # Numbered anew after each column, so that the product of two stays small.
        group = np.unique(group * (codes.max(initial=0) + 1) + codes, return_inverse=True)[1]
    return group


def _all_genres(tables: dict[str, pa.Table]) -> pa.Array:
    """Ids of the genres table, then those that are only used."""
    named = tables["genres"]["genre_id"].combine_chunks()
    used = [
        pc.list_flatten(tables["tracks"]["genre_ids"]),
        pc.list_flatten(tables["influencers"]["genre_ids"]),
        tables["likes"]["genre_id"],
    ]
    extra = sorted({one for column in used for one in pc.unique(column).to_pylist()} - set(named.to_pylist()))
    return pa.concat_arrays([named, pa.array(extra, pa.string())])


def _countries(tables: dict[str, pa.Table]) -> set[str]:
    """The codes of all countries that are in use, but for listens."""
    codes: set[str | None] = set()
    for name in ("users", "artists", "influencers"):
        codes.update(pc.unique(tables[name]["country"]).to_pylist())
    for entries in tables["influencers"]["audience"].to_pylist():
        codes.update(part["code"] for part in audience_parts(entries or []))
    return {code for code in codes if code}


def _links(lists: pa.ChunkedArray, ids: pa.Array | pa.ChunkedArray) -> Pairs:
    """One pair for each entry of a column of lists."""
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    source = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Pairs(source, places_among(pc.list_flatten(lists), ids), np.arange(len(source)) - starts + 1)


def _rows(table: pa.Table, mask: BoolArray) -> Iterable[Row]:
    rows: list[Row] = table.filter(pa.array(mask)).to_pylist() if mask.any() else []
    return rows
