"""The database of a command: the one at NEO4J_URI, else the embedded one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from muse_graph.cli.output import note
from muse_graph.config import Settings

if TYPE_CHECKING:
    from muse_graph.graph.connection import Graph

__all__ = ["connect", "database"]


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """Settings of a database that is up; an embedded one started here is stopped at the end."""
    if settings.neo4j_uri is not None:
        yield settings
        return
    from muse_graph import embedded

    was_running, begin = embedded.status(settings).running, time.monotonic()
    with embedded.running(settings, _purpose()) as found:
        if not was_running:
            note(
                f"Neo4j started for this command in {time.monotonic() - begin:.1f} s; "
                "`muse-graph neo4j start` leaves it running"
            )
        yield settings.at(found.uri, found.username, found.password, found.browser)


def _purpose() -> str:
    """What this program is doing, for others who would use the same Neo4j alone."""
    return " ".join(["muse-graph", *sys.argv[1:2]])


@contextmanager
def connect(settings: Settings) -> Iterator[Graph]:
    """A graph with the schema of this version.

    Raises:
        GraphUnavailable: If no database answers.
        SchemaError: If its schema is newer than this version.
        EmbeddedError: If the embedded one does not start.
    """
    with database(settings) as reached:
        from muse_graph.graph.connection import Graph
        from muse_graph.graph.schema import migrate

        with Graph.connect(reached) as graph:
            if applied := migrate(graph):
                note(f"schema migrated to {applied[-1].number:04d}_{applied[-1].name}")
            yield graph
