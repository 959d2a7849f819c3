"""A listener's list and genres together: their context is read once."""

from __future__ import annotations

from muse_graph.answers import Ledger, Recommendations
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.context import read_context
from muse_graph.service.recommendations.genres import discover_in
from muse_graph.service.recommendations.lists import recommend_in
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache

__all__ = ["list_and_ledger"]


def list_and_ledger(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions,
    *,
    track_cache: TrackCache | None,
    model: ServedModel | None,
) -> tuple[Recommendations, Ledger]:
    """What `recommend` and `discover_genres` answer, of the same moment.

    Raises:
        UnknownUser: If no user has that id.
    """
    model = model if options.scoring is None else None
    context = read_context(graph, user_id, options, trained=model is not None)
    tracks = (TrackCache() if track_cache is None else track_cache).reading(graph)
    found = recommend_in(context, tracks, options, model=model)
    return found, discover_in(context, tracks, options, model=model)
