"""All that is derived from gathered tables, in numpy, a part of the listeners or of the tracks at a time.

A part has about as many listens as memory easily holds several times over; how many parts there are changes
nothing in what is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.arrays import group_sums, run_starts
from muse_graph.core.keys import keys_of
from muse_graph.core.listening import derive
from muse_graph.core.listening.buckets import Buckets, Rows, add_up, pack
from muse_graph.core.listening.derive import GenrePlays, Links, Listened, Listens
from muse_graph.core.listening.reports import reports_of
from muse_graph.core.listening.sources import source_of
from muse_graph.core.types import IntArray
from muse_graph.loaders.bulk.gather import Gathered
from muse_graph.service.listens.refresh import TOP_SHARE

__all__ = ["Derivation", "ListenerPart", "MonthlyBuckets", "Totals", "radar_plays"]

#: Listens of a part. The next is computed while one is written, so there are better several than one.
PART_LISTENS = 2_000_000


@dataclass(frozen=True)
class MonthlyBuckets:
    """HEARD_IN: b buckets with the positions of their track and country, and yyyymm (0 without a time)."""

    track: IntArray
    country: IntArray
    month: IntArray
    buckets: Buckets


@dataclass(frozen=True)
class ListenerPart:
    """What follows from the listens of the users from position `first` on, from where their positions count.

    Attributes:
        users: (n_users,) int64 keys
        profiles: bytes of all packed profiles one after the other, and (n_users + 1,) int64 bounds
        recent: what all heard last, one after the other, and (n_users + 1,) int64 bounds of each
    """

    first: int
    users: IntArray
    listened: Listened
    genre_plays: GenrePlays
    profiles: tuple[NDArray[np.uint8], IntArray]
    recent: tuple[IntArray, IntArray]


@dataclass
class Totals:
    """What the parts of the listeners add up to.

    Attributes:
        track_plays, track_listeners: (n_tracks,) int64
    """

    track_plays: IntArray
    track_listeners: IntArray
    _plays: list[tuple[NDArray[np.int32], NDArray[np.int32], IntArray]] = field(default_factory=list)

    def add(self, part: ListenerPart) -> None:
        """Add a part."""
        self.track_plays += group_sums(part.listened.track, part.listened.plays, len(self.track_plays))
        self.track_listeners += np.bincount(part.listened.track, minlength=len(self.track_plays))
        plays = part.genre_plays
        # In half of the bytes: these are there until all parts are.
        user, genre = (plays.user + part.first).astype(np.int32), plays.genre.astype(np.int32)
        self._plays.append((user, genre, plays.plays))

    def genre_plays(self) -> GenrePlays:
        """Of all users; nothing can be added after it."""
        parts, self._plays = self._plays, []
        return GenrePlays(*(np.concatenate(column, dtype=np.int64) for column in zip(*parts, strict=True)))

    def artist_plays(self, gathered: Gathered) -> IntArray:
        """(n_artists,) int64."""
        by = gathered.track_artists
        return group_sums(by.target, self.track_plays[by.source], gathered.tables["artists"].num_rows)


class Derivation:
    """Derives everything from gathered tables.

    Args:
        theta: the share at which a genre rests
    """

    def __init__(self, gathered: Gathered, theta: float) -> None:
        tables = gathered.tables
        self.gathered, self.theta = gathered, theta
        track_ids = tables["tracks"]["track_id"].to_pylist()
        self.user_keys = keys_of(tables["users"]["user_id"].to_pylist())
        self.track_keys = keys_of(track_ids)
        self.genre_keys = keys_of(gathered.genre_ids.to_pylist())
        #: (n_tracks,) int64, place of each track's id among the sorted ids.
        self._track_order = np.empty(len(track_ids), np.int64)
        self._track_order[np.argsort(np.array(track_ids, np.str_))] = np.arange(len(track_ids))
        self._track_genres = Links(gathered.track_genres.source, gathered.track_genres.target)
        self._likes = Links(
            gathered.position("likes", "user_id", "users"), gathered.genres(tables["likes"]["genre_id"])
        )

    def no_totals(self) -> Totals:
        """Totals of no part."""
        n_tracks = len(self.track_keys)
        return Totals(np.zeros(n_tracks, np.int64), np.zeros(n_tracks, np.int64))

    def listener_parts(self) -> Iterator[ListenerPart]:
        """All users with what follows from their listens, in order."""
        user = self.gathered.listens.user
        for first, end in _ranges(np.bincount(user, minlength=len(self.user_keys))):
            facts = self.gathered.listens.facts(_within(user, first, end))
            listens = Listens(facts.user - first, facts.track, facts.at, facts.heard, facts.plays)
            yield self._part(first, end, listens)

    def _part(self, first: int, end: int, listens: Listens) -> ListenerPart:
        n_tracks, n_users = len(self.track_keys), end - first
        pairs = derive.listened(listens, n_tracks)
        ours = _within(self._likes.source, first, end)
        likes = Links(self._likes.source[ours] - first, self._likes.target[ours])
        entries, bounds = derive.profiles(
            pairs, self.track_keys, self._track_order, self._track_genres, self.genre_keys, n_users
        )
        return ListenerPart(
            first,
            self.user_keys[first:end],
            pairs,
            derive.genre_plays(pairs, self._track_genres, likes, n_tracks, len(self.genre_keys)),
            (np.frombuffer(entries.tobytes(), np.uint8), bounds * entries.itemsize),
            derive.recent(pairs, self.track_keys, self._track_order, n_users),
        )

    def pool(self, plays: GenrePlays) -> Links:
        """DISCOVERS of all users, from what all of them play."""
        friendships = Links(
            self.gathered.position("friendships", "user_id", "users"),
            self.gathered.position("friendships", "friend_id", "users"),
        )
        return derive.discovery_pool(
            plays, friendships, len(self.user_keys), len(self.genre_keys), self.theta
        )

    def month_parts(self) -> Iterator[MonthlyBuckets]:
        """Plays folded to one bucket for each track, country and month, in this order."""
        track = self.gathered.listens.track
        for first, end in _ranges(np.bincount(track, minlength=len(self.track_keys))):
            yield self._months(_within(track, first, end))

    def _months(self, rows: IntArray) -> MonthlyBuckets:
        columns = self.gathered.listens
        listens = columns.facts(rows)
        month, day_of_month = _calendar(listens.at)
        n_countries = max(len(columns.countries), 1)
        key = (listens.track * n_countries + columns.country[rows]) * 1_000_000 + month
        keys, group = np.unique(key, return_inverse=True)
        # Of none, at -1, it is that of no text.
        groups = np.array([*map(source_of, columns.sources), source_of(None)], np.int64)
        table = Rows(
            group,
            self.user_keys[listens.user],
            day_of_month,
            groups[columns.source[rows]],
            reports_of(listens.heard, columns.at_least[rows]),
            listens.plays,
        )
        buckets = pack(add_up(len(keys), table), len(keys))
        pair = keys // 1_000_000
        return MonthlyBuckets(pair // n_countries, pair % n_countries, keys % 1_000_000, buckets)


def radar_plays(artist_plays: IntArray) -> int:
    """How much an artist under the radar is played at most, as `refresh_radar` finds it."""
    most_first = np.sort(artist_plays)[::-1]
    return int(most_first[int(len(most_first) * TOP_SHARE)]) if len(most_first) else 0


def _ranges(counts: IntArray) -> list[tuple[int, int]]:
    """Ranges of positions, in order, with about as many of what is counted as a part has; at least one."""
    starts = run_starts((np.cumsum(counts) - counts) // PART_LISTENS).tolist() or [0]
    return list(pairwise([*starts, len(counts)]))


def _within(positions: NDArray[np.signedinteger], first: int, end: int) -> IntArray:
    """Where positions lie from first up to, but without, end."""
    return np.flatnonzero((positions >= first) & (positions < end))


def _calendar(at: IntArray) -> tuple[IntArray, IntArray]:
    """Yyyymm and day of month of times; 0 and 0 without one."""
    day = at.astype("datetime64[ms]").astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    number = month.astype(np.int64)
    timed = at >= 0
    yyyymm = np.where(timed, (number // 12 + 1970) * 100 + number % 12 + 1, 0)
    return yyyymm, np.where(timed, (day - month).astype(np.int64) + 1, 0)
