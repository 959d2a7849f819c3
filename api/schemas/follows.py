"""Influencers whom a user follows."""

from __future__ import annotations

from pydantic import Field

from muse_graph.api.schemas.common import Id
from muse_graph.api.schemas.users import UserPath

__all__ = ["FollowPath"]


class FollowPath(UserPath):
    """A user and an influencer."""

    influencer_id: Id = Field(description="id of the influencer", json_schema_extra={"example": "i1"})
