"""Other people as a user sees them: search, profiles, suggestions, the feed."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.openapi import answers_with, blueprint, page, problems
from muse_graph.api.http.responses import reply, reply_all
from muse_graph.api.schemas import examples
from muse_graph.service.users import feed, people, suggestions

__all__ = ["routes"]

routes = blueprint("people", "Other people, as a user sees them")


@routes.get(
    "/users/<user_id>/people",
    summary="Search people",
    responses=answers_with("People", page(examples.PERSON)) | problems(404),
)
@needs("recommendations:read", "user_id")
def search_people(path: schemas.UserPath, query: schemas.SearchQuery) -> Response:
    """People whose name has the text, the name itself first, then friends; without text nobody.

    Whom a block separates from the user is not found.
    """
    found = people.search_people(graph(), path.user_id, query.q, limit=query.limit, cursor=query.cursor)
    return reply(found)


@routes.get(
    "/users/<user_id>/people/<other_id>",
    summary="Look at a person",
    responses=answers_with("PersonProfile", as_json(examples.PROFILE)) | problems(400, 404),
)
@needs("recommendations:read", "user_id")
def get_person(path: schemas.OtherPath) -> Response:
    """A person with what that person allows to be seen; 404 beside a block, as for nobody."""
    return reply(people.get_person(graph(), path.user_id, path.other_id, context().track_cache))


@routes.get(
    "/users/<user_id>/compatibility/<other_id>",
    summary="Compare tastes",
    responses=answers_with("Compatibility", as_json(examples.COMPATIBILITY)) | problems(400, 404),
)
@needs("recommendations:read", "user_id")
def get_compatibility(path: schemas.OtherPath) -> Response:
    """How well the tastes of two users fit, 0..100, and what they share.

    40 % each by the shares of genres and of artists, 20 % by those of tracks, less where little is known.
    The number is null where the other does not let the user see what they play.
    """
    return reply(people.get_compatibility(graph(), path.user_id, path.other_id, context().track_cache))


@routes.get(
    "/users/<user_id>/suggested-friends",
    summary="Suggest friends",
    responses=answers_with("SuggestedFriends", {"items": [as_json(examples.SUGGESTED)]}) | problems(400, 404),
)
@needs("recommendations:read", "user_id")
def suggest_friends(path: schemas.UserPath, query: schemas.SuggestedQuery) -> Response:
    """Friends of friends, then listeners with similar taste, each with the reason.

    Nobody whom a friendship, a request or a block links to the user.
    """
    return reply_all(suggestions.suggest_friends(graph(), path.user_id, query.k))


@routes.get(
    "/users/<user_id>/feed",
    summary="Show what friends do",
    responses=answers_with("Feed", page(examples.FEED_ITEM)) | problems(404),
)
@needs("recommendations:read", "user_id")
def read_feed(path: schemas.UserPath, query: schemas.PageQuery) -> Response:
    """What friends play and save, the newest first; a track played again is there once, at the latest time.

    It goes back to the 50 tracks each friend heard last and the 50 saved last. Friends whose listens
    nobody may see are not in it.
    """
    found = feed.read_feed(
        graph(), path.user_id, context().track_cache, limit=query.limit, cursor=query.cursor
    )
    return reply(found)
