"""Numbered migrations of the graph's schema, recorded in the graph.

A migration is a file ``cypher/migrations/NNNN_name.cypher`` of statements ended by ``;``, each of them
safe to run twice, so that a migration cut off half way is run again as a whole. What Cypher cannot compute
is filled in after its statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from muse_graph.errors import SchemaError
from muse_graph.graph import search_texts
from muse_graph.graph.connection import Graph

__all__ = ["Migration", "check", "migrate", "migrations"]

_RECORDED = "MATCH (m:Migration) RETURN m.number AS number ORDER BY number"
_RECORD = "MERGE (m:Migration {number: $number}) ON CREATE SET m.name = $name, m.applied_at = datetime()"
_WAIT = "CALL db.awaitIndexes(600)"
#: What follows the statements of a migration, by its name.
_FILLS = {"search_texts": search_texts.fill}


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
            for statement in migration.statements:
                graph.run_alone(statement)
            if fill := _FILLS.get(migration.name):
                fill(graph)
            graph.run(_RECORD, {"number": migration.number, "name": migration.name}, writes=True)
            applied.append(migration)
    if applied:
        graph.run_alone(_WAIT)
    return applied


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
