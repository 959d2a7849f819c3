"""An application over fakes, and a client of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.api import create_app
from muse_graph.api.http import context
from muse_graph.api.schemas import examples
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.service.users.waiting import Waiting
from tests.fakes import FakeGraph, FakeService, FakeWriter

#: The cookie of a visit, and the token of its forms.
VISIT = "a visit"
CSRF = {"csrf_token": sha256(f"form {VISIT}".encode()).hexdigest()}

Answering = Callable[[str, Any], FakeService]


@pytest.fixture
def fake_graph() -> FakeGraph:
    return FakeGraph({"waiting": []})


@pytest.fixture
def app(fake_graph: FakeGraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    monkeypatch.setattr(context, "ListenWriter", FakeWriter)
    app = create_app(Settings(home=tmp_path, models=tmp_path / "models"), fake_graph, sign_in="off")
    yield app
    app.extensions["muse_graph"].database.close()


def app_over(graph: Graph, settings: Settings, folder: Path) -> Iterator[Flask]:
    """An application over a real graph that asks for sign-in, closed afterwards."""
    own = settings.model_copy(update={"home": folder, "models": folder / "models"})
    app = create_app(own, graph, sign_in="required")
    yield app
    app.extensions["muse_graph"].database.close()
    app.extensions["muse_graph"].accounts.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("muse_visit", VISIT)
    return client


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Make a function of the service, named module.function, return an answer or raise an error."""
    service = FakeService()

    def answer(name: str, answer: Any) -> FakeService:
        module, function = name.rsplit(".", 1)
        found = importlib.import_module(f"muse_graph.service.{module}")
        monkeypatch.setattr(found, function, service.returning(name, answer))
        return service

    answer("users.users.get_user", examples.LISTENER)
    answer("users.users.get_user_with_waiting", (examples.LISTENER, Waiting("Ana", 0, 0)))
    return answer
