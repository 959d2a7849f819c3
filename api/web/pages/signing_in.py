"""Signing in and out, signing up, and the links that set a password or make the account of a listener."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from pydantic import BaseModel
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.api.http import identity
from muse_graph.api.http.access import anybody, needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.proxies import client_address
from muse_graph.api.http.security_log import log_event
from muse_graph.api.web.pages import csrf
from muse_graph.api.web.pages.blueprint import pages, refused
from muse_graph.api.web.pages.requests import Text, read_form
from muse_graph.api.web.pages.samples import personas
from muse_graph.errors import MuseError, NotAllowed, NotFound
from muse_graph.service.accounts import accounts, links, sessions
from muse_graph.service.accounts import sign_in as signing
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.listeners import ensure_listener, new_listener_id
from muse_graph.service.users import users

__all__ = ["demo_sign_in", "join", "reset", "sign_in", "sign_out", "sign_up", "welcome"]


class _Credentials(BaseModel):
    name: Text = ""
    # Its length is checked with the rest of its rule, which never shows it.
    password: str = ""
    next: Text = ""


def welcome(held: dict[str, int]) -> str:
    """The first page of the demonstration: whom to sign in as."""
    return render_template("welcome.html", held=held, personas=personas())


@pages.route("/sign-in", methods=["GET", "POST"])
@anybody
def sign_in() -> str | AnyResponse | tuple[str, int, dict[str, str]]:
    """Ask for name and password, and begin a session."""
    if request.method == "GET":
        return _sign_in_form(target=_target(request.args.get("next", "")))
    form = read_form(_Credentials)
    try:
        account = signing.sign_in(context().accounts, form.name, form.password, client_address())
    except MuseError as error:
        log_event("failed to sign in")
        return refused(_sign_in_form(form.name, _target(form.next), error), error)
    return _begin(account, _target(form.next))


def _sign_in_form(name: str = "", target: str = "", error: MuseError | None = None) -> str:
    people = personas() if context().sign_in == "demo" else []
    return render_template(
        "sign_in.html",
        name=name,
        next=target,
        error=error,
        personas=people,
        sign_up=context().settings.sign_up,
    )


@pages.route("/sign-up", methods=["GET", "POST"])
@anybody
def sign_up() -> str | AnyResponse | tuple[str, int, dict[str, str]]:
    """Make an account, and the listener it is."""
    if not context().settings.sign_up:
        raise NotAllowed("accounts are made by the operator of this service")
    if request.method == "GET":
        return _sign_up_form(target=_target(request.args.get("next", "")))
    form = read_form(_Credentials)
    graph()  # Without it the account would have no listener for now.
    store, address = context().accounts, client_address()
    try:
        signing.check_sign_ups(store, address)
        account = accounts.create(store, form.name, password=form.password, user_id=new_listener_id())
    except MuseError as error:
        return refused(_sign_up_form(form.name, _target(form.next), error), error)
    signing.note_sign_up(store, address)
    log_event("signed up", account.account_id)
    return _begin(account, _target(form.next) or url_for(".first_genres"))


def _sign_up_form(name: str = "", target: str = "", error: MuseError | None = None) -> str:
    return render_template("sign_up.html", name=name, next=target, error=error, invited=None)


@pages.route("/join/<secret>", methods=["GET", "POST"])
@anybody
def join(secret: str) -> str | AnyResponse | tuple[str, int, dict[str, str]]:
    """Make the account of a listener who was invited."""
    store = context().accounts
    invited = users.get_user(graph(), links.claimed_user(store, secret))
    shown = invited.name or invited.user_id
    if request.method == "GET":
        return render_template("sign_up.html", name="", error=None, invited=shown)
    form = read_form(_Credentials)
    try:
        account = links.claim(store, secret, form.name, form.password)
        log_event("account claimed", account.account_id)
    except MuseError as error:
        if isinstance(error, NotFound):
            raise
        return refused(render_template("sign_up.html", name=form.name, error=error, invited=shown), error)
    return _begin(account)


@pages.route("/reset/<secret>", methods=["GET", "POST"])
@anybody
def reset(secret: str) -> str | AnyResponse | tuple[str, int, dict[str, str]]:
    """Set a new password."""
    store = context().accounts
    account = links.reset_account(store, secret)
    if request.method == "GET":
        return render_template("reset.html", name=account.name, error=None)
    form = read_form(_Credentials)
    try:
        links.reset(store, secret, form.password)
        log_event("password reset", account.account_id)
    except MuseError as error:
        if isinstance(error, NotFound):
            raise
        return refused(render_template("reset.html", name=account.name, error=error), error)
    return redirect(url_for(".sign_in"), HTTPStatus.SEE_OTHER)


@pages.post("/sign-out")
@needs()
def sign_out() -> AnyResponse:
    """End this session."""
    csrf.check()
    who = identity.required()
    response = redirect(url_for(".start"), HTTPStatus.SEE_OTHER)
    if who.account_id is not None:
        sessions.end(context().accounts, who.account_id, who.secret_id)
        log_event("signed out", who.account_id)
    identity.end_in_browser(response)
    return response


@pages.post("/demo/sign-in")
@anybody
def demo_sign_in() -> AnyResponse:
    """Sign in as one of the demonstration's accounts, which have no password."""
    if context().sign_in != "demo":
        raise NotAllowed("this is no demonstration")
    form = read_form(_Credentials)
    account = accounts.get(context().accounts, form.name)
    if account.has_password or account.disabled:
        raise NotAllowed("this account has a password")
    return _begin(account, _target(form.next))


def _begin(account: Account, target: str = "") -> AnyResponse:
    """Begin a session; what the browser held before is worth nothing any more."""
    ensure_listener(graph(), account)
    store = context().accounts
    before = identity.known()
    if before is not None and before.is_session and before.account_id is not None:
        sessions.end(store, before.account_id, before.secret_id)
    secret = sessions.start(store, account, request.user_agent.string)
    log_event("signed in", account.account_id)
    home = ".your_artists" if account.role == "artist" and account.artist_ids else ".start"
    response = redirect(target or url_for(home), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        identity.session_cookie(),
        secret,
        max_age=sessions.LONGEST_S,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def _target(address: str) -> str:
    """Where to go after signing in: a page of this service, or the start page."""
    is_here = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_here and address.isprintable() else ""
