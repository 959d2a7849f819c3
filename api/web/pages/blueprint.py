"""What all pages share: where their files are, what their templates know, and how they show errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response as AnyResponse

from muse_graph import __version__
from muse_graph.answers import Named
from muse_graph.api.http import errors, identity
from muse_graph.api.http.context import context
from muse_graph.api.http.errors import headers_of, log_error, public_detail
from muse_graph.api.http.security import PAGES_POLICY
from muse_graph.api.web.pages import csrf
from muse_graph.api.web.pages.header import header, without_graph
from muse_graph.api.web.pages.samples import samples
from muse_graph.api.web.pages.view import chip, device, first_hue, listed, person
from muse_graph.api.web.pages.whose import forget_listener, same_listener
from muse_graph.errors import MuseError, NotSignedIn, UnknownUser
from muse_graph.timestamps import format_ms

__all__ = ["pages", "refused"]

pages = Blueprint(
    "pages", __name__, template_folder="../templates", static_folder="../static", static_url_path="/static"
)


@pages.after_request
def _secure(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = PAGES_POLICY
        response.headers["Cache-Control"] = "no-store"
    return csrf.keep_visit(response)


pages.add_app_template_global(csrf.token, "csrf_token")
pages.add_app_template_global(same_listener)
pages.add_app_template_global(lambda named: listed([one.name for one in named]), "listed_names")
pages.add_app_template_filter(first_hue)
pages.add_app_template_filter(device)
pages.add_app_template_filter(public_detail, "told")
pages.add_app_template_filter(lambda seconds: format_ms(1000 * seconds)[:16], "utc")


@pages.context_processor
def _shared() -> dict[str, Any]:
    return {
        "version": __version__,
        "browser": context().settings.neo4j_browser,
        "chip": chip,
        "chip_of": lambda genre: chip(Named(genre.genre_id, genre.name)),
        "person": person,
        "me": identity.known(),
        "header": header,
        "sign_in": context().sign_in,
    }


def refused(html: str, error: MuseError) -> tuple[str, int, dict[str, str]]:
    """A page that says what is wrong with its form; what is wrong inside is in the log only."""
    log_error(error)
    return html, error.status, headers_of(error)


@pages.errorhandler(MuseError)
def _muse_problem(error: MuseError) -> AnyResponse | tuple[str, int, dict[str, str]]:
    if isinstance(error, NotSignedIn) and request.method == "GET" and context().sign_in != "off":
        return redirect(url_for("pages.sign_in", next=request.full_path.rstrip("?")), HTTPStatus.SEE_OTHER)
    log_error(error)
    without_graph()
    if isinstance(error, UnknownUser):
        forget_listener()
    found = samples(6) if isinstance(error, UnknownUser) and _sees_everybody() else []
    html = render_template("problem.html", error=error, detail=public_detail(error), samples=found)
    return html, error.status, headers_of(error)


def _sees_everybody() -> bool:
    who = identity.known()
    return who is not None and who.role in {"analyst", "operator"}


@pages.errorhandler(HTTPException)
def _http_problem(error: HTTPException) -> HTTPException | tuple[str, int, dict[str, str]]:
    status = error.code or 500
    if status < 400 or request.endpoint == "pages.static":
        return error
    without_graph()
    detail = error.description if status != 500 else "The log has it, under this answer's X-Request-ID."
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    html = render_template("problem.html", error=error, detail=detail, samples=[], **_shared())
    return html, status, headers


@pages.app_errorhandler(NotFound)
@pages.app_errorhandler(MethodNotAllowed)
def _no_such_page(error: HTTPException) -> AnyResponse | HTTPException | tuple[str, int, dict[str, str]]:
    """Answer a browser that asks for what is not there with a page, and programs as everywhere."""
    if request.blueprint == "pages":
        return _http_problem(error)
    if request.endpoint is not None or not _is_browser() or request.path.startswith("/api"):
        return errors.http_problem(error)
    return _secure(make_response(_http_problem(error)))


def _is_browser() -> bool:
    """Whether a page is preferred to JSON."""
    asked = request.accept_mimetypes
    return asked["text/html"] > asked["application/json"]
