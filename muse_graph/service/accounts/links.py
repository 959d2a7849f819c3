"""Links that are good once: to set a new password, or to make the account of a listener who has none."""

from __future__ import annotations

from muse_graph.errors import Conflict, UnknownLink
from muse_graph.service.accounts import accounts
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.secret_values import hash_of, new_secret, now_s
from muse_graph.service.accounts.store import AccountStore

__all__ = ["claim", "claimed_user", "invite", "reset", "reset_account", "revoke_invitations", "start_reset"]

_RESET_S, _INVITATION_S = 3_600, 7 * 86_400


def start_reset(store: AccountStore, name: str) -> str:
    """The secret of a link that sets a new password, good for an hour; raises UnknownAccount."""
    account = accounts.get(store, name)
    return _new(store, _RESET_S, account_id=account.account_id)


def reset_account(store: AccountStore, secret: str) -> Account:
    """Whose password a link sets; raises UnknownLink."""
    row = store.one("SELECT account_id FROM links WHERE secret_hash = ? AND expires_at > ?", *_key(secret))
    account = None if row is None or row["account_id"] is None else accounts.find(store, row["account_id"])
    if account is None:
        raise UnknownLink
    return account


def reset(store: AccountStore, secret: str, password: str) -> Account:
    """Set a new password by a link, which ends it and all sessions; raises UnknownLink, InvalidValue."""
    account = reset_account(store, secret)
    accounts.change_password(store, account, password)
    return account


def invite(store: AccountStore, user_id: str) -> str:
    """The secret of a link by which a listener who has no account makes one, good for a week.

    Raises:
        Conflict: If the listener has one.
    """
    if accounts.of_user(store, user_id) is not None:
        raise Conflict(f"user {user_id!r} has an account already")
    return _new(store, _INVITATION_S, user_id=user_id)


def claimed_user(store: AccountStore, secret: str) -> str:
    """Whom an invitation is for; raises UnknownLink."""
    row = store.one("SELECT user_id FROM links WHERE secret_hash = ? AND expires_at > ?", *_key(secret))
    if row is None or row["user_id"] is None:
        raise UnknownLink
    return str(row["user_id"])


def claim(store: AccountStore, secret: str, name: str, password: str) -> Account:
    """Make the account of an invited listener; raises UnknownLink, InvalidRequest, Conflict."""
    user_id = claimed_user(store, secret)
    account = accounts.create(store, name, password=password, user_id=user_id)
    store.write("DELETE FROM links WHERE user_id = ?", user_id)
    return account


def revoke_invitations(store: AccountStore, user_id: str) -> None:
    """End all invitations of a listener; nothing is left of them in the file."""
    if store.write("DELETE FROM links WHERE user_id = ?", user_id):
        store.compact()


def _key(secret: str) -> tuple[bytes, int]:
    return hash_of(secret), now_s()


def _new(
    store: AccountStore, seconds: int, *, account_id: int | None = None, user_id: str | None = None
) -> str:
    secret, now = new_secret(), now_s()
    with store.transaction() as connection:
        connection.execute("DELETE FROM links WHERE expires_at <= ?", (now,))
        connection.execute(
            "INSERT INTO links VALUES (?, ?, ?, ?)", (hash_of(secret), account_id, user_id, now + seconds)
        )
    return secret
