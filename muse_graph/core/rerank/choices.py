"""The candidates of a list from which each next place takes the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.core.rerank.track_similarity import TrackSimilarity
from muse_graph.core.types import BoolArray, FloatArray

__all__ = ["ByScore", "Diverse"]


class ByScore:
    """Candidates from the highest score down, and which of them may still come.

    Args:
        scores: (n,) float64, descending
        artists: keys of the artists of each
        limit: most of an artist; None for any number
        radar: (n,) bool, whether each is under the radar
    """

    def __init__(
        self, scores: FloatArray, artists: Sequence[Sequence[str]], limit: int | None, radar: BoolArray
    ) -> None:
        self.radar = radar
        self._scores = scores
        self._artists, self._limit = artists, limit
        self._by_artist: dict[str, int] = {}
        self._open = [True] * len(artists)
        # From the last to the first, so that those at the top that are closed are dropped for good.
        self._all = list(range(len(artists) - 1, -1, -1))
        self._under_radar = np.flatnonzero(radar)[::-1].tolist()

    def best(self) -> int | None:
        """The candidate of the highest value, the first of equals; None if none is allowed."""
        return self._first_open(self._all)

    def best_under_radar(self) -> int | None:
        """The same among those under the radar."""
        return self._first_open(self._under_radar)

    def take(self, index: int) -> None:
        """Put a candidate on the list."""
        self._open[index] = False
        for artist in self._artists[index]:
            self._by_artist[artist] = self._by_artist.get(artist, 0) + 1

    def raised(self, best: int, index: int) -> float:
        """What a candidate gets for coming before the best."""
        return float(self._scores[best] - self._scores[index])

    def _first_open(self, waiting: list[int]) -> int | None:
        while waiting and not self._is_open(waiting[-1]):
            waiting.pop()
        return waiting[-1] if waiting else None

    def _is_open(self, index: int) -> bool:
        if self._open[index] and self._limit is not None:
            for artist in self._artists[index]:
                if self._by_artist.get(artist, 0) >= self._limit:
                    self._open[index] = False
        return self._open[index]


class Diverse(ByScore):
    """The same, by the value that falls with the similarity to those taken so far."""

    def __init__(
        self,
        scores: FloatArray,
        artists: Sequence[Sequence[str]],
        limit: int | None,
        radar: BoolArray,
        diversity: float,
        similarity: TrackSimilarity,
    ) -> None:
        super().__init__(scores, artists, limit, radar)
        self._diversity, self._similarity = diversity, similarity
        self._worth = (1.0 - diversity) * _relevance(scores)
        self._nearest = np.zeros(len(scores))

    def best(self) -> int | None:
        """As `ByScore.best`."""
        return next(filter(self._is_open, self._by_value()), None)

    def best_under_radar(self) -> int | None:
        """As `ByScore.best_under_radar`."""
        return next((index for index in self._by_value() if self.radar[index] and self._is_open(index)), None)

    def take(self, index: int) -> None:
        """As `ByScore.take`."""
        super().take(index)
        np.maximum(self._nearest, self._similarity.to(index), out=self._nearest)

    def raised(self, best: int, index: int) -> float:
        """Nothing: the list is not in the order of the scores."""
        del best, index
        return 0.0

    def _by_value(self) -> list[int]:
        order: list[int] = np.argsort(
            -(self._worth - self._diversity * self._nearest), kind="stable"
        ).tolist()
        return order


def _relevance(scores: FloatArray) -> FloatArray:
    """(n,) float64 in 0..1 from descending scores; all 0 where they are equal."""
    if not len(scores) or scores[0] == scores[-1]:
        return np.zeros(len(scores))
    scaled: FloatArray = (scores - scores[-1]) / (scores[0] - scores[-1])
    return scaled
