"""The one door to Neo4j: with `driver_errors` the only module that uses its `driver`.

Reads are routed as reads, writes as writes; transient failures are retried by the driver alone. Every
read that follows a write through the same door sees that write, on a cluster too: the door keeps the
bookmarks, `Graph.bookmarks` hands them to a client and `Graph.observe` takes them back from it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable
from muse_graph.graph import deadline, queries
from muse_graph.graph.driver import neo4j
from muse_graph.graph.driver_errors import errors_as_ours, transient_as_ours, values_that_fit
from muse_graph.graph.parameters import unspelled

__all__ = ["Counts", "Graph", "Row", "Transaction"]

# Errors are told where they are caught; without a handler the driver's own words go to stderr as well.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

Row = dict[str, Any]
T = TypeVar("T")

#: What a transaction may take longer than its request. The first of a query makes the plan for all others:
#: ended at the time of its request, it would leave the same work to the next, which would not end in time.
_GRACE_S = 60.0


@dataclass(frozen=True)
class Counts:
    """What a write changed, as the server counted it."""

    nodes_created: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_deleted: int = 0
    properties_set: int = 0


class Transaction:
    """Queries of one write transaction: all of them happen, or none."""

    def __init__(self, transaction: neo4j.ManagedTransaction | neo4j.Transaction) -> None:
        self._transaction = transaction

    def run(self, name: str, /, **params: object) -> list[Row]:
        """Run a query of ``cypher/`` and return its rows, as `Graph.read` does."""
        query = queries.load_checked(name, params)
        with values_that_fit(name):
            result = self._transaction.run(query.text, unspelled(params))
        return _rows(result, query)


class Graph:
    """A Neo4j database, once `reconnect` has reached it; safe to share between threads, one a process."""

    def __init__(self, settings: Settings, *, patience_s: float = 10.0) -> None:
        """A graph that is not connected yet.

        Args:
            patience_s: how long to try again after an error that may pass, and twice as long as to wait for a
                connection
        """
        self._settings = settings
        self._patience_s = patience_s
        self._connected: neo4j.Driver | None = None
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    @classmethod
    def connect(cls, settings: Settings) -> Graph:
        """Open the database that the settings name; raises GraphUnavailable if none answers."""
        graph = cls(settings)
        graph.reconnect()
        return graph

    def reconnect(self) -> None:
        """See whether the database answers, and connect to it if it was not so far.

        Raises:
            GraphUnavailable: If it does not answer within seconds. All connections are closed: calls that
                wait for an answer fail, and others fail at once, until this has been called with success.
        """
        driver = self._connected or _driver(self._settings, self._patience_s)
        try:
            with self._errors_as_ours():
                driver.verify_connectivity()
        except GraphUnavailable:
            self._connected = None
            driver.close()
            raise
        self._connected = driver

    @property
    def answers(self) -> bool:
        """Whether the database answered when it was last asked."""
        return self._connected is not None

    @property
    def _driver(self) -> neo4j.Driver:
        if self._connected is None:
            raise GraphUnavailable("the database does not answer")
        return self._connected

    def close(self) -> None:
        """Give all connections back."""
        if self._connected is not None:
            self._connected.close()

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, name: str, /, **params: object) -> list[Row]:
        """Run a read of ``cypher/``; one dict a row, keys as the file's header declares them.

        Records inside a column are named tuples of `muse_graph.graph.query_records`.
        """
        query = queries.load_checked(name, params, reads=True)
        with self._errors_as_ours(), values_that_fit(name):
            return _rows(self._read(query.text, params)[0], query)

    def read_marked(self, name: str, /, **params: object) -> tuple[list[Row], str | None]:
        """As `read`, with the bookmark of the last transaction that was seen; None if it is not known."""
        query = queries.load_checked(name, params, reads=True)
        with self._errors_as_ours(), values_that_fit(name):
            records, bookmark = self._read(query.text, params)
        return _rows(records, query), bookmark

    def stream(self, name: str, /, **params: object) -> Iterator[Row]:
        """As `read`, but row by row as the server sends them: for answers without a bound."""
        query = queries.load_checked(name, params, reads=True)
        with (
            self._errors_as_ours(),
            values_that_fit(name),
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=_timeout_s()) as opened,
        ):
            for record in opened.run(query.text, unspelled(params)):
                yield from _rows([record], query)

    def write(self, name: str, /, **params: object) -> Counts:
        """Run one write of ``cypher/`` in a transaction of its own."""
        query = queries.load_checked(name, params)
        with self._errors_as_ours(), values_that_fit(name):
            counters = self._execute(query.text, params, writes=True).summary.counters
        return Counts(**{field.name: getattr(counters, field.name) for field in fields(Counts)})

    def write_once(self, name: str, /, **params: object) -> list[Row]:
        """Run one write of ``cypher/`` in a transaction of its own, once; return its rows. One round trip.

        Raises:
            Transient: If the server undid it for a reason that may pass, and another try may succeed.
        """
        query = queries.load_checked(name, params)
        statement = neo4j.Query(query.text, timeout=_timeout_s())
        with (
            self._errors_as_ours(),
            transient_as_ours(),
            values_that_fit(name),
            self._session() as session,
        ):
            return _rows(session.run(statement, unspelled(params)), query)

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run several queries as one write transaction.

        Args:
            work: may run twice when the server asks for a retry, so it changes nothing outside the graph
        """

        @neo4j.unit_of_work(timeout=_timeout_s())
        def run(transaction: neo4j.ManagedTransaction) -> T:
            deadline.remaining()  # no further try once it has passed
            return work(Transaction(transaction))

        with self._errors_as_ours(), self._session() as session:
            return session.execute_write(run)

    def suppose(self, work: Callable[[Transaction, Graph], T]) -> T:
        """Run queries as one write transaction and undo them.

        Args:
            work: called with the transaction, and with a graph as it is within it, to read from
        """
        with self._errors_as_ours(), self._session() as session:
            with session.begin_transaction(timeout=_timeout_s()) as opened:
                transaction = Transaction(opened)
                result = work(transaction, _Supposed(transaction))
                opened.rollback()
            return result

    def run(self, text: str, params: dict[str, object] | None = None, *, writes: bool) -> list[Row]:
        """Run Cypher that is not a file of ``cypher/``: migrations and the checks of tests."""
        with self._errors_as_ours():
            if not writes:
                return _rows(self._read(text, params or {})[0])
            return _rows(self._execute(text, params or {}, writes=True).records)

    def run_alone(self, text: str) -> None:
        """Run a statement that refuses to share a transaction (``CALL … IN TRANSACTIONS``, index waits)."""
        with self._errors_as_ours(), self._session() as session:
            session.run(text).consume()

    @property
    def bookmarks(self) -> frozenset[str]:
        """What a reader elsewhere has to have seen to see every write made through this door."""
        return frozenset(self._bookmarks.get_bookmarks())

    def observe(self, bookmarks: Iterable[str]) -> None:
        """From now on read nothing older than these bookmarks."""
        self._bookmarks.update_bookmarks(frozenset(), frozenset(bookmarks))

    def _errors_as_ours(self) -> AbstractContextManager[None]:
        return errors_as_ours(self._settings)

    def _session(self, access: str = neo4j.WRITE_ACCESS, fetch_size: int = 1_000) -> neo4j.Session:
        return self._driver.session(
            database=self._settings.neo4j_database,
            bookmark_manager=self._bookmarks,
            default_access_mode=access,
            fetch_size=fetch_size,
        )

    def _read(self, text: str, params: dict[str, object]) -> tuple[list[neo4j.Record], str | None]:
        """Read in one round trip; the driver's own transactions take two, and try again."""
        try:
            with self._session(neo4j.READ_ACCESS, fetch_size=-1) as session:
                records = list(session.run(neo4j.Query(text, timeout=_timeout_s()), unspelled(params)))
                bookmarks = session.last_bookmarks().raw_values
                return records, next(iter(bookmarks)) if len(bookmarks) == 1 else None
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
            if not error.is_retryable():
                raise
            return self._execute(text, params, writes=False).records, None

    def _execute(self, text: str, params: dict[str, object], *, writes: bool) -> neo4j.EagerResult:
        return self._driver.execute_query(
            neo4j.Query(text, timeout=_timeout_s()),
            unspelled(params),
            routing_=neo4j.RoutingControl.WRITE if writes else neo4j.RoutingControl.READ,
            database_=self._settings.neo4j_database,
            bookmark_manager_=self._bookmarks,
        )


