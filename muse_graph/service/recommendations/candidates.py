"""Which tracks of a neighbourhood may be recommended, and which of them are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.rerank.diversity import select
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import Traits, traits_of
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.graph import Graph
from muse_graph.service.recommendations.context import Surroundings
from muse_graph.service.recommendations.options import DiversityOptions, Wish
from muse_graph.service.recommendations.track_cache import Card, Cards

__all__ = ["choose", "gather"]

#: Candidates looked at closely, at least and as a multiple of k: enough for a share under the radar and a
#: limit for each artist; more where the tracks have to be unlike each other.
_SHORT, _TIMES_K = 60, 3
_SHORT_UNLIKE, _TIMES_K_UNLIKE = 200, 5
_LEAST_TRACKS = 0.5


def gather(
    profiles: Profiles, genre: IntArray, allowed: BoolArray, appeal: FloatArray, known: IntArray
) -> tuple[IntArray, IntArray]:
    """Tracks of the others' profiles in allowed genres that the listener does not know.

    genre   : (n,) int64 for each entry of the profiles the position of its genre, -1 for none of them
    allowed : (n_genres + 1,) bool, the last for entries in none of the genres
    appeal  : (n_genres,) float64; of several genres of a track the one that appeals most is meant
    known   : (m,) int64 keys of tracks
    returns : (n_candidates,) int64 keys, ascending, and (n_candidates,) int64 the genre of each, -1 for none
    """
    rows = np.flatnonzero(allowed[genre] & (profiles.user_index > 0))
    rows = rows[np.argsort(profiles.track[rows])]
    track = profiles.track[rows]
    if not len(track):
        return track, track
    first = np.flatnonzero(np.append(True, track[1:] != track[:-1]))
    by_appeal = np.append(np.argsort(-appeal, kind="stable"), -1)
    place = np.empty_like(by_appeal)
    place[by_appeal] = np.arange(len(by_appeal))
    genre = by_appeal[np.minimum.reduceat(place[genre[rows]], first)]
    new = positions(known, track[first]) < 0
    return track[first][new], genre[new]


def choose(
    graph: Graph,
    cards: Cards,
    around: Surroundings,
    wish: Wish,
    items: IntArray,
    scores: FloatArray,
    genre: IntArray,
    k: int,
    *,
    radar_weight: float = 0.0,
    under_radar: BoolArray | None = None,
    above: Sequence[Card] = (),
    also: Sequence[int] = (),
) -> list[tuple[int, Card]]:
    """Place and card of the candidates that make the list, in its order.

    items        : (n,) int64 keys; scores (n,) float64
    genre        : (n,) int64, the genre each is offered for, -1 for none
    radar_weight : what an artist under the radar adds to the score
    under_radar  : (n,) bool where it is known before; else only the best are looked at for it
    above        : what the list has already, none of the candidates: diversity, the limit for each artist
                   and the share under the radar are those of the whole list
    also         : keys of tracks whose cards will be asked for next, and are read on the way
    """
    unlike = wish.diversity.diversity > 0
    least, times = (_SHORT_UNLIKE, _TIMES_K_UNLIKE) if unlike else (_SHORT, _TIMES_K)
    short = _short_list(items, scores, max(least, times * k), under_radar)
    keys = items[short].tolist()
    claimed = [around.genres.rows[place][0] if place >= 0 else None for place in genre[short].tolist()]
    found = cards.get(graph, [*keys, *also], [*claimed, *(None for _ in also)])[: len(keys)]
    known = _known(graph, around, keys)
    only_radar = wish.mode == "under-the-radar"
    kept = [
        (place, card)
        for place, card in zip(short.tolist(), found, strict=True)
        if card is not None and card.key not in known and (card.under_radar or not only_radar)
    ]
    return _select(kept, wish, items, scores, k, radar_weight, above)


def _select(
    kept: list[tuple[int, Card]],
    wish: Wish,
    items: IntArray,
    scores: FloatArray,
    k: int,
    radar_weight: float,
    above: Sequence[Card],
) -> list[tuple[int, Card]]:
    """The k that are chosen of candidates with their cards."""
    if not kept:
        return []
    share = _share_left(wish.radar_share, k, above)
    above = () if wish.diversity.off else above
    places = np.array([place for place, _ in kept], np.int64)
    cards = [*(card for _, card in kept), *above]
    radar = np.array([card.under_radar for card in cards], np.bool_)
    worth = scores[places] + radar_weight * radar[: len(kept)]
    chosen = select(
        # What is above is not chosen, so that its score must not matter: it is that of the lowest.
        np.append(worth, np.full(len(above), worth.min())),
        np.append(items[places], np.array([card.key for card in above], np.int64)),
        k,
        traits=None if wish.diversity.off else _traits(cards, wish.diversity),
        options=wish.diversity,
        under_radar=radar,
        share=share,
        above=np.arange(len(kept), len(cards)) if above else None,
    )
    return [kept[place] for place in chosen.tolist()]


def _share_left(share: float, k: int, above: Sequence[Card]) -> float:
    """Of k more tracks the share under the radar that gives the whole list its share, 0..1.

    A list so short that its share is not even half a track is left to the best.
    """
    if share * (len(above) + k) < _LEAST_TRACKS:
        return 0.0
    missing = share * (len(above) + k) - sum(card.under_radar for card in above)
    return min(max(missing / k, 0.0), 1.0)


def _short_list(items: IntArray, scores: FloatArray, n: int, under_radar: BoolArray | None) -> IntArray:
    """Positions of the n best, and of the n best under the radar where that is known."""
    best = top_k(scores, items, n)
    if under_radar is None or len(best) == len(items):
        return best
    radar = np.flatnonzero(under_radar)
    return np.union1d(best, radar[top_k(scores[radar], items[radar], n)])


def _traits(cards: list[Card], options: DiversityOptions) -> Traits:
    """What the candidates are compared by; without diversity artists alone matter, for their limit."""
    artists = [card.artist_keys for card in cards]
    if options.diversity == 0:
        return Traits(artists, np.full(len(cards), -1), np.empty((len(cards), 0)))
    return traits_of(artists, [card.language for card in cards], [card.features for card in cards])


def _known(graph: Graph, around: Surroundings, keys: list[int]) -> set[int]:
    """Which of the tracks the listener knows although the profile, cut off at its length, does not tell."""
    if around.knows_all or not keys:
        return set()
    return set(graph.read("tracks_not_new", user_id=around.user_id, keys=keys)[0]["keys"])
