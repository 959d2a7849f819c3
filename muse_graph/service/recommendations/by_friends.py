"""Tracks that friends play, ranked by the friends' likeness where no model is trained."""

from __future__ import annotations

import numpy as np

from muse_graph.answers import Reason
from muse_graph.core.explain import Explanation, explain
from muse_graph.core.scoring import put_under_radar
from muse_graph.graph import Graph
from muse_graph.service.recommendations.candidates import rerank_candidates
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.friend_ranking import Ranker
from muse_graph.service.recommendations.messages import sentence_for_friend, sentence_for_others
from muse_graph.service.recommendations.ranked_tracks import (
    MOST_NAMED,
    RankedTrack,
    genre_reason,
    radar_reason,
)
from muse_graph.service.recommendations.track_cache import TrackCache, TrackInfo

__all__ = ["entries_by_friends"]


def entries_by_friends(graph: Graph, track_cache: TrackCache, ranker: Ranker) -> list[RankedTrack]:
    """The k best tracks that friends play."""
    context, options = ranker.context, ranker.options
    candidates, genre = ranker.candidates(context.profiles, context.profile_genre, ranker.allowed)
    scored = ranker.scorer.score(context.neighbourhood, candidates, ranker.friends)
    weight = ranker.scoring_options.radar_weight
    best = rerank_candidates(
        graph,
        track_cache,
        context,
        options,
        scored.items,
        scored.scores,
        genre,
        options.k,
        radar_weight=weight,
    )
    index = np.array([index for index, _ in best], np.int64)
    radar = np.array([card.under_radar for _, card in best], np.bool_)
    scored = put_under_radar(scored, index[radar], weight)
    whys = explain(scored, index, context.neighbourhood.interactions, MOST_NAMED, context.private)
    return [
        _entry(ranker, card, why, genre)
        for (_, card), why, genre in zip(best, whys, genre[index].tolist(), strict=True)
    ]


def _entry(ranker: Ranker, card: TrackInfo, why: Explanation, genre: int) -> RankedTrack:
    home = genre >= 0 and bool(ranker.ledger.home[genre])
    reasons = [
        *_friend_reasons(ranker.context, why),
        *_taste_reason(why),
        *genre_reason(ranker.context, card, genre, why.genre, home=home),
        *radar_reason(card, why.radar),
    ]
    return RankedTrack(card, why.score, reasons)


def _friend_reasons(context: RecommendationContext, why: Explanation) -> list[Reason]:
    reasons = []
    for part in why.friends:
        friend = context.friends[part.friend_index]
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
