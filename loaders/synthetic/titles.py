"""What artists and tracks are called, and in which language."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muse_graph.loaders.synthetic import draw
from muse_graph.loaders.synthetic.draw import Flags, Ints
from muse_graph.loaders.synthetic.names import PEOPLE
from muse_graph.loaders.synthetic.places import COUNTRIES, INSTRUMENTAL
from muse_graph.loaders.synthetic.words import (
    ADJECTIVES,
    ENSEMBLES,
    NOUNS,
    PLACES,
    SYLLABLES,
    TITLE_SUFFIXES,
    TITLES,
)

_LANGUAGES = list(TITLES)
_HOME_LANGUAGE = np.array([_LANGUAGES.index(country.language) for country in COUNTRIES])
_YEAR = "26"
_STRIDES = (5, 7, 11, 13, 17)  # primes: a walk by one of them over a word list meets each word once


def _words(words: list[str]) -> Callable[[Ints], pa.Array]:
    column = pa.array(words)
    return lambda codes: column.take(pa.array(codes % len(words)))


def _bands(codes: Ints) -> pa.Array:
    return draw.join(_words(ADJECTIVES)(codes), " ", _words(NOUNS)(codes // len(ADJECTIVES)))


def _the_bands(codes: Ints) -> pa.Array:
    return draw.join("The ", _bands(codes))


def _mononyms(codes: Ints) -> pa.Array:
    """Three syllables, the first in upper case."""
    base = len(SYLLABLES)
    first = _words([syllable.title() for syllable in SYLLABLES])(codes)
    return draw.join(first, _words(SYLLABLES)(codes // base), _words(SYLLABLES)(codes // base**2))


def _ensembles(codes: Ints) -> pa.Array:
    """Long ones: "The Northern Lighthouses Chamber Choir of Valparaíso"."""
    noun = codes // len(ADJECTIVES)
    place = noun // len(NOUNS)
    kind = place // len(PLACES)
    return draw.join(_the_bands(codes), " ", _words(ENSEMBLES)(kind), " of ", _words(PLACES)(place))


# pattern -> (share of artists, names it can make, maker)
_PATTERNS = (
    (0.30, len(ADJECTIVES) * len(NOUNS), _bands),
    (0.14, len(ADJECTIVES) * len(NOUNS), _the_bands),
    (0.20, len(SYLLABLES) ** 3, _mononyms),
    (0.06, len(ADJECTIVES) * len(NOUNS) * len(PLACES) * len(ENSEMBLES), _ensembles),
)
_PERSONAL = 0.30


def artist_names(rng: np.random.Generator, country: Ints) -> pa.Array:
    """Unique names for artists of these countries (n,): bands, mononyms, ensembles, people."""
    shares = np.array([*(share for share, _, _ in _PATTERNS), _PERSONAL])
    pattern = draw.weighted(rng, shares, len(country))
    parts, places = [], []
    for number, (_, combinations, make) in enumerate(_PATTERNS):
        members = np.flatnonzero(pattern == number)
        codes, suffix = draw.distinct(rng, combinations, len(members))
        parts.append(draw.join(make(codes), suffix))
        places.append(members)
    personal = pattern == len(_PATTERNS)
    for pool in sorted({entry.people for entry in COUNTRIES}):
        of_pool = np.array([entry.people == pool for entry in COUNTRIES])
        members = np.flatnonzero(personal & of_pool[country])
        parts.append(_people(rng, pool, len(members)))
        places.append(members)
    return pa.concat_arrays(parts).take(pa.array(np.argsort(np.concatenate(places))))


def _people(rng: np.random.Generator, pool: str, size: int) -> pa.Array:
    """A first name and one or two second ones; half in their own script, where there is one."""
    native = f"{pool}_native"
    halves = [(pool, size - size // 2), (native, size // 2)] if native in PEOPLE else [(pool, size)]
    parts = []
    for name, share in halves:
        first, second = PEOPLE[name]
        codes, suffix = draw.distinct(rng, len(first) * len(second) ** 2, share)
        one = codes // len(first) % len(second)
        two = codes // (len(first) * len(second))
        more = draw.either(one == two, "", draw.join(" ", _words(second)(two)))
        parts.append(draw.join(_words(first)(codes), " ", _words(second)(one), more, suffix))
    return pa.concat_arrays(parts)


def languages(rng: np.random.Generator, country: Ints, genre: Ints) -> tuple[Ints, Flags]:
    """The language a title is in (n,), and which tracks have no words."""
    abroad = rng.random(len(country)) < 0.25
    language = np.where(abroad, _LANGUAGES.index("en"), _HOME_LANGUAGE[country])
    return language, INSTRUMENTAL[genre] & (rng.random(len(country)) < 0.9)


def language_codes(language: Ints) -> pa.Array:
    """ISO 639-1 codes of positions in TITLES."""
    return pa.array(_LANGUAGES).take(pa.array(language))


def track_titles(rng: np.random.Generator, owner: Ints, language: Ints) -> pa.Array:
    """Titles of one or two words; some "(Live)", a few very long.

    The first word is another for each track of an artist: no list has under 14, no artist over 12.

    Args:
        owner: (n,) sorted artist positions. language: (n,).
    """
    lexicon = draw.Lexicon([TITLES[name][0] for name in _LANGUAGES])
    joints = pa.array([TITLES[name][1] for name in _LANGUAGES])
    artists = int(owner[-1]) + 1
    size = lexicon.sizes[language]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    base, stride = rng.integers(0, 1 << 20, artists)[owner], rng.choice(_STRIDES, artists)[owner]
    one = base + place * np.where(size % stride == 0, 1, stride)
    second = draw.join(
        joints.take(pa.array(language)), lexicon.pick(language, one + rng.integers(1, 14, len(owner)))
    )
    tail = draw.either(rng.random(len(owner)) < 0.45, "", second)
    weights = np.array([0.9, 0.03, 0.02, 0.02, 0.01, 0.01, 0.006, 0.004])
    suffix = pa.array(TITLE_SUFFIXES).take(pa.array(draw.weighted(rng, weights, len(owner))))
    return draw.join(lexicon.pick(language, one), tail, suffix)


def isrcs(country: Ints, numbers: Ints) -> pa.Array:
    """Well-formed, synthetic recording codes: country, registrant, year, five digits."""
    registrant = _words([f"Z{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ"])(numbers // 100_000)
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers % 100_000), pa.string()), 5, "0")
    return draw.join(draw.codes(country), registrant, _YEAR, digits)
