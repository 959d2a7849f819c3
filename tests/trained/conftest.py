"""A small synthetic world with a model trained on it; everything here runs on a real Neo4j.

The world is loaded once for the folder. Tests that write do so for listeners of their own, or undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from muse_graph.answers import Recommendations
from muse_graph.api import create_app
from muse_graph.cli.commands.loading import world_batches
from muse_graph.config import Settings
from muse_graph.core.models.ensemble.ensemble import Ensemble, EnsembleOptions, fit_ensemble
from muse_graph.core.models.ensemble.ensemble_weights import WeightOptions
from muse_graph.core.models.mf.als import AlsOptions
from muse_graph.core.models.types import TrainingData
from muse_graph.graph.connection import Graph, Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.model_store import ModelSlot, ServedModel
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import users
from muse_graph.training.train import train
from tests.conftest import wipe

N_USERS = 160
PRIVATE_USERS = ("u3", "u7", "u12")
SMALL = EnsembleOptions(
    als=AlsOptions(factors=8, epochs=4), weights=WeightOptions(knots=(0, 3, 10), users=40, best=80)
)

Asking = Callable[..., Recommendations]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that ``-m "not neo4j"`` leaves them out."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.neo4j)


def fit_small(data: TrainingData) -> Ensemble:
    """The ensemble that is served, with less of everything."""
    return fit_ensemble(data, SMALL)


def ignore(_step: str, _done: int) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the model that is trained once."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def world(graph: Graph, models: Path) -> Graph:
    """The world, a model of it published, and some listeners private."""
    wipe(graph)
    with Rejects(None) as rejects:
        load(graph, world_batches(N_USERS, 5, 2_000)(rejects), rejects, theta=0.2, advance=ignore)
    for user_id in PRIVATE_USERS:
        users.put_user(graph, user_id, private=True)
    train(graph, models, fit_small, ignore)
    return graph


@pytest.fixture(scope="session")
def model(world: Graph, models: Path) -> ServedModel:
    served, reason = ModelSlot(models).get()
    assert served is not None, reason
    return served


@pytest.fixture(scope="session")
def track_cache(world: Graph) -> TrackCache:
    """Cards of all tracks, as a worker has them some seconds after its start."""
    track_cache = TrackCache()
    track_cache.refresh(world)
    return track_cache


@pytest.fixture
def ask(world: Graph, track_cache: TrackCache, model: ServedModel) -> Asking:
    """Recommend by the trained model, the options spelt out."""

    def asking(user_id: str, **options: Any) -> Recommendations:
        return recommend(
            world, user_id, RecommendationOptions(**options), track_cache=track_cache, model=model
        )

    return asking


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the queries asked of the database."""
    asked: list[str] = []
    read = Graph.read

    def counting(graph: Graph, name: str, /, **params: object) -> list[Row]:
        asked.append(name)
        return read(graph, name, **params)

    monkeypatch.setattr(Graph, "read", counting)
    return asked


Opening = Callable[[Path], FlaskClient]


@pytest.fixture
def opening(world: Graph, settings: Settings) -> Iterator[Opening]:
    """Clients of applications over the world, each serving the models of a folder."""
    opened = []

    def open_app(folder: Path) -> FlaskClient:
        named = Settings.from_environment({"MUSE_MODELS": str(folder)})
        app = create_app(settings.model_copy(update={"models": named.models}), world, sign_in="off")
        opened.append(app)
        return app.test_client()

    yield open_app
    for app in opened:
        app.extensions["muse_graph"].database.close()


@pytest.fixture
def client(opening: Opening, models: Path) -> FlaskClient:
    """A client of an application that serves the trained model."""
    return opening(models)


def known_tracks(graph: Graph, user_id: str) -> set[str]:
    """What the listener has played, saved or discarded."""
    text = "MATCH (:User {user_id: $user_id})-[:LISTENED|SAVED|DISCARDED]->(t) RETURN t.track_id AS t"
    return {row["t"] for row in graph.run(text, {"user_id": user_id}, writes=False)}
