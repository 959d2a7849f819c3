"""Users: profiles, saves and discards."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

from flask import Response, jsonify, send_file

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.openapi import answers_with, blueprint, nothing, page, problems
from muse_graph.api.http.responses import reply, reply_nothing
from muse_graph.api.schemas import examples, times
from muse_graph.service.accounts.rights import EVERYBODY
from muse_graph.service.privacy import everything, export
from muse_graph.service.users import feedback, users

__all__ = ["routes"]

routes = blueprint("users", "Listeners, and the tracks they save and discard")
_listener = as_json(examples.LISTENER)
#: Bytes of an export that is not written to disk.
_IN_MEMORY = 1_000_000
_FILE = {"type": "string", "format": "binary"}
_feedback = {"user_id": "u1", "track_id": "t1", "action": "save", "at": "2024-05-01T18:30:00+00:00"}


@routes.get("/users", summary="Search users", responses=answers_with("Listeners", page(examples.LISTENER)))
@needs("recommendations:read", EVERYBODY)
def list_users(query: schemas.SearchQuery) -> Response:
    """Users whose name has the text; without text all, in the order of their ids."""
    return reply(users.list_users(graph(), query.q, limit=query.limit, cursor=query.cursor))


@routes.get(
    "/users/<user_id>", summary="Get a user", responses=answers_with("Listener", _listener) | problems(404)
)
@needs("recommendations:read", "user_id")
def get_user(path: schemas.UserPath) -> Response:
    """A user with the number of friends, tracks and streams."""
    return reply(users.get_user(graph(), path.user_id))


@routes.put(
    "/users/<user_id>",
    summary="Create or change a user",
    responses=answers_with("Listener", _listener, writes=True)
    | answers_with("Listener", _listener, status=201, writes=True)
    | problems(400, 413, 415),
)
@needs("friends:write", "user_id")
def put_user(path: schemas.UserPath, body: schemas.UserBody) -> Response:
    """201 if the user is new, 200 otherwise; omitted fields keep their values."""
    listener, created = users.put_user(graph(), path.user_id, **body.model_dump(exclude_unset=True))
    return reply(listener, 201 if created else 200)


@routes.patch(
    "/users/<user_id>",
    summary="Change a user",
    responses=answers_with("Listener", _listener, writes=True) | problems(400, 404, 413, 415),
)
@needs("friends:write", "user_id")
def change_user(path: schemas.UserPath, body: schemas.UserBody) -> Response:
    """As PUT, but the user must exist; omitted fields keep their values."""
    users.get_user(graph(), path.user_id)
    listener, _ = users.put_user(graph(), path.user_id, **body.model_dump(exclude_unset=True))
    return reply(listener)


@routes.put(
    "/users/<user_id>/feedback/<track_id>",
    summary="Save or discard a track",
    responses=answers_with("Feedback", _feedback, writes=True) | problems(400, 404, 413, 415),
)
@needs("feedback:write", "user_id")
def give_feedback(path: schemas.FeedbackPath, body: schemas.FeedbackBody) -> Response:
    """Counts in the next recommendations; repeating it changes nothing."""
    at = body.at or times.now()
    feedback.give_feedback(graph(), path.user_id, path.track_id, body.action, at)
    return jsonify(user_id=path.user_id, track_id=path.track_id, action=body.action, at=at.isoformat())


@routes.delete(
    "/users/<user_id>/feedback/<track_id>",
    summary="Clear feedback",
    responses=nothing(writes=True) | problems(404),
)
@needs("feedback:write", "user_id")
def clear_feedback(path: schemas.FeedbackPath) -> Response:
    """The track is no longer saved or discarded."""
    feedback.give_feedback(graph(), path.user_id, path.track_id, "clear", times.now())
    return reply_nothing()


@routes.delete(
    "/users/<user_id>",
    summary="Erase a user",
    responses=nothing(writes=True) | problems(404),
)
@needs("friends:write", "user_id")
def erase_user(path: schemas.UserPath) -> Response:
    """Erase a user with everything, the account too; 404 afterwards.

    If it takes longer than a request may, repeat it: it goes on where it was.
    """
    parts = context()
    everything.erase_everything(graph(), path.user_id, parts.accounts, parts.settings.models_folder)
    return reply_nothing()


@routes.get(
    "/users/<user_id>/export",
    summary="Export everything about a user",
    responses={200: {"description": "a zip file", "content": {"application/zip": {"schema": _FILE}}}}
    | problems(404),
)
@needs("recommendations:read", "user_id")
def export_user(path: schemas.UserPath) -> Response:
    """A zip of tables that `muse-graph load tables` reads once unpacked, and of a README.txt."""
    # A large one on disk, without a name: memory does not grow with what the user has heard.
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        export.write_export(graph(), path.user_id, file, context().accounts)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    answer = send_file(file, "application/zip", as_attachment=True, download_name="muse-graph-export.zip")
    answer.content_length = size
    answer.headers["Cache-Control"] = "no-store"
    return answer
