"""The load half of every loader: batches of the tables through the write path of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from uuid import uuid4

import pyarrow as pa

from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.loaders.rejects import Rejects
from muse_graph.service.listens.refresh import refresh_discovery, refresh_radar, unfinished
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import judge_rows, take_on, write_rows
from muse_graph.service.outcomes import Outcome
from muse_graph.service.pagination import Advance

__all__ = ["BATCH_ROWS", "Batches", "dry_run", "load"]

Batches = Iterable[tuple[str, pa.RecordBatch]]

#: Rows of one transaction: larger ones gain little and keep the write lock longer.
BATCH_ROWS = 5_000


def load(
    graph: Graph, batches: Batches, rejects: Rejects, *, theta: float, advance: Advance, command: str = "load"
) -> None:
    """Write batches and count in ``rejects.tally`` what was loaded, repeated or rejected.

    Discovery pools are refreshed before, for what users are led into must be known before more listens
    move their caps, and after, from all that is known then: the order of the rows does not matter. After
    a load that was cut off they are not refreshed before again, for half of its rows would make wrong pools.

    Loads may run at once, and each ends its own record. What the same command left unfinished before is over
    with it, for its rows are among these.

    Args:
        command: what loads this, to be remembered until the load is over
    """
    before = unfinished(graph)
    if not before:
        refresh_discovery(graph, theta, partial(advance, "pools before"))
    run = uuid4().hex
    graph.write("start_import", run=run, command=command)
    loaded = LoadedRows()
    for table, batch in batches:
        for rows in _pieces(batch):
            outcomes = graph.transact(_writing(table, rows, loaded))
            take_on(table, rows, outcomes, loaded, written=True)
            _count(rejects, table, rows, outcomes)
            advance(table, len(rows))
    refresh_discovery(graph, theta, partial(advance, "pools"))
    refresh_radar(graph)
    graph.write("finish_imports", runs=[run, *(one for one, other in before.items() if other == command)])


def dry_run(graph: Graph, batches: Batches, rejects: Rejects, *, advance: Advance) -> None:
    """Count as `load` would, row by row, and write nothing; a listen takes about 500 bytes of memory."""
    loaded = LoadedRows()
    for table, batch in batches:
        for rows in _pieces(batch):
            outcomes, _ = judge_rows(graph.read, table, rows, loaded)
            take_on(table, rows, outcomes, loaded, written=False)
            _count(rejects, table, rows, outcomes)
            advance(table, len(rows))


def _writing(table: str, rows: list[Row], loaded: LoadedRows) -> Callable[[Transaction], list[Outcome]]:
    return lambda transaction: write_rows(transaction, table, rows, loaded)


def _pieces(batch: pa.RecordBatch) -> Iterator[list[Row]]:
    rows = iter(batch.to_pylist())
    while piece := list(islice(rows, BATCH_ROWS)):
        yield piece


def _count(rejects: Rejects, table: str, rows: list[Row], outcomes: list[Outcome]) -> None:
    tally = rejects.tally[table]
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.reason is not None:
            rejects.reject(table, row["line"], outcome.reason)
        elif outcome.status == "recorded":
            tally.loaded += 1
        else:
            tally.repeated += 1
