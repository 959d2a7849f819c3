"""Tracks that friends play, ranked by the friends' likeness where no model is trained."""

from __future__ import annotations

import numpy as np

from muse_graph.answers import Reason
from muse_graph.core.explain import Explanation, explain
from muse_graph.core.scoring import put_under_radar
from muse_graph.graph import Graph
from muse_graph.service.recommendations.candidates import choose
from muse_graph.service.recommendations.context import Surroundings
from muse_graph.service.recommendations.friend_ranking import Ranker
from muse_graph.service.recommendations.messages import sentence_for_friend, sentence_for_others
from muse_graph.service.recommendations.ranked_tracks import MOST_NAMED, Entry, genre_reason, radar_reason
from muse_graph.service.recommendations.track_cache import Card, Cards

__all__ = ["entries_by_friends"]


def entries_by_friends(graph: Graph, cards: Cards, ranker: Ranker) -> list[Entry]:
    """The k best tracks that friends play."""
    around, wish = ranker.surroundings, ranker.wish
    candidates, genre = ranker.candidates(around.profiles, around.profile_genre, ranker.allowed)
    scored = ranker.scorer.score(around.neighbourhood, candidates, ranker.friends)
    weight = ranker.options.radar_weight
    best = choose(graph, cards, around, wish, scored.items, scored.scores, genre, wish.k, radar_weight=weight)
    place = np.array([place for place, _ in best], np.int64)
    radar = np.array([card.under_radar for _, card in best], np.bool_)
    scored = put_under_radar(scored, place[radar], weight)
    whys = explain(scored, place, around.neighbourhood.interactions, MOST_NAMED, around.private)
    return [
        _entry(ranker, card, why, genre)
        for (_, card), why, genre in zip(best, whys, genre[place].tolist(), strict=True)
    ]


def _entry(ranker: Ranker, card: Card, why: Explanation, genre: int) -> Entry:
    home = genre >= 0 and bool(ranker.ledger.home[genre])
    reasons = [
        *_friend_reasons(ranker.surroundings, why),
        *_taste_reason(why),
        *genre_reason(ranker.surroundings, card, genre, why.genre, home=home),
        *radar_reason(card, why.radar),
    ]
    return Entry(card, why.score, reasons)


def _friend_reasons(around: Surroundings, why: Explanation) -> list[Reason]:
    reasons = []
    for part in why.friends:
        friend = around.friends[part.friend_index]
        reasons.append(
            Reason(
                "friend",
                sentence_for_friend(friend.name, part.plays, part.heard),
                part.trust,
                user_id=friend.user_id,
                name=friend.name,
                heard=None if np.isnan(part.heard) else round(part.heard, 6),
                plays=part.plays,
            )
        )
    if why.others.n_friends:
        text = sentence_for_others(why.others.n_friends, len(why.friends))
        reasons.append(Reason("friends", text, why.others.trust, n=why.others.n_friends))
    return reasons


def _taste_reason(why: Explanation) -> list[Reason]:
    if why.taste <= 0:
        return []
    return [Reason("taste", "Those who play it share tracks with you", why.taste)]
