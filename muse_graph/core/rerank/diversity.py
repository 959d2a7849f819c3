"""Reranking: few tracks of an artist, diversity, and a share under the radar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.checks import check_at_least, refusal
from muse_graph.core.rerank.choices import ByScore, Diverse
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import TrackSimilarity, Traits
from muse_graph.core.types import BoolArray, FloatArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = ["OFF", "DiversityOptions", "Reranked", "Unseen", "places_under_radar", "rerank"]


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


def places_under_radar(share: float, n: int) -> int:
    """How many of the first n tracks of a list are under the radar, if there are any: n share, rounded down.

    At a share of 0.1 the tenth place is kept for one at the latest, the twentieth for a second one.
    """
    return math.floor(share * n + 1e-9)  # 0.29 * 100 is 28.999999999999996


class Unseen(NamedTuple):
    """How good candidates may be that are not given: score and item of the best; of the best under the radar.

    A list ends before the first place that one of them might get. None is for no such candidate.
    """

    best: tuple[float, int]
    under_radar: tuple[float, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Reranked:
    """A list in its order.

    Attributes:
        index: (n,) int64 positions of candidates
        raised: (n,) float64 >= 0, what a place kept for under the radar adds to the score: as much as the
            best candidate that had to wait for it is ahead. With it scores never rise without diversity.
    """

    index: IntArray
    raised: FloatArray


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
    unseen: Unseen | None = None,
) -> Reranked:
    """Choose a list of k: greedily, at each place the candidate t with the greatest

        (1 - diversity) relevance(t) - diversity max over the chosen c of similarity(t, c)

    of those that may still come. Relevance is the score, the lowest of all candidates being 0 and the
    highest 1. A track does not come when one of its artists has `max_per_artist` already. Where a list of as
    many places lacks tracks under the radar for its share, only they come, as long as there are any. Equal
    values go to the higher score, then to the smaller item. No place depends on k: a list is the beginning of
    each longer one.

    Args:
        scores: (n,) float64, finite
        items: (n,) int64, each once
        traits: what the candidates are compared by; needed unless the options are off
        under_radar: (n,) bool, whether the artist is outside the most played 20 %; needed for a share above 0
        share: 0..1, see `places_under_radar`
        already_listed: (m,) int64 positions of candidates that the list has before these k: they do not come
            again, the others are compared with them, and they count for the limit and for the share
        unseen: only without diversity, where others may come that are not given

    Returns:
        at most k, less where artists are at their limit or the next place may be that of a candidate that is
        not given

    Raises:
        InvalidRequest: If k or share breaks its rule.
        ShapeError: If the arrays differ in length or one that is needed is missing.

    References:
        Carbonell and Goldstein, SIGIR 1998 (maximal marginal relevance)
    """
    _check_share("share", share)
    if k <= 0 or (options.off and share <= 0 and already_listed is None and unseen is None):
        best = top_k(scores, items, k)
        return Reranked(best, np.zeros(len(best)))
    order = top_k(scores, items, len(items))
    radar = _checked_radar(under_radar, order, share)
    choice = _choice(scores[order], _checked(traits, len(order), options, order), radar, options)
    listed = positions(order, already_listed) if already_listed is not None else order[:0]
    for index in listed.tolist():
        choice.take(index)
    places = _Places(len(listed), int(np.count_nonzero(radar[listed])), share)
    chosen, raised = _choose(choice, places, k, scores[order], items[order], unseen)
    return Reranked(order[np.array(chosen, np.int64)], np.array(raised, np.float64))


def _choice(
    scores: FloatArray, traits: Traits | None, radar: BoolArray, options: DiversityOptions
) -> ByScore:
    if traits is None:
        return ByScore(scores, [()] * len(scores), None, radar)
    artists, limit = traits.artists, options.max_per_artist
    if options.diversity == 0:
        return ByScore(scores, artists, limit, radar)
    similarity = TrackSimilarity(
        traits, options.artist_weight, options.language_weight, options.features_weight
    )
    return Diverse(scores, artists, limit, radar, options.diversity, similarity)


@dataclass(slots=True)
class _Places:
    """How many tracks a list has, how many of them are under the radar, and its share of these."""

    n_listed: int
    n_under_radar: int
    share: float

    @property
    def next_is_kept(self) -> bool:
        """Whether the next place is kept for a track under the radar."""
        return self.n_under_radar < places_under_radar(self.share, self.n_listed + 1)

    def fill(self, under_radar: bool) -> None:
        """Put a track at the next place."""
        self.n_listed += 1
        self.n_under_radar += under_radar


def _choose(
    choice: ByScore, places: _Places, k: int, scores: FloatArray, items: IntArray, unseen: Unseen | None
) -> tuple[list[int], list[float]]:
    """Take up to k candidates, given by descending score; what each was raised by."""
    score, item, radar = scores.tolist(), items.tolist(), choice.radar.tolist()

    def ahead(index: int, other: tuple[float, int] | None) -> bool:
        return other is None or (-score[index], item[index]) < (-other[0], other[1])

    chosen: list[int] = []
    raised: list[float] = []
    best_unseen, radar_unseen = unseen or (None, None)
    radar_left = True
    while len(chosen) < k:
        best = index = choice.best()
        if best is None or not ahead(best, best_unseen):
            break
        if radar_left and places.next_is_kept and not radar[best]:
            index = choice.best_under_radar()
            if radar_unseen is not None and (index is None or not ahead(index, radar_unseen)):
                break
            radar_left = index is not None
        index = best if index is None else index
        choice.take(index)
        places.fill(radar[index])
        chosen.append(index)
        raised.append(choice.raised(best, index))
    return chosen, raised


def _checked(traits: Traits | None, n: int, options: DiversityOptions, order: IntArray) -> Traits | None:
    if options.off:
        return None
    if traits is None:
        raise ShapeError("traits of the candidates are needed for diversity or a limit for each artist")
    if len(traits) != n:
        raise ShapeError(f"traits must be of {n} candidates, got {len(traits)}")
    return traits.take(order)


def _checked_radar(under_radar: BoolArray | None, order: IntArray, share: float) -> BoolArray:
    if under_radar is None:
        if share > 0:
            raise ShapeError("under_radar is needed for a share above 0")
        return np.zeros(len(order), np.bool_)
    check_lengths(under_radar=under_radar, order=order)
    return under_radar[order]
