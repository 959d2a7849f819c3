"""`recommend` and `genres`: for one user, or for all into a file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from threadpoolctl import threadpool_limits

from muse_graph.answers import as_json
from muse_graph.cli.connection import connect
from muse_graph.cli.options import (
    ArtistWeight,
    AtMost,
    BeyondFriends,
    Diversity,
    Every,
    FeaturesWeight,
    Focus,
    Home,
    Json,
    LanguageWeight,
    MaxPerArtist,
    Mode,
    Neighbours,
    NewOnly,
    Output,
    RadarShare,
    Shrinkage,
    Similarity,
    Weights,
    read_settings,
)
from muse_graph.cli.output import json_line, note, print_json, show, written
from muse_graph.cli.progress import follow
from muse_graph.cli.views import ledger_view, recommendations_view
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest, UnknownUser

if TYPE_CHECKING:
    from rich.console import RenderableType

    from muse_graph.core.scoring import ScoringOptions
    from muse_graph.graph import Graph

__all__ = ["genres", "recommend"]

Answer = TypeVar("Answer")

_THREADS = 4
User = Annotated[str | None, typer.Argument(help="Id of the user; without it, --all.")]


def recommend(
    user: User = None,
    k: AtMost = 20,
    mode: Mode = "discovery",
    new_only: NewOnly = False,
    beyond_friends: BeyondFriends = False,
    focus: Focus = 0.125,
    radar_share: RadarShare = 0.1,
    max_per_artist: MaxPerArtist = 3,
    diversity: Diversity = 0.0,
    artist_weight: ArtistWeight = 1.0,
    language_weight: LanguageWeight = 0.5,
    features_weight: FeaturesWeight = 1.0,
    similarity: Similarity = None,
    shrinkage: Shrinkage = None,
    neighbours: Neighbours = None,
    weights: Weights = None,
    every: Every = False,
    output: Output = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Recommend tracks, each with the reasons that add up to its score."""
    _check(user, every, output)
    settings = read_settings(home)
    from muse_graph.core.rerank.diversity import DiversityOptions
    from muse_graph.models import ModelSlot
    from muse_graph.service.recommendations import lists
    from muse_graph.service.recommendations.options import RecommendationOptions
    from muse_graph.service.recommendations.track_cache import TrackCache

    options = RecommendationOptions(
        k=k,
        mode=mode,  # type: ignore[arg-type]  # It checks its choices itself, and names them.
        new_only=new_only,
        beyond_friends=beyond_friends,
        focus=focus,
        radar_share=radar_share,
        diversity=DiversityOptions(
            max_per_artist, diversity, artist_weight, language_weight, features_weight
        ),
        scoring=_scoring(similarity, shrinkage, neighbours, weights),
        theta=settings.theta,
        max_friends=settings.max_friends,
    )
    track_cache, models = TrackCache(), ModelSlot(settings.models_folder)
    _answer(
        lambda graph, user_id: lists.recommend(
            graph, user_id, options, track_cache=track_cache, model=models.get()[0]
        ),
        recommendations_view,
        settings,
        user,
        output,
        json,
    )


def genres(
    user: User = None,
    new_only: NewOnly = False,
    beyond_friends: BeyondFriends = False,
    similarity: Similarity = None,
    shrinkage: Shrinkage = None,
    neighbours: Neighbours = None,
    weights: Weights = None,
    every: Every = False,
    output: Output = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Show the ledger of genres: what is offered, what rests under the cap, what was always home."""
    _check(user, every, output)
    settings = read_settings(home)
    from muse_graph.models import ModelSlot
    from muse_graph.service.recommendations import genres
    from muse_graph.service.recommendations.options import RecommendationOptions

    options = RecommendationOptions(
        new_only=new_only,
        beyond_friends=beyond_friends,
        scoring=_scoring(similarity, shrinkage, neighbours, weights),
        theta=settings.theta,
        max_friends=settings.max_friends,
    )
    models = ModelSlot(settings.models_folder)
    _answer(
        lambda graph, user_id: genres.discover_genres(graph, user_id, options, model=models.get()[0]),
        ledger_view,
        settings,
        user,
        output,
        json,
    )


def _check(user: str | None, every: bool, output: Path | None) -> None:
    if (user is None) != every:
        raise InvalidRequest("give either the id of a user or --all")
    if output is not None and not every:
        raise InvalidRequest("--output belongs to --all")


def _scoring(
    similarity: str | None, shrinkage: float | None, neighbours: int | None, weights: str | None
) -> ScoringOptions | None:
    """How friends are weighed; None where nothing is said of it."""
    from muse_graph.core.scoring import ScoringOptions

    options = {
        "similarity": similarity,
        "shrinkage": shrinkage,
        "neighbours": neighbours,
        "weights": weights,
    }
    said: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    return ScoringOptions(**said) if said else None


def _answer(
    ask: Callable[[Graph, str], Answer],
    view: Callable[[Answer], RenderableType],
    settings: Settings,
    user: str | None,
    output: Path | None,
    json: bool,
) -> None:
    """Ask for the user, or for all of them where it is None, and print or write what comes."""
    with connect(settings) as graph:
        if user is None:
            _write_all(graph, ask, output)
        elif json:
            print_json(as_json(ask(graph, user)))
        else:
            show(view(ask(graph, user)))


def _write_all(graph: Graph, ask: Callable[[Graph, str], Answer], output: Path | None) -> None:
    """One line a user, in the order of the ids."""
    from muse_graph.service.maintenance.health import summary
    from muse_graph.service.pagination import each_id_page

    def line(user_id: str) -> str | None:
        try:
            return json_line(as_json(ask(graph, user_id)))
        except UnknownUser:
            # Gone since the ids were read.
            return None

    n_users = 0
    # Users go side by side; threads of linear algebra inside each would only wait for each other.
    with written(output) as file, threadpool_limits(1, "blas"), ThreadPoolExecutor(_THREADS) as pool:
        lines = (text for page in each_id_page(graph, "user_ids") for text in pool.map(line, page))
        for text in follow(lines, summary(graph)["users"], "users"):
            if text is not None:
                file.write(text + "\n")
                n_users += 1
    note(f"{n_users:,} users{f' in {output}' if output else ''}")
