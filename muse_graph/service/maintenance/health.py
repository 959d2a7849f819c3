"""Is the service ready, and how much does its graph hold."""

from __future__ import annotations

from threading import Lock

from cachetools import TTLCache

from muse_graph.graph import schema
from muse_graph.graph.connection import Graph

__all__ = ["Summaries", "ready", "summary"]


def ready(graph: Graph) -> dict[str, str]:
    """What was checked and found in order; raises GraphUnavailable or SchemaError."""
    # The check reads the record of migrations, so it also shows whether the database answers.
    schema.check(graph)
    return {"database": "ok", "schema": "ok"}


def summary(graph: Graph) -> dict[str, int]:
    """How many users, friendships, tracks, artists, genres, listens, countries and influencers there are."""
    return graph.read("graph_counts")[0]


class Summaries:
    """The summary as pages show it: at most some seconds old, and never that of a graph that was empty."""

    _OLDEST_S = 10.0

    def __init__(self) -> None:
        self._kept: TTLCache[str, dict[str, int]] = TTLCache(1, self._OLDEST_S)
        self._lock = Lock()

    def get(self, graph: Graph) -> dict[str, int]:
        """As `summary`."""
        with self._lock:
            found = self._kept.get("summary")
        if found is None:
            found = summary(graph)
            if found["users"]:
                with self._lock:
                    self._kept["summary"] = found
        return found
