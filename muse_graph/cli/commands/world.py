"""`world`: a synthetic world as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muse_graph.cli.options import Json, Seed
from muse_graph.cli.output import count, make_table, note, print_json, show

__all__ = ["world"]


def world(
    folder: Annotated[Path, typer.Argument(help="Folder of the files, new or empty.", file_okay=False)],
    users: Annotated[int, typer.Option(help="How many users.", min=1)] = 2_000,
    seed: Seed = 7,
    json: Json = False,
) -> None:
    """Write a synthetic world as files, which `load tables` reads; the same for the same seed."""
    from muse_graph.loaders.synthetic.world_files import write_world

    rows = write_world(folder, users, seed)
    if json:
        print_json({"folder": str(folder), "tables": rows})
        return
    table = make_table("table", ">rows")
    for name, n in rows.items():
        table.add_row(name, count(n))
    show(table)
    note(f"{sum(rows.values()):,} rows in {folder}; load them: muse-graph load tables {folder}")
