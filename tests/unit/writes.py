"""A graph that takes writes and remembers them: what a service writes is seen without a database.

Reads and writes are checked against the headers of ``cypher/``, as `FakeGraph` checks its reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from unittest.mock import create_autospec

from muse_graph.graph import queries
from muse_graph.graph.connection import Counts, Row, Transaction
from tests.fakes import Answers, FakeGraph
from tests.headers import misfits

T = TypeVar("T")

__all__ = ["WritingGraph"]


class WritingGraph(FakeGraph):
    """Answers reads by query name, no rows where none are given for one; keeps the writes in their order.

    Attributes:
        wrote: (name, parameters) of each write
        steps: names of all queries that ran inside transactions, reads and writes
        transactions: how many there were of several queries
    """

    def __init__(self, rows: dict[str, Answers] | None = None) -> None:
        super().__init__(rows)
        self.wrote: list[tuple[str, dict[str, Any]]] = []
        self.steps: list[str] = []
        self.transactions = 0

    def read(self, name: str, /, **params: object) -> list[Row]:
        assert queries.load(name).mode == "read"
        return self._run(name, params)

    def write(self, name: str, /, **params: object) -> Counts:
        self._run(name, params)
        return Counts()

    def write_once(self, name: str, /, **params: object) -> list[Row]:
        return self._run(name, params)

    def transact(self, work: Callable[[Transaction], T]) -> T:
        self.transactions += 1
        transaction = create_autospec(Transaction, instance=True)

        def run(name: str, /, **params: object) -> list[Row]:
            self.steps.append(name)
            return self._run(name, params)

        transaction.run.side_effect = run
        return work(transaction)

    def rows_of(self, name: str) -> list[Row]:
        """The rows that were written by a query, of all its calls."""
        return [row for written, params in self.wrote if written == name for row in params["rows"]]

    def names_written(self) -> list[str]:
        """The queries that wrote something, in order; locks apart."""
        nothing: list[Row] = []
        written = [name for name, params in self.wrote if params.get("rows", True) != nothing]
        return [name for name in written if name not in {"acquire_write_lock", "lock_users", "open_listens"}]

    def _run(self, name: str, params: dict[str, Any]) -> list[Row]:
        query = queries.load(name)
        query.check(params)
        wrong = [*misfits(query.params, params)]
        for row in params["rows"] if query.row_keys else ():
            wrong += misfits(query.row_keys, row)
        assert not wrong, f"parameters of {name}: {wrong}"
        (self.wrote if query.mode == "write" else self.asked).append((name, params))
        answer = self.rows.get(name, [])
        rows = [dict(row) for row in (answer(**params) if callable(answer) else answer)]
        wrong = [one for row in rows for one in misfits(query.columns, row)]
        assert not wrong, f"rows of {name}: {wrong}"
        for row in rows:
            query.convert(row)
        return rows
