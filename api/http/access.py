"""Each route says what it wants of who asks; this is where it is asked, before anything else is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Flask, current_app, request

from muse_graph.api.http import identity
from muse_graph.api.http.last_write import WRITES
from muse_graph.api.http.origin import check_origin
from muse_graph.api.http.security_log import log_event
from muse_graph.errors import NotAllowed, QueryError
from muse_graph.service.accounts.rights import Access, Identity, Owner, Scope

__all__ = [
    "ACCESS",
    "access_of",
    "anybody",
    "check_access",
    "check_declarations",
    "check_user",
    "needs",
    "refuse",
]

View = TypeVar("View", bound=Callable[..., Any])
#: The attribute of a view with its `Access`.
ACCESS = "access"


def needs(scope: Scope | None = None, owner: Owner | None = None) -> Callable[[View], View]:
    """Declare that a view wants somebody signed in, with a scope, and whose things it is about."""
    return _declare(Access(scope, owner))


def anybody(view: View) -> View:
    """Declare that a view is for everybody, signed in or not."""
    return _declare(Access(is_public=True))(view)


def _declare(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, ACCESS, access)
        return view

    return declare


def access_of(view: Callable[..., Any]) -> Access:
    """What a view wants; raises QueryError for one that does not say."""
    found: Access | None = getattr(view, ACCESS, None)
    if found is None:
        raise QueryError(f"the view {view.__name__} does not say who may use it: see api/http/access.py")
    return found


def check_declarations(app: Flask) -> None:
    """Raise QueryError if a view of an application does not say who may use it."""
    for endpoint in app.view_functions:
        _access_at(app, endpoint)


def _access_at(app: Flask, endpoint: str) -> Access:
    """What the view of an endpoint wants; files are for everybody."""
    if endpoint.endswith(".static"):
        return Access(is_public=True)
    return access_of(app.view_functions[endpoint])


def check_access() -> None:
    """Refuse a request whose sender may not do it: 401 for nobody, 403 for somebody else.

    Raises:
        NotSignedIn, NotAllowed
    """
    if request.endpoint is None:  # nothing is at this path, or not by this method
        return
    access = _access_at(current_app, request.endpoint)
    if access.is_public:
        return
    who = identity.required()
    if identity.is_page() and who.secret_id and not who.is_session:
        # Pages change what no scope is for: passwords, sessions, tokens.
        refuse(who, "tokens are for /api/v1; pages need a session: sign in by name and password")
    if who.is_session and request.method in WRITES:
        # A browser sends its cookie with what other sites make it send, too.
        check_origin()
    values = request.view_args or {}
    refusal = who.may(access, None if access.owner is None else values.get(access.owner))
    if refusal is not None:
        refuse(who, refusal)


def refuse(who: Identity, why: str) -> NoReturn:
    """Raise NotAllowed, and log it."""
    log_event("refused", who.account_id)
    raise NotAllowed(why)


def check_user(user_id: str) -> None:
    """Refuse what a body does for another user; raises NotAllowed."""
    who = identity.required()
    refusal = who.may(Access("listens:write", "user_id"), user_id)
    if refusal is not None:
        refuse(who, f"user_id {user_id!r}: {refusal}")
