"""A check that goes through the graph a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.listens.refresh import acquire_write_lock
from muse_graph.service.maintenance.doctor.findings import Finding, finding
from muse_graph.service.pagination import Advance, each_id_page

__all__ = ["AT_ONCE", "PagedCheck", "Read", "Repair", "by_query", "delete_repeated"]

#: `Graph.read` or `Transaction.run`.
Read = Callable[..., list[Row]]
#: Puts rows right; returns whether to be called again, in another transaction.
Repair = Callable[[Transaction, list[Row]], bool]

#: A user has some hundred tracks, a track some hundred months.
_PAGE = 200
#: What a transaction changes, at most: with more, the memory of transactions would end one.
AT_ONCE = 10_000
#: Columns of a row that make its example.
_SHOWN = (
    "user_id",
    "friend_id",
    "track_id",
    "artist_id",
    "genre_id",
    "influencer_id",
    "id",
    "kind",
    "other",
    "country",
    "month",
    "field",
)


@dataclass(frozen=True)
class PagedCheck:
    """What is wrong with a page of things, and how it is put right.

    Attributes:
        name: shown in the progress; the check of rows that do not name another as ``check``
        pages: query of ids ``$after`` an id, `$limit` at most
        find: rows that are wrong among the ids of a page; empty for a page that is right
        repair_rows: puts such rows right, is given `AT_ONCE` at most; None where nothing can
    """

    name: str
    pages: str
    find: Callable[[Read, list[str]], list[Row]]
    repair_rows: Repair | None = None

    def examine(
        self, graph: Graph, *, repair: bool, advance: Advance, skipped: Collection[str] = ()
    ) -> Iterator[Finding]:
        """Go through all pages but the skipped ids; one finding for each check that finds something."""
        counts: Counter[str] = Counter()
        examples: dict[str, str] = {}
        for ids in each_id_page(graph, self.pages, _PAGE):
            looked_at = [one for one in ids if one not in skipped]
            for row in self._wrong(graph, looked_at, repair):
                check = row.get("check", self.name)
                counts[check] += 1
                examples.setdefault(check, _example(row))
            advance(self.name, len(ids))
        repaired = repair and self.repair_rows is not None
        for check, count in counts.items():
            yield finding(check, count, examples[check], repaired=repaired)

    def _wrong(self, graph: Graph, ids: list[str], repair: bool) -> list[Row]:
        """Rows of a page that are wrong.

        A read may see half of a write that goes on; what looks wrong is read again under the write lock and
        the locks of the users concerned, and repaired before these are released.
        """
        suspects = self.find(graph.read, ids)
        if not suspects:
            return []
        users = set[str]().union(*map(_users_of, suspects))
        repair_rows = self.repair_rows if repair else None
        rows, again = found, _ = graph.transact(partial(self._repaired, ids, users, repair_rows))
        while repair_rows and (again or len(rows) > AT_ONCE):
            if not again:
                ids = self._ids_of(rows[AT_ONCE:])
            before = len(rows)
            rows, again = graph.transact(partial(self._repaired, ids, users, repair_rows))
            if not again and len(rows) >= before:
                break
        return found

    def _repaired(
        self, ids: list[str], users: set[str], repair_rows: Repair | None, transaction: Transaction
    ) -> tuple[list[Row], bool]:
        """Rows that are wrong, of which some are put right, and whether to do that again for these ids."""
        acquire_write_lock(transaction, users)
        rows = [row for row in self.find(transaction.run, ids) if users.issuperset(_users_of(row))]
        return rows, bool(rows and repair_rows and repair_rows(transaction, rows[:AT_ONCE]))

    def _ids_of(self, rows: list[Row]) -> list[str]:
        """The ids of the page that rows are about, each once."""
        column = self.pages.removesuffix("s")
        return list(dict.fromkeys(row[column] if column in row else row["id"] for row in rows))


def by_query(name: str, **params: Any) -> Callable[[Read, list[str]], list[Row]]:
    """Find by a query that takes ``$ids`` and returns what is wrong."""
    return lambda read, ids: read(name, ids=ids, **params)


def delete_repeated(query: str, *columns: str) -> Repair:
    """Repair by a query that deletes some of what is there too often, named by these columns of the rows."""

    def delete(transaction: Transaction, rows: list[Row]) -> bool:
        named = [{column: row[column] for column in columns} for row in rows]
        return any(row["deleted"] == AT_ONCE for row in transaction.run(query, rows=named, limit=AT_ONCE))

    return delete


def _users_of(row: Row) -> set[str]:
    """Users whose relationships a row is about."""
    return {row[column] for column in ("user_id", "friend_id") if column in row}


def _example(row: Row) -> str:
    return " ".join(str(row[column]) for column in _SHOWN if column in row)
