"""One load from beginning to end: which way, how long, and the outcome of the rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest
from muse_graph.graph.connection import Graph
from muse_graph.loaders import write_batches
from muse_graph.loaders.bulk import bulk_load, gather
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import Batches, load
from muse_graph.service.pagination import Advance

__all__ = ["Report", "TableReport", "run"]

Connect = Callable[[Settings], AbstractContextManager[Graph]]


@dataclass(frozen=True)
class TableReport:
    """What became of one table's rows: read = loaded + repeated + rejected; seconds spent on it."""

    read: int
    loaded: int
    repeated: int
    rejected: int
    seconds: float


@dataclass(frozen=True)
class Report:
    """What a load did; bulk is whether Neo4j's importer was used, rejects the folder of bad rows, if any."""

    source: str
    bulk: bool
    dry_run: bool
    seconds: float
    rejects: Path | None
    tables: dict[str, TableReport]


def run(
    settings: Settings,
    source: str,
    batches: Callable[[Rejects], Batches],
    *,
    dry_run: bool,
    bulk: bool | None,
    rejects_path: Path,
    progress: Advance,
    connect: Connect,
) -> Report:
    """Load batches; through Neo4j's importer if the embedded graph is empty, by default.

    Args:
        bulk: None decides automatically
        dry_run: judge every row in the same way, and write none
        rejects_path: folder of rejected rows, written in a dry run too

    Raises:
        InvalidRequest: If bulk is asked for and cannot be.
    """
    clock = _Clock(progress)
    begin = time.monotonic()
    by_importer = _by_importer(settings, bulk, connect)
    with Rejects(rejects_path) as rejects:
        found = batches(rejects)
        if by_importer and dry_run:
            gather(found, rejects, clock)
        elif by_importer:
            bulk_load(settings, found, rejects, theta=settings.theta, advance=clock)
        else:
            with connect(settings) as graph:
                if dry_run:
                    write_batches.dry_run(graph, found, rejects, advance=clock)
                else:
                    load(graph, found, rejects, theta=settings.theta, advance=clock)
        tables = _tables(rejects, clock)
        written = rejects_path if any(row.rejected for row in tables.values()) else None
    return Report(source, by_importer, dry_run, time.monotonic() - begin, written, tables)


class _Clock:
    """Passes progress on and adds up the seconds until each step reports."""

    def __init__(self, progress: Advance) -> None:
        self._progress = progress
        self._last = time.monotonic()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def __call__(self, step: str, rows: int) -> None:
        now = time.monotonic()
        self.seconds[step] += now - self._last
        self._last = now
        self._progress(step, rows)


def _by_importer(settings: Settings, bulk: bool | None, connect: Connect) -> bool:
    if bulk is False:
        return False
    possible = settings.neo4j_uri is None and _is_empty(settings, connect)
    if bulk and not possible:
        raise InvalidRequest("--bulk needs the embedded Neo4j (no NEO4J_URI) and an empty graph")
    return possible


def _is_empty(settings: Settings, connect: Connect) -> bool:
    if not embedded.has_store(settings):
        return True
    with connect(settings) as graph:
        counts = graph.read("graph_counts")[0]
    return not any(counts.values())


def _tables(rejects: Rejects, clock: _Clock) -> dict[str, TableReport]:
    tables = {}
    for name, tally in rejects.tally.items():
        tally.check()
        if tally.read:
            tables[name] = TableReport(
                tally.read, tally.loaded, tally.repeated, tally.rejected, clock.seconds[name]
            )
    return tables
