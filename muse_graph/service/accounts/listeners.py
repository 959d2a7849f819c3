"""The listener that an account is: its node in the graph."""

from __future__ import annotations

from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.secret_values import new_id
from muse_graph.service.users import users

__all__ = ["ensure_listener", "new_listener_id"]


def new_listener_id() -> str:
    """The id of a listener who signs up."""
    return f"u-{new_id()}"


def ensure_listener(graph: Graph, account: Account) -> None:
    """Make the user of an account if the graph does not have it: accounts are made before their users."""
    if account.user_id is None:
        return
    try:
        users.get_user(graph, account.user_id)
    except UnknownUser:
        users.put_user(graph, account.user_id, name=account.name)
