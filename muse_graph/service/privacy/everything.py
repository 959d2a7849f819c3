"""Everything about a user erased: in the graph, in trained models, and the account."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from muse_graph.core.keys import key_of
from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.model_store.erased import hide_users
from muse_graph.service.accounts import accounts, links
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.privacy.erasure import erase_user, unfinished_erasures
from muse_graph.service.users.users import get_user

__all__ = ["erase_everything"]


def erase_everything(graph: Graph, user_id: str, store: AccountStore, models: Path) -> None:
    """Erase a user; what was interrupted goes on with the next call.

    The account is the last to go, so that its owner can call again.

    Args:
        store: where the account of the user is
        models: folder of trained models, which hide the user until the next training

    Raises:
        UnknownUser: If no user has that id, and none is being erased.
        ModelError: If models cannot be kept from showing the user; nothing is erased then.
    """
    # Nobody gets an account of the user meanwhile, or of somebody who has the id later.
    links.revoke_invitations(store, user_id)
    account = accounts.of_user(store, user_id)
    if account is None and user_id not in unfinished_erasures(graph):
        get_user(graph, user_id)
    hide_users(models, [key_of(user_id)])
    try:
        erase_user(graph, user_id)
    except UnknownUser:
        # An account whose user was never made, or is erased already.
        if account is None:
            raise
    if account is not None:
        accounts.delete(store, account.account_id)
        # Who signed in during the erasure, or changed the profile, has made the user again.
        with suppress(UnknownUser):
            erase_user(graph, user_id)
