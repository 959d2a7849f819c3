"""Data sets as arrays of positions, read through the loaders; a protocol hides some of their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import sparse

from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import BoolArray, FloatArray, IntArray, Interactions, check_lengths
from muse_graph.errors import InvalidRequest
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.deezer import read_deezer
from muse_graph.loaders.sources.hetrec import read_hetrec

__all__ = ["Dataset", "Tables", "liking_dataset", "listening_dataset", "read_dataset", "whole_tables"]

Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A data set, by position; the rows of what was played are in the order of its files.

    Attributes:
        user_ids, item_ids, genre_ids: the id at each position
        user, item, plays: (n,) int64, each pair of user and item once
        heard: (n,) float64, mean share heard 0..1, NaN where unknown
        friends: (n_users, n_users) csr float64, symmetric, 1 for a friendship
        tag_user, tag_item, tag: (m,) int64, who gave which tag to which item
        n_tags: tags there are
        item_genre: (n_items,) int64, the primary genre, -1 for none

    Raises:
        ShapeError: If parallel arrays differ in length.
    """

    name: str
    user_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    genre_ids: tuple[str, ...]
    user: IntArray
    item: IntArray
    plays: IntArray
    heard: FloatArray
    friends: sparse.csr_array[np.float64]
    tag_user: IntArray
    tag_item: IntArray
    tag: IntArray
    n_tags: int
    item_genre: IntArray

    def __post_init__(self) -> None:
        check_lengths(user=self.user, item=self.item, plays=self.plays, heard=self.heard)
        check_lengths(tag_user=self.tag_user, tag_item=self.tag_item, tag=self.tag)

    @property
    def n_users(self) -> int:
        """Users there are, also those without a listen."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """Number of items, also those without a play."""
        return len(self.item_ids)

    @property
    def n_genres(self) -> int:
        """Genres there are."""
        return len(self.genre_ids)

    def training(self, kept: BoolArray, *, untagged: BoolArray | None = None) -> TrainingData:
        """What is left when rows are hidden, and with them the tags their user gave to their item.

        Args:
            kept: (n,) bool, the rows that stay
            untagged: (n_users,) bool, users who lose all the tags they gave
        """
        rows = np.flatnonzero(kept)
        rows = rows[np.lexsort((self.item[rows], self.user[rows]))]
        played = Interactions(self.user[rows], self.item[rows], self.plays[rows], self.heard[rows])
        tagged = self.kept_tags(kept)
        if untagged is not None:
            tagged &= ~untagged[self.tag_user]
        n_users, n_items = self.n_users, self.n_items
        by_user = _counts(self.tag_user[tagged], self.tag[tagged], (n_users, self.n_tags))
        by_item = _counts(self.tag_item[tagged], self.tag[tagged], (n_items, self.n_tags))
        no_feedback = sparse.csr_array((n_users, n_items), dtype=np.float64)
        return TrainingData(
            n_users, n_items, played, no_feedback, self.friends, by_user, by_item, self.item_genre
        )

    def kept_tags(self, kept: BoolArray) -> BoolArray:
        """(m,) bool: the tags that were not given to an item hidden from their user."""
        hidden = self.user[~kept] * self.n_items + self.item[~kept]
        return np.isin(self.tag_user * self.n_items + self.tag_item, hidden, invert=True)

    def matrix(self, rows: BoolArray) -> sparse.csr_array[np.float64]:
        """(n_users, n_items) csr, 1 if a row has the user play the item."""
        return _counts(self.user[rows], self.item[rows], (self.n_users, self.n_items))


def read_dataset(name: str, folder: Path) -> tuple[Dataset, Tables]:
    """Read `hetrec` or `deezer`, as arrays and as the tables the arrays were made of.

    Raises:
        InvalidRequest: For another name, or for a folder that does not hold the data set.
    """
    if name == "hetrec":
        tables = whole_tables(read_hetrec(folder, Rejects()))
        return listening_dataset(name, tables), tables
    if name == "deezer":
        tables = whole_tables(read_deezer(folder, Rejects()))
        return liking_dataset(name, tables), tables
    raise InvalidRequest(f"data set must be hetrec or deezer, got {name!r}")


def whole_tables(batches: Iterable[tuple[str, pa.RecordBatch]]) -> Tables:
    """Batches of canonical tables as one table each, rows in their order."""
    found: defaultdict[str, list[pa.RecordBatch]] = defaultdict(list)
    for table, batch in batches:
        found[table].append(batch)
    return {table: pa.Table.from_batches(parts) for table, parts in found.items()}


def listening_dataset(name: str, tables: Tables) -> Dataset:
    """A data set of listens in which each artist is a track of itself, with the same id."""
    users, items = _column(tables["users"], "user_id"), _column(tables["tracks"], "track_id")
    genres = _column(tables["genres"], "genre_id")
    index = _Places(users=users, items=items, genres=genres)
    listens, tags = tables["listens"], tables["tags"]
    tag_texts = sorted(set(_column(tags, "tag")))
    tag_place = {tag: position for position, tag in enumerate(tag_texts)}
    primary = [given[0] if given else None for given in _column(tables["tracks"], "genre_ids")]
    return Dataset(
        name,
        tuple(users),
        tuple(items),
        tuple(genres),
        index.of("users", _column(listens, "user_id")),
        index.of("items", _column(listens, "track_id")),
        np.array(_column(listens, "plays"), np.int64),
        np.array(_column(listens, "heard"), np.float64),
        _friends(tables, index, len(users)),
        index.of("users", _column(tags, "user_id")),
        index.of("items", _column(tags, "artist_id")),
        np.array([tag_place[tag] for tag in _column(tags, "tag")], np.int64),
        len(tag_texts),
        index.of("genres", primary),
    )


def liking_dataset(name: str, tables: Tables) -> Dataset:
    """A data set of liked genres: each genre is an item of its own, a like is a play."""
    users, genres = _column(tables["users"], "user_id"), _column(tables["genres"], "genre_id")
    index = _Places(users=users, items=genres)
    likes, nothing = tables["likes"], np.empty(0, np.int64)
    return Dataset(
        name,
        tuple(users),
        tuple(genres),
        tuple(genres),
        index.of("users", _column(likes, "user_id")),
        index.of("items", _column(likes, "genre_id")),
        np.ones(likes.num_rows, np.int64),
        np.full(likes.num_rows, np.nan),
        _friends(tables, index, len(users)),
        nothing,
        nothing,
        nothing,
        0,
        np.arange(len(genres)),
    )


class _Places:
    """Ids as positions, by kind; None is nowhere, -1."""

    def __init__(self, **ids: list[Any]) -> None:
        self._places = {kind: {one: index for index, one in enumerate(known)} for kind, known in ids.items()}

    def of(self, kind: str, ids: list[Any]) -> IntArray:
        places = self._places[kind]
        return np.array([-1 if one is None else places[one] for one in ids], np.int64)


def _column(table: pa.Table, name: str) -> list[Any]:
    found: list[Any] = table.column(name).to_pylist()
    return found


def _friends(tables: Tables, index: _Places, n_users: int) -> sparse.csr_array[np.float64]:
    pairs = tables["friendships"]
    one = index.of("users", _column(pairs, "user_id"))
    other = index.of("users", _column(pairs, "friend_id"))
    both = _counts(np.concatenate([one, other]), np.concatenate([other, one]), (n_users, n_users))
    # A file may have a pair in both directions.
    both.data[:] = 1.0
    return both


def _counts(row: IntArray, column: IntArray, shape: tuple[int, int]) -> sparse.csr_array[np.float64]:
    counts: sparse.csr_array[np.float64] = sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    counts.sum_duplicates()
    return counts
