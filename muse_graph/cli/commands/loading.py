"""`load …`: files and synthetic worlds into the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from rich.text import Text

from muse_graph.cli.connection import connect
from muse_graph.cli.options import Home, Json, Seed, read_settings
from muse_graph.cli.output import count, make_table, note, print_json, show
from muse_graph.cli.progress import RowProgress
from muse_graph.config import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from muse_graph.loaders.rejects import Rejects
    from muse_graph.loaders.run import Report

__all__ = ["Batches", "load", "load_into", "world_batches"]

Batches: TypeAlias = "Callable[[Rejects], Iterator[tuple[str, pa.RecordBatch]]]"

load = typer.Typer(help="Load files, or a synthetic world, into the graph.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of the files.", exists=True, file_okay=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")]
RejectFile = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        help="File for bad rows, begun at the first.",
        show_default="./NAME.rejected.csv",
        dir_okay=False,
    ),
]
Bulk = Annotated[
    bool | None,
    typer.Option(
        "--bulk/--no-bulk",
        help="Through Neo4j's own importer.",
        show_default="where the embedded graph is empty",
    ),
]
BatchRows = Annotated[int, typer.Option(help="Rows of a batch at most.", min=1, max=1_000_000)]


@load.command()
def hetrec(
    folder: Folder,
    dry_run: DryRun = False,
    rejects: RejectFile = None,
    bulk: Bulk = None,
    batch_rows: BatchRows = 10_000,
    json: Json = False,
    home: Home = None,
) -> None:
    """Load HetRec 2011 Last.fm: friends, plays and tags."""
    from muse_graph.loaders.sources.hetrec import read_hetrec

    batches = partial(read_hetrec, folder, batch_rows=batch_rows)
    _load("hetrec", batches, read_settings(home), dry_run, rejects, bulk, json)


@load.command()
def deezer(
    folder: Folder,
    country: Annotated[str, typer.Option(help="Which pair of files: HU, HR or RO.")] = "HU",
    dry_run: DryRun = False,
    rejects: RejectFile = None,
    bulk: Bulk = None,
    batch_rows: BatchRows = 10_000,
    json: Json = False,
    home: Home = None,
) -> None:
    """Load Deezer friendships (GEMSEC): friends and the genres they like."""
    from muse_graph.loaders.sources.deezer import read_deezer

    batches = partial(read_deezer, folder, country=country, batch_rows=batch_rows)
    _load("deezer", batches, read_settings(home), dry_run, rejects, bulk, json)


@load.command()
def tables(
    folder: Folder,
    dry_run: DryRun = False,
    rejects: RejectFile = None,
    bulk: Bulk = None,
    batch_rows: BatchRows = 10_000,
    json: Json = False,
    home: Home = None,
) -> None:
    """Load own tables: users.csv, listens.parquet, … any of them."""
    from muse_graph.loaders.sources.tables import read_tables

    batches = partial(read_tables, folder, batch_rows=batch_rows, note=note)
    _load("tables", batches, read_settings(home), dry_run, rejects, bulk, json)


@load.command()
def synthetic(
    users: Annotated[int, typer.Option(help="How many users.", min=1)] = 2_000,
    seed: Seed = 7,
    dry_run: DryRun = False,
    rejects: RejectFile = None,
    bulk: Bulk = None,
    batch_rows: BatchRows = 10_000,
    json: Json = False,
    home: Home = None,
) -> None:
    """Load a synthetic world of listeners."""
    batches = world_batches(users, seed, batch_rows)
    _load("synthetic", batches, read_settings(home), dry_run, rejects, bulk, json)


def world_batches(users: int, seed: int, batch_rows: int = 10_000) -> Batches:
    """Batches of a synthetic world; its rows are counted as read like those of a file."""

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
    batches: Batches,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    bulk: bool | None = None,
) -> Report:
    """Run a load under a progress bar."""
    from muse_graph.loaders.run import run

    with RowProgress() as progress:
        return run(
            settings,
            source,
            batches,
            dry_run=dry_run,
            bulk=bulk,
            rejects_path=rejects or Path(f"{source}.rejected.csv"),
            progress=progress,
            connect=connect,
        )


def _load(
    source: str,
    batches: Batches,
    settings: Settings,
    dry_run: bool,
    rejects: Path | None,
    bulk: bool | None,
    json: bool,
) -> None:
    report = load_into(settings, source, batches, dry_run=dry_run, rejects=rejects, bulk=bulk)
    if json:
        print_json(_described(report))
    else:
        _show(report)
    if n_rejected := sum(table.rejected for table in report.tables.values()):
        where = f", see {report.rejects}" if report.rejects else ""
        note(f"{n_rejected:,} rejected{where}; this does not stop the good rows")
    if dry_run:
        note("dry run: nothing was written")


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
