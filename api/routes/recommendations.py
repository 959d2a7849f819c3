"""What a listener gets: recommended tracks, and the ledger of genres."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph, model
from muse_graph.api.http.kept import listed
from muse_graph.api.http.openapi import answers_with, blueprint, problems
from muse_graph.api.http.responses import reply
from muse_graph.api.schemas import examples
from muse_graph.service.recommendations import genres
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions
from muse_graph.service.what_if import what_if as comparison

__all__ = ["routes"]

_OF_LISTS = {"k", "mode", "new_only", "beyond_friends"}

routes = blueprint("recommendations", "What a listener gets")


@routes.get(
    "/users/<user_id>/recommendations",
    summary="Recommend tracks",
    responses=answers_with("Recommendations", as_json(examples.RECOMMENDATIONS)) | problems(404),
)
@needs("recommendations:read", "user_id")
def recommend(path: schemas.UserPath, query: schemas.RecommendationsQuery) -> Response:
    """Tracks from genres for the user to discover, best first, each with its reasons.

    The parts of the reasons add up to the score. `mode` is where they come from.

    A list that was made before and still holds is sent again, with its age in seconds as `Age`. It has all
    that its client wrote, and what others wrote 0.2 s ago. With `Cache-Control: no-cache` it is made anew.
    """
    return listed(path.user_id, RecommendationOptions.under(context().settings, query))


@routes.get(
    "/users/<user_id>/genres",
    summary="Show the ledger of genres",
    responses=answers_with("Ledger", as_json(examples.LEDGER)) | problems(404),
)
@needs("recommendations:read", "user_id")
def discover_genres(path: schemas.UserPath, query: schemas.LedgerQuery) -> Response:
    """Which genres are offered, which rest and which are home; a genre rests at `cap` streams."""
    options = RecommendationOptions.under(context().settings, query)
    return reply(genres.discover_genres(graph(), path.user_id, options, model=model()))


@routes.post(
    "/users/<user_id>/what-if",
    summary="Compare with what would be",
    responses=answers_with("WhatIf", as_json(examples.WHAT_IF)) | problems(400, 404, 409, 413, 415),
)
@needs("recommendations:read", "user_id")
def what_if(path: schemas.UserPath, body: schemas.WhatIfBody) -> Response:
    """List and ledger as they are, and as they would be if a friend went, a genre were liked, and so on.

    Nothing is kept of it.
    """
    found = comparison.what_if(
        graph(),
        path.user_id,
        comparison.Supposition(
            tuple(body.drop_friends),
            tuple(body.like_genres),
            tuple(body.save),
            tuple(body.discard),
            body.theta,
            body.lift_cap,
        ),
        RecommendationOptions.under(context().settings, ListOptions(**body.model_dump(include=_OF_LISTS))),
        track_cache=context().track_cache,
        model=model(),
    )
    return reply(found)
