"""Tracks that friends send one another."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.openapi import answers_with, blueprint, nothing, page, problems
from muse_graph.api.http.responses import reply, reply_nothing
from muse_graph.api.schemas import examples
from muse_graph.service.users import sent_tracks

__all__ = ["routes"]

routes = blueprint("sent tracks", "Tracks that friends send one another, with a line of text")
_sent = as_json(examples.SENT_TRACK)


@routes.post(
    "/users/<user_id>/sent-tracks",
    summary="Send a track",
    responses=answers_with("SentTrack", _sent, status=201, writes=True)
    | answers_with("SentTrack", _sent, writes=True)
    | problems(400, 404, 409, 413, 415),
)
@needs("friends:write", "user_id")
def send_track(path: schemas.UserPath, body: schemas.SendBody) -> Response:
    """Send a track to a friend; 200 if the same was sent under that id before. Only friends can."""
    sent, is_new = sent_tracks.send_track(
        graph(),
        path.user_id,
        body.to,
        body.track_id,
        context().track_cache,
        note=body.note,
        request_id=body.id,
    )
    return reply(sent, 201 if is_new else 200)


@routes.get(
    "/users/<user_id>/sent-tracks",
    summary="List tracks sent",
    responses=answers_with("SentTracks", page(examples.SENT_TRACK)) | problems(404),
)
@needs("recommendations:read", "user_id")
def list_sent(path: schemas.UserPath, query: schemas.PageQuery) -> Response:
    """What the user sent, the newest first."""
    return _list(path, query, "sent")


@routes.delete(
    "/users/<user_id>/sent-tracks/<sent_id>",
    summary="Take a sent track back",
    responses=nothing(writes=True) | problems(404),
)
@needs("friends:write", "user_id")
def take_back(path: schemas.SentPath) -> Response:
    """The receiver no longer has it."""
    sent_tracks.delete_sent_track(graph(), path.user_id, path.sent_id, "sent")
    return reply_nothing()


@routes.get(
    "/users/<user_id>/received-tracks",
    summary="List tracks received",
    responses=answers_with("SentTracks", page(examples.SENT_TRACK)) | problems(404),
)
@needs("recommendations:read", "user_id")
def list_received(path: schemas.UserPath, query: schemas.PageQuery) -> Response:
    """What friends sent to the user, the newest first; nothing beside a block."""
    return _list(path, query, "received")


@routes.put(
    "/users/<user_id>/received-tracks/<sent_id>",
    summary="Mark a received track as seen",
    responses=answers_with("SentTrack", _sent, writes=True) | problems(400, 404, 413, 415),
)
@needs("friends:write", "user_id")
def mark_seen(path: schemas.SentPath, body: schemas.SeenBody) -> Response:
    """Mark it as seen, or as not seen; repeating it changes nothing."""
    found = sent_tracks.set_seen(graph(), path.user_id, path.sent_id, context().track_cache, seen=body.seen)
    return reply(found)


@routes.delete(
    "/users/<user_id>/received-tracks/<sent_id>",
    summary="Delete a received track",
    responses=nothing(writes=True) | problems(404),
)
@needs("friends:write", "user_id")
def delete_received(path: schemas.SentPath) -> Response:
    """The sender no longer has it either."""
    sent_tracks.delete_sent_track(graph(), path.user_id, path.sent_id, "received")
    return reply_nothing()


def _list(path: schemas.UserPath, query: schemas.PageQuery, side: sent_tracks.Side) -> Response:
    found = sent_tracks.list_sent_tracks(
        graph(), path.user_id, side, context().track_cache, limit=query.limit, cursor=query.cursor
    )
    return reply(found)
