"""`train`: a model of the graph."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from muse_graph.cli.connection import connect
from muse_graph.cli.options import Home, Json, Models, read_settings
from muse_graph.cli.output import count, make_table, note, print_json, show
from muse_graph.cli.progress import RowProgress
from muse_graph.cli.stdin import STDIN, InputFormat, from_stdin
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest
from muse_graph.interruptions import telling

if TYPE_CHECKING:
    from muse_graph.loaders.sources.favourites import Favourites
    from muse_graph.training.train import TrainingReport

__all__ = ["train"]

Pretrained = Annotated[
    Path | None,
    typer.Option(
        help="File of favourites to learn from too: user, track, artist, genre; - is standard input.",
        dir_okay=False,
    ),
]
Warm = Annotated[
    bool,
    typer.Option(
        "--warm",
        help="Go on from the last model, in a fraction of the time; where that is not possible, says why.",
    ),
]


def train(
    models: Models = None,
    warm: Warm = False,
    pretrained: Pretrained = None,
    format: InputFormat = None,  # noqa: A002 - the name of the option
    json: Json = False,
    home: Home = None,
) -> None:
    """Train a model on the graph, and find the listeners with similar taste to each."""
    from muse_graph.model_store.store import stamp

    if format and pretrained != STDIN:
        raise InvalidRequest(f"--format is for --pretrained -, standard input, got {format!r} without it")
    settings = read_settings(home)
    folder = models or settings.models_folder
    before = stamp(folder)

    def kept() -> str:
        return (
            "the new model is current"
            if stamp(folder) != before
            else "no new model; the same command makes it"
        )

    with telling(kept):
        report = _run(settings, folder, _read(pretrained, format) if pretrained else None, warm=warm)
    if json:
        print_json(asdict(report))
    else:
        _show(report)


def _run(settings: Settings, folder: Path, export: Favourites | None, *, warm: bool) -> TrainingReport:
    from muse_graph.core.models.ensemble.ensemble import EnsembleOptions, fit_ensemble
    from muse_graph.training.train import train as run

    options = EnsembleOptions() if warm else None
    with connect(settings) as graph, RowProgress() as progress:
        return run(graph, folder, fit_ensemble, progress, export, warm=options, note=note)


def _read(path: Path, ending: str | None) -> Favourites:
    """Read an export of favourites; bad rows go to a folder in the current one."""
    from muse_graph.loaders.rejects import Rejects, free_folder
    from muse_graph.loaders.sources.favourites import TABLE, read_favourites

    if path == STDIN:
        path = from_stdin(TABLE, ending)
    folder = free_folder(Path("favourites.rejected"))
    with Rejects(folder) as rejects:
        export = read_favourites(path, rejects, note=note)
    if rejected := rejects.tally[TABLE].rejected:
        note(f"{rejected:,} rows of {path.name} are invalid; {folder} has the reasons and the rows")
    return export


def _show(report: TrainingReport) -> None:
    note(f"model {report.version} is now current in {report.folder}")
    table = make_table("", ">")
    if report.warm_from:
        table.add_row("went on from", report.warm_from)
        table.add_row("pairs new or gone since the last full training", count(report.since_full))
    for name, number in asdict(report.sizes).items():
        table.add_row(name, count(number))
    if found := report.favourites:
        for name, number in asdict(found).items():
            table.add_row(f"favourites: {name.replace('_', ' ')}", count(number))
    table.add_row("listeners with similar taste", count(report.neighbours))
    table.add_row("users with others than before", count(report.changed_users))
    for step, seconds in report.seconds.items():
        table.add_row(f"{step}, s", f"{seconds:,.1f}")
    table.add_row("size, MB", f"{report.bytes / 1e6:,.1f}")
    table.add_row("peak memory, MiB", f"{report.peak_mb:,.0f}")
    show(table)
