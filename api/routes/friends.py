"""Friendships: requested, accepted, declined, blocked, ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Response

from muse_graph.answers import Friendship, as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.openapi import answers_with, blueprint, nothing, page, problems
from muse_graph.api.http.responses import reply, reply_nothing
from muse_graph.api.schemas import examples
from muse_graph.service.users import friendships

__all__ = ["routes"]

routes = blueprint("friends", "Friendships, each seen from one of its two users")


@routes.get(
    "/users/<user_id>/friends",
    summary="List friends",
    responses=answers_with("Friends", page(examples.FRIEND)) | problems(404),
)
@needs("recommendations:read", "user_id")
def list_friends(path: schemas.UserPath, query: schemas.PageQuery) -> Response:
    """Friends, and users with an open friend request."""
    found = friendships.list_friends(graph(), path.user_id, limit=query.limit, cursor=query.cursor)
    return reply(found)


@routes.put(
    "/users/<user_id>/friends/<friend_id>",
    summary="Act towards another user",
    responses=answers_with("Friendship", as_json(examples.FRIEND), writes=True)
    | problems(400, 404, 409, 413, 415),
)
@needs("friends:write", "user_id")
def befriend(path: schemas.FriendPath, body: schemas.FriendBody) -> Response:
    """Request a friendship, accept or decline a request, block or unblock."""
    acts: dict[friendships.Action, Callable[..., Friendship]] = {
        "ask": friendships.ask,
        "accept": friendships.accept,
        "decline": friendships.decline,
        "block": partial(friendships.block, theta=context().settings.theta),
        "unblock": friendships.unblock,
    }
    return reply(acts[body.action](graph(), path.user_id, path.friend_id))


@routes.delete(
    "/users/<user_id>/friends/<friend_id>",
    summary="End a friendship",
    responses=nothing(writes=True) | problems(400, 404, 409),
)
@needs("friends:write", "user_id")
def end_friendship(path: schemas.FriendPath) -> Response:
    """End a friendship; an unanswered request is withdrawn."""
    friendships.end(graph(), path.user_id, path.friend_id, theta=context().settings.theta)
    return reply_nothing()
