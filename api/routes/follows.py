"""Influencers whom a user follows."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.http.openapi import answers_with, blueprint, nothing, page, problems
from muse_graph.api.http.responses import reply, reply_nothing
from muse_graph.api.schemas import examples, times
from muse_graph.service.users import follows

__all__ = ["routes"]

routes = blueprint("follows", "Influencers whom a listener follows")


@routes.get(
    "/users/<user_id>/follows",
    summary="List influencers followed",
    responses=answers_with("Follows", page(examples.FOLLOW)) | problems(404),
)
@needs("recommendations:read", "user_id")
def list_follows(path: schemas.UserPath, query: schemas.PageQuery) -> Response:
    """Influencers whom the user follows, in the order of their ids; nobody else is shown them."""
    return reply(follows.list_follows(graph(), path.user_id, limit=query.limit, cursor=query.cursor))


@routes.put(
    "/users/<user_id>/follows/<influencer_id>",
    summary="Follow an influencer",
    responses=answers_with("Follow", as_json(examples.FOLLOW), writes=True) | problems(400, 404, 413, 415),
)
@needs("friends:write", "user_id")
def follow(path: schemas.FollowPath, body: schemas.FollowBody) -> Response:
    """The user follows the influencer; repeating it changes nothing."""
    since = body.since or times.now()
    return reply(follows.follow(graph(), path.user_id, path.influencer_id, since))


@routes.delete(
    "/users/<user_id>/follows/<influencer_id>",
    summary="Unfollow an influencer",
    responses=nothing(writes=True) | problems(404),
)
@needs("friends:write", "user_id")
def unfollow(path: schemas.FollowPath) -> Response:
    """The user does not follow the influencer any more."""
    follows.unfollow(graph(), path.user_id, path.influencer_id)
    return reply_nothing()
