"""`load …`: files and synthetic worlds into the graph.

A source is a function with arguments of its own that returns what reads it; `source` makes a command of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from rich.text import Text

from muse_graph.cli.connection import connect
from muse_graph.cli.option_groups import example, expand_options
from muse_graph.cli.options import Home, Json, Seed, read_settings
from muse_graph.cli.output import count, make_table, note, print_json, show
from muse_graph.cli.progress import RowProgress
from muse_graph.cli.stdin import STDIN, InputFormat, from_stdin
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest

if TYPE_CHECKING:
    import pyarrow as pa

    from muse_graph.loaders.load_job import Report
    from muse_graph.loaders.rejects import Rejects

__all__ = ["Batches", "load", "load_into", "world_batches", "world_command"]

Batches: TypeAlias = "Callable[[Rejects], Iterator[tuple[str, pa.RecordBatch]]]"
#: Called with where bad rows go and `batch_rows`.
Read: TypeAlias = "Callable[..., Iterator[tuple[str, pa.RecordBatch]]]"

_BATCH_ROWS = 10_000

load = typer.Typer(help="Load files, or a synthetic world, into the graph.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of the files.", exists=True, file_okay=False)]


@dataclass(frozen=True)
class Load:
    """How any source is loaded."""

    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Judge every row as a load would, and write none to the graph.")
    ] = False
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            help="Folder for bad rows, new or empty, made at the first.",
            show_default="./NAME.rejected, with a number if it has files",
            file_okay=False,
        ),
    ] = None
    bulk: Annotated[
        bool | None,
        typer.Option(
            "--bulk/--no-bulk",
            help="Use Neo4j's own importer.",
            show_default="where the embedded graph is empty",
        ),
    ] = None
    batch_rows: Annotated[int, typer.Option(help="Most rows in a batch.", min=1, max=1_000_000)] = _BATCH_ROWS
    json: Json = False
    home: Home = None

    def run(self, name: str, command: str, read: Read) -> None:
        """Load what is read and report it."""
        report = load_into(
            read_settings(self.home),
            name,
            command,
            partial(read, batch_rows=self.batch_rows),
            dry_run=self.dry_run,
            rejects=self.rejects,
            bulk=self.bulk,
        )
        if self.json:
            print_json(_described(report))
        else:
            _show(report)
        if n_rejected := sum(table.rejected for table in report.tables.values()):
            note(f"{n_rejected:,} rejected, see {report.rejects}; good rows are not affected")
            if name == "tables":
                note(f"correct the rows there, then: muse-graph load tables {report.rejects}")
        if self.dry_run:
            note("dry run: nothing was written to the graph")


def source(arguments: str) -> Callable[[Callable[..., Read]], Callable[..., Read]]:
    """Make a command of a source, by its name, docstring and arguments; an example of these is shown."""

    def register(read: Callable[..., Read]) -> Callable[..., Read]:
        name = read.__name__

        def run(how: Load, **own: Any) -> None:
            how.run(name, _command(name, own), read(**own))

        command = load.command(name, help=read.__doc__, epilog=example(f"load {name} {arguments}"))
        command(expand_options(run, own=read))
        return read

    return register


@source("hetrec2011-lastfm-2k")
def hetrec(folder: Folder) -> Read:
    """Load HetRec 2011 Last.fm: friends, plays and tags."""
    from muse_graph.loaders.sources.hetrec import read_hetrec

    return partial(read_hetrec, folder)


@source("gemsec/deezer --country HU")
def deezer(
    folder: Folder,
    country: Annotated[str, typer.Option(help="Which pair of files: HU, HR or RO.")] = "HU",
) -> Read:
    """Load Deezer friendships (GEMSEC): friends and the genres they like."""
    from muse_graph.loaders.sources.deezer import read_deezer

    return partial(read_deezer, folder, country=country)


@source("data --dry-run")
def tables(
    # Typer looks for a file called "-" where it is to exist.
    folder: Annotated[
        Path, typer.Argument(help="Folder of the files; - reads one table from standard input.")
    ],
    table: Annotated[
        str | None, typer.Option(help="Which table standard input is: users, listens, …")
    ] = None,
    format: InputFormat = None,  # noqa: A002 - the name of the option
) -> Read:
    """Load your own tables in CSV, JSON lines or Parquet: any of users.csv, listens.csv.gz, …"""
    from muse_graph.loaders.columns import SCHEMAS
    from muse_graph.loaders.sources.tables import read_tables

    if folder == STDIN:
        if table not in SCHEMAS:
            got = "none" if table is None else repr(table)
            raise InvalidRequest(f"- needs --table, one of {', '.join(SCHEMAS)}, got {got}")
        folder = from_stdin(table, format).parent
    elif table or format:
        raise InvalidRequest(f"--table and --format are for standard input, -, got the folder {folder}")
    elif not folder.is_dir():
        raise InvalidRequest(f"{folder} must be a folder of tables; `-` reads one from standard input")
    return partial(read_tables, folder, note=note)


@source("--users 10000 --seed 7")
def synthetic(
    users: Annotated[int, typer.Option(help="How many users.", min=1)] = 2_000, seed: Seed = 7
) -> Read:
    """Load a synthetic world of listeners, the same for the same seed."""
    return lambda rejects, batch_rows: world_batches(users, seed, batch_rows)(rejects)


def world_batches(users: int, seed: int, batch_rows: int = _BATCH_ROWS) -> Batches:
    """Batches of a synthetic world; its rows count as read, like those of a file."""

    def batches(rejects: Rejects) -> Iterator[tuple[str, pa.RecordBatch]]:
        from muse_graph.loaders.synthetic import world

        for table, batch in world(users, seed):
            for start in range(0, batch.num_rows, batch_rows):
                part = batch.slice(start, batch_rows)
                rejects.tally[table].read += part.num_rows
                yield table, part

    return batches


def load_into(
    settings: Settings,
    source: str,
    command: str,
    batches: Batches,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    bulk: bool | None = None,
) -> Report:
    """Run a load under a progress bar."""
    from muse_graph.loaders.load_job import run
    from muse_graph.loaders.rejects import free_folder

    with RowProgress() as progress:
        return run(
            settings,
            source,
            batches,
            command=command,
            dry_run=dry_run,
            bulk=bulk,
            rejects_path=rejects or free_folder(Path(f"{source}.rejected")),
            progress=progress,
            connect=connect,
            note=note,
        )


def world_command(users: int, seed: int) -> str:
    """What loads a synthetic world."""
    return _command("synthetic", {"users": users, "seed": seed})


def _command(name: str, arguments: dict[str, Any]) -> str:
    """The command that loads this, without the program's name."""
    words = ["load", name]
    for argument, value in arguments.items():
        if isinstance(value, Path):
            words.append(str(value if value == STDIN else value.resolve()))
        elif value is not None:
            words += [f"--{argument}", str(value)]
    return shlex.join(words)


