"""An artist's figures under filters given one by one."""

from __future__ import annotations

from typing import Any

from muse_graph.answers import Analytics
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.analytics import analytics as analytics_of
from muse_graph.service.artists.filters import filters_of

__all__ = ["analytics", "exact_analytics"]


def analytics(
    graph: Graph, artist_id: str, *, beside: str | None = None, exact: bool = False, **filters: Any
) -> Analytics:
    """The figures; filters as of `filters_of`."""
    return analytics_of(graph, artist_id, filters_of(**filters), beside=beside, exact=exact)


def exact_analytics(graph: Graph, artist_id: str, **asked: Any) -> Analytics:
    """The figures as who sees all gets them."""
    return analytics(graph, artist_id, exact=True, **asked)
