"""Influencers: where they are, what they post about, whom they reach."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muse_graph.loaders.synthetic import draw
from muse_graph.loaders.synthetic.draw import Flags, Floats, Ints
from muse_graph.loaders.synthetic.people import first_only
from muse_graph.loaders.synthetic.places import (
    COUNTRIES,
    COUNTRY_WEIGHTS,
    GENRE_IDS,
    GENRE_WEIGHTS,
    HOME_GENRES,
)
from muse_graph.loaders.synthetic.words import ADJECTIVES, NOUNS

_REACHED = 5


@dataclass(frozen=True)
class Influencers:
    """Influencers by position 0..n-1; influencer i has the id "i{i+1}".

    Attributes:
        country: (n,). followers, likes: (n,) elsewhere. genres (n, 3), posts: which of them count.
        rng: the stream they were drawn from, for what only their table has
    """

    country: Ints
    followers: Floats
    likes: Floats
    genres: Ints
    posts: Flags
    rng: np.random.Generator


def make_influencers(users: int, seed: int) -> Influencers:
    """Draw the influencers: users / 100, at least 200."""
    rng = draw.stream(seed, "influencers")
    count = max(200, users // 100)
    country = draw.weighted(rng, COUNTRY_WEIGHTS, count)
    followers = np.rint(18_000 * np.exp(1.3 * rng.normal(size=count)))
    likes = followers * np.clip(0.035 * np.exp(0.6 * rng.normal(size=count)), 0.001, 0.3)
    genres = _genres(rng, country)
    posts = first_only(genres) & (rng.random(genres.shape) < (1.0, 0.55, 0.3))
    return Influencers(country, followers, likes, genres, posts, rng)


def influencer_batches(influencers: Influencers) -> Iterator[pa.RecordBatch]:
    """The influencers table."""
    rng, country = influencers.rng, influencers.country
    count = len(country)
    followers = influencers.followers.astype(np.int64)
    columns = {
        "influencer_id": draw.numbered("i", np.arange(1, count + 1)),
        "handle": _handles(rng, count),
        "country": draw.codes(country),
        "genre_ids": draw.nested(pa.array(GENRE_IDS), influencers.genres, influencers.posts),
        "avg_likes": pa.array(np.round(influencers.likes, 1)),
        "followers": pa.array(followers, mask=rng.random(count) < 0.1),
        "audience": _audience(rng, country),
    }
    yield from draw.split(draw.batch("influencers", columns))


def _genres(rng: np.random.Generator, country: Ints) -> Ints:
    count = len(country)
    local = HOME_GENRES[country, rng.integers(0, HOME_GENRES.shape[1], count)]
    main = np.where(rng.random(count) < 0.5, local, draw.weighted(rng, GENRE_WEIGHTS, count))
    other = draw.weighted(rng, GENRE_WEIGHTS, count)
    return np.column_stack((main, main + rng.choice((-2, -1, 1, 2), count), other)) % len(GENRE_IDS)


def _handles(rng: np.random.Generator, count: int) -> pa.Array:
    """Unique, such as "@amber.lanterns"."""
    codes, suffix = draw.distinct(rng, len(ADJECTIVES) * len(NOUNS), count)
    adjective = pa.array(ADJECTIVES).take(pa.array(codes % len(ADJECTIVES)))
    noun = pa.array(NOUNS).take(pa.array(codes // len(ADJECTIVES)))
    number = pc.replace_substring(suffix, " ", ".")
    return draw.join("@", pc.utf8_lower(draw.join(adjective, ".", noun, number)))


def _audience(rng: np.random.Generator, country: Ints) -> pa.Array:
    """Own country first, then up to four others, as "CC:share", sum at most 1; one in twenty has no shares,
    one in ten no audience known.
    """
    count = len(country)
    others = rng.permuted(np.tile(np.arange(1, len(COUNTRIES)), (count, 1)), axis=1)[:, : _REACHED - 1]
    reached = np.column_stack((country, (country[:, None] + others) % len(COUNTRIES)))
    shares = rng.gamma((6.0, 1.2, 0.8, 0.5, 0.4), size=reached.shape)
    rest = rng.gamma(1.0, size=(count, 1))
    hundredths = np.floor(100 * shares / (shares.sum(axis=1, keepdims=True) + rest)).astype(np.int64)
    known = (rng.random(count) >= 0.1)[:, None] & (hundredths > 0)
    share = draw.join(":0.", pc.utf8_lpad(pc.cast(pa.array(hundredths.ravel()), pa.string()), 2, "0"))
    bare = np.repeat(rng.random(count) < 0.05, _REACHED)
    words = draw.join(draw.codes(reached.ravel()), draw.either(bare, "", share))
    return draw.nested(words, np.arange(reached.size).reshape(reached.shape), known)
