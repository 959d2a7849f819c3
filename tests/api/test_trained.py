"""A service with a trained model: it says whether it serves one, asks it, and tells whom its lists show."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from muse_graph.answers import Recommendation, Recommendations
from muse_graph.api import create_app
from muse_graph.config import Settings
from muse_graph.model_store import publish, writing
from muse_graph.service.recommendations.lists import RankedList
from tests.api.conftest import Answering
from tests.worlds import small

Figures = dict[str, dict[str, float]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of models, with one of the small world."""
    with writing(tmp_path):
        publish(tmp_path, small.content(), {})
    return tmp_path


@pytest.fixture
def trained(folder: Path) -> Iterator[Flask]:
    app = create_app(Settings(home=folder, models=folder), small.small_graph(), sign_in="off")
    yield app
    app.extensions["muse_graph"].database.close()


def checks(client: FlaskClient) -> Any:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    return answer.json["checks"]


def test_ready_with_a_model(trained: Flask, answering: Answering) -> None:
    answering("maintenance.health.ready", {"database": "ok", "schema": "ok"})
    assert checks(trained.test_client()) == {"database": "ok", "schema": "ok", "model": "ok"}


def test_ready_without_one_and_says_how_to_make_one(client: FlaskClient, answering: Answering) -> None:
    answering("maintenance.health.ready", {"database": "ok", "schema": "ok"})
    found = checks(client)
    assert (found["database"], found["schema"]) == ("ok", "ok")
    assert "muse-graph train" in found["model"]


def test_ready_with_a_damaged_one_and_says_so(folder: Path, trained: Flask, answering: Answering) -> None:
    answering("maintenance.health.ready", {"database": "ok", "schema": "ok"})
    largest = max(folder.rglob("*.npy"), key=lambda path: path.stat().st_size)
    largest.chmod(0o600)
    largest.write_bytes(largest.read_bytes()[:-1])
    client = trained.test_client()
    assert "cannot be read" in checks(client)["model"]
    answer = client.get("/api/v1/users/u1/recommendations")
    assert answer.status_code == 200
    assert not any(reason["kind"] == "own" for item in answer.json["items"] for reason in item["reasons"])


def _cut(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no model": lambda folder: (folder / "current").unlink(),
    "a pointer that cannot be read": lambda folder: (
        (folder / "current").unlink(),
        (folder / "current").mkdir(),
    ),
    "a pointer that is not text": lambda folder: (folder / "current").write_bytes(b"\xff"),
    "a pointer that names nothing": lambda folder: (folder / "current").write_text("v000001"),
    "no version": lambda folder: shutil.rmtree(folder / "v000001"),
    "a cut manifest": lambda folder: _cut(folder / "v000001" / "manifest.json"),
    "a cut array": lambda folder: _cut(min(folder.rglob("*.npy"))),
    "an array that is gone": lambda folder: min(folder.rglob("*.npy")).unlink(),
}


@pytest.mark.parametrize("harm", DAMAGES.values(), ids=DAMAGES)
def test_what_is_wrong_with_it_names_no_folder_of_the_machine(
    harm: Callable[[Path], object],
    folder: Path,
    trained: Flask,
    answering: Answering,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answering("maintenance.health.ready", {"database": "ok", "schema": "ok"})
    harm(folder)
    said = checks(trained.test_client())["model"]
    assert said != "ok"
    assert str(folder.parent) not in said
    # The log tells which folder it is.
    assert f"{folder}: {said}" in caplog.messages


def test_lists_and_ledger_are_of_the_model(trained: Flask) -> None:
    client = trained.test_client()
    answer = client.get("/api/v1/users/u1/recommendations?k=4").json
    assert answer["mode"] == "discovery"
    assert {item["track_id"] for item in answer["items"]} == {"t3", "t4", "t5", "t6"}
    assert any(reason["kind"] == "own" for item in answer["items"] for reason in item["reasons"])
    for item in answer["items"]:
        assert sum(reason["part"] for reason in item["reasons"]) == pytest.approx(item["score"])
    ledger = client.get("/api/v1/users/u1/genres").json
    assert [genre["state"] for genre in ledger["genres"]] == ["offered", "offered", "home"]


def test_who_says_how_friends_are_weighed_gets_no_model(trained: Flask) -> None:
    answer = trained.test_client().get("/api/v1/users/u1/recommendations?similarity=jaccard").json
    assert {item["track_id"] for item in answer["items"]} == {"t3", "t4", "t5"}


def figures(client: FlaskClient) -> Figures:
    """Figures by name, and by decile where they have one."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        sample.name: {
            other.labels.get("decile", ""): other.value
            for other in family.samples
            if other.name == sample.name
        }
        for family in families
        for sample in family.samples
    }


def test_metrics_tell_whom_lists_show(trained: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = [["t1", "t4"], ["t4", "t6", "newcomer"], []]

    def rank(_: Any, user_id: str, *__: Any, **___: Any) -> RankedList:
        items = [
            Recommendation(rank, track, track, [], [], 1.0, [])
            for rank, track in enumerate(shown[int(user_id)], 1)
        ]
        return RankedList(Recommendations(user_id, "discovery" if items else "empty", items), [], True)

    monkeypatch.setattr("muse_graph.service.recommendations.lists.rank", rank)
    client = trained.test_client()
    assert math.isnan(figures(client)["muse_exposure_gini"][""])
    for user_id in range(3):
        assert client.get(f"/api/v1/users/{user_id}/recommendations").status_code == 200
    found = figures(client)
    by_decile = found["muse_recommended_tracks_total"]
    assert set(by_decile) == {*map(str, range(1, 11)), "new"}
    assert by_decile["new"] == 1
    # Six tracks have the deciles 1, 2, 4, 6, 7 and 9. t1 has three listeners, more than any other.
    assert by_decile["1"] == 1
    assert sum(by_decile.values()) == 5
    assert found["muse_recommended_tracks_under_radar_total"] == {"": 3}
    # Times that each of the six was shown, ascending: 0 0 0 1 1 2.
    assert found["muse_exposure_gini"][""] == pytest.approx(2 * (4 + 5 + 2 * 6) / (6 * 4) - 7 / 6)


def test_without_a_model_nothing_is_known_of_popularity(client: FlaskClient, answering: Answering) -> None:
    answering("recommendations.lists.rank", RankedList(Recommendations("u1", "empty", []), [], True))
    client.get("/api/v1/users/u1/recommendations")
    assert figures(client).get("muse_recommended_tracks_total", {}) == {}


def test_the_tally_begins_anew_with_each_model(folder: Path, trained: Flask) -> None:
    client = trained.test_client()
    client.get("/api/v1/users/u1/recommendations?k=1")
    assert figures(client)["muse_exposure_gini"][""] == pytest.approx(5 / 6)
    with writing(folder):
        publish(folder, small.content(), {})
    # Due for a look at the folder, without waiting a second for it.
    trained.extensions["muse_graph"].models._look_at = 0.0
    client.get("/api/v1/users/u1/recommendations?k=4")
    found = figures(client)
    # Four of six once each, and the list of the model before forgotten.
    assert found["muse_exposure_gini"][""] == pytest.approx(2 * (3 + 4 + 5 + 6) / (6 * 4) - 7 / 6)
    assert sum(found["muse_recommended_tracks_total"].values()) == 5
