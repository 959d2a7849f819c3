"""Whom writes have changed lately: what is kept in memory asks here whether it still holds.

Writers that are frequent log the users they change, in their own transaction (`log_change.cypher`). The
number of the graph's last transaction tells whether there were others: who does not log has changed
everybody. So nothing is missed, whoever writes, also by hand.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Iterable
from threading import Lock

from muse_graph.graph.connection import Graph, Transaction

__all__ = ["LOOK_S", "ChangeLog", "log_change", "transaction_number"]

#: What others write is known after this time.
LOOK_S = 0.2
#: Users whose last change is remembered; beyond that all count as changed.
_MOST_USERS = 200_000
#: Bookmarks of clients that are remembered as seen.
_MOST_BOOKMARKS = 1_000
#: A bookmark begins so: a list of one database's id, of 16 bytes.
_HEAD, _N_HEAD = b"\x91\xcc\x10", 19
#: How the numbers of PackStream begin, and how many bytes follow.
_N_BYTES = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}


def log_change(transaction: Transaction, user_keys: Iterable[int]) -> None:
    """Log whom a transaction changes, once for each transaction and last, for others wait from there on."""
    transaction.run("log_change", keys=sorted(user_keys))


class ChangeLog:
    """The changes of a graph, as this process has seen them; one for all its threads.

    A moment is a number that grows with each look at the graph. What is read after a moment was got holds
    all that is known to have changed up to that moment.
    """

    def __init__(self, graph: Graph, clock: Callable[[], float] = time.monotonic) -> None:
        self._graph = graph
        self._clock = clock
        self._lock = Lock()
        self._looked_at = -1.0
        self._moment = 0
        self._number = 0
        self._transaction: int | str | None = None
        self._written = 0
        self._observed: frozenset[str] = frozenset()
        self._changed_at: dict[int, int] = {}
        self._all_changed_at = 0

    def moment(self, bookmarks: frozenset[str] = frozenset(), written: int = 0) -> int:
        """The moment it is: all that was written `LOOK_S` ago, and by whom the arguments name, is known.

        One round trip if the last look is older than that, or than the arguments, and for one of those who
        ask when it is half as old; else none.

        Args:
            bookmarks: what the client has written, or seen
            written: when something was last written that has to be known, as a number that grows
        """
        if not self._is_known(bookmarks, written):
            with self._lock:
                if not self._is_known(bookmarks, written):
                    self._look(bookmarks, written)
        elif self._is_due() and self._lock.acquire(blocking=False):
            # One thread looks before the others would have to wait for it.
            try:
                if self._is_due():
                    self._look(frozenset(), 0)
            finally:
                self._lock.release()
        return self._moment

    def unchanged(self, users: Iterable[int], since: int) -> bool:
        """Whether none of these users, by their keys, has changed since a moment."""
        if self._all_changed_at > since:
            return False
        changed_at = self._changed_at
        return self._moment == since or all(changed_at.get(user, 0) <= since for user in users)

    def _is_known(self, bookmarks: frozenset[str], written: int) -> bool:
        is_fresh = self._looked_at >= 0 and self._clock() - self._looked_at <= LOOK_S
        return is_fresh and written <= self._written and bookmarks <= self._observed

    def _is_due(self) -> bool:
        return self._clock() - self._looked_at > LOOK_S / 2

    def _look(self, bookmarks: frozenset[str], written: int) -> None:
        began, moment = self._clock(), self._moment + 1
        rows, bookmark = self._graph.read_marked("changed_users", since=self._number)
        number, logged = (rows[0]["number"], rows[0]["logged"]) if rows else (0, [])
        users = _users(logged, number - self._number)
        transaction = None if bookmark is None else transaction_number(bookmark)
        if users is None or not self._are_all_logged(transaction, number - self._number):
            self._changed_at, self._all_changed_at = {}, moment
        else:
            self._changed_at.update(dict.fromkeys(users, moment))
            if len(self._changed_at) > _MOST_USERS:
                self._changed_at, self._all_changed_at = {}, moment
        self._number, self._transaction = number, transaction
        self._looked_at, self._written = began, max(written, self._written)
        # What has been seen once is seen for ever.
        self._observed = bookmarks if len(self._observed) > _MOST_BOOKMARKS else self._observed | bookmarks
        # Last, for other threads read it without the lock.
        self._moment = moment

    def _are_all_logged(self, transaction: int | str | None, n_logged: int) -> bool:
        """Whether as many transactions were logged as there were since the last look.

        One that ends in the middle of a look may be in one of the two figures only. That is no harm: they
        differ then, and everybody counts as changed.
        """
        before = self._transaction
        if isinstance(transaction, int) and isinstance(before, int):
            return transaction - before == n_logged
        return transaction is not None and transaction == before and n_logged == 0


def transaction_number(bookmark: str) -> int | str:
    """The number of the transaction that a bookmark is for; a bookmark of unknown form as it is.

    Neo4j documents no form: single servers give the id of the database and that number in PackStream.
    """
    try:
        read = b64decode(bookmark.removeprefix("FB:"), validate=True)
    except ValueError:
        return bookmark
    if not bookmark.startswith("FB:") or not read.startswith(_HEAD) or len(read) <= _N_HEAD:
        return bookmark
    marker, rest = read[_N_HEAD], read[_N_HEAD + 1 :]
    n_bytes = 0 if marker < 0x80 else _N_BYTES.get(marker)
    if n_bytes is None or rest[n_bytes:] != b"\x90":
        return bookmark
    return int.from_bytes(rest[:n_bytes], signed=True) if n_bytes else marker


def _users(logged: list[int], n: int) -> set[int] | None:
    """The users of the last n entries, newest first; None if they are not all there.

    Args:
        logged: of each entry how many users it has, and their keys; -1 for one that has too many
    """
    users: set[int] = set()
    begin = 0
    for _ in range(n):
        if begin >= len(logged) or logged[begin] < 0:
            return None
        end = begin + 1 + logged[begin]
        if end > len(logged):
            return None
        users.update(logged[begin + 1 : end])
        begin = end
    return users if n >= 0 else None
