"""Standard input as a file, for what is read more than once: its header, its rows, and those rejected."""

from __future__ import annotations

import atexit
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from muse_graph.cli.output import note
from muse_graph.errors import InvalidRequest

__all__ = ["STDIN", "InputFormat", "from_stdin"]

#: What stands for standard input where a path is asked for.
STDIN = Path("-")

InputFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="ENDING",
        help="Format of standard input, as files are called: csv, tsv, jsonl, parquet, csv.gz, …",
        show_default="csv",
    ),
]


def from_stdin(name: str, ending: str | None) -> Path:
    """Write standard input to a file of that name and ending, which is there until the program ends.

    Raises:
        InvalidRequest: For an unknown ending.
    """
    from muse_graph.loaders.formats.files import ENDINGS

    ending = f".{(ending or 'csv').lower().removeprefix('.')}"
    if ending not in ENDINGS:
        endings = ", ".join(one.removeprefix(".") for one in ENDINGS)
        raise InvalidRequest(f"--format must be one of {endings}, got {ending.removeprefix('.')!r}")
    if sys.stdin.isatty():
        note(f"reading {name} from the terminal, to its end (Ctrl-D)")
    folder = TemporaryDirectory(prefix="muse-graph-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / f"{name}{ending}"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
