"""Links that show one report of an artist to whoever has them, until they end."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.errors import Conflict, UnknownLink, invalid
from muse_graph.service.accounts.identities import identity_of
from muse_graph.service.accounts.rights import Access
from muse_graph.service.accounts.secret_values import hash_of, new_id, new_secret, now_s
from muse_graph.service.accounts.store import AccountStore

__all__ = ["LONGEST_DAYS", "SharedReport", "create", "find", "list_of", "revoke"]

LONGEST_DAYS = 90
_MOST = 50
_OWNER = Access("artists:read", "artist_id")
_FIND = """
SELECT s.report_id, s.artist_id, s.filters, s.created_at, s.expires_at, a.*
FROM shared_reports s JOIN account_cards a USING (account_id)
WHERE s.secret_hash = ? AND s.expires_at > ? AND NOT a.disabled
"""


@dataclass(frozen=True)
class SharedReport:
    """A report that is shared, without the secret of its link; times in seconds since 1970.

    Attributes:
        filters: of the report, as the query of an address
    """

    report_id: str
    artist_id: str
    filters: str
    created_at: int
    expires_at: int


def create(
    store: AccountStore, account_id: int, artist_id: str, filters: str, days: int
) -> tuple[SharedReport, str]:
    """Share a report; return it with the secret of its link, which nobody can read again.

    Args:
        filters: as the query of an address
        days: until it ends

    Raises:
        InvalidRequest: If days is not 1..90.
        Conflict: If the account shares too many.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise invalid("days", f"must be 1..{LONGEST_DAYS}", days)
    now, secret = now_s(), new_secret()
    report = SharedReport(new_id(), artist_id, filters, now, now + days * 86_400)
    with store.transaction() as connection:
        connection.execute("DELETE FROM shared_reports WHERE expires_at <= ?", (now,))
        (held,) = connection.execute(
            "SELECT count(*) FROM shared_reports WHERE account_id = ?", (account_id,)
        ).fetchone()
        if held >= _MOST:
            raise Conflict(f"an account shares at most {_MOST} reports; end one first")
        connection.execute(
            "INSERT INTO shared_reports VALUES (?, ?, ?, ?, ?, ?, ?)",
            (hash_of(secret), report.report_id, account_id, artist_id, filters, now, report.expires_at),
        )
    return report, secret


def find(store: AccountStore, secret: str) -> SharedReport:
    """The report of a link, as long as whoever shared it may see it.

    Raises:
        UnknownLink: If there is none, it has ended, or its account may not see the artist any more.
    """
    row = store.one(_FIND, hash_of(secret), now_s())
    if row is None or identity_of(row, row["report_id"]).may(_OWNER, row["artist_id"]):
        raise UnknownLink
    return SharedReport(
        row["report_id"], row["artist_id"], row["filters"], row["created_at"], row["expires_at"]
    )


def list_of(store: AccountStore, account_id: int, artist_id: str) -> list[SharedReport]:
    """What an account shares of an artist and has not ended, the newest first."""
    rows = store.read(
        "SELECT report_id, artist_id, filters, created_at, expires_at FROM shared_reports"
        " WHERE account_id = ? AND artist_id = ? AND expires_at > ? ORDER BY created_at DESC, report_id",
        account_id,
        artist_id,
        now_s(),
    )
    return [SharedReport(**dict(row)) for row in rows]


def revoke(store: AccountStore, account_id: int, report_id: str) -> bool:
    """End a link of an account at once; return whether there was such a one."""
    sql = "DELETE FROM shared_reports WHERE account_id = ? AND report_id = ?"
    return store.write(sql, account_id, report_id) > 0
