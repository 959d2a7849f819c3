"""What a list and a ledger of one listener are made from, read once for both."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.context import (
    ReadNeighbourhood,
    RecommendationContext,
    read_context,
    read_neighbourhood,
)
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache, TrackReader

__all__ = ["Reading", "read_for"]


@dataclass(frozen=True)
class Reading:
    """A listener's surroundings, and what ranks them.

    Attributes:
        model: None if none is trained, or the options set how friends are weighed
    """

    context: RecommendationContext
    tracks: TrackReader
    options: RecommendationOptions
    model: ServedModel | None


def read_for(
    graph: Graph,
    user_id: str,
    options: RecommendationOptions,
    *,
    track_cache: TrackCache | None = None,
    model: ServedModel | None = None,
    read: ReadNeighbourhood = read_neighbourhood,
) -> Reading:
    """Read a listener's context.

    Args:
        track_cache: what is known of tracks already; None for nothing
        model: None if none is trained
        read: reads the neighbourhood, or has it already

    Raises:
        UnknownUser: If no user has that id.
    """
    model = model if options.scoring is None else None
    context = read_context(graph, user_id, options, trained=model is not None, read=read)
    tracks = (TrackCache() if track_cache is None else track_cache).reading(graph)
    return Reading(context, tracks, options, model)
