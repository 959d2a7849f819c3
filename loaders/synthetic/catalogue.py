"""Artists and tracks, and the shelves that listeners pick from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muse_graph.loaders.synthetic import draw, sound, titles
from muse_graph.loaders.synthetic.draw import Flags, Floats, Ints
from muse_graph.loaders.synthetic.people import TRAITS, first_only
from muse_graph.loaders.synthetic.places import (
    COUNTRIES,
    COUNTRY_WEIGHTS,
    GENRE_IDS,
    GENRE_WEIGHTS,
    HOME_GENRES,
)

_GENRES = len(GENRE_IDS)


@dataclass(frozen=True)
class Shelves:
    """Tracks of each group, best known first: group g holds tracks[first[g]:first[g + 1]]."""

    tracks: Ints
    first: Ints

    def sizes(self, groups: Ints) -> Ints:
        """Tracks on each group's shelf."""
        return np.asarray(self.first[groups + 1] - self.first[groups])

    def pick(self, rng: np.random.Generator, groups: Ints) -> Ints:
        """A track for each group, by Zipf's law; no group may be empty."""
        return np.asarray(self.tracks[self.first[groups] + draw.zipf_ranks(rng, self.sizes(groups))])


@dataclass(frozen=True)
class SyntheticCatalogue:
    """Artists and tracks by position; track i has the id "t{i+1}", artist j "a{j+1}".

    Attributes:
        artist_country: (artists,). artists (n, 2), with_artist: which count. genres (n, 3), in_genre:
            likewise.
        traits: (n, TRAITS), see People. quality: (n,) about 0 ± 1.
        by_genre, by_home: shelves of a genre, of a genre in an artist's country (genre * countries +
            country).
    """

    artist_country: Ints
    artists: Ints
    with_artist: Flags
    genres: Ints
    in_genre: Flags
    traits: NDArray[np.float32]
    quality: Floats
    by_genre: Shelves
    by_home: Shelves

    def __len__(self) -> int:
        return len(self.genres)


def compile_catalogue(users: int, seed: int) -> SyntheticCatalogue:
    """Draw artists (users / 20, at least 300) and 6 to 12 tracks for each."""
    rng = draw.stream(seed, "catalogue")
    count = max(300, users // 20)
    country = draw.weighted(rng, COUNTRY_WEIGHTS, count)
    local = HOME_GENRES[country, rng.integers(0, HOME_GENRES.shape[1], count)]
    genre = np.where(rng.random(count) < 0.45, local, draw.weighted(rng, GENRE_WEIGHTS, count))
    genre[:_GENRES] = rng.permutation(_GENRES)  # so that no genre is without music
    fame, taste = rng.normal(size=count), rng.normal(size=(count, TRAITS))
    owner = np.repeat(np.arange(count), rng.integers(6, 13, count))
    genres, in_genre = _genres(rng, genre, owner)
    artists, with_artist = _partners(rng, genre, owner)
    traits = taste[owner] * 0.8 + rng.normal(size=(len(owner), TRAITS)) * 0.6
    score = fame[owner] + 0.8 * rng.normal(size=len(owner))
    track, slot = np.nonzero(in_genre)
    shelf = genres[track, slot]
    at_home = shelf * len(COUNTRIES) + country[owner[track]]
    return SyntheticCatalogue(
        country,
        artists,
        with_artist,
        genres,
        in_genre,
        traits.astype(np.float32),
        0.5 * score + 0.8 * rng.normal(size=len(owner)),
        _shelves(track, shelf, score, _GENRES),
        _shelves(track, at_home, score, _GENRES * len(COUNTRIES)),
    )


def _shelves(track: Ints, group: Ints, score: Floats, groups: int) -> Shelves:
    order = np.lexsort((-score[track], group))
    return Shelves(track[order], draw.starts(group[order], groups))


def _genres(rng: np.random.Generator, genre: Ints, owner: Ints) -> tuple[Ints, Flags]:
    """One to three genres for each track: the artist's (always on the first track) or its kin on the ring."""
    first = np.concatenate(([True], owner[1:] != owner[:-1]))
    own = genre[owner]
    strays = (rng.random(len(owner)) < 0.25) & ~first
    second_home = (genre + rng.integers(2, 6, len(genre)))[owner]
    near = rng.integers(1, 4, len(owner)) * rng.choice((-1, 1), len(owner))
    genres = np.column_stack(
        (np.where(strays, second_home, own), own + near, np.where(strays, own, second_home))
    )
    genres %= _GENRES
    return genres, first_only(genres) & (rng.random(genres.shape) < (1.0, 0.45, 0.18))


def _partners(rng: np.random.Generator, genre: Ints, owner: Ints) -> tuple[Ints, Flags]:
    """The artist and, on one track in twelve, a second one of much the same genre."""
    order = np.argsort(genre, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    partner = order[(place[owner] + rng.integers(1, 9, len(owner))) % len(order)]
    both = np.column_stack((np.ones(len(owner), np.bool_), rng.random(len(owner)) < 1 / 12))
    return np.column_stack((owner, partner)), both


def artist_batches(catalogue: SyntheticCatalogue, seed: int) -> Iterator[pa.RecordBatch]:
    """The artists table."""
    rng = draw.stream(seed, "artists")
    count = len(catalogue.artist_country)
    columns = {
        "artist_id": draw.numbered("a", np.arange(1, count + 1)),
        "name": titles.artist_names(rng, catalogue.artist_country),
        "country": draw.blank(draw.codes(catalogue.artist_country), rng.random(count) < 0.02),
    }
    yield from draw.split(draw.batch("artists", columns))


def track_batches(catalogue: SyntheticCatalogue, seed: int) -> Iterator[pa.RecordBatch]:
    """The tracks table. One in ten has no ISRC, none has an MBID; music without words has no language.

    Of 3 % the sound is not known.
    """
    rng = draw.stream(seed, "tracks")
    count = len(catalogue)
    owner = catalogue.artists[:, 0]
    country = catalogue.artist_country[owner]
    language, wordless = titles.languages(rng, country, catalogue.genres[:, 0])
    numbers = np.arange(count)
    duration = np.clip(np.rint(215 * np.exp(0.32 * rng.normal(size=count))), 45, 900)
    columns = {
        "track_id": draw.numbered("t", numbers + 1),
        "title": titles.track_titles(rng, owner, language),
        "artist_ids": draw.nested(
            draw.numbered("a", np.arange(1, len(catalogue.artist_country) + 1)),
            catalogue.artists,
            catalogue.with_artist,
        ),
        "genre_ids": draw.nested(pa.array(GENRE_IDS), catalogue.genres, catalogue.in_genre),
        "duration_s": pa.array(duration, mask=rng.random(count) < 0.01),
        "language": draw.blank(titles.language_codes(language), wordless),
        "mbid": pa.nulls(count, pa.string()),
        "isrc": draw.blank(titles.isrcs(country, numbers), rng.random(count) < 0.1),
        "features": sound.features(rng, owner, catalogue.genres[:, 0], rng.random(count) < 0.03),
    }
    yield from draw.split(draw.batch("tracks", columns))
