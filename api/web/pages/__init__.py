"""The start page, rendered on the server; its forms work without JavaScript."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from muse_graph import __version__
from muse_graph.answers import Listener, TrackCard
from muse_graph.api.http.context import context, graph, model, writer
from muse_graph.api.http.errors import RETRY_AFTER_S, log_error, public_detail
from muse_graph.api.http.security import PAGES_POLICY
from muse_graph.api.schemas import times
from muse_graph.api.web.pages import colours, covers
from muse_graph.api.web.pages.genre_chart import genre_chart
from muse_graph.api.web.pages.requests import Action, Choice, check_origin
from muse_graph.api.web.pages.view import Avatar, avatar, card, chip, lead_genres, listed
from muse_graph.countries import UNKNOWN, country_name
from muse_graph.errors import Conflict, MuseError, UnknownUser
from muse_graph.graph.deadline import remaining
from muse_graph.service.catalogue import search
from muse_graph.service.listens.record import Listen
from muse_graph.service.maintenance import health
from muse_graph.service.recommendations import lists
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions
from muse_graph.service.users import feedback, users

__all__ = ["pages"]

_CARDS = 8
_SAMPLES = 20

pages = Blueprint(
    "pages", __name__, template_folder="../templates", static_folder="../static", static_url_path="/static"
)


@pages.after_request
def _secure(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = PAGES_POLICY
        response.headers["Cache-Control"] = "no-store"
    return response


@pages.context_processor
def _shared() -> dict[str, Any]:
    browser = context().settings.neo4j_browser
    return {"version": __version__, "browser": browser, "listed": listed, "chip": chip}


@pages.get("/")
def start() -> str:
    """Show what one listener gets; without a listener in the address, a good example."""
    choice = Choice.of_address()
    samples = _samples()
    held = health.summary(graph())
    if not held["users"]:
        return render_template("empty.html", held=held)
    listener = users.get_user(graph(), choice.user or samples[0].user_id)
    return _render(choice, listener, samples, held)


def _render(choice: Choice, listener: Listener, samples: list[Avatar], held: dict[str, int]) -> str:
    settings = context().settings
    # A page of eight songs is a first look: as many artists.
    asked = ListOptions(
        k=_CARDS, new_only=choice.new_only, beyond_friends=choice.beyond_friends, max_per_artist=1
    )
    options = RecommendationOptions.under(settings, asked)
    found = lists.recommend(
        graph(), listener.user_id, options, track_cache=context().track_cache, model=model()
    )
    context().metrics.count_recommendations(found, model())
    ledger = discover_genres(graph(), listener.user_id, options, model=model())
    new = frozenset(g.genre_id for g in ledger.genres if g.state == "offered" and g.streams == 0)
    leads = lead_genres(found)
    done, track = _done()
    moved = {genre.id for genre in track.genres} if track and done == "play" else set()
    return render_template(
        "start.html",
        choice=choice,
        listener=listener,
        person=avatar(listener.user_id, listener.name),
        country=country_name(listener.country) if listener.country not in {None, UNKNOWN} else None,
        mode=found.mode,
        leads=leads,
        cards=[card(item, new) for item in found.items],
        sky=genre_chart(ledger, moved, [lead.genre_id for lead in leads]),
        samples=samples,
        held=held,
        done=done,
        track=track,
        press=lambda: uuid4().hex,
    )


def _samples() -> list[Avatar]:
    """Listeners that make a good example; where the graph is too small for such, the first."""
    rows = graph().read("sample_listeners", limit=_SAMPLES)
    if rows:
        return [avatar(row["user_id"], row["name"]) for row in rows]
    return [avatar(user.user_id, user.name) for user in users.list_users(graph(), limit=_SAMPLES).items]


def _done() -> tuple[str | None, TrackCard | None]:
    """What the listener has just done, from the address after an action; raises UnknownTrack."""
    done, track_id = request.args.get("done"), request.args.get("track", "")
    if done not in {"play", "save", "discard", "clear"} or not track_id:
        return None, None
    return done, search.get_track(graph(), track_id)


@pages.post("/actions")
def act() -> AnyResponse:
    """Do the action of a card's button, and redirect to the page, which shows its effect."""
    check_origin()
    action = Action.of_form()
    if action.verb == "play":
        _play(action)
    else:
        feedback.give_feedback(graph(), action.user, action.track, action.verb, times.now())
    done: dict[str, Any] = {"user": action.user, "done": action.verb, "track": action.track}
    return redirect(url_for(".start", **done, **action.switches()), HTTPStatus.SEE_OTHER)


def _play(action: Action) -> None:
    """Record one whole listen; sent again, it changes nothing. Raises UnknownUser, UnknownTrack, Conflict."""
    listen = Listen(
        action.press, action.user, action.track, times.now(), heard=1.0, source="start page", stamped=True
    )
    receipt = writer().record([listen], timeout=remaining())
    context().metrics.count_listens(receipt)
    if receipt.rejected:
        users.get_user(graph(), action.user)
        search.get_track(graph(), action.track)
        raise Conflict(receipt.rejected[0].reason)


@pages.get("/covers/<track_id>.svg")
def cover(track_id: str) -> Response:
    """Draw a cover; all it needs is in its address, so that browsers may keep it."""
    drawn = covers.draw(track_id, request.args.get("artist", ""), request.args.getlist("genre")[:3])
    return Response(drawn, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


@pages.get("/steps.css")
def steps() -> Response:
    """Send the classes that carry a hue or a share."""
    return Response(
        colours.steps(),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=86400"},
    )


@pages.errorhandler(MuseError)
def _muse_problem(error: MuseError) -> tuple[str, int, dict[str, str]]:
    log_error(error)
    samples = _samples()[:6] if isinstance(error, UnknownUser) else []
    retry = {"Retry-After": str(RETRY_AFTER_S)} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    html = render_template("problem.html", error=error, detail=public_detail(error), samples=samples)
    return html, error.status, retry


@pages.errorhandler(HTTPException)
def _http_problem(error: HTTPException) -> HTTPException | tuple[str, int, dict[str, str]]:
    status = error.code or 500
    if status < 400 or request.endpoint == "pages.static":
        return error
    detail = error.description if status != 500 else "The log has it, under this answer's X-Request-ID."
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    return render_template("problem.html", error=error, detail=detail, samples=[]), status, headers
