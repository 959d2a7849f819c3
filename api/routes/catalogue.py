"""Tracks, artists and genres, by text and by id."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import as_json
from muse_graph.api import schemas
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.http.openapi import answers_with, blueprint, page, problems
from muse_graph.api.http.responses import reply
from muse_graph.api.schemas import examples
from muse_graph.service.catalogue import search as service

__all__ = ["routes"]

routes = blueprint("catalogue", "Tracks, artists and genres")


@routes.get("/tracks", summary="Search tracks", responses=answers_with("Tracks", page(examples.TRACK)))
@needs()
def search_tracks(query: schemas.SearchQuery) -> Response:
    """Tracks whose title or artist has the text; without text all, most played first."""
    return reply(service.search_tracks(graph(), query.q, limit=query.limit, cursor=query.cursor))


@routes.get(
    "/tracks/<track_id>",
    summary="Get a track",
    responses=answers_with("TrackCard", as_json(examples.TRACK)) | problems(404),
)
@needs()
def get_track(path: schemas.TrackPath) -> Response:
    """A track with its artists, genres and plays."""
    return reply(service.get_track(graph(), path.track_id))


@routes.get("/artists", summary="Search artists", responses=answers_with("Artists", page(examples.ARTIST)))
@needs()
def search_artists(query: schemas.SearchQuery) -> Response:
    """Artists whose name has the text; without text all, most played first."""
    return reply(service.search_artists(graph(), query.q, limit=query.limit, cursor=query.cursor))


@routes.get(
    "/artists/<artist_id>",
    summary="Get an artist",
    responses=answers_with("ArtistCard", as_json(examples.ARTIST)) | problems(404),
)
@needs()
def get_artist(path: schemas.ArtistPath) -> Response:
    """An artist with plays, and whether under the radar."""
    return reply(service.get_artist(graph(), path.artist_id))


@routes.get("/genres", summary="Search genres", responses=answers_with("Genres", page(examples.GENRE)))
@needs()
def search_genres(query: schemas.SearchQuery) -> Response:
    """Genres whose name has the text; without text all, by name."""
    return reply(service.search_genres(graph(), query.q, limit=query.limit, cursor=query.cursor))


@routes.get(
    "/genres/<genre_id>",
    summary="Get a genre",
    responses=answers_with("GenreCard", as_json(examples.GENRE)) | problems(404),
)
@needs()
def get_genre(path: schemas.GenrePath) -> Response:
    """A genre and how many tracks it has."""
    return reply(service.get_genre(graph(), path.genre_id))
