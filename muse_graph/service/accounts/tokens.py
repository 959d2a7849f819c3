"""API tokens: what a program sends instead of a password. Each has a name, scopes, and perhaps an end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from muse_graph.errors import Conflict, InvalidValue, invalid
from muse_graph.service import field_rules
from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.identities import identity_of
from muse_graph.service.accounts.rights import ROLE_SCOPES, SCOPES, Identity, Scope
from muse_graph.service.accounts.secret_values import hash_of, new_id, new_secret, now_s
from muse_graph.service.accounts.store import AccountStore

__all__ = ["PREFIX", "Token", "create", "find", "list_of", "revoke"]

#: So that a secret in a log or a repository is known for what it is.
PREFIX = "muse_"
_MOST = 50
_LONGEST_DAYS = 3_660
_USED_STEP_S = 60
_FIND = """
SELECT t.token_id, t.scopes, t.used_at, a.*
FROM tokens t JOIN account_cards a USING (account_id)
WHERE t.secret_hash = ? AND (t.expires_at IS NULL OR t.expires_at > ?) AND NOT a.disabled
"""


@dataclass(frozen=True)
class Token:
    """A token as its account sees it, without its secret; times in seconds since 1970."""

    token_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: int
    used_at: int | None
    expires_at: int | None


def create(
    store: AccountStore, account: Account, name: str, scopes: Collection[str], days: int | None = None
) -> tuple[Token, str]:
    """Make a token; return it with its secret, which nobody can read again.

    Args:
        days: until it ends; None for never

    Raises:
        InvalidRequest: If a value breaks its rule, or the role of the account does not have a scope.
        Conflict: If the account has too many.
    """
    name = field_rules.check("source", name)
    chosen = _checked_scopes(account, scopes)
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise invalid("days", f"must be 1..{_LONGEST_DAYS}", days)
    now, secret = now_s(), new_secret(PREFIX)
    expires_at = None if days is None else now + days * 86_400
    token = Token(new_id(), name, chosen, now, None, expires_at)
    with store.transaction() as connection:
        connection.execute("DELETE FROM tokens WHERE expires_at <= ?", (now,))
        (held,) = connection.execute(
            "SELECT count(*) FROM tokens WHERE account_id = ?", (account.account_id,)
        ).fetchone()
        if held >= _MOST:
            raise Conflict(f"an account has at most {_MOST} tokens; revoke one first")
        connection.execute(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
            (hash_of(secret), token.token_id, account.account_id, name, " ".join(chosen), now, expires_at),
        )
    return token, secret


def _checked_scopes(account: Account, scopes: Collection[str]) -> tuple[Scope, ...]:
    allowed = [scope for scope in SCOPES if scope in ROLE_SCOPES[account.role]]
    unknown = sorted(set(scopes) - set(allowed))
    if unknown or not scopes:
        rule = f"must be of {', '.join(allowed)}"
        raise InvalidValue(f"scopes {rule}, got {', '.join(unknown) or 'none'}", (("scopes", rule),))
    return tuple(scope for scope in allowed if scope in scopes)


def find(store: AccountStore, secret: str) -> Identity | None:
    """Who sent that token; None if it is unknown, revoked or at its end."""
    now = now_s()
    row = store.one(_FIND, hash_of(secret), now)
    if row is None:
        return None
    if row["used_at"] is None or row["used_at"] <= now - _USED_STEP_S:
        store.note("UPDATE tokens SET used_at = ? WHERE token_id = ?", now, row["token_id"])
    return identity_of(row, row["token_id"], scopes=row["scopes"].split(" "))


def list_of(store: AccountStore, account_id: int) -> list[Token]:
    """The tokens of an account that are good, the newest first."""
    rows = store.read(
        "SELECT token_id, name, scopes, created_at, used_at, expires_at FROM tokens"
        " WHERE account_id = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC, token_id",
        account_id,
        now_s(),
    )
    return [Token(**(dict(row) | {"scopes": tuple(row["scopes"].split(" "))})) for row in rows]


def revoke(store: AccountStore, account_id: int, token_id: str) -> bool:
    """End a token of an account at once; return whether there was such a one."""
    sql = "DELETE FROM tokens WHERE account_id = ? AND token_id = ?"
    return store.write(sql, account_id, token_id) > 0
