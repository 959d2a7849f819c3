"""Forms are taken only from the browser that got the page: each has a token made from a secret cookie.

The secret is that of the session, or of a visit where nobody is signed in.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import Response, g, request
from werkzeug.exceptions import Forbidden

from muse_graph.api.http.identity import session_cookie
from muse_graph.api.http.origin import check_origin
from muse_graph.service.accounts.secret_values import new_secret

__all__ = ["FIELD", "check", "keep_visit", "token"]

FIELD = "csrf_token"
_VISIT = "muse_visit"


def token() -> str:
    """The token for a form on this page."""
    secret = _secret()
    if secret is None:
        secret = g.new_visit = g.get("new_visit") or new_secret()
    return _token_of(secret)


def check() -> None:
    """Raise 403 for a form that does not come from a page that this browser got."""
    check_origin()
    secret, sent = _secret(), request.form.get(FIELD, "")
    if secret is None or not hmac.compare_digest(_token_of(secret).encode(), sent.encode()):
        raise Forbidden("this form is out of date: go back, reload the page and try again")


def keep_visit(response: Response) -> Response:
    """Give the browser the secret of its visit, if a form needs it."""
    if visit := g.pop("new_visit", None):
        response.set_cookie(_VISIT, visit, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _secret() -> str | None:
    return request.cookies.get(session_cookie()) or request.cookies.get(_VISIT) or None


def _token_of(secret: str) -> str:
    return sha256(f"form {secret}".encode("utf-8", "replace")).hexdigest()
