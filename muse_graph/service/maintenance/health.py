"""Is the service ready, and how much does its graph hold."""

from __future__ import annotations

from muse_graph.graph import schema
from muse_graph.graph.connection import Graph

__all__ = ["ready", "summary"]


def ready(graph: Graph) -> dict[str, str]:
    """What was checked and found in order; raises GraphUnavailable or SchemaError."""
    # The check reads the record of migrations, so it also shows whether the database answers.
    schema.check(graph)
    return {"database": "ok", "schema": "ok"}


def summary(graph: Graph) -> dict[str, int]:
    """How many users, friendships, tracks, artists, genres, listens, countries and influencers there are."""
    return graph.read("graph_counts")[0]
