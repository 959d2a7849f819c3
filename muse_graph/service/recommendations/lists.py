"""Songs for a listener: one round trip for the surroundings, and one to name tracks not seen before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.answers import ListMode, Reason, Recommendations
from muse_graph.core.arrays import positions
from muse_graph.core.types import BoolArray
from muse_graph.countries import country_name
from muse_graph.graph import Graph
from muse_graph.models import ServedModel
from muse_graph.service.recommendations.by_friends import entries_by_friends
from muse_graph.service.recommendations.by_model import entries_by_model, entries_by_taste
from muse_graph.service.recommendations.candidates import rerank_candidates
from muse_graph.service.recommendations.context import read_context
from muse_graph.service.recommendations.friend_ranking import Ranker
from muse_graph.service.recommendations.messages import sentence_for_source
from muse_graph.service.recommendations.model_ranking import TrainedRanker
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.ranked_tracks import RankedTrack, genre_reason, item_of, scale_below
from muse_graph.service.recommendations.sources import CandidateSet, allowed_further, fallbacks
from muse_graph.service.recommendations.track_cache import TrackCache, TrackInfo

__all__ = ["recommend"]


def recommend(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions = RecommendationOptions(),  # noqa: B008 - frozen
    *,
    track_cache: TrackCache | None = None,
    model: ServedModel | None = None,
) -> Recommendations:
    """Rank k tracks the listener does not know: by the trained model, else by the likeness of friends.

    Args:
        track_cache: what is known of tracks already; None for nothing
        model: None where none is trained; not asked where the options say how friends are weighed

    Raises:
        UnknownUser: If no user has that id.
    """
    track_cache = TrackCache() if track_cache is None else track_cache
    model = model if options.scoring is None else None
    context = read_context(graph, user_id, options, trained=model is not None)
    ranker = Ranker(context, context.ledger(options), options)
    trained = None if model is None else TrainedRanker(context, ranker.ledger, options, model)
    if trained is None:
        entries = entries_by_friends(graph, track_cache, ranker)
    else:
        entries = entries_by_model(graph, track_cache, trained)
    mode: ListMode = options.mode if entries else "empty"
    if trained is not None and len(entries) < options.k:
        further = entries_by_taste(graph, track_cache, trained, _allowed_by_taste(ranker), entries)
        mode = "taste" if mode == "empty" and further else mode
        entries += further
    if len(entries) < options.k:
        for found in fallbacks(graph, ranker):
            added = _by_source(graph, track_cache, ranker, found, options.k - len(entries), entries)
            mode = found.kind if mode == "empty" and added else mode
            entries += added
            if len(entries) >= options.k:
                break
    if options.diversity.diversity == 0:
        # Equal scores may differ by the rounding of their parts.
        entries.sort(key=lambda entry: -entry.score)
    return Recommendations(user_id, mode, [item_of(rank, entry) for rank, entry in enumerate(entries, 1)])


def _allowed_by_taste(ranker: Ranker) -> BoolArray:
    """(n_genres + 1,) bool; the last is for genres that neither the listener nor a friend plays."""
    unheard = ranker.options.mode != "discovery" or not ranker.allowed.any()
    return np.append(allowed_further(ranker)[:-1], unheard)


def _by_source(
    graph: Graph,
    track_cache: TrackCache,
    ranker: Ranker,
    found: CandidateSet,
    missing: int,
    entries: Sequence[RankedTrack],
) -> list[RankedTrack]:
    """The best of a source that the list does not have yet, ranked below what it has."""
    have = np.array([entry.card.key for entry in entries], np.int64)
    new = np.flatnonzero(positions(have, found.items) < 0)
    # A genre that is none of the listener's has position -1, and finds the 0 at the end.
    genre_part = ranker.scoring_options.genre_weight * np.append(ranker.genre_boost, 0.0)[found.genre]
    scores = found.part + genre_part
    best = rerank_candidates(
        graph,
        track_cache,
        ranker.context,
        ranker.options,
        found.items[new],
        scores[new],
        found.genre[new],
        missing,
        already_listed=[entry.card for entry in entries],
    )
    indices = [(int(new[index]), card) for index, card in best]
    scale = scale_below(entries, max((float(scores[index]) for index, _ in indices), default=0.0))
    return [
        _source_entry(ranker, card, found, index, scale, float(genre_part[index])) for index, card in indices
    ]


def _source_entry(
    ranker: Ranker, card: TrackInfo, found: CandidateSet, index: int, scale: float, genre_part: float
) -> RankedTrack:
    context, genre = ranker.context, int(found.genre[index])
    home = genre >= 0 and bool(ranker.ledger.home[genre])
    count = int(found.count[index])
    where = country_name(context.country) if context.country else None
    source = Reason(
        found.kind, sentence_for_source(found.kind, count, where), scale * float(found.part[index]), n=count
    )
    reasons = [source, *genre_reason(context, card, genre, scale * genre_part, home=home)]
    return RankedTrack(card, sum(reason.part for reason in reasons), reasons)
