"""All that is derived from gathered tables, in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muse_graph.core.arrays import group_sums
from muse_graph.core.keys import keys_of
from muse_graph.core.listening import derive
from muse_graph.core.listening.buckets import Buckets, Rows, add_up, pack
from muse_graph.core.listening.derive import GenrePlays, Links, Listened, Listens
from muse_graph.core.listening.reports import reports_of
from muse_graph.core.listening.sources import source_of
from muse_graph.core.types import IntArray
from muse_graph.loaders.bulk.gather import Gathered, listens_of
from muse_graph.service.listens.refresh import TOP_SHARE

__all__ = ["DerivedTables", "MonthlyBuckets", "derive_tables"]


@dataclass(frozen=True)
class MonthlyBuckets:
    """HEARD_IN: b buckets with the positions of their track and country, and yyyymm (0 without a time)."""

    track: IntArray
    country: IntArray
    month: IntArray
    buckets: Buckets


@dataclass(frozen=True)
class DerivedTables:
    """Keys of the nodes and everything derived from the facts, as positions."""

    gathered: Gathered
    user_keys: IntArray
    track_keys: IntArray
    genre_keys: IntArray
    listens: Listens
    listened: Listened
    genre_plays: GenrePlays
    pool: Links
    months: MonthlyBuckets
    track_plays: IntArray
    track_listeners: IntArray
    artist_plays: IntArray

    def profiles(self) -> tuple[NDArray[np.uint8], IntArray]:
        """Packed profiles of all users one after the other, and (n_users + 1,) int64 bounds in bytes."""
        links = self.gathered.track_genres
        entries, bounds = derive.profiles(
            self.listened,
            self.track_keys,
            self._track_order(),
            Links(links.source, links.target),
            self.genre_keys,
            len(self.user_keys),
        )
        return np.frombuffer(entries.tobytes(), np.uint8), bounds * entries.itemsize

    def recent(self) -> tuple[IntArray, IntArray]:
        """What all users heard last, one after the other, and (n_users + 1,) int64 bounds of each."""
        return derive.recent(self.listened, self.track_keys, self._track_order(), len(self.user_keys))

    def _track_order(self) -> IntArray:
        """(n_tracks,) int64, place of each track's id among the sorted ids."""
        tracks = np.array(self.gathered.tables["tracks"]["track_id"].to_pylist(), np.str_)
        order = np.empty(len(tracks), np.int64)
        order[np.argsort(tracks)] = np.arange(len(tracks))
        return order

    def radar_plays(self) -> int:
        """How much an artist under the radar is played at most, as `refresh_radar` finds it."""
        most_first = np.sort(self.artist_plays)[::-1]
        return int(most_first[int(len(most_first) * TOP_SHARE)]) if len(most_first) else 0


def derive_tables(gathered: Gathered, theta: float) -> DerivedTables:
    """Derive everything; theta is the share at which a genre rests."""
    n = {name: table.num_rows for name, table in gathered.tables.items()}
    n_genres = len(gathered.genre_ids)
    user_keys = keys_of(gathered.tables["users"]["user_id"].to_pylist())
    listens = Listens(
        user=gathered.position("listens", "user_id", "users"),
        track=gathered.position("listens", "track_id", "tracks"),
        **listens_of(gathered.tables["listens"]),
    )
    pairs = derive.listened(listens, n["tracks"])
    likes = Links(
        gathered.position("likes", "user_id", "users"), gathered.genres(gathered.tables["likes"]["genre_id"])
    )
    track_genres = Links(gathered.track_genres.source, gathered.track_genres.target)
    plays = derive.genre_plays(pairs, track_genres, likes, n["tracks"], n_genres)
    friendships = Links(
        gathered.position("friendships", "user_id", "users"),
        gathered.position("friendships", "friend_id", "users"),
    )
    track_plays = group_sums(pairs.track, pairs.plays, n["tracks"])
    by = gathered.track_artists
    return DerivedTables(
        gathered=gathered,
        user_keys=user_keys,
        track_keys=keys_of(gathered.tables["tracks"]["track_id"].to_pylist()),
        genre_keys=keys_of(gathered.genre_ids.to_pylist()),
        listens=listens,
        listened=pairs,
        genre_plays=plays,
        pool=derive.discovery_pool(plays, friendships, n["users"], n_genres, theta),
        months=_months(gathered, listens, user_keys),
        track_plays=track_plays,
        track_listeners=np.bincount(pairs.track, minlength=n["tracks"]),
        artist_plays=group_sums(by.target, track_plays[by.source], n["artists"]),
    )


def _months(gathered: Gathered, listens: Listens, user_keys: IntArray) -> MonthlyBuckets:
    """Fold the plays to one bucket for each track, country and month."""
    day = listens.at.astype("datetime64[ms]").astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    timed = listens.at >= 0
    number = month.astype(np.int64)
    yyyymm = np.where(timed, (number // 12 + 1970) * 100 + number % 12 + 1, 0)
    day_of_month = np.where(timed, (day - month).astype(np.int64) + 1, 0)
    table = gathered.tables["listens"]
    country = gathered.countries(table["country"])
    n_countries = max(len(gathered.country_codes), 1)
    key = (listens.track * n_countries + country) * 1_000_000 + yyyymm
    keys, group = np.unique(key, return_inverse=True)
    at_least = pc.fill_null(table["heard_at_least"], float("nan")).to_numpy()
    rows = Rows(
        group,
        user_keys[listens.user],
        day_of_month,
        _sources(table["source"]),
        reports_of(listens.heard, at_least),
        listens.plays,
    )
    buckets = pack(add_up(len(keys), rows), len(keys))
    pair = keys // 1_000_000
    return MonthlyBuckets(pair // n_countries, pair % n_countries, keys % 1_000_000, buckets)


def _sources(texts: pa.ChunkedArray) -> IntArray:
    """(n,) int64 positions of the groups that sources of listens belong to."""
    distinct = pc.dictionary_encode(texts, null_encoding="encode").combine_chunks()
    groups = np.array([source_of(text) for text in distinct.dictionary.to_pylist()], np.int64)
    positions: IntArray = groups[distinct.indices.to_numpy()]
    return positions
