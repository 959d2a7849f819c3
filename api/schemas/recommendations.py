"""The options of lists and ledgers, as query parameters."""

from __future__ import annotations

from muse_graph.api.schemas.common import InvalidValue, Query
from muse_graph.service.recommendations.options import ListOptions, PoolOptions

__all__ = ["LedgerQuery", "RecommendationsQuery"]


class LedgerQuery(Query, PoolOptions):
    """How wide the pool of genres is."""

    refusal = InvalidValue


class RecommendationsQuery(Query, ListOptions):
    """How many tracks, from which genres, and how friends are weighed."""

    refusal = InvalidValue
