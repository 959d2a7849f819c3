"""`migrate` and `doctor`: the state of the graph itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from muse_graph.cli.connection import connect, database
from muse_graph.cli.options import Home, Json, read_settings
from muse_graph.cli.output import clean, count, make_table, note, print_json, print_line, show

if TYPE_CHECKING:
    from muse_graph.service.maintenance.doctor import Finding

__all__ = ["doctor", "migrate"]


def migrate(json: Json = False, home: Home = None) -> None:
    """Migrate the schema of the graph to this version."""
    from muse_graph.graph import schema
    from muse_graph.graph.connection import Graph

    with database(read_settings(home)) as reached, Graph.connect(reached) as graph:
        applied = [f"{step.number:04d}_{step.name}" for step in schema.migrate(graph)]
    if json:
        print_json({"applied": applied})
    else:
        print_line("\n".join(applied) or "the schema is up to date")


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Correct what can be recomputed.")] = False,
    json: Json = False,
    home: Home = None,
) -> None:
    """Check every rule and recompute derived values; exit code 1 if anything is wrong."""
    from muse_graph.service.maintenance.doctor import examine

    with connect(read_settings(home)) as graph:
        findings = examine(graph, repair=repair)
    if json:
        print_json([asdict(finding) for finding in findings])
    elif not findings:
        print_line("every rule holds and all derived values are right")
    else:
        table = make_table("check", ">found", "state", "example", "rule")
        for finding in findings:
            state, style = _state(finding)
            table.add_row(
                finding.check,
                count(finding.count),
                Text(state, style=style),
                Text(clean(finding.example), style="dim"),
                finding.rule,
            )
        show(table)
        for finding in findings:
            if finding.remedy:
                note(f"{finding.check}: {finding.remedy}")
    if any(finding.severity == "error" and not finding.repaired for finding in findings):
        raise typer.Exit(1)
    if findings:
        note("no promise is broken; a note is what answers allow for")


def _state(finding: Finding) -> tuple[str, str]:
    if finding.repaired:
        return "repaired", "yellow"
    return ("note", "cyan") if finding.severity == "note" else ("wrong", "red")
