"""The 20 % rule as its listener sees it: what is offered, what rests and what brings it back."""

from __future__ import annotations

import numpy as np

from muse_graph.answers import GenreState, Ledger, LedgerGenre, Reason
from muse_graph.core.discovery.rule import favourite_to_wake, waits_for
from muse_graph.core.types import FloatArray
from muse_graph.graph import Graph
from muse_graph.models import ServedModel
from muse_graph.service.recommendations.context import Surroundings, read_surroundings
from muse_graph.service.recommendations.friend_ranking import Ranker
from muse_graph.service.recommendations.messages import (
    sentence_for_genre,
    sentence_for_turned_away,
    sentence_for_waiting,
)
from muse_graph.service.recommendations.model_ranking import TrainedRanker
from muse_graph.service.recommendations.options import Wish

__all__ = ["discover_genres"]

_STATES: tuple[GenreState, ...] = ("offered", "resting", "home")


def discover_genres(
    graph: Graph,
    user_id: str,
    wish: Wish = Wish(),  # noqa: B008 - frozen
    *,
    model: ServedModel | None = None,
) -> Ledger:
    """Rank a listener's genres: those offered by score, then those that rest, then those at home.

    A genre turned away stands among the resting, for a save brings it back. The score is the trained
    model's, else what friends make of the genre.
    raises : UnknownUser
    """
    model = model if wish.scoring is None else None
    around = read_surroundings(graph, user_id, wish, trained=model is not None)
    ledger = around.ledger(wish)
    ranker = Ranker(around, ledger, wish)
    trained = None if model is None else TrainedRanker(around, ledger, wish, model).genre_scores
    scores = ranker.genre_scores if trained is None else trained
    named = _named(graph, around)
    resting = (ledger.resting | (ledger.pool & ledger.turned_away)) & ~ledger.offered
    groups = dict(zip(_STATES, (ledger.offered, resting, ledger.home), strict=True))
    rows: list[LedgerGenre] = []
    for state, members in groups.items():
        by = scores if state == "offered" else ledger.streams
        order = [(-by[place], named[place], place) for place in np.flatnonzero(members).tolist()]
        for _, (genre_id, name), place in sorted(order):
            rows.append(
                LedgerGenre(
                    rank=len(rows) + 1,
                    genre_id=genre_id,
                    name=name,
                    state=state,
                    streams=int(ledger.streams[place]),
                    score=float(scores[place]) if state == "offered" else 0.0,
                    reasons=_reasons(ranker, place, state, named, trained),
                )
            )
    return Ledger(user_id, rows, ledger.cap, ledger.theta)


def _named(graph: Graph, around: Surroundings) -> list[tuple[str, str]]:
    """Id and name of each genre."""
    keys = around.genres.keys.tolist()
    (row,) = graph.read("genre_names", keys=keys)
    named = {key: (genre_id, name) for key, genre_id, name in row["genres"]}
    return [named[key] for key in keys]


def _reasons(
    ranker: Ranker, place: int, state: GenreState, named: list[tuple[str, str]], trained: FloatArray | None
) -> list[Reason]:
    """Why a genre is offered, in parts that add up to its score; what a resting one waits for."""
    ledger, (genre_id, name) = ranker.ledger, named[place]
    if state == "resting" and ledger.turned_away[place]:
        return [Reason("turned-away", sentence_for_turned_away(name), 0.0, genre_id=genre_id)]
    if state == "resting":
        waiting = sorted(
            waits_for(ledger, place).tolist(), key=lambda other: (-ledger.streams[other], named[other])
        )
        behind = [named[other] for other in waiting]
        text = sentence_for_waiting(name, [other for _, other in behind], favourite_to_wake(ledger, place))
        return [Reason("resting", text, 0.0, n=len(behind), genre_id=genre_id)]
    if state == "home":
        return []
    listeners = int(ranker.surroundings.genres.listeners[place])
    text = sentence_for_genre(name, int(ledger.streams[place]), listeners)
    if trained is not None:
        best = "Its best tracks suit what you and your friends listen to"
        return [
            Reason("genre", text, 0.0, n=listeners, genre_id=genre_id),
            Reason("taste", best, float(trained[place])),
        ]
    breadth = float(ranker.genre_breadth[place])
    reasons = [Reason("genre", text, breadth, n=listeners, genre_id=genre_id)]
    taste = float(ranker.genre_share[place])
    if taste > 0:
        reasons.append(Reason("taste", "Its share of what your friends play, closest taste first", taste))
    return reasons
