"""Exported favourites to learn from beside the graph, or before it has any users of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from muse_graph.core.arrays import find
from muse_graph.core.keys import keys_of
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import IntArray, Interactions
from muse_graph.graph.connection import Graph
from muse_graph.loaders.sources.favourites import Favourites
from muse_graph.service.pagination import Advance, each_page
from muse_graph.training.reading import TrainingSet

__all__ = ["Matched", "add_favourites", "plain_names"]

_PAGE = 5_000


@dataclass(frozen=True)
class Matched:
    """What of exported favourites was found in the graph.

    Attributes:
        users, tracks, favourites: how many were exported
        by_id, by_name: tracks found by their id, and by artist and title; the others are left out
        used_users, used: users with a favourite that was found, and their favourites; of several
            exported tracks that are one in the graph a user's favourite counts once
    """

    users: int
    tracks: int
    favourites: int
    by_id: int
    by_name: int
    used_users: int
    used: int


def add_favourites(
    graph: Graph, training_set: TrainingSet, export: Favourites, advance: Advance
) -> tuple[TrainingSet, Matched]:
    """Add the users of exported favourites after the graph's; a favourite is one play of unknown length.

    They are other users than the graph's, also where an id is the same.
    """
    by_id = find(training_set.catalogue.track_keys, keys_of(export.track_ids))
    item = _by_name(graph, training_set, export, by_id, advance)
    pairs = np.column_stack([export.pairs[:, 0], item[export.pairs[:, 1]]])
    pairs = np.unique(pairs[pairs[:, 1] >= 0], axis=0)
    users, user = np.unique(pairs[:, 0], return_inverse=True)
    data = _add(training_set.data, user, pairs[:, 1], len(users))
    listeners = training_set.catalogue.listeners + np.bincount(pairs[:, 1], minlength=data.n_items)
    matched = Matched(
        users=len(export.user_ids),
        tracks=len(export.track_ids),
        favourites=len(export),
        by_id=int((by_id >= 0).sum()),
        by_name=int((item >= 0).sum() - (by_id >= 0).sum()),
        used_users=len(users),
        used=len(pairs),
    )
    return replace(
        training_set, data=data, catalogue=replace(training_set.catalogue, listeners=listeners)
    ), matched


def plain_names(artist: str, title: str) -> tuple[str, str]:
    """What is left of two names without capitals, accents, spaces and marks."""
    return _letters(artist), _letters(title)


def _letters(text: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())
    # Names of marks alone would all become the same.
    return letters or text.strip()


def _by_name(
    graph: Graph, training_set: TrainingSet, export: Favourites, by_id: IntArray, advance: Advance
) -> IntArray:
    """(n_tracks,) int64 item of each exported track; of several with the same plain names the first by id."""
    item = by_id.copy()
    wanted: dict[tuple[str, str], list[int]] = {}
    for index in np.flatnonzero(by_id < 0).tolist():
        wanted.setdefault(plain_names(export.artists[index], export.track_ids[index]), []).append(index)
    if not wanted:
        return item
    for key, names in _names(graph, advance):
        for name in names:
            if indices := wanted.pop(name, None):
                item[indices] = find(training_set.catalogue.track_keys, np.array([key]))
    return item


def _names(graph: Graph, advance: Advance) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the key of each track, and its plain names: one for each artist."""
    for page in each_page(graph, "training_titles", "track_id", _PAGE):
        for row in page:
            yield row["key"], [plain_names(artist, row["title"]) for artist in row["artists"]]
        advance("titles", len(page))


def _add(data: TrainingData, user: IntArray, item: IntArray, n_more: int) -> TrainingData:
    """The data with more users behind the others, who have nothing but interactions, in order."""
    played, n_users = data.interactions, data.n_users + n_more
    n_pairs = len(user)
    return replace(
        data,
        n_users=n_users,
        interactions=Interactions(
            np.concatenate([played.user_index, user + data.n_users]),
            np.concatenate([played.item, item]),
            np.concatenate([played.plays, np.ones(n_pairs, np.int64)]),
            np.concatenate([played.heard, np.full(n_pairs, np.nan)]),
        ),
        feedback=_padded(data.feedback, n_users, data.n_items),
        friends=_padded(data.friends, n_users, n_users),
        user_tags=_padded(data.user_tags, n_users, data.user_tags.shape[1]),
    )


def _padded(
    matrix: sparse.csr_array[np.float64], n_rows: int, n_columns: int
) -> sparse.csr_array[np.float64]:
    """The matrix with empty rows and columns behind the others."""
    more = np.full(n_rows - matrix.shape[0], matrix.indptr[-1], matrix.indptr.dtype)
    parts = (matrix.data, matrix.indices, np.concatenate([matrix.indptr, more]))
    return sparse.csr_array(parts, shape=(n_rows, n_columns))
