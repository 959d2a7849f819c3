"""Numbered migrations of the graph's schema, recorded in the graph.

A migration is a file ``cypher/migrations/NNNN_name.cypher`` of statements ended by ``;``, each of them
safe to run twice, so that a migration cut off half way is run again as a whole. What Cypher cannot compute
is filled in after its statements.
"""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from muse_graph.errors import GraphUnavailable, QueryError, SchemaError
from muse_graph.graph import months, search_texts
from muse_graph.graph.connection import Graph

__all__ = ["Migration", "check", "migrate", "migrations"]

_RECORDED = "MATCH (m:Migration) RETURN m.number AS number ORDER BY number"
_RECORDED_ONCE = (
    "CREATE CONSTRAINT migration_number IF NOT EXISTS FOR (m:Migration) REQUIRE m.number IS UNIQUE"
)
_RECORD = "MERGE (m:Migration {number: $number}) ON CREATE SET m.name = $name, m.applied_at = datetime()"
#: Between the tries of a statement.
_PAUSES_S = (0.05, 0.2, 0.8)
_WAIT = "CALL db.awaitIndexes(600)"
_POPULATING = (
    "SHOW INDEXES YIELD name, state, populationPercent WHERE state = 'POPULATING' "
    "RETURN name, populationPercent ORDER BY name"
)
#: What follows the statements of a migration, by its name.
_FILLS = {"search_texts": search_texts.fill, "people": search_texts.fill, "month_cells": months.fill}


@dataclass(frozen=True)
class Migration:
    """One step of the schema: number from 1, name, statements in order."""

    number: int
    name: str
    statements: tuple[str, ...]


@cache
def migrations() -> tuple[Migration, ...]:
    """Every migration this version knows, in order."""
    folder = files("muse_graph") / "cypher" / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".cypher"))
    return tuple(_parse(name, (folder / name).read_text("utf-8")) for name in names)


def migrate(graph: Graph) -> list[Migration]:
    """Bring the schema up to this version and return what was applied; raises SchemaError if it is newer."""
    applied = []
    recorded = _recorded(graph)
    _refuse_newer(recorded)
    for migration in migrations():
        if migration.number not in recorded:
            _apply(graph, _RECORDED_ONCE)
            for statement in migration.statements:
                _apply(graph, statement)
            # A graph without any record is empty, or was just made by the bulk loader of this version.
            if recorded and (fill := _FILLS.get(migration.name)):
                fill(graph)
            graph.run(_RECORD, {"number": migration.number, "name": migration.name}, writes=True)
            applied.append(migration)
    if applied:
        _wait_for_indexes(graph)
    return applied


def _wait_for_indexes(graph: Graph) -> None:
    """Wait until all indexes are filled, in a large graph for as long as they go on.

    Raises:
        QueryError: If one cannot be filled, or none went on for ten minutes.
    """
    before = None
    while True:
        try:
            return graph.run_alone(_WAIT)
        except QueryError:
            populating = graph.run(_POPULATING, writes=False)
            if populating in ([], before):
                raise
            before = populating


def _apply(graph: Graph, statement: str) -> None:
    """Run a statement, and again if it fails: it may, while another process applies it, too.

    No lock keeps the two apart, for in an empty database there is nothing yet that could be locked.
    """
    for seconds in _PAUSES_S:
        try:
            return graph.run_alone(statement)
        except (GraphUnavailable, QueryError):
            time.sleep(seconds * (1 + random.random()))  # noqa: S311 - not both at the same moment
    return graph.run_alone(statement)


def check(graph: Graph) -> None:
    """Raise SchemaError unless the graph has exactly the schema of this version."""
    recorded = _recorded(graph)
    _refuse_newer(recorded)
    missing = [migration.name for migration in migrations() if migration.number not in recorded]
    if missing:
        raise SchemaError(f"the graph lacks the migrations {', '.join(missing)}; run `muse-graph migrate`")


def _recorded(graph: Graph) -> set[int]:
    return {row["number"] for row in graph.run(_RECORDED, writes=False)}


def _refuse_newer(recorded: set[int]) -> None:
    newest = migrations()[-1].number
    if unknown := [number for number in sorted(recorded) if number > newest]:
        raise SchemaError(
            f"the graph has migration {unknown[-1]}, this version knows {newest}; use the newer muse-graph"
        )


def _parse(file_name: str, text: str) -> Migration:
    number, name = file_name.removesuffix(".cypher").split("_", 1)
    code = re.sub(r"^//.*$", "", text, flags=re.MULTILINE)
    statements = tuple(filter(None, (statement.strip() for statement in code.split(";"))))
    return Migration(int(number), name, statements)
