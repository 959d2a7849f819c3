"""Recommendations with the options spelt out as arguments."""

from __future__ import annotations

from typing import Any

from muse_graph.answers import Ledger, Recommendations
from muse_graph.graph.connection import Graph
from muse_graph.service.recommendations import genres, lists
from muse_graph.service.recommendations.options import RecommendationOptions

__all__ = ["discover_genres", "recommend"]


def recommend(graph: Graph, user_id: str, **options: Any) -> Recommendations:
    return lists.recommend(graph, user_id, RecommendationOptions(**options))


def discover_genres(graph: Graph, user_id: str, **options: Any) -> Ledger:
    return genres.discover_genres(graph, user_id, RecommendationOptions(**options))
