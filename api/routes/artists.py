"""Artists: who hears them, how much of their tracks, and which influencers fit."""

from __future__ import annotations

from flask import Response, request

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.http.errors import InvalidValue
from muse_graph.api.http.openapi import answers_with, blueprint, problems
from muse_graph.api.http.responses import reply, reply_all
from muse_graph.api.schemas import examples
from muse_graph.service.artists import analytics as audience
from muse_graph.service.artists import influencers as matching

__all__ = ["routes"]

routes = blueprint("artists", "Analytics and influencers")
_matches = {"items": [as_json(examples.MATCH)]}


@routes.get(
    "/artists/<artist_id>/analytics",
    summary="Show how an artist is heard",
    responses=answers_with("Analytics", as_json(examples.ANALYTICS))
    | problems(404)
    | {304: {"description": "the client's copy, by its ETag, is still current"}},
)
@needs("artists:read", "artist_id")
def analytics(path: schemas.ArtistPath, query: schemas.AnalyticsQuery) -> Response:
    """How much of the tracks is heard, where, when, and what brought listeners; exact under every filter.

    Has an ETag: send it back as If-None-Match and nothing is sent twice.
    """
    if query.from_day and query.to_day and query.from_day > query.to_day:
        rule = f"must not be after `to`, got {query.from_day} and {query.to_day}"
        raise InvalidValue(f"from {rule}", (("from", rule),))
    found = audience.analytics(
        graph(),
        path.artist_id,
        track_id=query.track,
        country=query.country,
        source=query.source,
        from_day=query.from_day,
        to_day=query.to_day,
    )
    return _tagged(reply(found))


def _tagged(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@routes.get(
    "/artists/<artist_id>/influencers",
    summary="Match influencers to an artist",
    responses=answers_with("Matches", _matches) | problems(404),
)
@needs("artists:read", "artist_id")
def artist_influencers(path: schemas.ArtistPath, query: schemas.InfluencersQuery) -> Response:
    """Influencers who fit the artist's genres and the countries of the audience, best first."""
    found = matching.artist_influencers(
        graph(), path.artist_id, country=query.country, genre_id=query.genre, k=query.k
    )
    return reply_all(found)


@routes.get(
    "/influencers",
    summary="Match influencers to a country and genre",
    responses=answers_with("Matches", _matches) | problems(404),
)
@needs("artists:read")
def match_influencers(query: schemas.MatchQuery) -> Response:
    """The influencers of a country and genre with the most likes on average."""
    found = matching.match_influencers(graph(), country=query.country, genre_id=query.genre, k=query.k)
    return reply_all(found)
