"""Stand-ins that answer at once: a graph without a database, a service that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from muse_graph.answers import Receipt
from muse_graph.errors import QueryError
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.queries import Query
from muse_graph.service.listens.record import Listen
from tests.headers import misfits

Answers = list[Row] | Callable[..., list[Row]]


class FakeGraph(Graph):
    """Rows by query name; remembers which queries were asked, and what a client had seen.

    Parameters and rows have to be what the query's header declares.

    rows : as the database would send them, or a function of the query's parameters
    """

    def __init__(self, rows: dict[str, Answers] | None = None) -> None:
        self.rows = rows or {}
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.observed: set[str] = set()
        self.closed = False

    def read(self, name: str, /, **params: object) -> list[Row]:
        query = queries.load(name)
        if query.mode != "read":
            raise QueryError(f"query {name} writes: it cannot be run as a read")
        query.check(params)
        wrong = list(_wrong_params(query, params))
        assert not wrong, f"parameters of {name}: {wrong}"
        self.asked.append((name, params))
        answer = self.rows[name]
        rows = [dict(row) for row in (answer(**params) if callable(answer) else answer)]
        wrong = [one for row in rows for one in misfits(query.columns, row)]
        assert not wrong, f"rows of {name}: {wrong}"
        for row in rows:
            query.convert(row)
        return rows

    def read_marked(self, name: str, /, **params: object) -> tuple[list[Row], str | None]:
        return self.read(name, **params) if name in self.rows else [], None

    @property
    def bookmarks(self) -> frozenset[str]:
        return frozenset({"FB:one", "FB:two"})

    def observe(self, bookmarks: Iterable[str]) -> None:
        self.observed |= set(bookmarks)

    def close(self) -> None:
        self.closed = True


def _wrong_params(query: Query, params: dict[str, Any]) -> Iterator[str]:
    yield from misfits(query.params, params)
    for position, row in enumerate(params["rows"] if query.row_keys else ()):
        yield from misfits(query.row_keys, row, f"rows[{position}]")


class FakeWriter:
    """Takes every listen it is given: a new id is recorded, a known one repeated."""

    def __init__(self, graph: Graph, theta: float) -> None:
        self.listens: dict[str, Listen] = {}
        self.closed = False

    def record(self, listens: Sequence[Listen], *, timeout: float | None = None) -> Receipt:
        known = len(self.listens)
        self.listens |= {listen.listen_id: listen for listen in listens}
        recorded = len(self.listens) - known
        return Receipt(len(listens), recorded, len(listens) - recorded)

    def close(self) -> None:
        self.closed = True


class FakeService:
    """Functions that return the same answer, or raise the same error, whatever they are asked."""

    def __init__(self) -> None:
        self.calls: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {}

    def returning(self, name: str, answer: Any) -> Callable[..., Any]:
        """A function of this name; an exception as answer is raised."""

        def function(*args: Any, **kwargs: Any) -> Any:
            self.calls.setdefault(name, []).append((args, kwargs))
            if isinstance(answer, Exception):
                raise answer
            return answer

        return function
