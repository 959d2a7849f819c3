"""The 20 % rule as its listener sees it: what is offered, what rests and what brings it back."""

from __future__ import annotations

import numpy as np

from muse_graph.answers import GenreState, Ledger, LedgerGenre, Reason
from muse_graph.core.genres import favourite_to_wake, waits_for
from muse_graph.core.scoring import ScoringOptions
from muse_graph.graph import Graph
from muse_graph.service.neighbourhood import read_surroundings
from muse_graph.service.ranking import DEFAULTS, Ranker
from muse_graph.service.wording import sentence_for_genre, sentence_for_turned_away, sentence_for_waiting

__all__ = ["discover_genres"]

_STATES: tuple[GenreState, ...] = ("offered", "resting", "home")


def discover_genres(
    graph: Graph,
    user_id: str,
    *,
    new_only: bool = False,
    beyond_friends: bool = False,
    theta: float = 0.2,
    max_friends: int = 200,
    options: ScoringOptions = DEFAULTS,
) -> Ledger:
    """Rank a listener's genres: those offered by score, then those that rest, then those at home.

    A genre turned away stands among the resting, for a save brings it back.
    raises : UnknownUser
    """
    around = read_surroundings(graph, user_id, max_friends=max_friends, all_genres=beyond_friends)
    ledger = around.ledger(theta, new_only=new_only, beyond_friends=beyond_friends)
    ranker = Ranker(around, ledger, options)
    resting = (ledger.resting | (ledger.pool & ledger.turned_away)) & ~ledger.offered
    groups = dict(zip(_STATES, (ledger.offered, resting, ledger.home), strict=True))
    rows: list[LedgerGenre] = []
    for state, members in groups.items():
        places = np.flatnonzero(members)
        score = ranker.genre_scores if state == "offered" else ledger.streams
        for place in places[np.argsort(-score[places], kind="stable")].tolist():
            reasons = _reasons(ranker, place, state)
            rows.append(
                LedgerGenre(
                    rank=len(rows) + 1,
                    genre_id=around.genres.ids[place],
                    name=around.genres.names[place],
                    state=state,
                    streams=int(ledger.streams[place]),
                    score=float(ranker.genre_scores[place]) if state == "offered" else 0.0,
                    reasons=reasons,
                )
            )
    return Ledger(user_id, rows, ledger.cap, ledger.theta)


def _reasons(ranker: Ranker, place: int, state: GenreState) -> list[Reason]:
    """Why a genre is offered, in parts that add up to its score; what a resting one waits for."""
    genres, ledger = ranker.surroundings.genres, ranker.ledger
    name, genre_id = genres.names[place], genres.ids[place]
    if state == "resting" and ledger.turned_away[place]:
        return [Reason("turned-away", sentence_for_turned_away(name), 0.0, genre_id=genre_id)]
    if state == "resting":
        behind = [genres.names[other] for other in waits_for(ledger, place).tolist()]
        text = sentence_for_waiting(name, behind, favourite_to_wake(ledger, place))
        return [Reason("resting", text, 0.0, n=len(behind), genre_id=genre_id)]
    if state == "home":
        return []
    listeners = int(genres.listeners[place])
    text = sentence_for_genre(name, int(genres.streams[place]), listeners)
    breadth = float(ranker.genre_breadth[place])
    reasons = [Reason("genre", text, breadth, n=listeners, genre_id=genre_id)]
    taste = float(ranker.genre_share.scores[place])
    if taste > 0:
        reasons.append(Reason("taste", "Its share of what your friends play, closest taste first", taste))
    return reasons
