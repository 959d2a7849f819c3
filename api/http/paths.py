"""Ids in paths and parameters: any legal id, spelled percent-encoded, means that id and no other.

Servers decode a path before routes see it, and an id with a slash would then be two steps of a path. So
routes get it from what the client sent: one step between slashes is one id, in which "%2F" stands for a slash
and "%25" for a percent sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import UnicodeConverter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["check_utf8", "register"]

#: Where WSGI servers leave the address as it was sent.
_RAW = ("REQUEST_URI", "RAW_URI")


class _IdConverter(UnicodeConverter):
    """One step of a path."""

    def to_python(self, value: str) -> str:
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: Any) -> str:
        return quote(str(value), safe="!$&'()*+,:;=@")


def register(app: Flask) -> None:
    """Let the routes of an application, added from now on, take ids with slashes; none is redirected."""
    app.url_map.converters["default"] = _IdConverter
    app.url_map.merge_slashes = False
    app.wsgi_app = _RawPath(app.wsgi_app)  # type: ignore[method-assign]


class _RawPath:
    """Puts in the place of a decoded path one whose steps have their slashes and percent signs encoded."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        raw = next((str(environ[name]) for name in _RAW if environ.get(name)), None)
        if raw is None:
            # Ids with a slash are not found then, and no other id is taken for them.
            environ["PATH_INFO"] = environ["PATH_INFO"].replace("%", "%25")
        else:
            path = urlsplit(raw).path if "://" in raw else raw.partition("?")[0]
            environ["PATH_INFO"] = "/".join(_step(step) for step in path.split("/"))
        return self._app(environ, start_response)


def _step(raw: str) -> str:
    decoded = unquote_to_bytes(raw.encode("latin-1")).decode("latin-1")
    return decoded.replace("%", "%25").replace("/", "%2F")


def check_utf8() -> None:
    """Raise BadRequest for a path, query or form that is not UTF-8: its bytes would become other letters."""
    form = request.get_data(cache=True) if request.mimetype == "application/x-www-form-urlencoded" else b""
    parts = {
        "path": request.environ["PATH_INFO"].encode("latin-1"),
        "query": unquote_to_bytes(request.query_string),
        "form": unquote_to_bytes(form),
    }
    for name, part in parts.items():
        try:
            part.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest(
                f"the {name} must be UTF-8, percent-encoded, got {part[error.start :][:20]!r}"
            ) from None
