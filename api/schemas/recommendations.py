"""The options of lists and ledgers, and what would be otherwise."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from muse_graph.api.schemas.common import Body, Id, InvalidValue, Query
from muse_graph.service.recommendations.options import MAX_K, ListOptions, Mode, PoolOptions
from muse_graph.service.what_if.what_if import MAX_CHANGES

__all__ = ["LedgerQuery", "RecommendationsQuery", "WhatIfBody"]

_Ids = Annotated[list[Id], Field(max_length=MAX_CHANGES)]


class LedgerQuery(Query, PoolOptions):
    """How wide the pool of genres is."""

    refusal = InvalidValue


class RecommendationsQuery(Query, ListOptions):
    """How many tracks, from which genres, and how friends are weighed."""

    refusal = InvalidValue


class WhatIfBody(Body):
    """What would be otherwise, and how long both lists are."""

    drop_friends: _Ids = Field(
        default_factory=list, description="friends who would be none", json_schema_extra={"example": ["u2"]}
    )
    like_genres: _Ids = Field(default_factory=list, description="genres that the user would like")
    save: _Ids = Field(default_factory=list, description="tracks that the user would have saved")
    discard: _Ids = Field(default_factory=list, description="tracks that the user would have discarded")
    theta: Annotated[float | None, Field(gt=0, le=1)] = Field(
        None, description="the cap as a share of the favourite genre"
    )
    lift_cap: bool = Field(False, description="no genre would rest")
    k: int = Field(20, ge=1, le=MAX_K, description="how many tracks")
    mode: Mode = Field("discovery", description="as for recommendations")
    new_only: bool = Field(False, description="only genres never streamed")
    beyond_friends: bool = Field(False, description="also genres that no friend plays")
