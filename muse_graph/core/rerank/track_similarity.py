"""How similar two tracks are, apart from their listeners: artists, language, spectral features."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from muse_graph.core.types import FloatArray, IntArray
from muse_graph.errors import ShapeError

__all__ = ["TrackSimilarity", "Traits", "name_key", "traits_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """What n candidates are compared by.

    Attributes:
        artists: n times the keys of the artists, as `name_key` gives them, each once
        language: (n,) int64, number of the language, -1 where unknown
        features: (n, n_features) float64, rows of NaN where unknown; n_features may be 0

    Raises:
        ShapeError: If the three are not of equal length.
    """

    artists: Sequence[Sequence[str]]
    language: IntArray
    features: FloatArray

    def __post_init__(self) -> None:
        n = len(self.artists)
        if self.language.shape != (n,) or self.features.ndim != 2 or len(self.features) != n:
            found = f"{self.language.shape} and {self.features.shape}"
            raise ShapeError(f"language and features must be ({n},) and ({n}, n_features), got {found}")

    def __len__(self) -> int:
        return len(self.artists)

    def take(self, indices: IntArray) -> Traits:
        """Some of the candidates, or all, in this order. places : (m,) int64 positions"""
        artists = [self.artists[index] for index in indices.tolist()]
        return Traits(artists, self.language[indices], self.features[indices])


class TrackSimilarity:
    """Similarity of tracks in 0..1: the weighted mean of what they have in common.

    - artists: 1 with an artist in common, else 0
    - language: 1 if it is the same, else 0
    - features: 1 / (1 + d² / mean d²), d being their distance with each feature scaled to variance 1; so 1
      for equal ones and ½ for two that are as far apart as candidates are on the whole

    What one of the two lacks counts as between any two: for the language the share of pairs of candidates
    that agree, for features ½. What no candidate has counts nothing.
    """

    def __init__(
        self, traits: Traits, artist_weight: float, language_weight: float, features_weight: float
    ) -> None:
        self._traits = traits
        self._unknown = traits.language < 0
        self._features, self._featureless = _scaled(traits.features)
        weights = (
            artist_weight,
            0.0 if self._unknown.all() else language_weight,
            0.0 if len(self._featureless) == len(traits) else features_weight,
        )
        total = sum(weights)
        self._artist, self._language, self._near = (
            weight / total if total > 0 else 0.0 for weight in weights
        )
        self._agree = _agreement(traits.language[~self._unknown])
        self._by_language: dict[int, FloatArray] = {}
        self._by_artist: defaultdict[str, list[int]] = defaultdict(list)
        for index, keys in enumerate(traits.artists):
            for key in keys:
                self._by_artist[key].append(index)

    def to(self, index: int) -> FloatArray:
        """(n,) float64 in 0..1: similarity of every candidate to one of them."""
        similarity = self._same_language(int(self._traits.language[index])).copy()
        if self._artist > 0:
            similarity[self._by_an_artist_of(index)] += self._artist
        if self._near > 0:
            similarity += self._nearness(index)
        return similarity

    def _by_an_artist_of(self, index: int) -> list[int]:
        """Candidates with an artist in common with this one, each once."""
        return list({other for artist in self._traits.artists[index] for other in self._by_artist[artist]})

    def _same_language(self, spoken: int) -> FloatArray:
        """(n,) float64, the part of the language; the same for every track that has it, so kept."""
        if spoken not in self._by_language:
            language = self._traits.language
            unknown = self._unknown | (spoken < 0)
            same = np.where(unknown, self._agree, language == spoken)
            self._by_language[spoken] = self._language * same
        return self._by_language[spoken]

    def _nearness(self, index: int) -> FloatArray:
        """(n,) float64, the part of the features."""
        # The difference itself, not |a|² + |b|² - 2ab, so that equal tracks are at 0 to the last bit.
        difference = self._features - self._features[index]
        similarity: FloatArray = self._near / (1.0 + np.einsum("ij,ij->i", difference, difference))
        similarity[slice(None) if index in self._featureless else self._featureless] = self._near / 2
        return similarity


def _agreement(language: IntArray) -> float:
    """The share of pairs of tracks, each with itself too, that have the same language; 0 without tracks."""
    # Sorted, so that the sum is the same to the last bit whatever the numbers of the languages.
    counts = np.sort(np.bincount(language)) / max(len(language), 1)
    return float((counts * counts).sum())


def _scaled(features: FloatArray) -> tuple[FloatArray, IntArray]:
    """Features scaled so that d² is 1 in the mean, 0 where they do not vary, and who has none."""
    has = np.isfinite(features).all(axis=1) if features.shape[1] else np.zeros(len(features), np.bool_)
    scaled, known = np.zeros_like(features), features[has]
    if len(known):
        middle = known - known.mean(axis=0)
        variance = np.einsum("ij,ij->j", middle, middle) / len(known)
        # The variance of equal numbers is not always 0 to the last bit.
        varies = (known != known[0]).any(axis=0) & (variance > 0)
        # The squares of differences of two with variance 1 are 2 in the mean.
        unit = np.where(varies, np.sqrt(variance * 2 * max(np.count_nonzero(varies), 1)), np.inf)
        scaled[has] = middle / unit
    return scaled, np.flatnonzero(~has)


def traits_of(
    artists: Sequence[Sequence[str]],
    languages: Sequence[str | None],
    features: Sequence[Sequence[float] | None],
) -> Traits:
    """Traits of n candidates; features of another length than most have count as unknown.

    Args:
        artists: keys of the artists of each, as `name_key` gives them

    Raises:
        ShapeError: If the three differ in length.
    """
    if not len(artists) == len(languages) == len(features):
        raise ShapeError(
            f"artists, languages and features must be equally long, "
            f"got {len(artists)}, {len(languages)}, {len(features)}"
        )
    codes: dict[str, int] = {}
    return Traits(
        artists,
        np.array([codes.setdefault(one.lower(), len(codes)) if one else -1 for one in languages], np.int64),
        _table(features),
    )


def _table(features: Sequence[Sequence[float] | None]) -> FloatArray:
    """(n, n_features) float64 of the length most have, the shorter of two as frequent; else rows of NaN."""
    lengths = Counter(len(one) for one in features if one)
    width = min(lengths, key=lambda length: (-lengths[length], length), default=0)
    table = np.full((len(features), width), np.nan)
    rows = [index for index, one in enumerate(features) if one and len(one) == width]
    if rows:
        table[rows] = [features[index] for index in rows]
    return table


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """What spellings of an artist's name have in common: letters and digits, no case, accents or first "the".

    "Beyoncé" and "BEYONCE", "Simon & Garfunkel" and "Simon and Garfunkel", "The Cure" and "Cure" are the
    same. A name of signs only stays itself.
    """
    split = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    # Marks of other blocks than this one are vowels in their scripts, not accents.
    plain = (letter for letter in split if not "\u0300" <= letter <= "\u036f")
    words = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in plain).split()
    rest = words[1:] if words[:1] == ["the"] and len(words) > 1 else words
    return " ".join(rest) or name
