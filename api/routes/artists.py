"""Artists: who hears them, how much of their tracks, and which influencers fit."""

from __future__ import annotations

from flask import Response, request

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.openapi import answers_with, blueprint, problems
from muse_graph.api.http.responses import reply, reply_all
from muse_graph.api.schemas import audience_examples, examples
from muse_graph.service.artists import analytics as audience
from muse_graph.service.artists import influencer_sets as sets
from muse_graph.service.artists import influencers as matching
from muse_graph.service.artists import interests as liking
from muse_graph.service.artists import overlaps
from muse_graph.service.artists import spread as spreading

__all__ = ["routes"]

routes = blueprint("artists", "Analytics and influencers")
_CURRENT = {304: {"description": "the client's copy, by its ETag, is still current"}}
_matches = {"items": [as_json(examples.MATCH)]}


@routes.get(
    "/artists/<artist_id>/analytics",
    summary="Show how an artist is heard",
    responses=answers_with("Analytics", as_json(examples.ANALYTICS)) | problems(404) | _CURRENT,
)
@needs("artists:read", "artist_id")
def analytics(path: schemas.ArtistPath, query: schemas.AnalyticsQuery) -> Response:
    """How much of the tracks is heard, where, when, by whom, and what brought them there.

    Analysts and operators get exact figures under every filter. For artists none tells of fewer than 10
    listeners, nor does the difference of two: what does is null, what of a filter does is left out, periods
    are shortened to whole units, and the answer says so. Has an ETag: send it back as If-None-Match and
    nothing is sent twice.
    """
    found = audience.analytics(
        graph(), path.artist_id, query.filters(), beside=query.beside, exact=identity.sees_all()
    )
    return _tagged(reply(found))


def _tagged(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@routes.get(
    "/artists/<artist_id>/interests",
    summary="Show what an artist's audience likes",
    responses=answers_with("Interests", as_json(audience_examples.INTERESTS)) | problems(404) | _CURRENT,
)
@needs("artists:read", "artist_id")
def interests(path: schemas.ArtistPath, query: schemas.InterestsQuery) -> Response:
    """Genres, tracks and artists that the audience has heard besides the artist, beside everybody.

    Of an audience of more than 2,000 listeners, as many are compared. What fewer than 10 of them have heard
    is left out, and counts are to the nearest ten; analysts and operators get all of it. A bridge is a genre
    the artist is not in that the audience plays more than everybody does, and whose listeners play the
    artist's genres more than everybody does. Has an ETag.
    """
    found = liking.interests(
        graph(), path.artist_id, query.filters(), context().everybody, k=query.k, exact=identity.sees_all()
    )
    return _tagged(reply(found))


@routes.get(
    "/artists/<artist_id>/overlap",
    summary="Compare the audiences of two artists",
    responses=answers_with("AudienceOverlap", as_json(audience_examples.OVERLAP)) | problems(404) | _CURRENT,
)
@needs("artists:read", "artist_id")
def overlap(path: schemas.ArtistPath, query: schemas.OverlapQuery) -> Response:
    """How many listeners an artist shares with any other, as a share of each audience and of both.

    Null where fewer than 10 listeners are in both, or in one and not in the other; analysts and operators get
    exact figures. Has an ETag.
    """
    found = overlaps.audience_overlap(graph(), path.artist_id, query.other, exact=identity.sees_all())
    return _tagged(reply(found))


@routes.get(
    "/artists/<artist_id>/spread",
    summary="Show how an artist spreads from friend to friend",
    responses=answers_with("ArtistSpread", as_json(audience_examples.SPREAD)) | problems(404) | _CURRENT,
)
@needs("artists:read", "artist_id")
def spread(path: schemas.ArtistPath, query: schemas.SpreadQuery) -> Response:
    """Who may have it from whom: cascades, how many listeners each brings on, and over which borders.

    A listener may have it from the friend who heard it first within the window before. Friends share tastes,
    too: the reproduction number stands beside the same with shuffled times. The first 10,000 listeners are
    followed, and nobody is named. Counts are in tens and none below ten; analysts and operators get exact
    ones. Has an ETag.
    """
    found = spreading.artist_spread(
        graph(), path.artist_id, query.filters(), window=query.window, exact=identity.sees_all()
    )
    return _tagged(reply(found))


@routes.get(
    "/artists/<artist_id>/influencers",
    summary="Match influencers to an artist",
    responses=answers_with("ArtistMatches", {"items": [as_json(examples.ARTIST_MATCH)]})
    | problems(404)
    | _CURRENT,
)
@needs("artists:read", "artist_id")
def artist_influencers(path: schemas.ArtistPath, query: schemas.ArtistMatchesQuery) -> Response:
    """Influencers who post in the artist's genres: fit, engagement, and the listeners they would add.

    Of fewer than 10 listeners no count is given, and others are rounded down to tens; analysts and operators
    get exact ones. Has an ETag.
    """
    found = matching.artist_influencers(
        graph(),
        path.artist_id,
        context().everybody,
        country=query.country,
        genre_id=query.genre,
        k=query.k,
        sort=query.sort,
        exact=identity.sees_all(),
    )
    return _tagged(reply_all(found))


@routes.get(
    "/artists/<artist_id>/influencers/together",
    summary="Choose influencers together",
    responses=answers_with("InfluencerSet", as_json(examples.INFLUENCER_SET)) | problems(404) | _CURRENT,
)
@needs("artists:read", "artist_id")
def influencers_together(path: schemas.ArtistPath, query: schemas.TogetherQuery) -> Response:
    """At most k influencers who together add the most listeners, nobody counted twice.

    Each with the listeners added beyond those before, and beside the total that of choosing by likes. With a
    budget, whoever costs more than what is left is passed over. Has an ETag.
    """
    found = sets.influencers_together(
        graph(),
        path.artist_id,
        country=query.country,
        genre_id=query.genre,
        k=query.k,
        price=query.price(),
        exact=identity.sees_all(),
    )
    return _tagged(reply(found))


@routes.get(
    "/influencers",
    summary="Match influencers to a country and genre",
    responses=answers_with("Matches", _matches) | problems(404) | _CURRENT,
)
@needs("artists:read")
def match_influencers(query: schemas.MatchQuery) -> Response:
    """The influencers of a country and genre with the most likes on average. Has an ETag."""
    found = matching.match_influencers(graph(), country=query.country, genre_id=query.genre, k=query.k)
    return _tagged(reply_all(found))
