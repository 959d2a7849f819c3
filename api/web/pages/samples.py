"""Whom a page offers to look at or, in the demonstration, to sign in as."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.api.http.context import context, graph
from muse_graph.api.web.pages.view import Avatar, avatar
from muse_graph.service.accounts import accounts
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.rights import ROLES
from muse_graph.service.users import users

__all__ = ["Persona", "personas", "samples"]


@dataclass(frozen=True)
class Persona:
    """An account of the demonstration, to sign in as by a click."""

    account: Account
    avatar: Avatar


def samples(most: int = 20) -> list[Avatar]:
    """Listeners with friends and tracks; where the graph is too small for such, the first."""
    rows = graph().read("sample_listeners", limit=most)
    if rows:
        return [avatar(row["user_id"], row["name"]) for row in rows]
    return [avatar(user.user_id, user.name) for user in users.list_users(graph(), limit=most).items]


def personas() -> list[Persona]:
    """The accounts of the demonstration: those that have no password, listeners first."""
    found = [
        account
        for account in accounts.list_all(context().accounts)
        if not account.has_password and not account.disabled
    ]
    ids = [account.user_id for account in found if account.user_id is not None]
    names = {row["user_id"]: row["name"] for row in graph().read("user_cards", ids=ids)} if ids else {}
    found.sort(key=lambda account: (ROLES.index(account.role), account.name))
    return [
        Persona(account, avatar(account.user_id or account.name, names.get(account.user_id) or account.name))
        for account in found
    ]
