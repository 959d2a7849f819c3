"""Influencers whom a user follows."""

from __future__ import annotations

from pydantic import Field

from muse_graph.api.schemas import times
from muse_graph.api.schemas.common import Body, Id
from muse_graph.api.schemas.users import UserPath

__all__ = ["FollowBody", "FollowPath"]


class FollowPath(UserPath):
    """A user and an influencer."""

    influencer_id: Id = Field(description="id of the influencer", json_schema_extra={"example": "i1"})


class FollowBody(Body):
    """How a user follows an influencer."""

    since: times.Moment | None = Field(None, description="since when; default: now")
