"""`recommend` and `genres`: for one user, or for all into a file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from threadpoolctl import threadpool_limits

from muse_graph.answers import Ledger, Recommendations, as_json
from muse_graph.cli.connection import connect
from muse_graph.cli.option_groups import expand_options
from muse_graph.cli.options import Home, Json, checked, read_settings
from muse_graph.cli.output import json_line, note, open_output, print_json, show
from muse_graph.cli.progress import follow
from muse_graph.cli.views import ledger_view, recommendations_view
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest, UnknownUser
from muse_graph.service.recommendations.options import LedgerOptions, ListOptions, RecommendationOptions

if TYPE_CHECKING:
    from rich.console import RenderableType

    from muse_graph.graph.connection import Graph

__all__ = ["genres", "recommend"]

Answer = TypeVar("Answer")

_THREADS = 4


@dataclass(frozen=True)
class Target:
    """One user or all, and where the answer goes.

    Raises:
        InvalidRequest: If both a user and all are given, or neither.
    """

    user: Annotated[
        str | None, typer.Argument(help="Id of the user, or --all.", callback=checked("user_id"))
    ] = None
    every: Annotated[
        bool, typer.Option("--all", help="Every user, as JSON lines in the order of their ids.")
    ] = False
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for --all, written only if complete.", dir_okay=False),
    ] = None
    json: Json = False
    home: Home = None

    def __post_init__(self) -> None:
        if (self.user is None) != self.every:
            raise InvalidRequest("give either the id of a user or --all")
        if self.output is not None and not self.every:
            raise InvalidRequest("--output needs --all")


@expand_options
def recommend(asked: ListOptions, target: Target) -> None:
    """Recommend tracks to one user or to all, each with the reasons that add up to its score."""
    settings = read_settings(target.home)
    from muse_graph.model_store import ModelSlot
    from muse_graph.service.recommendations import lists
    from muse_graph.service.recommendations.track_cache import TrackCache

    options = RecommendationOptions.under(settings, asked)
    track_cache, models = TrackCache(), ModelSlot(settings.models_folder)

    def compute(graph: Graph, user_id: str) -> Recommendations:
        return lists.recommend(graph, user_id, options, track_cache=track_cache, model=models.get()[0])

    _answer(compute, recommendations_view, settings, target)


@expand_options
def genres(asked: LedgerOptions, target: Target) -> None:
    """Show the ledger of genres: offered, resting at the cap, or home (long known)."""
    settings = read_settings(target.home)
    from muse_graph.model_store import ModelSlot
    from muse_graph.service.recommendations import genres

    options = RecommendationOptions.under(settings, asked)
    models = ModelSlot(settings.models_folder)

    def compute(graph: Graph, user_id: str) -> Ledger:
        return genres.discover_genres(graph, user_id, options, model=models.get()[0])

    _answer(compute, ledger_view, settings, target)


def _answer(
    compute: Callable[[Graph, str], Answer],
    view: Callable[[Answer], RenderableType],
    settings: Settings,
    target: Target,
) -> None:
    """Compute the answer for one user or for all, and print or write it."""
    with connect(settings) as graph:
        if target.user is None:
            _write_all(graph, compute, target.output)
        elif target.json:
            print_json(as_json(compute(graph, target.user)))
        else:
            show(view(compute(graph, target.user)))


def _write_all(graph: Graph, compute: Callable[[Graph, str], Answer], output: Path | None) -> None:
    """One line a user, in the order of the ids."""
    from muse_graph.service.maintenance.health import summary
    from muse_graph.service.pagination import each_id_page

    def line(user_id: str) -> str | None:
        try:
            return json_line(as_json(compute(graph, user_id)))
        except UnknownUser:
            # Gone since the ids were read.
            return None

    n_users = 0
    # Users are computed in parallel; threads of linear algebra inside each would compete with each other.
    with open_output(output) as file, threadpool_limits(1, "blas"), ThreadPoolExecutor(_THREADS) as pool:
        lines = (text for page in each_id_page(graph, "user_ids") for text in pool.map(line, page))
        for text in follow(lines, summary(graph)["users"], "users"):
            if text is not None:
                file.write(text + "\n")
                n_users += 1
    note(f"{n_users:,} users{f' in {output}' if output else ''}")
