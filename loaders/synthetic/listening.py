"""Listens, and the feedback that follows them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from muse_graph.loaders.synthetic import draw
from muse_graph.loaders.synthetic.catalogue import SyntheticCatalogue
from muse_graph.loaders.synthetic.draw import Flags, Floats, Ints
from muse_graph.loaders.synthetic.people import DAY_MS, TASTES, People
from muse_graph.loaders.synthetic.places import COUNTRIES, COUNTRY_WEIGHTS, GENRE_IDS, GENRE_WEIGHTS

_GENRES = len(GENRE_IDS)
_DAYS = 365
_HITS = 60  # tracks that go round in a community
#: What brought the listener; None is not known, "playlist" is a text that has no group of its own.
_SOURCES = ("recommendation", "search", "feed", "playlist", "sent_track", "influencer", None)
_SOURCE_WEIGHTS = np.array([0.36, 0.22, 0.13, 0.08, 0.06, 0.05, 0.1])
_ACTIONS = ("save", "discard")


@dataclass
class Feedback:
    """Saves and discards met on the way through the listens; one column of parts each."""

    users: list[Ints] = field(default_factory=list)
    tracks: list[Ints] = field(default_factory=list)
    discarded: list[Flags] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)


class Listening:
    """The year's listens of all people, in order of user and time, and afterwards the feedback."""

    def __init__(self, people: People, catalogue: SyntheticCatalogue, seed: int, end_ms: int) -> None:
        self.people, self.catalogue, self.seed, self.end_ms = people, catalogue, seed, end_ms
        self.total = int(people.plays.sum())
        self._until = np.cumsum(people.plays)
        self._hits = self._hit_lists()
        self._feedback = Feedback()

    def listen_batches(self) -> Iterator[pa.RecordBatch]:
        """The listens table, whole users to a batch of about BATCH_ROWS rows."""
        marks = np.arange(draw.BATCH_ROWS, self.total + draw.BATCH_ROWS, draw.BATCH_ROWS)
        stops = np.minimum(np.searchsorted(self._until, marks, side="left") + 1, len(self.people))
        start = 0
        for chunk, stop in enumerate(stops if len(stops) else [len(self.people)]):
            if stop > start or chunk == 0:
                yield self._batch(start, int(stop), chunk)
            start = int(stop)

    def feedback_batches(self) -> Iterator[pa.RecordBatch]:
        """The feedback table; complete once all listens have been drawn."""
        seen = self._feedback
        discarded = np.concatenate([*seen.discarded, np.empty(0, np.bool_)]).astype(np.int64)
        columns = {
            "user_id": draw.numbered("u", np.concatenate([*seen.users, np.empty(0, np.int64)]) + 1),
            "track_id": draw.numbered("t", np.concatenate([*seen.tracks, np.empty(0, np.int64)]) + 1),
            "action": pa.array(_ACTIONS).take(pa.array(discarded)),
            "at": draw.moments(np.concatenate([*seen.at, np.empty(0, np.int64)])),
        }
        yield from draw.split(draw.batch("feedback", columns))

    def _hit_lists(self) -> Ints:
        """Tracks a community shares, drawn from what its members like: (communities, _HITS)."""
        rng = draw.stream(self.seed, "hits")
        communities = int(self.people.community.max()) + 1
        order = np.argsort(self.people.community, kind="stable")
        first = draw.starts(self.people.community[order], communities)
        spread = rng.random((communities, _HITS)) * np.diff(first)[:, None]
        # An empty community gets somebody's tastes; no user looks its list up.
        member = order[np.minimum(first[:-1, None] + spread.astype(np.int64), len(order) - 1)]
        genre = self.people.tastes[member, rng.integers(0, 3, member.shape)]
        return self.catalogue.by_genre.pick(rng, genre.ravel()).reshape(genre.shape)

    def _batch(self, start: int, stop: int, chunk: int) -> pa.RecordBatch:
        rng = draw.stream(self.seed, "listens", chunk)
        plays = self.people.plays[start:stop]
        user = np.repeat(np.arange(start, stop), plays)
        nth = np.arange(len(user)) - np.repeat(np.cumsum(plays) - plays, plays)
        track, strange = self._choose(rng, user)
        again = (rng.random(len(user)) < 0.06) & (nth > 0)
        earlier = np.arange(len(user)) - nth + (nth * rng.random(len(user)) ** 2).astype(np.int64)
        track = np.where(again, track[earlier], track)
        at = self._times(rng, user)
        share = self._share(rng, user, track, strange & ~again, again)
        heard = np.where(rng.random(len(user)) < 0.03, np.nan, share)
        at_least = self._at_least(chunk, share, heard)
        gone = rng.random(len(user)) < 0.005
        self._react(rng, user, track, at, heard, gone)
        before = int(self._until[start] - self.people.plays[start])
        return self._table(rng, user, track, at, heard, at_least, gone, before)

    def _choose(self, rng: np.random.Generator, user: Ints) -> tuple[Ints, Flags]:
        """A track for each play: of two drawn at random, the one that suits better; or a local hit.

        Returns the tracks (n,), and which plays lie outside the user's tastes (n,).
        """
        people = self.people
        slot = (people.reach[user] < rng.random((len(user), 1))).sum(axis=1)
        genre = people.tastes[user, np.minimum(slot, TASTES - 1)]
        genre = (genre + draw.weighted(rng, np.array([1.0, 3.0, 16.0, 3.0, 1.0]), len(user)) - 2) % _GENRES
        strange = rng.random(len(user)) < 0.12
        genre = np.where(strange, draw.weighted(rng, GENRE_WEIGHTS, len(user)), genre)
        one, two = self._offer(rng, user, genre), self._offer(rng, user, genre)
        track = np.where(self._suits(user, one) >= self._suits(user, two), one, two)
        local = rng.random(len(user)) < 0.1
        rank = draw.zipf_ranks(rng, np.full(len(user), _HITS))
        return np.where(local, self._hits[people.community[user], rank], track), strange & ~local

    def _offer(self, rng: np.random.Generator, user: Ints, genre: Ints) -> Ints:
        """A track of the genre, now and then from the user's country, where that has at least three."""
        home = genre * len(COUNTRIES) + self.people.country[user]
        catalogue = self.catalogue
        at_home = (rng.random(len(user)) < 0.25) & (catalogue.by_home.sizes(home) >= 3)
        track = catalogue.by_genre.pick(rng, genre)
        track[at_home] = catalogue.by_home.pick(rng, home[at_home])
        return track

    def _suits(self, user: Ints, track: Ints) -> Floats:
        """How well tracks suit users, about 0 ± 1: (n,)."""
        dot = np.einsum("ij,ij->i", self.people.traits[user], self.catalogue.traits[track])
        return np.asarray(dot, dtype=np.float64) / 2.0

    def _times(self, rng: np.random.Generator, user: Ints) -> Ints:
        """Times (n,), ms since 1970, in order for each user; more of them lately and in the evening."""
        day = (_DAYS * rng.random(len(user)) ** 0.85).astype(np.int64)
        hour = np.where(rng.random(len(user)) < 0.35, 8.5, 20.0) + 2.6 * rng.normal(size=len(user))
        of_day = ((hour % 24.0) * 3_600_000).astype(np.int64) - self.end_ms % DAY_MS
        at = self.end_ms - _DAYS * DAY_MS + day * DAY_MS + of_day % DAY_MS
        return at[np.lexsort((at, user))]

    def _share(
        self, rng: np.random.Generator, user: Ints, track: Ints, strange: Flags, again: Flags
    ) -> Floats:
        """Share heard (n,): left early, left somewhere, or heard to the end."""
        count = len(user)
        pull = (
            0.6 * self._suits(user, track)
            + 0.35 * self.catalogue.quality[track]
            - 0.9 * strange
            + 0.7 * again
        )
        skips = rng.random(count) < 1 / (1 + np.exp(1.0 + pull))
        ends = rng.random(count) < 1 / (1 + np.exp(-1.1 - 0.6 * pull))
        early = 0.01 + 0.29 * rng.random(count) ** 1.6
        middle = 0.1 + 0.425 * (rng.random(count) + rng.random(count))
        late = 1.0 - 0.12 * np.clip(rng.random(count) * 2.5 - 1.5, 0.0, 1.0)
        return np.asarray(np.round(np.where(skips, early, np.where(ends, late, middle)), 3), np.float64)

    def _at_least(self, chunk: int, share: Floats, heard: Floats) -> Floats:
        """What most plays whose share is not known prove of it (n,), NaN for nothing.

        From a stream of its own: all else is as it was before this column.
        """
        rng = draw.stream(self.seed, "at least", chunk)
        seen = np.minimum(share, np.round(rng.random(len(share)), 3))
        return np.where(np.isnan(heard) & (rng.random(len(share)) < 0.8), seen, np.nan)

    def _react(
        self, rng: np.random.Generator, user: Ints, track: Ints, at: Ints, heard: Floats, gone: Flags
    ) -> None:
        """Save some tracks heard long, discard some skipped; the first feedback on a track counts."""
        saved = (heard >= 0.85) & (rng.random(len(user)) < 0.058)
        discarded = (heard <= 0.25) & (rng.random(len(user)) < 0.06)
        rows = np.flatnonzero((saved | discarded) & ~gone)
        _, kept = np.unique(user[rows] * len(self.catalogue) + track[rows], return_index=True)
        rows = rows[np.sort(kept)]
        self._feedback.users.append(user[rows])
        self._feedback.tracks.append(track[rows])
        self._feedback.discarded.append(discarded[rows])
        later = at[rows] + rng.integers(5_000, 120_000, len(rows))
        self._feedback.at.append(np.minimum(later, self.end_ms - 1))

    def _table(
        self,
        rng: np.random.Generator,
        user: Ints,
        track: Ints,
        at: Ints,
        heard: Floats,
        at_least: Floats,
        gone: Flags,
        before: int,
    ) -> pa.RecordBatch:
        """Rows before+1 on. Aggregates (gone) are several plays at no known time."""
        count = len(user)
        travels = rng.random(count) < 0.04
        abroad = draw.weighted(rng, COUNTRY_WEIGHTS, count)
        country = draw.codes(np.where(travels, abroad, self.people.country[user]))
        source = pa.array(_SOURCES).take(pa.array(draw.weighted(rng, _SOURCE_WEIGHTS, count)))
        several = 2 + (rng.exponential(6.0, count)).astype(np.int64)
        columns = {
            "listen_id": draw.numbered("s", np.arange(before + 1, before + count + 1)),
            "user_id": draw.numbered("u", user + 1),
            "track_id": draw.numbered("t", track + 1),
            "listened_at": draw.moments(at, gone),
            "heard": pa.array(heard, mask=np.isnan(heard)),
            "heard_at_least": pa.array(at_least, mask=np.isnan(at_least)),
            "plays": pa.array(np.where(gone, several, 1)),
            "country": draw.blank(country, rng.random(count) < 0.01),
            "source": draw.blank(source, gone),
        }
        return draw.batch("listens", columns, before + 1)
