"""The file of accounts: SQLite beside the graph, so that no query of the graph can reach a secret.

Secrets are in it as hashes only: of passwords by argon2id, of sessions, tokens and links by SHA-256, for
those are random and long. Every change is on disk before it is acknowledged. See docs/adr/0018-accounts.md.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, local
from typing import Any

import portalocker

from muse_graph.errors import AccountsUnavailable
from muse_graph.service.accounts.passwords import Passwords

__all__ = ["AccountStore"]

#: How long to wait for others who write.
_PATIENCE_S = 5.0
_ACCOUNTS = """
CREATE TABLE accounts (
    account_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    role TEXT NOT NULL,
    user_id TEXT UNIQUE,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);
CREATE TABLE owned_artists (
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    artist_id TEXT NOT NULL,
    PRIMARY KEY (account_id, artist_id)
) WITHOUT ROWID;
CREATE TABLE sessions (
    secret_hash BLOB PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    device TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (account_id);
CREATE TABLE tokens (
    secret_hash BLOB PRIMARY KEY,
    token_id TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    expires_at INTEGER
) WITHOUT ROWID;
CREATE INDEX tokens_of ON tokens (account_id);
CREATE TABLE links (
    secret_hash BLOB PRIMARY KEY,
    account_id INTEGER REFERENCES accounts ON DELETE CASCADE,
    user_id TEXT,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE failures (who BLOB NOT NULL, at REAL NOT NULL);
CREATE INDEX failures_of ON failures (who, at);
CREATE VIEW account_cards AS
SELECT account_id, name, name_key, role, user_id, disabled, created_at,
       password_hash IS NOT NULL AS has_password,
       (SELECT group_concat(artist_id, char(10)) FROM owned_artists o WHERE o.account_id = a.account_id)
           AS artist_ids
FROM accounts a;
"""
_SHARED_REPORTS = """
CREATE TABLE shared_reports (
    secret_hash BLOB PRIMARY KEY,
    report_id TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    artist_id TEXT NOT NULL,
    filters TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX shared_reports_of ON shared_reports (account_id);
"""
#: What each version adds to the one before it.
_VERSIONS = (_ACCOUNTS, _SHARED_REPORTS)

Row = sqlite3.Row
_log = logging.getLogger(__name__)


class AccountStore:
    """Accounts, sessions, tokens and links in one file; safe for many threads and processes.

    The file is made when something is first written or read.

    Args:
        path: the file
        passwords: how passwords are hashed
    """

    def __init__(self, path: Path, passwords: Passwords | None = None) -> None:
        self._path = path
        self.passwords = passwords or Passwords()
        self._own = local()
        self._opened: list[sqlite3.Connection] = []
        self._file: tuple[int, int] | None = None
        self._lock = Lock()

    def read(self, sql: str, *values: object) -> list[Row]:
        """The rows of a query. raises: AccountsUnavailable"""
        with self._translated():
            return self._connection().execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> Row | None:
        """The first row of a query. raises: AccountsUnavailable"""
        with self._translated():
            found: Row | None = self._connection().execute(sql, values).fetchone()
            return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection that alone may write; what it did is on disk at the end, or undone by an exception.

        Raises:
            AccountsUnavailable: If the file cannot be written.
        """
        with self._translated():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def write(self, sql: str, *values: object) -> int:
        """Run one statement; return how many rows it changed. raises: AccountsUnavailable"""
        with self.transaction() as connection:
            return connection.execute(sql, values).rowcount

    def note(self, sql: str, *values: object) -> None:
        """Run one statement if that is possible at once: what may be lost is no reason to wait or to fail."""
        with self._translated():
            connection = self._connection()
            connection.execute("PRAGMA busy_timeout = 0")
            try:
                connection.execute(sql, values)
            except sqlite3.OperationalError as error:
                _log.warning("the accounts cannot be written at the moment: %s", error)
            finally:
                connection.execute(f"PRAGMA busy_timeout = {1000 * _PATIENCE_S:.0f}")

    def compact(self) -> None:
        """Leave nothing of what was deleted in the file or its log."""
        with self._translated():
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connections of all threads; twice is harmless."""
        with self._lock:
            opened, self._opened, self._file = self._opened, [], None
        for connection in opened:
            connection.close()
        self._own = local()

    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        with self._lock:
            if self._file is not None and self._file != self._found_file():
                # What is written to a file without a name is lost with the last process that has it open.
                raise AccountsUnavailable(f"{self._path} is not the file that was opened; start again")
        if found is None:
            found = self._own.connection = self._open()
        return found

    def _found_file(self) -> tuple[int, int] | None:
        """Which file has the name; None for none."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made here, so that nobody else can read it for a moment.
        self._path.touch(mode=0o600)
        connection = sqlite3.connect(
            self._path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._set_up(connection)
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._opened.append(connection)
            self._file = self._found_file()
        return connection

    def _set_up(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        # Whoever sets up a new file has it alone: SQLite refuses others at once, where it waits otherwise.
        with portalocker.Lock(self._path.with_name(f"{self._path.name}.lock"), timeout=_PATIENCE_S):
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "secure_delete = ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
            _create(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, portalocker.LockException) as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise AccountsUnavailable(f"the accounts in {self._path} cannot be used: {error}") from error


def _create(connection: sqlite3.Connection) -> None:
    """Bring a file, new or older, to this version; raise AccountsUnavailable for one of a newer program."""
    known = len(_VERSIONS)
    if _version(connection) == known:  # nothing to write, perhaps no way to
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version > known:
            raise AccountsUnavailable(
                f"the accounts were written by a newer version of this program (format {version}, "
                f"this one knows {known})"
            )
        for tables in _VERSIONS[version:]:
            for statement in filter(str.strip, tables.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {known}")
    finally:
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    row: Any = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])
