"""`migrate` and `doctor`: the state of the graph itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from muse_graph.cli.connection import connect, database
from muse_graph.cli.options import Home, Json, read_settings
from muse_graph.cli.output import clean, count, json_line, make_table, plain, print_json, say, show

__all__ = ["doctor", "migrate"]


def migrate(json: Json = False, home: Home = None) -> None:
    """Bring the schema of the graph up to this version."""
    from muse_graph import schema
    from muse_graph.graph import Graph

    with database(read_settings(home)) as reached, Graph.connect(reached) as graph:
        applied = [f"{step.number:04d}_{step.name}" for step in schema.migrate(graph)]
    if json:
        print_json({"applied": applied})
    else:
        say("\n".join(applied) or "the schema is up to date")


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what can be recomputed.")] = False,
    json: Json = False,
    home: Home = None,
) -> None:
    """Recompute what is derived and compare; exit code 1 while something is wrong."""
    from muse_graph.service.doctor import examine

    with connect(read_settings(home)) as graph:
        findings = examine(graph, repair=repair)
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        table = make_table("check", ">found", "", "example")
        for finding in findings:
            state, style = _state(finding.found, finding.repaired)
            example = "" if finding.example is None else plain(finding.example)
            said = example if isinstance(example, str) else json_line(example)
            table.add_row(
                finding.name, count(finding.found), Text(state, style=style), Text(clean(said), style="dim")
            )
        show(table)
    if any(finding.found and not finding.repaired for finding in findings):
        raise typer.Exit(1)


def _state(found: int, repaired: bool) -> tuple[str, str]:
    if not found:
        return "right", "green"
    return ("repaired", "yellow") if repaired else ("wrong", "red")
