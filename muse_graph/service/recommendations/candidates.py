"""Which tracks of a neighbourhood may be recommended, and which of them are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.rerank.diversity import rerank
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import Traits, traits_of
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.graph import Graph
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.options import DiversityOptions, RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache, TrackInfo

__all__ = ["generate_candidates", "rerank_candidates"]

#: Candidates looked at closely, at least and as a multiple of k: enough for a share under the radar and a
#: limit for each artist; more where the tracks have to be unlike each other.
_SHORT, _TIMES_K = 60, 3
_SHORT_UNLIKE, _TIMES_K_UNLIKE = 200, 5
_LEAST_TRACKS = 0.5


def generate_candidates(
    profiles: Profiles, genre: IntArray, allowed: BoolArray, boost: FloatArray, known: IntArray
) -> tuple[IntArray, IntArray]:
    """Tracks of the others' profiles in allowed genres that the listener does not know.

    Args:
        genre: (n,) int64 for each entry of the profiles the position of its genre, -1 for none of them
        allowed: (n_genres + 1,) bool, the last for entries in none of the genres
        boost: (n_genres,) float64; of several genres of a track the one with the greatest boost is meant
        known: (m,) int64 keys of tracks

    Returns:
        (n_candidates,) int64 keys, ascending, and (n_candidates,) int64 the genre of each, -1 for none
    """
    rows = np.flatnonzero(allowed[genre] & (profiles.user_index > 0))
    rows = rows[np.argsort(profiles.track[rows])]
    track = profiles.track[rows]
    if not len(track):
        return track, track
    first = np.flatnonzero(np.append(True, track[1:] != track[:-1]))
    by_boost = np.append(np.argsort(-boost, kind="stable"), -1)
    index = np.empty_like(by_boost)
    index[by_boost] = np.arange(len(by_boost))
    genre = by_boost[np.minimum.reduceat(index[genre[rows]], first)]
    new = positions(known, track[first]) < 0
    return track[first][new], genre[new]


def rerank_candidates(
    graph: Graph,
    cards: TrackCache,
    context: RecommendationContext,
    options: RecommendationOptions,
    items: IntArray,
    scores: FloatArray,
    genre: IntArray,
    k: int,
    *,
    radar_weight: float = 0.0,
    under_radar: BoolArray | None = None,
    already_listed: Sequence[TrackInfo] = (),
    also: Sequence[int] = (),
) -> list[tuple[int, TrackInfo]]:
    """Place and card of the candidates that make the list, in its order.

    Args:
        items: (n,) int64 keys; scores (n,) float64
        genre: (n,) int64, the genre each is offered for, -1 for none
        radar_weight: what an artist under the radar adds to the score
        under_radar: (n,) bool where it is known before; else only the best are looked at for it
        already_listed: what the list has already, none of the candidates: diversity, the limit for each
            artist and the share under the radar are those of the whole list
        also: keys of tracks whose cards will be asked for next, and are read on the way
    """
    unlike = options.diversity.diversity > 0
    least, times = (_SHORT_UNLIKE, _TIMES_K_UNLIKE) if unlike else (_SHORT, _TIMES_K)
    short = _short_list(items, scores, max(least, times * k), under_radar)
    keys = items[short].tolist()
    claimed = [context.genres.rows[index][0] if index >= 0 else None for index in genre[short].tolist()]
    found = cards.get(graph, [*keys, *also], [*claimed, *(None for _ in also)])[: len(keys)]
    known = _known(graph, context, keys)
    only_radar = options.mode == "under-the-radar"
    kept = [
        (index, card)
        for index, card in zip(short.tolist(), found, strict=True)
        if card is not None and card.key not in known and (card.under_radar or not only_radar)
    ]
    return _select(kept, options, items, scores, k, radar_weight, already_listed)


def _select(
    kept: list[tuple[int, TrackInfo]],
    options: RecommendationOptions,
    items: IntArray,
    scores: FloatArray,
    k: int,
    radar_weight: float,
    already_listed: Sequence[TrackInfo],
) -> list[tuple[int, TrackInfo]]:
    """The k that are chosen of candidates with their cards."""
    if not kept:
        return []
    share = _share_left(options.radar_share, k, already_listed)
    already_listed = () if options.diversity.off else already_listed
    indices = np.array([index for index, _ in kept], np.int64)
    cards = [*(card for _, card in kept), *already_listed]
    radar = np.array([card.under_radar for card in cards], np.bool_)
    worth = scores[indices] + radar_weight * radar[: len(kept)]
    chosen = rerank(
        # What is above is not chosen, so that its score must not matter: it is that of the lowest.
        np.append(worth, np.full(len(already_listed), worth.min())),
        np.append(items[indices], np.array([card.key for card in already_listed], np.int64)),
        k,
        traits=None if options.diversity.off else _traits(cards, options.diversity),
        options=options.diversity,
        under_radar=radar,
        share=share,
        already_listed=np.arange(len(kept), len(cards)) if already_listed else None,
    )
    return [kept[index] for index in chosen.tolist()]


def _share_left(share: float, k: int, already_listed: Sequence[TrackInfo]) -> float:
    """Of k more tracks the share under the radar that gives the whole list its share, 0..1.

    A list so short that its share is not even half a track is left to the best.
    """
    if share * (len(already_listed) + k) < _LEAST_TRACKS:
        return 0.0
    missing = share * (len(already_listed) + k) - sum(card.under_radar for card in already_listed)
    return min(max(missing / k, 0.0), 1.0)


def _short_list(items: IntArray, scores: FloatArray, n: int, under_radar: BoolArray | None) -> IntArray:
    """Positions of the n best, and of the n best under the radar where that is known."""
    best = top_k(scores, items, n)
    if under_radar is None or len(best) == len(items):
        return best
    radar = np.flatnonzero(under_radar)
    return np.union1d(best, radar[top_k(scores[radar], items[radar], n)])


def _traits(cards: list[TrackInfo], options: DiversityOptions) -> Traits:
    """What the candidates are compared by; without diversity artists alone matter, for their limit."""
    artists = [card.artist_keys for card in cards]
    if options.diversity == 0:
        return Traits(artists, np.full(len(cards), -1), np.empty((len(cards), 0)))
    return traits_of(artists, [card.language for card in cards], [card.features for card in cards])


def _known(graph: Graph, context: RecommendationContext, keys: list[int]) -> set[int]:
    """Which of the tracks the listener knows although the profile, cut off at its length, does not tell."""
    if context.knows_all or not keys:
        return set()
    return set(graph.read("tracks_not_new", user_id=context.user_id, keys=keys)[0]["keys"])
