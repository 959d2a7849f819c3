"""From a row of the store to who asks."""

from __future__ import annotations

from collections.abc import Iterable

from muse_graph.service.accounts.accounts import artist_ids_of
from muse_graph.service.accounts.rights import ROLE_SCOPES, Identity, Scope
from muse_graph.service.accounts.store import Row

__all__ = ["identity_of"]


def identity_of(
    row: Row, secret_id: str, *, scopes: Iterable[Scope] | None = None, is_session: bool = False
) -> Identity:
    """Who asks with a session, or with a token of some scopes; the row has the columns of `account_cards`."""
    most = ROLE_SCOPES[row["role"]]
    return Identity(
        row["account_id"],
        row["name"],
        row["role"],
        row["user_id"],
        frozenset(artist_ids_of(row)),
        most if scopes is None else most & frozenset(scopes),
        secret_id,
        is_session,
    )
