"""Tracks that friends and near listeners play, or anybody, ranked by the trained model, with reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.answers import Reason
from muse_graph.core.arrays import find
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.graph import Graph
from muse_graph.service.recommendations.candidates import rerank_candidates
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.discards import artist_penalty
from muse_graph.service.recommendations.messages import (
    sentence_for_discards,
    sentence_for_friend,
    sentence_for_nearness,
    sentence_for_others,
    sentence_for_own,
    sentence_for_taste,
)
from muse_graph.service.recommendations.model_ranking import TrainedRanker
from muse_graph.service.recommendations.ranked_tracks import (
    MOST_NAMED,
    RankedTrack,
    genre_reason,
    radar_reason,
    scale_below,
)
from muse_graph.service.recommendations.score_breakdown import ScoreBreakdown, explain_scores
from muse_graph.service.recommendations.track_cache import TrackCache, TrackInfo

__all__ = ["entries_by_model", "entries_by_taste"]

#: Parts this small are rounding.
_NOTHING = 1e-9
#: Tracks of the listener's own that a reason names.
_MOST_OWN = 2


def entries_by_model(graph: Graph, track_cache: TrackCache, ranker: TrainedRanker) -> list[RankedTrack]:
    """The k best tracks of friends and near listeners."""
    keys, genre = ranker.candidates()
    return _best(graph, track_cache, ranker, keys, genre, ranker.options.k)


def entries_by_taste(
    graph: Graph,
    track_cache: TrackCache,
    ranker: TrainedRanker,
    allowed: BoolArray,
    entries: Sequence[RankedTrack],
) -> list[RankedTrack]:
    """The best of the whole catalogue for a list that is short; empty if nothing is known of the listener.

    Args:
        allowed: (n_genres + 1,) bool, the last for tracks whose genre is none of the surroundings
        entries: what the list has, which stays above
    """
    profile, catalogue = ranker.profile, ranker.served.catalogue
    if not ((profile.feedback >= 0).any() or len(profile.friends) or len(profile.tags)):
        return []
    already_listed = [entry.card for entry in entries]
    genre = np.append(find(ranker.context.genres.keys, catalogue.genre_keys), -1)[catalogue.genre]
    taken = np.append(ranker.context.known, np.array([card.key for card in already_listed], np.int64))
    open_ = np.flatnonzero(allowed[genre] & (catalogue.listeners > 0) & ~np.isin(catalogue.track_keys, taken))
    missing = ranker.options.k - len(entries)
    found = _best(
        graph, track_cache, ranker, catalogue.track_keys[open_], genre[open_], missing, already_listed
    )
    scale = scale_below(entries, max((entry.score for entry in found), default=0.0))
    for entry in found:
        for reason in entry.reasons:
            reason.part *= scale
    return [entry._replace(score=sum(reason.part for reason in entry.reasons)) for entry in found]


def _best(
    graph: Graph,
    track_cache: TrackCache,
    ranker: TrainedRanker,
    keys: IntArray,
    genre: IntArray,
    k: int,
    already_listed: Sequence[TrackInfo] = (),
) -> list[RankedTrack]:
    """The k best of candidates, given as `generate_candidates` gives them."""
    context, options = ranker.context, ranker.options
    items = ranker.served.items(keys)
    under_radar = ranker.under_radar(items)
    if options.mode == "under-the-radar":
        keys, genre, items = keys[under_radar], genre[under_radar], items[under_radar]
        under_radar = under_radar[under_radar]
    scored = ranker.score(items, genre)
    held = artist_penalty(ranker.profile, ranker.served.catalogue, items)
    scores = scored.values + held.part
    own = ranker.served.catalogue.track_keys[ranker.profile.items].tolist()
    best = rerank_candidates(
        graph,
        track_cache,
        context,
        options,
        keys,
        scores,
        genre,
        k,
        under_radar=under_radar,
        already_listed=already_listed,
        also=own,
    )
    index = np.array([index for index, _ in best], np.int64)
    apart = explain_scores(ranker, scored, held, index, keys[index], items[index])
    played = _own_reasons(graph, track_cache, ranker, apart)
    entries = []
    for row, (at, card) in enumerate(best):
        home = genre[at] >= 0 and bool(ranker.ledger.home[genre[at]])
        reasons = [
            *_friend_reasons(context, apart, row),
            *played[row],
            *_near_reason(apart, row, card),
            *_discard_reason(apart, row),
            *genre_reason(context, card, int(genre[at]), float(apart.genre[row]), home=home),
            *radar_reason(card, float(apart.radar[row])),
        ]
        entries.append(RankedTrack(card, sum(reason.part for reason in reasons), reasons))
    return entries


def _friend_reasons(context: RecommendationContext, apart: ScoreBreakdown, row: int) -> list[Reason]:
    """Friends who play it, those who heard most of it named; and what all the others add together."""
    reasons, others = [], float(apart.strangers[row] + apart.friends[row].sum())
    playing = apart.playing[row]
    named = [play for play in playing if play.friend_index not in context.private][:MOST_NAMED]
    for play in named:
        friend, part = context.friends[play.friend_index], float(apart.friends[row, play.friend_index])
        others -= part
        reasons.append(
            Reason(
                "friend",
                sentence_for_friend(friend.name, play.plays, play.heard),
                part,
                user_id=friend.user_id,
                name=friend.name,
                heard=None if np.isnan(play.heard) else round(play.heard, 6),
                plays=play.plays,
            )
        )
    n = len(playing) - len(named)
    if n:
        reasons.append(Reason("friends", sentence_for_others(n, len(named)), others, n=n))
    elif abs(others) > _NOTHING:
        text = "What your other friends like" if named else "What your friends like"
        reasons.append(Reason("friends", text, others, n=0))
    return reasons


def _own_reasons(
    graph: Graph, track_cache: TrackCache, ranker: TrainedRanker, apart: ScoreBreakdown
) -> list[list[Reason]]:
    """For each track what of the listener's own listening speaks for it, the strongest named."""
    profile, own = ranker.profile, apart.own
    strongest = np.argsort(-own, axis=1, kind="stable")[:, :_MOST_OWN]
    wanted = np.unique(strongest[np.take_along_axis(own, strongest, axis=1) > _NOTHING])
    keys = ranker.served.catalogue.track_keys[profile.items[wanted]].tolist()
    named = dict(zip(wanted.tolist(), track_cache.get(graph, keys, [None] * len(keys)), strict=True))
    found = []
    for row, indices in enumerate(strongest.tolist()):
        rest, reasons = float(own[row].sum()), []
        for index in indices:
            card = named.get(index)
            if card is None or own[row, index] <= _NOTHING:
                continue
            artist = " and ".join(one.name for one in card.artists if one.name != card.title)
            text = sentence_for_own(card.title, artist, float(profile.feedback[index]))
            reasons.append(Reason("own", text, float(own[row, index])))
            rest -= float(own[row, index])
        if abs(rest) > _NOTHING:
            reasons.append(Reason("taste", sentence_for_taste(len(reasons)), rest))
        found.append(reasons)
    return found


def _near_reason(apart: ScoreBreakdown, row: int, card: TrackInfo) -> list[Reason]:
    """Near listeners who play it, tags, and being little heard where that is no reason of its own."""
    part = float(apart.rest[row] + (0.0 if card.under_radar else apart.radar[row]))
    n = int(apart.n_near[row])
    if not n and abs(part) <= _NOTHING:
        return []
    return [Reason("similar-listeners", sentence_for_nearness(n), part, n=n)]


def _discard_reason(apart: ScoreBreakdown, row: int) -> list[Reason]:
    """That the listener has discarded others by the artist."""
    n = int(apart.n_against[row])
    return [Reason("own", sentence_for_discards(n), float(apart.against[row]), n=n)] if n else []
