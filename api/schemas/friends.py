"""Friendships."""

from __future__ import annotations

from pydantic import Field

from muse_graph.api.schemas.common import Body, Id
from muse_graph.api.schemas.users import UserPath
from muse_graph.service.users import friendships

__all__ = ["FriendBody", "FriendPath"]


class FriendPath(UserPath):
    """A user and another user."""

    friend_id: Id = Field(description="id of the other user", json_schema_extra={"example": "u2"})


class FriendBody(Body):
    """An action towards the other user."""

    action: friendships.Action
