"""Reranking: few tracks of an artist, diversity, and a share under the radar."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.checks import check_at_least, refusal
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import TrackSimilarity, Traits
from muse_graph.core.types import BoolArray, FloatArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = ["OFF", "DiversityOptions", "rerank"]


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise refusal(name, "must be a number in 0..1", value)


@dataclass(frozen=True, slots=True)
class DiversityOptions:
    """What decides besides the score.

    Attributes:
        max_per_artist: >= 1, most tracks by one artist; None for any number
        diversity: 0..1, how much difference from the tracks above counts beside the score; 0 is off
        artist_weight: >= 0, weight of a common artist in similarity
        language_weight: >= 0, weight of a common language
        features_weight: >= 0, weight of similar spectral features

    Raises:
        InvalidRequest: Naming the option, its value and the rule.
    """

    max_per_artist: int | None = None
    diversity: float = 0.0
    artist_weight: float = 1.0
    language_weight: float = 0.5
    features_weight: float = 1.0

    def __post_init__(self) -> None:
        if self.max_per_artist is not None and self.max_per_artist < 1:
            raise refusal("max_per_artist", "must be at least 1, or nothing", self.max_per_artist)
        _check_share("diversity", self.diversity)
        for name in ("artist_weight", "language_weight", "features_weight"):
            check_at_least(name, getattr(self, name), 0)

    @property
    def off(self) -> bool:
        """Whether only the score decides, so that no traits are needed."""
        return self.max_per_artist is None and self.diversity == 0


OFF = DiversityOptions()


def rerank(
    scores: FloatArray,
    items: IntArray,
    k: int,
    *,
    traits: Traits | None = None,
    options: DiversityOptions = OFF,
    under_radar: BoolArray | None = None,
    share: float = 0.0,
    already_listed: IntArray | None = None,
) -> IntArray:
    """Choose a list of k: greedily, at each place the candidate t with the greatest

        (1 - diversity) relevance(t) - diversity max over the chosen c of similarity(t, c)

    of those that may still come. Relevance is the score, the lowest of all candidates being 0 and the
    highest 1. A track does not come when one of its artists has `max_per_artist` already. When the places
    left are as many as those under the radar still have to get, only they come, as long as there are any.
    Equal values go to the higher score, then to the smaller item.

    Args:
        scores: (n,) float64, finite
        items: (n,) int64, each once
        traits: what the candidates are compared by; needed unless the options are off
        under_radar: (n,) bool, whether the artist is outside the most played 20 %; needed for a share above 0
        share: 0..1; ceil(share k) of the list are under the radar, or all there are
        already_listed: (m,) int64 positions of candidates that the list has before these k: they do not come
            again, the others are compared with them, and their artists count for the limit

    Returns:
        (min(k, n),) int64 positions, less where artists are at their limit: by descending score without
        diversity, else in the order of the choice

    Raises:
        InvalidRequest: If k or share breaks its rule.
        ShapeError: If the arrays differ in length or one that is needed is missing.

    References:
        Carbonell and Goldstein, SIGIR 1998 (maximal marginal relevance)
    """
    _check_share("share", share)
    n_reserved = math.ceil(share * k - 1e-9)  # 0.07 * 100 is 7.000000000000001
    if k <= 0 or (options.off and n_reserved <= 0 and already_listed is None):
        return top_k(scores, items, k)
    order = top_k(scores, items, len(items))
    choice = _choice(scores[order], _checked(traits, len(order), options, order), options)
    for index in positions(order, already_listed).tolist() if already_listed is not None else []:
        choice.take(index)
    radar = _checked_radar(under_radar, order, n_reserved)
    chosen = np.array(_choose(choice, radar, min(k, len(order)), n_reserved), np.int64)
    return order[chosen if options.diversity > 0 else np.sort(chosen)]


def _choice(scores: FloatArray, traits: Traits | None, options: DiversityOptions) -> _ByScore:
    if traits is None:
        return _ByScore([()] * len(scores), None)
    return (
        _Diverse(scores, traits, options)
        if options.diversity > 0
        else _ByScore(traits.artists, options.max_per_artist)
    )


def _choose(choice: _ByScore, radar: BoolArray, n_places: int, n_reserved: int) -> list[int]:
    """Take up to n_places candidates, n_reserved of them under the radar."""
    chosen: list[int] = []
    while (left := n_places - len(chosen)) > 0:
        forced = left <= n_reserved and left <= choice.count(radar)
        best = choice.best(radar if forced else None)
        if best is None:
            break
        choice.take(best)
        chosen.append(best)
        n_reserved -= bool(radar[best])
    return chosen


class _ByScore:
    """Candidates from the highest score down, and which of them may still come.

    Args:
        artists: keys of the artists of each
        limit: most of an artist; None for any number
    """

    def __init__(self, artists: Sequence[Sequence[str]], limit: int | None) -> None:
        self._artists, self._limit = artists, limit
        self._by_artist: dict[str, int] = {}
        self._open = [True] * len(artists)
        self._first = 0

    def count(self, among: BoolArray) -> int:
        """How many of these may still come."""
        return sum(self._is_open(index) for index in np.flatnonzero(among).tolist())

    def best(self, among: BoolArray | None) -> int | None:
        """The candidate of the highest value, the first of equals; None if none is allowed."""
        for index in self._by_value():
            if (among is None or among[index]) and self._is_open(index):
                return index
        return None

    def take(self, index: int) -> None:
        """Put a candidate on the list."""
        self._open[index] = False
        for artist in self._artists[index]:
            self._by_artist[artist] = self._by_artist.get(artist, 0) + 1

    def _by_value(self) -> Iterable[int]:
        """Candidates by descending value; closed ones at the top are skipped for good."""
        while self._first < len(self._open) and not self._is_open(self._first):
            self._first += 1
        return range(self._first, len(self._open))

    def _is_open(self, index: int) -> bool:
        if self._open[index] and self._limit is not None:
            for artist in self._artists[index]:
                if self._by_artist.get(artist, 0) >= self._limit:
                    self._open[index] = False
        return self._open[index]


class _Diverse(_ByScore):
    """The same, with the distance to those taken so far. scores : (n,) float64, descending"""

    def __init__(self, scores: FloatArray, traits: Traits, options: DiversityOptions) -> None:
        super().__init__(traits.artists, options.max_per_artist)
        self._diversity = options.diversity
        self._worth = (1.0 - options.diversity) * _relevance(scores)
        self._nearest = np.zeros(len(scores))
        self._similarity = TrackSimilarity(
            traits, options.artist_weight, options.language_weight, options.features_weight
        )

    def take(self, index: int) -> None:
        """As `_ByScore.take`."""
        super().take(index)
        np.maximum(self._nearest, self._similarity.to(index), out=self._nearest)

    def _by_value(self) -> Iterable[int]:
        value = self._worth - self._diversity * self._nearest
        order: list[int] = np.argsort(-value, kind="stable").tolist()
        return order


def _relevance(scores: FloatArray) -> FloatArray:
    """(n,) float64 in 0..1 from descending scores; all 0 where they are equal."""
    if not len(scores) or scores[0] == scores[-1]:
        return np.zeros(len(scores))
    scaled: FloatArray = (scores - scores[-1]) / (scores[0] - scores[-1])
    return scaled


def _checked(traits: Traits | None, n: int, options: DiversityOptions, order: IntArray) -> Traits | None:
    if options.off:
        return None
    if traits is None:
        raise ShapeError("traits of the candidates are needed for diversity or a limit for each artist")
    if len(traits) != n:
        raise ShapeError(f"traits must be of {n} candidates, got {len(traits)}")
    return traits.take(order)


def _checked_radar(under_radar: BoolArray | None, order: IntArray, n_reserved: int) -> BoolArray:
    if under_radar is None:
        if n_reserved > 0:
            raise ShapeError("under_radar is needed for a share above 0")
        return np.zeros(len(order), np.bool_)
    check_lengths(under_radar=under_radar, order=order)
    return under_radar[order]
