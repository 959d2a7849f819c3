"""What a listener gets: recommended tracks, and the ledger of genres."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph, model
from muse_graph.api.http.openapi import answers_with, blueprint, problems
from muse_graph.api.http.responses import reply
from muse_graph.api.schemas import examples
from muse_graph.service.recommendations import genres, lists
from muse_graph.service.recommendations.options import RecommendationOptions

__all__ = ["routes"]

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
    """
    found = lists.recommend(
        graph(),
        path.user_id,
        RecommendationOptions.under(context().settings, query),
        track_cache=context().track_cache,
        model=model(),
    )
    context().metrics.count_recommendations(found, model())
    return reply(found)


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
