"""A user erased over HTTP: nothing of the user is left in the service, the files and the logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from muse_graph.api.http.logs import JsonFormatter
from muse_graph.config import Settings
from muse_graph.core.keys import key_of
from muse_graph.core.models.ensemble.ensemble import fit_ensemble
from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.model_store.erased import FILE
from muse_graph.service.accounts import accounts, links, listeners, sessions, tokens
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.privacy import everything
from muse_graph.service.users import friendships, users
from muse_graph.training.train import train
from tests.api.conftest import app_over
from tests.graph.test_erasure import AT

pytestmark = pytest.mark.neo4j

WHO, NAME = "zq-erased-17", "Zebulon Quist"


@pytest.fixture
def world(toy_graph: Graph) -> Graph:
    users.put_user(toy_graph, WHO, name=NAME, country="JP")
    friendships.ask(toy_graph, WHO, "u1")
    friendships.ask(toy_graph, "u1", WHO)
    record_listens(toy_graph, [Listen(f"{WHO}-{n}", WHO, f"t{n}", AT, 1.0) for n in range(1, 9)])
    return toy_graph


@pytest.fixture
def app(world: Graph, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    yield from app_over(world, settings, tmp_path)


def holding(folder: Path, *needles: bytes) -> list[str]:
    """Files below a folder with any of these bytes in them."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def test_nothing_is_left(app: Flask, world: Graph, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    models, key = tmp_path / "models", key_of(WHO)
    in_arrays, as_text = key.to_bytes(8, "little", signed=True), str(key).encode()
    train(world, models, fit_ensemble, lambda *_: None)
    assert holding(models, in_arrays) != []
    store = app.extensions["muse_graph"].accounts
    account = accounts.create(store, WHO, password="rain over Barranquilla 7", user_id=WHO)
    other = accounts.create(store, "somebody", user_id="u2")
    client = app.test_client()
    client.set_cookie("muse_session", sessions.start(store, account, WHO))
    token = tokens.create(store, account, WHO, ["friends:write"])[1]
    headers = {"Authorization": f"Bearer {token}"}
    url = f"/api/v1/users/{WHO}"
    slot = app.extensions["muse_graph"].models
    with caplog.at_level(logging.INFO):
        assert client.get(f"{url}/recommendations").status_code == 200
        friend = app.test_client()
        friend.set_cookie("muse_session", sessions.start(store, other, ""))
        assert friend.delete(url).status_code == 403
        assert client.delete(url, headers=headers).status_code == 204
        # Sessions and tokens are gone with the account, and an operator finds nobody.
        assert client.get(url).status_code == client.delete(url, headers=headers).status_code == 401
        operator = accounts.create(store, "operator", role="operator")
        scopes = ["recommendations:read", "friends:write", "listens:write"]
        secret = tokens.create(store, operator, "all", scopes)[1]
        for method in ("GET", "DELETE"):
            answer = app.test_client().open(url, method=method, headers={"Authorization": f"Bearer {secret}"})
            assert answer.status_code == 404
        listen = {"listen_id": "late", "user_id": WHO, "track_id": "t1"}
        late = app.test_client().post(
            "/api/v1/listens", json=[listen], headers={"Authorization": f"Bearer {secret}"}
        )
        assert late.status_code == 422
    for record in caplog.records:
        said = JsonFormatter().format(record)
        assert WHO not in said
        assert NAME not in said
    assert [one for one in examine(world) if one.severity == "error"] == []
    # The file of accounts, its log included, and what lies beside it.
    assert holding(tmp_path, WHO.encode(), NAME.encode()) == []
    # The model that is served hides the user, and the next one does not know the user.
    slot._look_at = 0
    served, reason = slot.get()
    assert reason == ""
    assert key not in served.content.user_keys
    assert (models / FILE).read_bytes().split() == [as_text, b"1"]
    before = served.version
    del served
    train(world, models, fit_ensemble, lambda *_: None)
    slot._look_at = 0
    served, _ = slot.get()
    assert served.version > before
    # The version before was open in this service until now: the training after that deletes it.
    train(world, models, fit_ensemble, lambda *_: None)
    assert holding(models, in_arrays, as_text, WHO.encode()) == []


def test_an_invitation_ends_with_its_listener(app: Flask, world: Graph, tmp_path: Path) -> None:
    """Who gets the id later is somebody else."""
    store = app.extensions["muse_graph"].accounts
    secret = links.invite(store, WHO)
    everything.erase_everything(world, WHO, store, tmp_path / "models")
    users.put_user(world, WHO, name="Somebody else")
    assert app.test_client().get(f"/join/{secret}").status_code == 404
    assert holding(tmp_path, WHO.encode()) == []


def test_who_signs_in_meanwhile_does_not_come_back(
    app: Flask, world: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = app.extensions["muse_graph"].accounts
    account = accounts.create(store, "somebody", user_id=WHO)
    delete = accounts.delete

    def sign_in_first(store: AccountStore, account_id: int) -> None:
        listeners.ensure_listener(world, account)
        delete(store, account_id)

    monkeypatch.setattr(accounts, "delete", sign_in_first)
    everything.erase_everything(world, WHO, store, tmp_path / "models")
    with pytest.raises(UnknownUser):
        users.get_user(world, WHO)
