"""Accounts: made, found, changed."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from muse_graph.errors import Conflict, UnknownAccount, invalid
from muse_graph.service.accounts.rights import ROLES, Role
from muse_graph.service.accounts.secret_values import now_s
from muse_graph.service.accounts.store import AccountStore, Row

__all__ = [
    "Account",
    "artist_ids_of",
    "change_password",
    "create",
    "delete",
    "find",
    "get",
    "list_all",
    "of_user",
    "set_disabled",
    "set_role",
    "set_user",
]

_SHORTEST, _LONGEST = 3, 64
_SIGNS = frozenset(".@+-_'")
#: Letters and marks of Unicode that nobody sees: two names with and without would look the same.
_UNSEEN = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_NAME_RULE = "must have 3..64 letters, digits or . @ + - _ ', the first a letter or a digit"


@dataclass(frozen=True)
class Account:
    """An account without its secrets.

    Attributes:
        user_id: the listener it is; None for an account that is none
        artist_ids: the artists it owns, in the order of their ids
        created_at: seconds since 1970
    """

    account_id: int
    name: str
    role: Role
    user_id: str | None
    artist_ids: tuple[str, ...]
    disabled: bool
    created_at: int
    has_password: bool


def create(
    store: AccountStore,
    name: str,
    *,
    password: str | None = None,
    role: Role = "listener",
    user_id: str | None = None,
    artist_ids: Iterable[str] = (),
) -> Account:
    """Make an account; without a password nobody can sign in before a link has set one.

    Raises:
        InvalidRequest: If a value breaks its rule.
        Conflict: If the name or the user has an account already.
    """
    name = _checked_name(name)
    _check_role(role)
    hashed = None if password is None else store.passwords.hash(password, name=name)
    try:
        with store.transaction() as connection:
            account_id = connection.execute(
                "INSERT INTO accounts (name, name_key, password_hash, role, user_id, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (name, key_of_name(name), hashed, role, user_id, now_s()),
            ).lastrowid
            _own(connection, account_id, artist_ids)
    except sqlite3.IntegrityError as error:
        raise _taken(error, name, user_id) from None
    return get(store, name)


def _taken(error: sqlite3.IntegrityError, name: str, user_id: str | None) -> Conflict:
    if "user_id" in str(error):
        return Conflict(f"user {user_id!r} has an account already")
    return Conflict(f"the name {name!r} is taken")


def get(store: AccountStore, name: str) -> Account:
    """The account of that name; raises UnknownAccount."""
    row = store.one("SELECT * FROM account_cards WHERE name_key = ?", key_of_name(name))
    if row is None:
        raise UnknownAccount(name)
    return _account(row)


def find(store: AccountStore, account_id: int) -> Account | None:
    """The account of that number."""
    row = store.one("SELECT * FROM account_cards WHERE account_id = ?", account_id)
    return None if row is None else _account(row)


def of_user(store: AccountStore, user_id: str) -> Account | None:
    """The account of a listener."""
    row = store.one("SELECT * FROM account_cards WHERE user_id = ?", user_id)
    return None if row is None else _account(row)


def list_all(store: AccountStore) -> list[Account]:
    """All accounts in the order of their names."""
    return [_account(row) for row in store.read("SELECT * FROM account_cards ORDER BY name_key")]


def set_role(store: AccountStore, name: str, role: Role, artist_ids: Iterable[str] = ()) -> Account:
    """Give an account a role, and the artists it owns from now on; raises UnknownAccount, InvalidRequest."""
    _check_role(role)
    account = get(store, name)
    with store.transaction() as connection:
        connection.execute("UPDATE accounts SET role = ? WHERE account_id = ?", (role, account.account_id))
        connection.execute("DELETE FROM owned_artists WHERE account_id = ?", (account.account_id,))
        _own(connection, account.account_id, artist_ids)
    return get(store, name)


def set_disabled(store: AccountStore, name: str, disabled: bool) -> Account:
    """Keep an account from everything, at once, or let it in again; raises UnknownAccount."""
    account = get(store, name)
    with store.transaction() as connection:
        connection.execute(
            "UPDATE accounts SET disabled = ? WHERE account_id = ?", (disabled, account.account_id)
        )
        if disabled:
            connection.execute("DELETE FROM sessions WHERE account_id = ?", (account.account_id,))
    return get(store, name)


def set_user(store: AccountStore, account_id: int, user_id: str) -> None:
    """Make an account the one of a listener; raises Conflict if that one has another."""
    try:
        store.write("UPDATE accounts SET user_id = ? WHERE account_id = ?", user_id, account_id)
    except sqlite3.IntegrityError:
        raise Conflict(f"user {user_id!r} has an account already") from None


def change_password(store: AccountStore, account: Account, password: str, *, keep: str = "") -> None:
    """Set a password, and end all sessions of the account but one; raises InvalidValue for a poor one.

    Args:
        keep: id of the session that goes on
    """
    hashed = store.passwords.hash(password, name=account.name)
    with store.transaction() as connection:
        connection.execute(
            "UPDATE accounts SET password_hash = ? WHERE account_id = ?", (hashed, account.account_id)
        )
        connection.execute(
            "DELETE FROM sessions WHERE account_id = ? AND session_id <> ?", (account.account_id, keep)
        )
        connection.execute("DELETE FROM links WHERE account_id = ?", (account.account_id,))


def delete(store: AccountStore, account_id: int) -> None:
    """Delete an account with its sessions, tokens and links; nothing is left of it in the file."""
    store.write("DELETE FROM accounts WHERE account_id = ?", account_id)
    store.compact()


def key_of_name(name: str) -> str:
    """What is compared of a name: neither case nor the way accents are spelled counts."""
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    # Small letters may be made of what NFKC puts together.
    return unicodedata.normalize("NFKC", folded)


def _checked_name(name: str) -> str:
    found = unicodedata.normalize("NFC", name.strip())
    is_name = _SHORTEST <= len(found) <= _LONGEST and found[0].isalnum() and all(map(_fits, found))
    if not is_name or _UNSEEN.search(found):
        raise invalid("name", _NAME_RULE, name)
    return found


def _fits(letter: str) -> bool:
    """Whether a name may have it; marks are the vowels of Hindi, Thai and many more."""
    return letter.isalnum() or letter in _SIGNS or unicodedata.category(letter).startswith("M")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise invalid("role", f"must be one of {', '.join(ROLES)}", role)


def _own(connection: sqlite3.Connection, account_id: int | None, artist_ids: Iterable[str]) -> None:
    rows = [(account_id, artist_id) for artist_id in sorted(set(artist_ids))]
    connection.executemany("INSERT INTO owned_artists VALUES (?, ?)", rows)


def artist_ids_of(row: Row) -> list[str]:
    """The artists that a row of `account_cards` owns; an id has no line break."""
    return str(row["artist_ids"]).split("\n") if row["artist_ids"] else []


def _account(row: Row) -> Account:
    return Account(
        row["account_id"],
        row["name"],
        row["role"],
        row["user_id"],
        tuple(sorted(artist_ids_of(row))),
        bool(row["disabled"]),
        row["created_at"],
        bool(row["has_password"]),
    )