class _Supposed(Graph):
    """A graph as it is within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def read(self, name: str, /, **params: object) -> list[Row]:
        """Run a read of ``cypher/`` within the transaction."""
        return self._transaction.run(name, **params)


def _timeout_s() -> float | None:
    """Seconds that a transaction may take; raises DeadlineExceeded if its request has none left."""
    left = deadline.remaining()
    return None if left is None else left + _GRACE_S


def _driver(settings: Settings, patience_s: float) -> neo4j.Driver:
    """A driver that has not connected yet; raises GraphUnavailable without an address."""
    if settings.neo4j_uri is None:
        raise GraphUnavailable("no database: NEO4J_URI is not set and no embedded Neo4j was started")
    with errors_as_ours(settings):
        return neo4j.GraphDatabase.driver(
            settings.neo4j_uri,
            auth=(settings.neo4j_username, settings.neo4j_password),
            user_agent="muse-graph",
            notifications_min_severity="OFF",
            connection_timeout=patience_s / 2,
            connection_acquisition_timeout=patience_s / 2,
            max_transaction_retry_time=patience_s,
        )


def _rows(records: Iterable[neo4j.Record], query: queries.Query | None = None) -> list[Row]:
    """Records as plain dicts, with the named tuples of their query in them."""
    rows = [dict(zip(record.keys(), record.values(), strict=True)) for record in records]
    if query:
        for row in rows:
            query.convert(row)
    return rows
