"""A check that goes through the graph a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.listens.refresh import acquire_write_lock
from muse_graph.service.maintenance.doctor.findings import Finding, finding
from muse_graph.service.pagination import Advance, each_id_page

__all__ = ["PagedCheck", "Read", "by_query"]

#: `Graph.read` or `Transaction.run`.
Read = Callable[..., list[Row]]

#: Bounds the rows of a transaction: a user has some hundred tracks, a track some hundred months.
_PAGE = 200
#: Columns of a row that make its example.
_SHOWN = (
    "user_id",
    "friend_id",
    "track_id",
    "artist_id",
    "genre_id",
    "id",
    "kind",
    "other",
    "country",
    "month",
)


@dataclass(frozen=True)
class PagedCheck:
    """What is wrong with a page of things, and how it is put right.

    Attributes:
        name: shown in the progress; the check of rows that do not name another as ``check``
        pages: query of ids ``$after`` an id, `$limit` at most
        find: rows that are wrong among the ids of a page; empty for a page that is right
        repair_rows: puts such rows right; None where nothing can
    """

    name: str
    pages: str
    find: Callable[[Read, list[str]], list[Row]]
    repair_rows: Callable[[Transaction, list[Row]], object] | None = None

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

        def work(transaction: Transaction) -> list[Row]:
            acquire_write_lock(transaction, users)
            rows = [row for row in self.find(transaction.run, ids) if users.issuperset(_users_of(row))]
            if rows and repair and self.repair_rows:
                self.repair_rows(transaction, rows)
            return rows

        return graph.transact(work)


def by_query(name: str, **params: Any) -> Callable[[Read, list[str]], list[Row]]:
    """Find by a query that takes ``$ids`` and returns what is wrong."""
    return lambda read, ids: read(name, ids=ids, **params)


def _users_of(row: Row) -> set[str]:
    """Users whose relationships a row is about."""
    return {row[column] for column in ("user_id", "friend_id") if column in row}


def _example(row: Row) -> str:
    return " ".join(str(row[column]) for column in _SHOWN if column in row)
