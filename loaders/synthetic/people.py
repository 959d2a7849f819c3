"""Listeners: where they live, what they like, who their friends are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muse_graph.loaders.synthetic import draw
from muse_graph.loaders.synthetic.draw import Flags, Floats, Ints
from muse_graph.loaders.synthetic.names import PEOPLE
from muse_graph.loaders.synthetic.places import (
    COUNTRIES,
    COUNTRY_WEIGHTS,
    GENRE_IDS,
    GENRE_WEIGHTS,
    HOME_GENRES,
)

DAY_MS = 86_400_000
TASTES = 5
TRAITS = 4
_SPREAD = 1.34  # of the log-normal degree wanted; pairs drawn twice cost the busiest some of theirs
_GENRES = len(GENRE_IDS)


@dataclass(frozen=True)
class People:
    """Users by position 0..n-1; user i has the id "u{i+1}".

    Attributes:
        country, community: (n,). tastes: genres (n, TASTES), reach: their cumulative shares (n, TASTES).
        traits: (n, TRAITS) what else decides which tracks please. plays: listens in the year (n,).
        degree: wanted friends (n,). joined: ms since 1970 (n,).
    """

    country: Ints
    community: Ints
    tastes: Ints
    reach: Floats
    traits: NDArray[np.float32]
    plays: Ints
    degree: Floats
    joined: Ints

    def __len__(self) -> int:
        return len(self.country)


def make_people(count: int, seed: int, end_ms: int) -> People:
    """Draw the users: communities first, then people in them."""
    rng = draw.stream(seed, "people")
    groups = max(24, count // 250)
    home = draw.weighted(rng, COUNTRY_WEIGHTS, groups)
    local = HOME_GENRES[home, rng.integers(0, HOME_GENRES.shape[1], groups)]
    centre = np.where(rng.random(groups) < 0.5, local, draw.weighted(rng, GENRE_WEIGHTS, groups))
    by_kinship = np.argsort(centre, kind="stable")
    home, centre = home[by_kinship], centre[by_kinship]
    community = draw.weighted(rng, rng.lognormal(0.0, 0.7, groups), count)
    elsewhere = rng.random(count) < 0.3
    country = np.where(elsewhere, draw.weighted(rng, COUNTRY_WEIGHTS, count), home[community])
    tastes, reach = _tastes(rng, centre[community], country)
    traits = rng.normal(size=(groups, TRAITS))[community] * 0.8 + rng.normal(size=(count, TRAITS)) * 0.6
    degree, plays = _activity(rng, count)
    joined = end_ms - ((0.02 + rng.random(count)) * 4 * 365 * DAY_MS).astype(np.int64)
    return People(country, community, tastes, reach, traits.astype(np.float32), plays, degree, joined)


def _tastes(rng: np.random.Generator, centre: Ints, country: Ints) -> tuple[Ints, Floats]:
    """The community's genre, a kin of it, one of the country, two of one's own; shares fall off at random."""
    count = len(centre)
    kin = centre + rng.integers(1, 4, count) * rng.choice((-1, 1), count)
    local = HOME_GENRES[country, rng.integers(0, HOME_GENRES.shape[1], count)]
    own = draw.weighted(rng, GENRE_WEIGHTS, (count, 2))
    tastes = np.column_stack((centre, kin, local, own)) % _GENRES
    shares = rng.gamma((2.4, 1.4, 1.2, 0.8, 0.6), size=(count, TASTES)) + 1e-9
    return tastes, np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)


def _activity(rng: np.random.Generator, count: int) -> tuple[Floats, Ints]:
    """Wanted degree and listens a year, both log-normal and a little correlated; some people have none."""
    sociable = rng.normal(size=count)
    busy = 0.3 * sociable + np.sqrt(1 - 0.3**2) * rng.normal(size=count)
    mean = 26.2 * min(1.0, (count / 100_000) ** 0.15)
    degree = np.minimum(mean * np.exp(_SPREAD * sociable - _SPREAD**2 / 2), max(1.0, count / 10))
    plays = np.clip(np.rint(26.0 * np.exp(1.13 * busy)), 1, 5_000).astype(np.int64)
    return np.where(rng.random(count) < 0.02, 0.0, degree), np.where(rng.random(count) < 0.03, 0, plays)


def user_batches(people: People, seed: int) -> Iterator[pa.RecordBatch]:
    """The users table; one in three of those with a script of their own uses it, one in two lets
    everybody see what they play.
    """
    rng = draw.stream(seed, "users")
    lists = list(PEOPLE)
    latin = np.array([lists.index(country.people) for country in COUNTRIES])
    native = np.array([_index(lists, f"{country.people}_native", country.people) for country in COUNTRIES])
    given = draw.Lexicon([PEOPLE[name][0] for name in lists])
    family = draw.Lexicon([PEOPLE[name][1] for name in lists])
    count = len(people)
    codes = rng.integers(0, 1 << 30, (count, 3))
    group = np.where(rng.random(count) < 1 / 3, native[people.country], latin[people.country])
    second = draw.join("-", family.pick(group, codes[:, 2]))
    tail = draw.either(rng.random(count) < 0.04, second, "")
    name = draw.join(given.pick(group, codes[:, 0]), " ", family.pick(group, codes[:, 1]), tail)
    columns = {
        "user_id": draw.numbered("u", np.arange(1, count + 1)),
        "name": name,
        "country": draw.blank(draw.codes(people.country), rng.random(count) < 0.01),
        # A stream of its own: all else is as it was before this column.
        "listens_visible_to": draw.blank(
            pa.array(["everybody"] * count), draw.stream(seed, "visibility").random(count) < 0.5
        ),
    }
    yield from draw.split(draw.batch("users", columns))


def _index(lists: list[str], wanted: str, otherwise: str) -> int:
    return lists.index(wanted if wanted in lists else otherwise)


def befriend(people: People, seed: int) -> Ints:
    """Pairs of positions (m, 2), each pair once, smaller first, in order.

    Both ends are drawn by wanted degree: the other end mostly from one's community, then from communities of
    kindred taste, else from anywhere. Who wants more friends than the community holds finds them further out.
    """
    rng = draw.stream(seed, "pairs")
    order = np.argsort(people.community, kind="stable")
    edges = np.concatenate(([0.0], np.cumsum(people.degree[order])))
    wanted = int(edges[-1] / 2)
    if len(people) < 2 or wanted == 0:
        return np.empty((0, 2), dtype=np.int64)
    first = draw.starts(people.community[order], int(people.community.max()) + 1)
    low, high = edges[first[:-1]], edges[first[1:]]
    source = draw.weighted(rng, people.degree, int(wanted * 1.12))
    group, size = people.community[source], edges[-1]
    room = np.minimum(0.65, 0.03 * (high - low)[group] / people.degree[source])
    at = low[group] + rng.random(len(source)) * (high - low)[group]
    kindred = ((low + high)[group] / 2 + rng.normal(0.0, 0.02, len(source)) * size) % size
    dice = rng.random(len(source))
    at = np.where(dice < room, at, np.where(dice < room + 0.2, kindred, rng.random(len(source)) * size))
    target = order[np.clip(np.searchsorted(edges, at, side="right") - 1, 0, len(people) - 1)]
    return _unique_pairs(rng, source, target, len(people), wanted)


def _unique_pairs(rng: np.random.Generator, source: Ints, target: Ints, count: int, wanted: int) -> Ints:
    keys = np.minimum(source, target) * count + np.maximum(source, target)
    keys = np.unique(keys[source != target])
    if len(keys) > wanted:
        keys = keys[rng.random(len(keys)) < wanted / len(keys)]
    return np.column_stack((keys // count, keys % count))


def friendship_batches(people: People, pairs: Ints, seed: int, end_ms: int) -> Iterator[pa.RecordBatch]:
    """The friendships table; a friendship begins after both have joined, and some dates are not known."""
    for chunk, start in enumerate(range(0, max(len(pairs), 1), draw.BATCH_ROWS)):
        rng = draw.stream(seed, "friendships", chunk)
        part = pairs[start : start + draw.BATCH_ROWS]
        both = people.joined[part].max(axis=1)
        since = both + (rng.random(len(part)) * (end_ms - both)).astype(np.int64)
        columns = {
            "user_id": draw.numbered("u", part[:, 0] + 1),
            "friend_id": draw.numbered("u", part[:, 1] + 1),
            "since": draw.moments(since // 1000 * 1000, rng.random(len(part)) < 0.03),
        }
        yield draw.batch("friendships", columns, start + 1)


def like_batches(people: People, seed: int) -> Iterator[pa.RecordBatch]:
    """Genres some users chose when they joined: up to three of their tastes."""
    rng = draw.stream(seed, "likes")
    named = rng.random((len(people), 3)) < (0.3, 0.2, 0.2)
    keep = first_only(people.tastes[:, :3]) & named
    user, slot = np.nonzero(keep)
    columns = {
        "user_id": draw.numbered("u", user + 1),
        "genre_id": pa.array(GENRE_IDS).take(pa.array(people.tastes[user, slot])),
    }
    yield from draw.split(draw.batch("likes", columns))


def first_only(picks: Ints) -> Flags:
    """Where a value is the first of its kind in its row. picks: (n, k), k small."""
    keep = np.ones(picks.shape, dtype=np.bool_)
    for column in range(1, picks.shape[1]):
        keep[:, column] = (picks[:, :column] != picks[:, column : column + 1]).all(axis=1)
    return keep
