"""One load from beginning to end: which way, how long, and the outcome of the rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest
from muse_graph.graph.connection import Graph
from muse_graph.interruptions import telling
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
    command: str = "load",
    dry_run: bool,
    bulk: bool | None,
    rejects_path: Path,
    progress: Advance,
    connect: Connect,
    note: Callable[[str], object] = str,
) -> Report:
    """Load batches; through Neo4j's importer if the embedded graph is empty, by default.

    Args:
        command: what loads this, without the program's name: so an interrupted load is remembered
        bulk: None decides automatically
        dry_run: judge every row in the same way, and write none
        rejects_path: folder of rejected rows, written in a dry run too
        note: called with what the user should know

    Raises:
        InvalidRequest: If bulk is asked for and cannot be, or rejects cannot be written.
        DataError: If a file cannot be read to its end, with a note of what is kept.
        KeyboardInterrupt, SystemExit: With a note of what an interruption leaves and what to do.
    """
    clock = _Clock(progress)
    begin = time.monotonic()
    _check_writable(rejects_path)
    with Rejects(rejects_path) as rejects:
        job = _Job(settings, command, batches, rejects, clock, dry_run)
        by_importer = bulk is not False and job.by_importer(asked_for=bool(bulk), note=note)
        if not by_importer:
            job.by_transactions(connect)
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


@dataclass(frozen=True)
class _Job:
    """What is loaded, for either way."""

    settings: Settings
    command: str
    batches: Callable[[Rejects], Batches]
    rejects: Rejects
    clock: _Clock
    dry_run: bool

    def by_importer(self, *, asked_for: bool, note: Callable[[str], object]) -> bool:
        """Load an empty graph of the embedded Neo4j that nobody else uses; return False for any other."""
        if self.settings.neo4j_uri is not None:
            return _refuse("NEO4J_URI is set", asked_for)
        was_there = embedded.has_store(self.settings)
        try:
            with telling(_nothing_kept), embedded.alone(self.settings, f"muse-graph {self.command}") as home:
                if was_there and not _is_empty(home):
                    return _refuse("the graph is not empty", asked_for)
                found = self.batches(self.rejects)
                if self.dry_run:
                    gather(found, self.rejects, self.clock)
                else:
                    bulk_load(home, found, self.rejects, theta=self.settings.theta, advance=self.clock)
        except embedded.HomeInUse as error:
            if asked_for:
                raise
            note(f"not by Neo4j's importer: {error}")
            return False
        return True

    def by_transactions(self, connect: Connect) -> None:
        """Load any graph."""
        kept = _nothing_written if self.dry_run else partial(_rows_kept, self.rejects)
        with telling(kept), connect(self.settings) as graph:
            if self.dry_run:
                write_batches.dry_run(graph, self.batches(self.rejects), self.rejects, advance=self.clock)
                return
            load(
                graph,
                self.batches(self.rejects),
                self.rejects,
                command=self.command,
                theta=self.settings.theta,
                advance=self.clock,
            )


def _refuse(reason: str, asked_for: bool) -> bool:
    """Do without the importer, unless it was asked for."""
    if asked_for:
        raise InvalidRequest(f"--bulk needs the embedded Neo4j (no NEO4J_URI) and an empty graph: {reason}")
    return False


def _is_empty(home: embedded.Alone) -> bool:
    status = home.server()
    with Graph.connect(home.settings.at(status.uri, status.username, status.password)) as graph:
        counts = graph.read("graph_counts")[0]
    return not any(counts.values())


def _nothing_kept() -> str:
    return "nothing is kept, the graph is empty; the same command loads it"


def _nothing_written() -> str:
    return "nothing was to be written, and nothing was"


def _rows_kept(rejects: Rejects) -> str:
    rows = sum(tally.loaded for tally in rejects.tally.values())
    return f"{rows:,} new rows are kept; the same command loads the rest"


def _check_writable(folder: Path) -> None:
    """Raise InvalidRequest if rejects could not be written, before anything is loaded."""
    was_there = folder.is_dir()
    try:
        folder.mkdir(exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InvalidRequest(f"rejects cannot be written to {folder}: {error.strerror}") from None
    if not was_there:
        folder.rmdir()


def _tables(rejects: Rejects, clock: _Clock) -> dict[str, TableReport]:
    tables = {}
    for name, tally in rejects.tally.items():
        tally.check()
        if tally.read:
            tables[name] = TableReport(
                tally.read, tally.loaded, tally.repeated, tally.rejected, clock.seconds[name]
            )
    return tables
