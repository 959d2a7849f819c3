"""Signing in by name and password: the same answer for every failure, and slower after many.

A failure counts against the name from one address, the address, and the name from anywhere; in each window
only so many are allowed. Names and addresses are kept as hashes, and no longer than their window.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from muse_graph.errors import NotSignedIn, TooManyRequests
from muse_graph.service.accounts import accounts
from muse_graph.service.accounts.accounts import Account, key_of_name
from muse_graph.service.accounts.secret_values import hash_of
from muse_graph.service.accounts.store import AccountStore

__all__ = ["check_password", "check_sign_ups", "note_sign_up", "sign_in"]


@dataclass(frozen=True)
class _Window:
    most: int
    seconds: float


_NAME_AND_ADDRESS = _Window(5, 5 * 60)
_ADDRESS = _Window(50, 15 * 60)
_SIGN_UPS = _Window(20, 60 * 60)
#: Many, or anybody could keep anybody out.
_NAME = _Window(100, 60 * 60)


def sign_in(store: AccountStore, name: str, password: str, address: str) -> Account:
    """The account of that name, if the password is its own.

    Args:
        address: where the request comes from

    Raises:
        NotSignedIn: In the same words and time for an unknown name, a wrong password and a disabled account.
        TooManyRequests: After too many failures; the password was not looked at.
    """
    watched = _watched(name, address)
    _check_window(store, watched, "too many failures to sign in")
    row = store.one(
        "SELECT account_id, password_hash, disabled FROM accounts WHERE name_key = ?", key_of_name(name)
    )
    is_right = store.passwords.matches(password, None if row is None else row["password_hash"])
    if row is None or not is_right or row["disabled"]:
        _note(store, watched)
        raise NotSignedIn("the name or the password is wrong")
    _forget(store, watched)
    if store.passwords.is_outdated(row["password_hash"]):
        hashed = store.passwords.rehash(password)
        store.write("UPDATE accounts SET password_hash = ? WHERE account_id = ?", hashed, row["account_id"])
    return accounts.get(store, name)


def check_sign_ups(store: AccountStore, address: str) -> None:
    """Raise TooManyRequests if many accounts were made from an address."""
    _check_window(store, _sign_ups(address), "too many accounts were made from here")


def note_sign_up(store: AccountStore, address: str) -> None:
    """Count that an account was made from an address."""
    _note(store, _sign_ups(address))


def _sign_ups(address: str) -> list[tuple[bytes, _Window]]:
    return [(hash_of(f"sign-up {address}"), _SIGN_UPS)]


def check_password(store: AccountStore, account: Account, password: str, address: str) -> None:
    """Let somebody who is signed in prove it again; raises NotSignedIn, TooManyRequests."""
    sign_in(store, account.name, password, address)


def _watched(name: str, address: str) -> list[tuple[bytes, _Window]]:
    key = key_of_name(name)
    return [
        (hash_of(f"both {key} {address}"), _NAME_AND_ADDRESS),
        (hash_of(f"address {address}"), _ADDRESS),
        (hash_of(f"name {key}"), _NAME),
    ]


def _check_window(store: AccountStore, watched: list[tuple[bytes, _Window]], why: str) -> None:
    now = time.time()
    for who, window in watched:
        found = store.one(
            "SELECT count(*) AS n, min(at) AS oldest FROM (SELECT at FROM failures WHERE who = ? AND at > ?"
            " ORDER BY at DESC LIMIT ?)",
            who,
            now - window.seconds,
            window.most,
        )
        if found is not None and found["n"] >= window.most:
            wait = math.ceil(found["oldest"] + window.seconds - now)
            raise TooManyRequests(why, max(1, wait))


def _note(store: AccountStore, watched: list[tuple[bytes, _Window]]) -> None:
    now = time.time()
    with store.transaction() as connection:
        connection.execute("DELETE FROM failures WHERE at < ?", (now - _NAME.seconds,))
        connection.executemany("INSERT INTO failures VALUES (?, ?)", [(who, now) for who, _ in watched])


def _forget(store: AccountStore, watched: list[tuple[bytes, _Window]]) -> None:
    """Who got in has failed for the last time; the address stays watched."""
    store.write("DELETE FROM failures WHERE who = ?", watched[0][0])
