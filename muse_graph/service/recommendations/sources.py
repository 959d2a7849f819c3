"""Where tracks come from when friends have too few to offer, each source saying what it is.

Friends of friends, then listeners with taste near the listener's, then what is popular in the listener's
country, then what is popular everywhere. Each is one query, asked only while the list is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import Source
from muse_graph.core.arrays import positions
from muse_graph.core.listening.profiles import NO_GENRE, unpack
from muse_graph.core.types import BoolArray, Candidates, FloatArray, IntArray, Neighbourhood
from muse_graph.graph import Graph, Row
from muse_graph.rows import ChartTrack, CountryChartTrack
from muse_graph.service.recommendations.friend_ranking import Ranker

__all__ = ["CandidateSet", "allowed_further", "fallbacks"]

_NEIGHBOURS = 50
_CHART = 300
#: Worth of the most popular track; a chart says less about a listener than a neighbour does.
_CHART_WEIGHT = 0.1


@dataclass(frozen=True)
class CandidateSet:
    """Candidates of one source.

    Attributes:
        kind: which source
        items: (n,) int64 keys of tracks; genre (n,) int64 position of the genre each is offered for, -1 for
            none
        part: (n,) float64, what the source adds to the score
        count: (n,) int64, listeners meant, or plays for what is popular
    """

    kind: Source
    items: IntArray
    genre: IntArray
    part: FloatArray
    count: IntArray


def fallbacks(graph: Graph, ranker: Ranker) -> Iterator[CandidateSet]:
    """The sources in their order; the next is only read when asked for."""
    context = ranker.context
    allowed = allowed_further(ranker)
    if context.friends:
        rows = graph.read("friends_of_friends", user_id=context.user_id, limit=_NEIGHBOURS)
        yield _from_neighbours(ranker, "friends-of-friends", rows, allowed)
    if ranker.context.known.size:
        rows = graph.read("similar_listeners", user_id=context.user_id, limit=_NEIGHBOURS)
        yield _from_neighbours(ranker, "similar-listeners", rows, allowed)
    if context.country:
        (row,) = graph.read("country_chart", country=context.country, limit=_CHART)
        yield _from_chart(ranker, "popular-in-country", row["tracks"])
    (row,) = graph.read("chart", limit=_CHART)
    yield _from_chart(ranker, "popular-everywhere", row["tracks"])


def allowed_further(ranker: Ranker) -> BoolArray:
    """(n_genres + 1,) bool: the genres allowed; where none is, all that are neither home nor turned away."""
    if ranker.allowed.any():
        return ranker.allowed
    ledger = ranker.ledger
    return np.append(~ledger.home & ~ledger.dismissed, False)


def _from_neighbours(ranker: Ranker, kind: Source, rows: list[Row], allowed: BoolArray) -> CandidateSet:
    """Score what neighbours play who are not friends, exactly as what friends play."""
    own = ranker.context.profiles.of_user(0)
    profiles = unpack([own, *(row["profile"] for row in rows)])
    where = positions(ranker.context.genres.keys, profiles.genre)
    candidates, genre = ranker.candidates(profiles, where, allowed)
    neighbourhood = Neighbourhood(profiles.interactions(), len(rows))
    scored = ranker.scorer.score(
        neighbourhood, Candidates(candidates.items, 0 * candidates.genre, candidates.under_radar)
    )
    return CandidateSet(kind, candidates.items, genre, scored.scores, scored.players())


def _from_chart(
    ranker: Ranker, kind: Source, tracks: Sequence[ChartTrack | CountryChartTrack]
) -> CandidateSet:
    """Popular tracks the listener does not know, outside the genres turned away.

    Where only genres without a stream are asked for, the first genre of a track is one of them.
    """
    genres = ranker.context.genres
    away = set(genres.keys[genres.dismissed].tolist())
    known = set(ranker.context.known.tolist())
    begun = set(genres.keys[genres.streams > 0].tolist()) if ranker.options.new_only else None
    new = [
        track
        for track in tracks
        if track.key not in known
        and not away.intersection(track.genres)
        and (begun is None or (track.genres and track.genres[0] not in begun))
    ]
    plays = np.array([track.plays for track in new], np.int64)
    first = np.array([track.genres[0] if track.genres else NO_GENRE for track in new], np.int64)
    return CandidateSet(
        kind,
        np.array([track.key for track in new], np.int64),
        positions(genres.keys, first),
        _CHART_WEIGHT * np.log1p(plays) / np.log1p(plays.max(initial=1)),
        plays,
    )
