"""Who follows which influencers: mostly those of one's taste, and of one's country."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from muse_graph.loaders.synthetic import draw
from muse_graph.loaders.synthetic.draw import Flags, Ints
from muse_graph.loaders.synthetic.influencers import Influencers
from muse_graph.loaders.synthetic.people import DAY_MS, People
from muse_graph.loaders.synthetic.places import COUNTRIES, GENRE_IDS

_FOLLOWED = 4.0
_AT_HOME = 0.6
_YEARS = 3


def follow_batches(
    people: People, influencers: Influencers, seed: int, end_ms: int
) -> Iterator[pa.RecordBatch]:
    """The follows table: almost three for a user, many more for some; one influencer in eight has none known.

    An influencer is found by one of the user's tastes, six times of ten at home where anybody there posts in
    that genre, else anywhere, in proportion to the root of the followers elsewhere.
    """
    rng = draw.stream(seed, "follows")
    known = rng.random(len(influencers.country)) >= 1 / 8
    wanted = rng.geometric(1 / (_FOLLOWED + 1), len(people)) - 1
    user = np.repeat(np.arange(len(people)), wanted)
    taste = (rng.random((len(user), 1)) > people.reach[user]).sum(axis=1)
    genre = people.tastes[user, np.minimum(taste, people.tastes.shape[1] - 1)]
    found = _Posts(influencers, known).pick(rng, genre, people.country[user])
    pairs = np.unique(user[found >= 0] * len(known) + found[found >= 0])
    user, influencer = pairs // len(known), pairs % len(known)
    begun = np.maximum(people.joined[user], end_ms - _YEARS * 365 * DAY_MS)
    since = begun + (rng.random(len(user)) * (end_ms - begun)).astype(np.int64)
    columns = {
        "user_id": draw.numbered("u", user + 1),
        "influencer_id": draw.numbered("i", influencer + 1),
        "since": draw.moments(since // 1000 * 1000, rng.random(len(user)) < 0.1),
    }
    yield from draw.split(draw.batch("follows", columns))


class _Posts:
    """Influencers on a shelf for each genre, and for each genre in each country."""

    def __init__(self, influencers: Influencers, known: Flags) -> None:
        one, slot = np.nonzero(influencers.posts & known[:, None])
        genre = influencers.genres[one, slot]
        home = genre * len(COUNTRIES) + influencers.country[one]
        weight = np.sqrt(influencers.followers[one])
        self._anywhere = _Shelves(genre, one, weight, len(GENRE_IDS))
        self._at_home = _Shelves(home, one, weight, len(GENRE_IDS) * len(COUNTRIES))

    def pick(self, rng: np.random.Generator, genre: Ints, country: Ints) -> Ints:
        """(n,) an influencer for each genre and country; -1 where nobody posts in the genre."""
        at_home = self._at_home.pick(rng, genre * len(COUNTRIES) + country)
        anywhere = self._anywhere.pick(rng, genre)
        stays = (rng.random(len(genre)) < _AT_HOME) & (at_home >= 0)
        return np.where(stays, at_home, anywhere)


class _Shelves:
    """Things in groups, drawn by weight within one."""

    def __init__(self, group: Ints, thing: Ints, weight: draw.Floats, groups: int) -> None:
        order = np.argsort(group, kind="stable")
        self._things = thing[order]
        self._first = draw.starts(group[order], groups)
        self._edges = np.concatenate(([0.0], np.cumsum(weight[order])))

    def pick(self, rng: np.random.Generator, groups: Ints) -> Ints:
        """(n,) a thing for each group; -1 for an empty one."""
        low, high = self._first[groups], self._first[groups + 1]
        at = self._edges[low] + rng.random(len(groups)) * (self._edges[high] - self._edges[low])
        place = np.clip(np.searchsorted(self._edges, at, side="right") - 1, low, np.maximum(high - 1, low))
        things = np.append(self._things, -1)
        return np.where(low < high, things[np.minimum(place, len(self._things))], -1)
