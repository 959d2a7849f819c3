"""How long a migration waits for the indexes of a large graph."""

from __future__ import annotations

from unittest.mock import create_autospec

import pytest

from muse_graph.errors import QueryError
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph

RECORDED = [{"number": migration.number} for migration in schema.migrations()[:-1]]


def graph_whose_indexes_take(*seen: list[dict[str, object]]) -> Graph:
    """A graph with one migration to come, in which a wait is over before the indexes are, so many times.

    Args:
        seen: after each of these waits the indexes that are being filled, and how far
    """
    graph = create_autospec(Graph, instance=True)
    states, waits = iter(seen), iter(seen)

    def run(text: str, *_: object, **__: object) -> list[dict[str, object]]:
        return next(states) if "populationPercent" in text else RECORDED

    def run_alone(text: str) -> None:
        if "awaitIndexes" in text and next(waits, None) is not None:
            raise QueryError("index population did not finish")

    graph.run.side_effect, graph.run_alone.side_effect = run, run_alone
    return graph


def filled(percent: float) -> list[dict[str, object]]:
    return [{"name": "listen_id", "populationPercent": percent}]


@pytest.fixture(autouse=True)
def no_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_FILLS", {})


def test_it_waits_while_they_go_on() -> None:
    applied = schema.migrate(graph_whose_indexes_take(filled(10), filled(60), filled(95)))
    assert applied == [schema.migrations()[-1]]


def test_it_gives_up_when_they_do_not_or_one_has_failed() -> None:
    for seen in ([filled(10), filled(10)], [filled(10), []]):
        with pytest.raises(QueryError, match="did not finish"):
            schema.migrate(graph_whose_indexes_take(*seen))
