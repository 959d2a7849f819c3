"""The 20 % rule as its listener sees it: what is offered, what rests and what brings it back."""

from __future__ import annotations

import numpy as np

from muse_graph.answers import GenreState, Ledger, LedgerGenre, Named, Reason
from muse_graph.core.discovery.twenty_percent_rule import blocked_by, streams_to_resume
from muse_graph.core.types import FloatArray
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.explanations import genre_reason
from muse_graph.service.recommendations.friend_ranking import FriendRanker
from muse_graph.service.recommendations.messages import (
    sentence_for_best_tracks,
    sentence_for_dismissed,
    sentence_for_share,
    sentence_for_waiting,
)
from muse_graph.service.recommendations.model_scores import ModelScores
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.reading import Reading, read_for

__all__ = ["discover_genres", "discover_in"]

_STATES: tuple[GenreState, ...] = ("offered", "resting", "home")


def discover_genres(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions = RecommendationOptions(),  # noqa: B008 - frozen
    *,
    model: ServedModel | None = None,
) -> Ledger:
    """Rank a listener's genres: those offered by score, then those that rest, then those at home.

    A dismissed genre is listed among the resting, because a save brings it back. The score is the trained
    model's, else what friends make of the genre.

    Raises:
        UnknownUser: If no user has that id.
    """
    return discover_in(read_for(graph, user_id, options, model=model))


def discover_in(reading: Reading) -> Ledger:
    """As `discover_genres`, for a listener whose context has been read."""
    context, options, model = reading.context, reading.options, reading.model
    ledger = context.ledger(options)
    ranker = FriendRanker(context, ledger, options)
    trained = None if model is None else ModelScores(context, ledger, options, model).genre_scores
    scores = ranker.genre_scores if trained is None else trained
    named = [(one.id, one.name) for one in reading.tracks.genres(context.genres.keys.tolist())]
    resting = (ledger.resting | (ledger.pool & ledger.dismissed)) & ~ledger.offered
    groups = dict(zip(_STATES, (ledger.offered, resting, ledger.home), strict=True))
    rows: list[LedgerGenre] = []
    for state, members in groups.items():
        by = scores if state == "offered" else ledger.streams
        order = [(-by[index], named[index], index) for index in np.flatnonzero(members).tolist()]
        for _, (genre_id, name), index in sorted(order):
            rows.append(
                LedgerGenre(
                    rank=len(rows) + 1,
                    genre_id=genre_id,
                    name=name,
                    state=state,
                    streams=int(ledger.streams[index]),
                    score=float(scores[index]) if state == "offered" else 0.0,
                    reasons=_reasons(ranker, index, state, named, trained),
                )
            )
    return Ledger(context.user_id, rows, ledger.cap, ledger.theta)


def _reasons(
    ranker: FriendRanker,
    index: int,
    state: GenreState,
    named: list[tuple[str, str]],
    trained: FloatArray | None,
) -> list[Reason]:
    """Why a genre is offered, in parts that add up to its score; what a resting one waits for."""
    ledger, (genre_id, name) = ranker.ledger, named[index]
    if state == "resting" and ledger.dismissed[index]:
        return [Reason("turned-away", sentence_for_dismissed(name), 0.0, genre_id=genre_id)]
    if state == "resting":
        waiting = sorted(
            blocked_by(ledger, index).tolist(), key=lambda other: (-ledger.streams[other], named[other])
        )
        behind = [named[other] for other in waiting]
        text = sentence_for_waiting(name, [other for _, other in behind], streams_to_resume(ledger, index))
        return [Reason("resting", text, 0.0, n=len(behind), genre_id=genre_id)]
    if state == "home":
        return []
    genre, streams = Named(genre_id, name), int(ledger.streams[index])
    listeners = int(ranker.context.genres.listeners[index])
    all_listen = ranker.context.all_listen[index]
    if trained is not None:
        return [
            genre_reason(genre, streams, listeners, 0.0, all_listen=all_listen),
            Reason("taste", sentence_for_best_tracks(), float(trained[index])),
        ]
    breadth = float(ranker.genre_breadth[index])
    reasons = [genre_reason(genre, streams, listeners, breadth, all_listen=all_listen)]
    taste = float(ranker.genre_share[index])
    if taste > 0:
        reasons.append(Reason("taste", sentence_for_share(), taste))
    return reasons
