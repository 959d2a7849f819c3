"""Settings: profile and privacy, password, sessions, tokens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from flask import redirect, render_template, request, url_for
from pydantic import BaseModel, BeforeValidator
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Visibility
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.proxies import client_address
from muse_graph.api.http.security_log import log_event
from muse_graph.api.web.pages.blueprint import pages, refused
from muse_graph.api.web.pages.requests import Text, read_form
from muse_graph.countries import country_choices
from muse_graph.errors import MuseError, NotAllowed
from muse_graph.service.accounts import accounts, sessions, tokens
from muse_graph.service.accounts import sign_in as signing
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.rights import ROLE_SCOPES, SCOPES
from muse_graph.service.field_rules import FIELDS
from muse_graph.service.users import users

__all__ = [
    "change_password",
    "change_profile",
    "end_session",
    "make_token",
    "own_account",
    "revoke_token",
    "settings",
    "settings_page",
]

_Level = Annotated[Visibility, BeforeValidator(FIELDS["listens_visible_to"].clean)]
Answer = AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]


class _Profile(BaseModel):
    name: Text
    country: Text = ""
    visible_to: _Level = "friends"


class _Passwords(BaseModel):
    # Rules of a field show what was sent; these never are.
    current: str
    password: str


class _TokenForm(BaseModel):
    name: Text
    # Empty is how a form sends nothing.
    days: Annotated[int | None, BeforeValidator(lambda value: value or None)] = None


class _Chosen(BaseModel):
    id: Text


@pages.get("/settings")
@needs()
def settings() -> str:
    """Show the settings of who is signed in."""
    return settings_page()


def settings_page(error: MuseError | None = None, place: str = "", secret: str | None = None) -> str:
    """The page, with what is wrong with one of its forms, or with a new token's secret."""
    account, store = own_account(), context().accounts
    listener = None if account.user_id is None else users.get_user(graph(), account.user_id)
    return render_template(
        "settings.html",
        account=account,
        listener=listener,
        sessions=sessions.list_of(store, account.account_id),
        this_session=identity.required().secret_id,
        tokens=tokens.list_of(store, account.account_id),
        scopes={scope: text for scope, text in SCOPES.items() if scope in ROLE_SCOPES[account.role]},
        countries=country_choices(),
        error=error,
        place=place,
        new_secret=secret,
        done=request.args.get("done"),
    )


@pages.post("/settings/profile")
@needs("friends:write")
def change_profile() -> Answer:
    """Set name, country and privacy of the listener."""
    form, account = read_form(_Profile), own_account()
    if account.user_id is None:
        raise NotAllowed("this account is no listener")
    try:
        users.put_user(
            graph(),
            account.user_id,
            name=form.name,
            country=form.country or None,
            listens_visible_to=form.visible_to,
        )
    except MuseError as error:
        return refused(settings_page(error, "profile"), error)
    return _done("profile")


@pages.post("/settings/password")
@needs()
def change_password() -> Answer:
    """Set another password, which ends all other sessions."""
    form, account = read_form(_Passwords), own_account()
    store = context().accounts
    try:
        signing.check_password(store, account, form.current, client_address())
        accounts.change_password(store, account, form.password, keep=identity.required().secret_id)
        log_event("password changed", account.account_id)
    except MuseError as error:
        return refused(settings_page(error, "password"), error)
    return _done("password")


@pages.post("/settings/sessions/end")
@needs()
def end_session() -> Answer:
    """End one session, or all but this one."""
    form, account = read_form(_Chosen), own_account()
    if form.id == "others":
        sessions.end_others(context().accounts, account.account_id, identity.required().secret_id)
    else:
        sessions.end(context().accounts, account.account_id, form.id)
    log_event("session ended", account.account_id)
    return _done("sessions")


@pages.post("/settings/tokens")
@needs()
def make_token() -> Answer:
    """Make a token and show its secret, once."""
    account = own_account()
    try:
        form = read_form(_TokenForm)
        scopes = request.form.getlist("scope")
        _, secret = tokens.create(context().accounts, account, form.name, scopes, form.days)
        log_event("token made", account.account_id)
    except MuseError as error:
        return refused(settings_page(error, "tokens"), error)
    return settings_page(place="tokens", secret=secret), HTTPStatus.CREATED


@pages.post("/settings/tokens/revoke")
@needs()
def revoke_token() -> Answer:
    """Revoke a token."""
    account = own_account()
    tokens.revoke(context().accounts, account.account_id, read_form(_Chosen).id)
    log_event("token revoked", account.account_id)
    return _done("tokens")


def _done(place: str) -> AnyResponse:
    return redirect(url_for(".settings", done=place, _anchor=place), HTTPStatus.SEE_OTHER)


def own_account() -> Account:
    """The account of who is signed in; raises NotAllowed where there is none."""
    who = identity.required()
    found = None if who.account_id is None else accounts.find(context().accounts, who.account_id)
    if found is None:
        raise NotAllowed("nobody signs in here, so there are no settings")
    return found
