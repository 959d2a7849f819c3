"""A listener's list and genres together: their context is read once."""

from __future__ import annotations

from muse_graph.answers import Ledger, Recommendations
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.context import ReadNeighbourhood, read_neighbourhood
from muse_graph.service.recommendations.genres import discover_in
from muse_graph.service.recommendations.lists import recommend_in
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.reading import read_for
from muse_graph.service.recommendations.track_cache import TrackCache

__all__ = ["list_and_ledger"]


def list_and_ledger(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions,
    *,
    track_cache: TrackCache | None,
    model: ServedModel | None,
    read: ReadNeighbourhood = read_neighbourhood,
) -> tuple[Recommendations, Ledger]:
    """What `recommend` and `discover_genres` answer, of the same moment.

    Args:
        read: reads the neighbourhood, or has it already

    Raises:
        UnknownUser: If no user has that id.
    """
    reading = read_for(graph, user_id, options, track_cache=track_cache, model=model, read=read)
    return recommend_in(reading), discover_in(reading)
