"""`evaluate …`: how good the models are, on data sets or on the graph.

A protocol is a function with arguments of its own that returns what it measured; `protocol` makes a
command of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from muse_graph.cli.connection import connect
from muse_graph.cli.option_groups import example, expand_options
from muse_graph.cli.options import Home, Json, read_settings
from muse_graph.cli.output import make_table, note, print_json, print_line, show
from muse_graph.cli.progress import RowProgress, follow
from muse_graph.errors import InvalidRequest
from muse_graph.interruptions import telling

if TYPE_CHECKING:
    from muse_graph.evaluation.data.datasets import Dataset, Tables
    from muse_graph.evaluation.report.results import Result

__all__ = ["evaluate"]

evaluate = typer.Typer(help="Measure how good the recommendations are.", no_args_is_help=True)

Data = Annotated[str, typer.Option(help="hetrec, deezer, or graph: the listens in the graph.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        help="Folder of the data set, or of several; default MUSE_DATA.",
        exists=True,
        file_okay=False,
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--model", help="A model by the beginning of its name; may be repeated.", show_default="all"
    ),
]
Folds = Annotated[
    list[int] | None,
    typer.Option(
        "--fold", help="A fold, 0 to 4; may be repeated.", min=0, max=4, show_default="those of the protocol"
    ),
]
Cutoff = Annotated[int, typer.Option("-k", help="Length of the lists.", min=1, max=1000)]
_MARKS = {"hetrec": "user_artists.dat", "deezer": "*_edges.csv"}


@dataclass(frozen=True)
class Source:
    """What is measured on."""

    data: Data = "hetrec"
    folder: Folder = None
    home: Home = None

    def read(self) -> tuple[Dataset, Tables | None]:
        """The data set, and its tables if it is in files."""
        return _read(self.data, self.folder, self.home)


@dataclass(frozen=True)
class Hidden:
    """What is hidden."""

    seed: Annotated[int, typer.Option(help="The same seed hides the same rows.", min=0)] = 0
    folds: Folds = None


@dataclass(frozen=True)
class Report:
    """Where the figures go."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for quality.md, made from all results in its folder quality.",
            file_okay=False,
            show_default=False,
        ),
    ] = None
    json: Json = False

    def publish(self, result: Result) -> None:
        """Print the figures, and write them if a folder is given."""
        from muse_graph.evaluation.report.report import as_plain, write_report

        if self.output is not None:
            note(f"written to {write_report(result, self.output)}")
        if self.json:
            print_json(as_plain(result))
        else:
            _show(result)


