"""Taking one's data along, and leaving without a trace."""

from __future__ import annotations

from flask import make_response, render_template
from pydantic import BaseModel
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.proxies import client_address
from muse_graph.api.http.security_log import log_event
from muse_graph.api.web.pages.blueprint import pages, refused
from muse_graph.api.web.pages.requests import Text, read_form
from muse_graph.api.web.pages.settings import own_account, settings_page
from muse_graph.errors import InvalidValue, MuseError
from muse_graph.service.accounts import accounts
from muse_graph.service.accounts import sign_in as signing
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.privacy.everything import erase_everything

__all__ = ["leave"]


class _Proof(BaseModel):
    password: str = ""
    name: Text = ""


@pages.post("/settings/leave")
@needs("friends:write")
def leave() -> AnyResponse | tuple[str, int, dict[str, str]]:
    """Erase the listener and the account, once its owner has proved to be its owner."""
    form, account = read_form(_Proof), own_account()
    try:
        _check(account, form)
    except MuseError as error:
        return refused(settings_page(error, "leave"), error)
    parts = context()
    log_event("account erased", account.account_id)
    if account.user_id is None:
        accounts.delete(parts.accounts, account.account_id)
    else:
        erase_everything(graph(), account.user_id, parts.accounts, parts.settings.models_folder)
    # Nobody is signed in any more, the page's menu included.
    identity.forget()
    answer = make_response(render_template("gone.html"))
    identity.end_in_browser(answer)
    return answer


def _check(account: Account, form: _Proof) -> None:
    """Raise NotSignedIn for a wrong password; an account without one types its name."""
    if account.has_password:
        signing.check_password(context().accounts, account, form.password, client_address())
    elif form.name.strip() != account.name:
        rule = f"must be {account.name}, as it is written"
        raise InvalidValue(f"name {rule}", (("name", rule),))
