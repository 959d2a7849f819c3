"""Tracks for a listener: one round trip for the context, and one for tracks not seen before."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from muse_graph.answers import ListMode, Recommendation, Recommendations
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.candidates import CandidateSet, ChosenTracks, Reranker
from muse_graph.service.recommendations.context import ReadNeighbourhood, read_neighbourhood
from muse_graph.service.recommendations.explanations import (
    Explainer,
    RankedTrack,
    ScoreBreakdown,
    in_order,
)
from muse_graph.service.recommendations.exposure import track_keys
from muse_graph.service.recommendations.friend_ranking import FriendRanker
from muse_graph.service.recommendations.model_ranking import rank_catalogue, rank_neighbourhood
from muse_graph.service.recommendations.model_scores import ModelScores
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.reading import Reading, read_for
from muse_graph.service.recommendations.sources import SourceRanking, allowed_in_catalogue, fallbacks
from muse_graph.service.recommendations.track_cache import TrackCache, TrackReader

__all__ = ["RankedList", "rank", "recommend", "recommend_in"]

# Sums of contributions are rounded: what comes from further away is below by more than that, so that it stays
# below.
_BELOW = 1 - 1e-9


@dataclass(frozen=True)
class RankedList:
    """A list, and what it depends on.

    Attributes:
        users: keys of the users whose listening it was made from
        is_of_neighbourhood: whether it depends on nothing else that listens change
    """

    found: Recommendations
    users: list[int]
    is_of_neighbourhood: bool

    @cached_property
    def track_keys(self) -> array[int]:
        """Keys of the tracks, in their order."""
        return track_keys(self.found)


class Ranking(Protocol):
    """Candidates with their scores, by friends, by a model or of another source."""

    @property
    def candidates(self) -> CandidateSet:
        """What there is to choose from."""
        ...

    def explain(self, chosen: ChosenTracks) -> list[ScoreBreakdown]:
        """What the scores of chosen candidates are made of."""
        ...


def recommend(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions = RecommendationOptions(),  # noqa: B008 - frozen
    *,
    track_cache: TrackCache | None = None,
    model: ServedModel | None = None,
) -> Recommendations:
    """Rank k tracks the listener does not know: by the trained model, else by the similarity of friends.

    Args:
        track_cache: what is known of tracks already; None for nothing
        model: None if none is trained; not used if the options set how friends are weighed

    Raises:
        UnknownUser: If no user has that id.
    """
    return rank(graph, user_id, options, track_cache=track_cache, model=model).found


def rank(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions,
    *,
    track_cache: TrackCache | None = None,
    model: ServedModel | None = None,
    read: ReadNeighbourhood = read_neighbourhood,
) -> RankedList:
    """As `recommend`, with what the list depends on.

    Args:
        read: reads the neighbourhood, or has it already
    """
    return _rank(read_for(graph, user_id, options, track_cache=track_cache, model=model, read=read))


def recommend_in(reading: Reading) -> Recommendations:
    """As `recommend`, for a listener whose context has been read."""
    return _rank(reading).found


def _rank(reading: Reading) -> RankedList:
    context, tracks, options, model = reading.context, reading.tracks, reading.options, reading.model
    ledger = context.ledger(options)
    reranker, explainer = Reranker(context, options, tracks), Explainer(context, ledger, tracks)
    ranker = FriendRanker(context, ledger, options)
    scores = None if model is None else ModelScores(context, ledger, options, model, tracks)
    mode: ListMode = "empty"
    listed: list[RankedTrack] = []
    is_of_neighbourhood = context.n_friends == len(context.friends)
    for name, ranking in _rankings(tracks, ranker, scores):
        is_of_neighbourhood = is_of_neighbourhood and not isinstance(ranking, SourceRanking)
        already = [ranked.track for ranked in listed]
        chosen = reranker.choose(ranking.candidates, options.k - len(listed), already)
        added = _below(listed, explainer.explain(ranking.explain(chosen)))
        added = added if options.diversity else _falling(added)
        mode = name if mode == "empty" and added else mode
        listed += added
        # The next ranking may take a query: it is read only while the list is short.
        if len(listed) >= options.k:
            break
    items = [_item(rank, ranked) for rank, ranked in enumerate(listed, 1)]
    return RankedList(Recommendations(context.user_id, mode, items), context.users, is_of_neighbourhood)


def _rankings(
    tracks: TrackReader, ranker: FriendRanker, model: ModelScores | None
) -> Iterator[tuple[ListMode, Ranking]]:
    """What to choose from, and what the list is called where that comes first; read only when asked for."""
    yield ranker.options.mode, ranker.ranking() if model is None else rank_neighbourhood(model)
    if model is not None and model.knows_listener:
        yield "taste", rank_catalogue(model, allowed_in_catalogue(ranker))
    for source in fallbacks(tracks, ranker):
        yield source.kind, source


def _below(listed: Sequence[RankedTrack], added: list[RankedTrack]) -> list[RankedTrack]:
    """What comes from further away, its scores made smaller so that it ranks below what is listed.

    What a score becomes depends on those before it only.
    """
    if not listed:
        return added
    most, scale = _BELOW * min(ranked.score for ranked in listed), 1.0
    below = []
    for ranked in added:
        if scale * ranked.score > most:
            scale = most / ranked.score
        for reason in ranked.reasons:
            reason.part *= scale
        below.append(ranked._replace(score=sum(reason.part for reason in ranked.reasons)))
    return below


def _falling(ranked: Sequence[RankedTrack]) -> list[RankedTrack]:
    """The same tracks; equal scores that differ by the rounding of their parts are made equal."""
    lowest = accumulate((one.score for one in ranked), min)
    return [
        one if one.score == score else one._replace(score=score)
        for one, score in zip(ranked, lowest, strict=True)
    ]


def _item(rank: int, ranked: RankedTrack) -> Recommendation:
    """The track at its rank in the list."""
    track = ranked.track
    return Recommendation(
        rank=rank,
        track_id=track.track_id,
        title=track.title,
        artists=track.artists,
        genres=track.genres,
        score=ranked.score,
        reasons=in_order(ranked.reasons),
    )
