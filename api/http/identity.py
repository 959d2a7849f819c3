"""Who asks: by an API token, by the session of a browser, or nobody."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from muse_graph.api.http.context import context
from muse_graph.errors import AccountsUnavailable, NotSignedIn
from muse_graph.service.accounts import sessions, tokens
from muse_graph.service.accounts.rights import Identity, acts_for_all, operator

__all__ = [
    "current",
    "end_in_browser",
    "forget",
    "is_page",
    "known",
    "required",
    "sees_all",
    "session_cookie",
]

_COOKIE = "muse_session"
#: How a token is sent; the second is what clients of ListenBrainz send.
_SCHEMES = frozenset({"bearer", "token"})


def session_cookie() -> str:
    """The name of the cookie of a session; browsers let no other host set one that begins like this."""
    return f"__Host-{_COOKIE}" if request.is_secure else _COOKIE


def current() -> Identity | None:
    """Who sent this request, the same for all of it; None for nobody. raises: NotSignedIn for a bad token"""
    if "identity" not in g:
        g.identity = _identify()
    found: Identity | None = g.identity
    return found


def known() -> Identity | None:
    """As `current`, and None for a bad token too: for what must not fail."""
    try:
        return current()
    except (NotSignedIn, AccountsUnavailable):
        return None


def end_in_browser(response: Response) -> None:
    """Let the browser that gets the response forget its session and what it has kept."""
    response.delete_cookie(session_cookie(), secure=request.is_secure, httponly=True)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def forget() -> None:
    """Let nobody be signed in for the rest of this request."""
    g.identity = None


def required() -> Identity:
    """Who sent this request; raises NotSignedIn."""
    found = current()
    if found is None:
        raise NotSignedIn("sign in, or send a token as `Authorization: Bearer ...`")
    return found


def sees_all() -> bool:
    """Whether who asks may see how few listeners there are; raises NotSignedIn for nobody."""
    return acts_for_all(required())


def _identify() -> Identity | None:
    accounts = context().accounts
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, secret = header.partition(" ")
        found = tokens.find(accounts, secret.strip()) if scheme.lower() in _SCHEMES else None
        if found is None:
            raise NotSignedIn("the token is unknown, revoked or at its end")
        return found
    if session := request.cookies.get(session_cookie()):
        found = sessions.find(accounts, session)
        if found is not None:
            return found
    # On the pages of the demonstration one signs in by a click.
    is_asked = context().sign_in == "required" or (context().sign_in == "demo" and is_page())
    return None if is_asked else operator()


def is_page() -> bool:
    """Whether this request is for a page, an unknown one too, and not for a route of the API."""
    return request.blueprint == "pages" or request.endpoint is None
