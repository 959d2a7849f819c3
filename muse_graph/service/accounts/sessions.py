"""Sessions: what a browser holds after signing in. They are in the store, and can be ended there."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.service.accounts.accounts import Account
from muse_graph.service.accounts.identities import identity_of
from muse_graph.service.accounts.rights import Identity
from muse_graph.service.accounts.secret_values import hash_of, new_id, new_secret, now_s
from muse_graph.service.accounts.store import AccountStore

__all__ = ["LONGEST_S", "Session", "end", "end_others", "find", "list_of", "start"]

#: A session ends this long after its last request, and this long after its first.
IDLE_S, LONGEST_S = 7 * 86_400, 30 * 86_400
#: How exactly it is known when a session was last used.
_SEEN_STEP_S = 60
_LONGEST_DEVICE = 200

_FIND = """
SELECT s.session_id, s.seen_at, a.*
FROM sessions s JOIN account_cards a USING (account_id)
WHERE s.secret_hash = ? AND s.created_at > ? AND s.seen_at > ? AND NOT a.disabled
"""


@dataclass(frozen=True)
class Session:
    """A session as its account sees it; times in seconds since 1970."""

    session_id: str
    device: str
    created_at: int
    seen_at: int


def start(store: AccountStore, account: Account, device: str) -> str:
    """Begin a session; return its secret, for a cookie."""
    secret, now = new_secret(), now_s()
    with store.transaction() as connection:
        connection.execute(
            "DELETE FROM sessions WHERE created_at <= ? OR seen_at <= ?", (now - LONGEST_S, now - IDLE_S)
        )
        connection.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
            (hash_of(secret), new_id(), account.account_id, now, now, device[:_LONGEST_DEVICE]),
        )
    return secret


def find(store: AccountStore, secret: str) -> Identity | None:
    """Who signed in with that session; None once it has ended."""
    now = now_s()
    row = store.one(_FIND, hash_of(secret), now - LONGEST_S, now - IDLE_S)
    if row is None:
        return None
    if row["seen_at"] <= now - _SEEN_STEP_S:
        store.note("UPDATE sessions SET seen_at = ? WHERE session_id = ?", now, row["session_id"])
    return identity_of(row, row["session_id"], is_session=True)


def list_of(store: AccountStore, account_id: int) -> list[Session]:
    """The sessions of an account, the one used last first."""
    now = now_s()
    rows = store.read(
        "SELECT session_id, device, created_at, seen_at FROM sessions"
        " WHERE account_id = ? AND created_at > ? AND seen_at > ? ORDER BY seen_at DESC, session_id",
        account_id,
        now - LONGEST_S,
        now - IDLE_S,
    )
    return [Session(**dict(row)) for row in rows]


def end(store: AccountStore, account_id: int, session_id: str) -> bool:
    """End a session of an account; return whether there was such a one."""
    sql = "DELETE FROM sessions WHERE account_id = ? AND session_id = ?"
    return store.write(sql, account_id, session_id) > 0


def end_others(store: AccountStore, account_id: int, session_id: str) -> int:
    """End all sessions of an account but one; return how many."""
    sql = "DELETE FROM sessions WHERE account_id = ? AND session_id <> ?"
    return store.write(sql, account_id, session_id)