def _show(report: Report) -> None:
    table = make_table("table", ">read", ">loaded", ">repeated", ">rejected", ">seconds", ">rows/s")
    for name, row in report.tables.items():
        numbers = (row.read, row.loaded, row.repeated)
        rejected = Text(count(row.rejected), style="yellow" if row.rejected else "")
        table.add_row(
            name, *map(count, numbers), rejected, f"{row.seconds:,.1f}", count(_rate(row.read, row.seconds))
        )
    show(table)
    way = "checked" if report.dry_run else "by Neo4j's importer" if report.bulk else "by transactions"
    rate = _rate(sum(row.read for row in report.tables.values()), report.seconds)
    note(f"{report.source}: {way}, {report.seconds:,.1f} s in all, {count(rate)} rows/s")


def _described(report: Report) -> dict[str, object]:
    return {
        "source": report.source,
        "dry_run": report.dry_run,
        "bulk": report.bulk,
        "seconds": round(report.seconds, 3),
        "rejects": str(report.rejects) if report.rejects else None,
        "tables": [
            {
                "table": name,
                "read": row.read,
                "loaded": row.loaded,
                "repeated": row.repeated,
                "rejected": row.rejected,
                "seconds": round(row.seconds, 3),
                "rows_per_s": _rate(row.read, row.seconds),
            }
            for name, row in report.tables.items()
        ],
    }


def _rate(rows: int, seconds: float) -> int | None:
    return round(rows / seconds) if seconds > 0 else None
