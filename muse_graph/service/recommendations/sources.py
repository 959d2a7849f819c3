"""Where tracks come from when friends have too few to offer; each source is named in its reasons.

Friends of friends, then listeners with similar taste, then what is popular in the listener's
country, then what is popular everywhere. Each is one query, asked only while the list is short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from muse_graph.answers import LEFT_EARLY, Source
from muse_graph.core.arrays import positions
from muse_graph.core.listening.profiles import NO_GENRE, unpack
from muse_graph.core.types import BoolArray, Candidates, FloatArray, IntArray, Neighbourhood
from muse_graph.graph.connection import Row
from muse_graph.graph.query_records import ChartTrack, CountryChartTrack
from muse_graph.service.recommendations.candidates import CandidateSet, ChosenTracks
from muse_graph.service.recommendations.explanations import ScoreBreakdown, SourceContribution
from muse_graph.service.recommendations.friend_ranking import FriendRanker
from muse_graph.service.recommendations.track_cache import TrackReader

__all__ = ["SourceRanking", "allowed_in_catalogue", "fallbacks"]

_ChartTrack: TypeAlias = ChartTrack | CountryChartTrack

_NEIGHBOURS = 50
#: Where the pages of a chart end.
_CHART = (300, 1_500, 6_000, 25_000)
#: Worth of the most popular track; a chart is less informative about a listener than a neighbour.
_CHART_WEIGHT = 0.1


@dataclass(frozen=True)
class SourceRanking:
    """Candidates of one source, scored.

    Attributes:
        kind: which source
        contribution: (n,) float64, what the source adds to the score; genre (n,) float64, what the genre adds
        n: (n,) int64, listeners meant, or plays for what is popular
    """

    kind: Source
    candidates: CandidateSet
    contribution: FloatArray
    genre: FloatArray
    n: IntArray

    def explain(self, chosen: ChosenTracks) -> list[ScoreBreakdown]:
        """What the scores of chosen candidates are made of."""
        columns = (self.candidates.genre, self.genre, self.contribution, self.n)
        raised = np.broadcast_to(chosen.raised, len(chosen.tracks)).tolist()
        rows = zip(chosen.tracks, raised, *(column[chosen.index].tolist() for column in columns), strict=True)
        return [
            ScoreBreakdown(
                track,
                genre_index,
                genre,
                # Only a place kept for it is a reason here.
                radar=radar or None,
                source=SourceContribution(self.kind, n, contribution),
            )
            for track, radar, genre_index, genre, contribution, n in rows
        ]


def fallbacks(tracks: TrackReader, ranker: FriendRanker) -> Iterator[SourceRanking]:
    """The sources in their order; the next is only read when asked for."""
    context, allowed = ranker.context, _allowed_further(ranker)
    # Neighbours add tracks of allowed genres only; who has no friends may have none.
    if context.friends and allowed.any():
        rows = tracks.graph.read("friends_of_friends", user_id=context.user_id, limit=_NEIGHBOURS)
        yield _from_neighbours(ranker, "friends-of-friends", rows, allowed)
    if context.known.size and allowed.any():
        rows = tracks.graph.read("similar_listeners", user_id=context.user_id, limit=_NEIGHBOURS)
        yield _from_neighbours(ranker, "similar-listeners", rows, allowed)
    if context.country:
        yield from _charts(ranker, "popular-in-country", partial(tracks.chart, context.country))
    yield from _charts(ranker, "popular-everywhere", partial(tracks.chart, None))


def _charts(
    ranker: FriendRanker, kind: Source, read: Callable[[int], Sequence[_ChartTrack]]
) -> Iterator[SourceRanking]:
    """A chart, and what follows in it for those who find too little there: each page longer and below."""
    begin = 0
    for end in _CHART:
        chart = read(end)
        yield _from_chart(ranker, kind, chart[begin:])
        if len(chart) < end:
            break
        begin = end


def _allowed_further(ranker: FriendRanker) -> BoolArray:
    """(n_genres + 1,) bool: the genres allowed; where none is, all that are neither home nor turned away."""
    if ranker.allowed.any():
        return ranker.allowed
    ledger = ranker.ledger
    return np.append(~ledger.home & ~ledger.dismissed, False)


def allowed_in_catalogue(ranker: FriendRanker) -> BoolArray:
    """The same for a whole catalogue: the last is for genres that neither the listener nor a friend plays."""
    unheard = ranker.options.mode != "discovery" or not ranker.allowed.any()
    return np.append(_allowed_further(ranker)[:-1], unheard)


def _ranking(
    ranker: FriendRanker,
    kind: Source,
    items: IntArray,
    genre: IntArray,
    contribution: FloatArray,
    n: IntArray,
) -> SourceRanking:
    # A genre that is none of the listener's has position -1, and finds the 0 at the end.
    by_genre = ranker.scoring_options.genre_weight * np.append(ranker.genre_boost, 0.0)[genre]
    return SourceRanking(kind, CandidateSet(items, contribution + by_genre, genre), contribution, by_genre, n)


def _from_neighbours(
    ranker: FriendRanker, kind: Source, rows: list[Row], allowed: BoolArray
) -> SourceRanking:
    """Score what neighbours play who are not friends, exactly as what friends play.

    Tracks that only neighbours play who do not count, or who left them early, are none.

    Args:
        allowed: (n_genres + 1,) bool, of `_allowed_further`
    """
    own = ranker.context.profiles.of_user(0)
    profiles = unpack([own, *(row["profile"] for row in rows)])
    where = positions(ranker.context.genres.keys, profiles.genre)
    candidates, genre = ranker.generate(profiles, where, allowed)
    neighbourhood = Neighbourhood(profiles.interactions(), len(rows))
    scored = ranker.scorer.score(
        neighbourhood, Candidates(candidates.items, 0 * candidates.genre, candidates.under_radar)
    )
    stayed = ~(neighbourhood.interactions.heard[scored.friends.row] < LEFT_EARLY)
    n = np.bincount(scored.friends.candidate[stayed], minlength=len(candidates))
    kept = np.flatnonzero(n)
    return _ranking(ranker, kind, candidates.items[kept], genre[kept], scored.scores[kept], n[kept])


def _from_chart(ranker: FriendRanker, kind: Source, tracks: Sequence[_ChartTrack]) -> SourceRanking:
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
    return _ranking(
        ranker,
        kind,
        np.array([track.key for track in new], np.int64),
        positions(genres.keys, first),
        _CHART_WEIGHT * np.log1p(plays) / np.log1p(plays.max(initial=1)),
        plays,
    )