def protocol(name: str, arguments: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a command of a protocol, by its docstring and arguments; an example of these is shown."""

    def register(measure: Callable[..., Result]) -> Callable[..., Result]:
        def run(report: Report, **own: Any) -> None:
            with telling(lambda: "nothing was written"):
                result = measure(**own)
            report.publish(result)

        command = evaluate.command(name, help=measure.__doc__, epilog=example(f"evaluate {name} {arguments}"))
        command(expand_options(run, own=measure))
        return measure

    return register


@protocol("topn", "--data hetrec --dir data --json")
def topn(
    source: Source,
    hidden: Hidden,
    k: Cutoff = 10,
    split: Annotated[str, typer.Option(help="modulo (of the row number) or random.")] = "modulo",
    names: Names = None,
) -> Result:
    """Hide a fifth of all listens and look for them."""
    from muse_graph.evaluation.models.registry import MODELS, chosen
    from muse_graph.evaluation.protocols.topn import evaluate_topn

    models = chosen(MODELS, names)
    dataset, _ = source.read()
    asked = hidden.folds or range(5)
    return evaluate_topn(dataset, models, k=k, split=split, seed=hidden.seed, folds=asked, follow=follow)


@protocol("discovery", "--through graph --fold 1")
def discovery(
    source: Source,
    hidden: Hidden,
    through: Annotated[
        str | None,
        typer.Option(help="graph: load, train and recommend through the product.", show_default=False),
    ] = None,
    k: Cutoff = 20,
    names: Names = None,
) -> Result:
    """Hide one genre of each user and look for it, and for its artists."""
    from muse_graph.evaluation.end_to_end import evaluate_through_graph
    from muse_graph.evaluation.models.registry import COUNTS, KNOBS, MODELS, chosen
    from muse_graph.evaluation.protocols.discovery import evaluate_discovery

    if through not in (None, "graph"):
        raise InvalidRequest(f"--through must be graph, got {through!r}")
    models, seed, asked = chosen(MODELS, names), hidden.seed, hidden.folds or (1, 2, 3, 4)
    dataset, tables = source.read()
    if through is None:
        return evaluate_discovery(
            dataset, models, counts=COUNTS, knobs=KNOBS, k=k, seed=seed, folds=asked, follow=follow
        )
    if tables is None:
        raise InvalidRequest("--through graph needs a data set in files, got --data graph")
    return evaluate_through_graph(dataset, tables, k=k, seed=seed, folds=asked, note=note)


@protocol("genres", "--data deezer --output docs")
def genres(
    hidden: Hidden,
    data: Data = "deezer",
    folder: Folder = None,
    sample: Annotated[
        int | None, typer.Option(help="Most users in a fold.", min=1, show_default="all")
    ] = None,
    names: Names = None,
) -> Result:
    """Hide one liked genre of each user and look for it."""
    from muse_graph.evaluation.models.registry import GENRE_MODELS, chosen
    from muse_graph.evaluation.protocols.genres import evaluate_genres

    if data != "deezer":
        raise InvalidRequest(f"--data must be deezer, the data set of liked genres, got {data!r}")
    models = chosen(GENRE_MODELS, names)
    dataset, _ = _read(data, folder, None)
    asked = hidden.folds or (1, 2, 3, 4)
    return evaluate_genres(dataset, models, seed=hidden.seed, folds=asked, sample=sample, follow=follow)


@protocol("cold-start", "--data graph --model ensemble")
def cold_start(source: Source, hidden: Hidden, k: Cutoff = 10, names: Names = None) -> Result:
    """Treat a fifth of the users as new, with friends and 0 to 20 listens."""
    from muse_graph.evaluation.models.registry import MODELS, chosen
    from muse_graph.evaluation.protocols.cold_start import evaluate_cold_start

    models = chosen(MODELS, names)
    dataset, _ = source.read()
    asked = hidden.folds or range(5)
    return evaluate_cold_start(dataset, models, k=k, seed=hidden.seed, folds=asked, follow=follow)


@protocol("diversity", "--fold 0 --json")
def diversity(hidden: Hidden, k: Cutoff = 20, home: Home = None) -> Result:
    """Hide a fifth of the graph's listens and look for them under each setting of diversity."""
    from muse_graph.evaluation.data.from_graph import read_graph, read_traits
    from muse_graph.evaluation.models.registry import MODELS, SERVED
    from muse_graph.evaluation.protocols.diversity import VARIANTS, evaluate_diversity

    with connect(read_settings(home)) as graph, RowProgress() as progress:
        dataset = read_graph(graph, progress)
        traits = read_traits(graph, dataset)
    asked, fit = hidden.folds or range(5), MODELS[SERVED]
    return evaluate_diversity(
        dataset, traits, fit, VARIANTS, k=k, seed=hidden.seed, folds=asked, follow=follow
    )


def _read(data: str, folder: Path | None, home: Path | None) -> tuple[Dataset, Tables | None]:
    from muse_graph.evaluation.data.datasets import read_dataset
    from muse_graph.evaluation.data.from_graph import read_graph

    if data == "graph":
        with connect(read_settings(home)) as graph, RowProgress() as progress:
            return read_graph(graph, progress), None
    if data not in _MARKS:
        raise InvalidRequest(f"--data must be {', '.join(_MARKS)} or graph, got {data!r}")
    note(f"reading {data}")
    return read_dataset(data, _find(data, folder))


def _find(data: str, folder: Path | None) -> Path:
    """The folder with the files of a data set: the one given, or one in it.

    Raises:
        InvalidRequest: If there is none.
    """
    given = folder or read_settings().data
    if given is None:
        raise InvalidRequest(f"--dir or MUSE_DATA must name the folder of {data}")
    for place in [given, *sorted(given.glob("*/"))]:
        if any(place.glob(_MARKS[data])):
            return place
    raise InvalidRequest(f"--dir or MUSE_DATA must hold {data} ({_MARKS[data]}), got {given}")


def _show(result: Result) -> None:
    from muse_graph.evaluation.report.measures import measure_of
    from muse_graph.evaluation.report.report import section_measure

    for section in result.sections:
        titles = [f">{measure_of(column).title}" for column in section.columns]
        table = make_table("", *titles, title=section.title)
        for name, figures in section.rows.items():
            cells = [section_measure(section, column).text(figures[column]) for column in section.columns]
            table.add_row(name, *cells)
        show(table)
        print_line("")
