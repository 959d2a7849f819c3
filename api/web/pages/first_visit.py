"""The first visit: genres to begin with, then a few tracks of these; each step may be skipped."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Named
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.web.pages import csrf
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages, refused
from muse_graph.api.web.pages.requests import Choice
from muse_graph.api.web.pages.view import chip
from muse_graph.api.web.pages.whose import check_listener, shown_listener
from muse_graph.countries import country_choices
from muse_graph.errors import MuseError, NotAllowed
from muse_graph.service.catalogue import listener_view, search
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.users import likes, users

__all__ = ["first_genres", "first_tracks", "like"]

#: Fewer genres or tracks than that tell little; it is advice, not a rule.
_ENOUGH = 3
Answer = AnyResponse | tuple[str, int, dict[str, str]]


@pages.get("/welcome")
@needs("recommendations:read")
def first_genres() -> str:
    """Ask for genres and, if wished, the country."""
    return _genres_page(shown_listener(), None)


def _genres_page(user_id: str, error: MuseError | None) -> str:
    listener = users.get_user(graph(), user_id)
    all_genres = search.search_genres(graph(), "", limit=MAX_LIMIT).items
    liked = set(likes.liked_genres(graph(), user_id)) | set(request.form.getlist("genre"))
    return render_template(
        "first_genres.html",
        listener=listener,
        genres=[(chip(Named(one.genre_id, one.name)), one.genre_id in liked) for one in all_genres],
        enough=_ENOUGH,
        countries=country_choices(),
        error=error,
    )


@pages.post("/welcome")
@needs("friends:write")
def like() -> Answer:
    """Remember the genres and the country, and go on to the tracks."""
    csrf.check()
    user_id = identity.required().user_id
    if user_id is None:
        raise NotAllowed("this account is no listener")
    check_listener(user_id, "friends:write")
    try:
        if country := request.form.get("country"):
            users.put_user(graph(), user_id, country=country)
        theta = context().settings.theta
        likes.like_genres(graph(), user_id, request.form.getlist("genre"), theta=theta)
    except MuseError as error:
        return refused(_genres_page(user_id, error), error)
    return redirect(url_for(".first_tracks"), HTTPStatus.SEE_OTHER)


@pages.get("/welcome/tracks")
@needs("recommendations:read")
def first_tracks() -> str | AnyResponse:
    """Ask for a few tracks of the genres that were picked."""
    user_id = shown_listener()
    tracks = listener_view.liked_tracks(graph(), user_id)
    if not tracks:
        return redirect(url_for(".start"), HTTPStatus.SEE_OTHER)
    return render_template(
        "first_tracks.html",
        tracks=tracks,
        saved=sum(track.feedback == "save" for track in tracks),
        enough=_ENOUGH,
        buttons=Buttons(Choice(), user_id, "first_tracks"),
        done=done_on_page(),
    )
