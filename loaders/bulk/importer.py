"""Neo4j's importer on an empty store, and what only a running server can do after it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.errors import EmbeddedError
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph, Row
from muse_graph.loaders.bulk.derive_tables import DerivedTables, derive_tables
from muse_graph.loaders.bulk.files import ImportFiles
from muse_graph.loaders.bulk.gather import gather
from muse_graph.loaders.bulk.graph_files import write_files
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import Batches
from muse_graph.service.listens.refresh import refresh_radar
from muse_graph.service.pagination import Advance

__all__ = ["bulk_load"]

_OPTIONS = ("--overwrite-destination=true", "--id-type=integer", "--array-delimiter=;", "--bad-tolerance=0")
_PROFILE_ROWS = 5_000


def bulk_load(
    settings: Settings, batches: Batches, rejects: Rejects, *, theta: float, advance: Advance
) -> None:
    """Fill the empty graph of the embedded Neo4j; it runs afterwards only if it ran before.

    Counts go to ``rejects.tally``, as with `muse_graph.loaders.write_batches.load`.

    Raises:
        EmbeddedError: With the importer's own words if it fails.
    """
    gathered = gather(batches, rejects, advance)
    derived = derive_tables(gathered, theta)
    was_running = embedded.status(settings).running
    with tempfile.TemporaryDirectory(prefix="muse-import-") as folder:
        files = ImportFiles(Path(folder))
        write_files(files, gathered, derived, advance)
        embedded.stop(settings)
        _import(settings, files)
    with _server(settings, keep=was_running) as reached, Graph.connect(reached) as graph:
        schema.migrate(graph)
        _write_profiles(graph, derived, advance)
        refresh_radar(graph)
        graph.write("finish_imports")


@contextmanager
def _server(settings: Settings, *, keep: bool) -> Iterator[Settings]:
    """The server that runs on, or one that stops at the end, be it by Ctrl-C."""
    with nullcontext(embedded.start(settings)) if keep else embedded.running(settings) as status:
        yield settings.at(status.uri, status.username, status.password)


def _import(settings: Settings, files: ImportFiles) -> None:
    done = embedded.admin(
        settings,
        ["database", "import", "full", "neo4j", *_OPTIONS, *files.arguments],
        capture=True,
    )
    if done.returncode:
        raise EmbeddedError(f"Neo4j's importer failed: {(done.stderr or done.stdout)[-2000:]}")


def _write_profiles(graph: Graph, derived: DerivedTables, advance: Advance) -> None:
    """Profiles are bytes, which the importer's files cannot hold."""
    rows: list[Row] = []
    for user_id, profile in derived.profiles():
        rows.append({"user_id": user_id, "profile": profile})
        if len(rows) == _PROFILE_ROWS:
            graph.write("put_profiles", rows=rows)
            advance("profiles", len(rows))
            rows = []
    graph.write("put_profiles", rows=rows)
    advance("profiles", len(rows))
