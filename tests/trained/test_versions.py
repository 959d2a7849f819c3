"""Versions of a model under a running application: taken up, refused, gone, and shared between processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from muse_graph.graph.connection import Graph
from muse_graph.model_store import ModelSlot, ServedModel
from muse_graph.training.train import train
from tests.trained.conftest import Opening, fit_small, ignore

MAPPED = """
import sys
from pathlib import Path
from muse_graph.model_store import ModelSlot
model, reason = ModelSlot(Path(sys.argv[1])).get()
assert model is not None, reason
print(model.version)
for line in Path("/proc/self/maps").read_text().splitlines():
    if sys.argv[1] in line:
        _, access, _, device, inode, path = line.split(maxsplit=5)
        print(access, device, inode, path)
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slots look at their folder at every request."""
    monkeypatch.setattr(ModelSlot, "EVERY_S", 0.0)
    monkeypatch.setattr(ModelSlot, "RETRY_S", 0.0)


@pytest.fixture
def folder(models: Path, model: ServedModel, tmp_path: Path) -> Path:
    """A copy of the folder, to be harmed."""
    return Path(shutil.copytree(models, tmp_path / "models"))


def state(client: FlaskClient) -> str:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == "ready"
    text: str = found["checks"]["model"]
    return text


def kinds(client: FlaskClient) -> set[str]:
    answer = client.get("/api/v1/users/u1/recommendations")
    assert answer.status_code == 200
    return {reason["kind"] for item in answer.get_json()["items"] for reason in item["reasons"]}


def is_trained(client: FlaskClient) -> bool:
    """Only a model speaks of the listener's own tracks."""
    return "own" in kinds(client)


def harm(folder: Path) -> None:
    """Change one byte of the current version."""
    version = (folder / "current").read_text().split()[0]
    path = max((folder / version).glob("*.npy"), key=lambda path: path.stat().st_size)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    # A new file: what others have mapped stays as it is.
    path.unlink()
    path.write_bytes(content)


def test_a_new_version_is_taken_up_without_a_restart(world: Graph, opening: Opening, tmp_path: Path) -> None:
    client = opening(tmp_path / "models")
    assert state(client).startswith("no model in")
    assert not is_trained(client)
    for _ in range(2):
        report = train(world, tmp_path / "models", fit_small, ignore)
        assert state(client) == "ok"
        assert is_trained(client)
    served, _ = client.application.extensions["muse_graph"].models.get()
    assert served.version == report.version == "v000002"


def test_a_corrupt_model_leaves_the_untrained_scorer(opening: Opening, folder: Path) -> None:
    harm(folder)
    client = opening(folder)
    assert "the trained model cannot be read" in state(client)
    assert "was changed after it was written" in state(client)
    assert not is_trained(client)
    assert kinds(client)


def test_a_corrupt_new_version_leaves_the_one_before(
    world: Graph, opening: Opening, folder: Path, model: ServedModel
) -> None:
    client = opening(folder)
    assert is_trained(client)
    train(world, folder, fit_small, ignore)
    harm(folder)
    assert f"; {model.version} is served" in state(client)
    assert is_trained(client)
    train(world, folder, fit_small, ignore)
    assert state(client) == "ok"


@pytest.mark.parametrize("text", ["", "v000001", "nonsense\n", "v999999 abc\n"])
def test_a_damaged_pointer_leaves_the_untrained_scorer(text: str, opening: Opening, folder: Path) -> None:
    (folder / "current").write_text(text)
    client = opening(folder)
    assert "the trained model cannot be read" in state(client)
    assert not is_trained(client)


def test_a_model_that_goes_leaves_the_untrained_scorer(opening: Opening, folder: Path) -> None:
    client = opening(folder)
    assert is_trained(client)
    (folder / "current").unlink()
    assert state(client).startswith("no model in")
    assert not is_trained(client)


def test_arrays_are_mapped_and_cannot_be_written(model: ServedModel) -> None:
    keys = model.catalogue.track_keys
    assert isinstance(keys, np.memmap) or isinstance(keys.base, np.memmap)
    assert not keys.flags.writeable


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_two_processes_share_one_copy(models: Path, model: ServedModel) -> None:
    def mapped() -> list[str]:
        run = [sys.executable, "-c", MAPPED, str(models)]
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()

    one, other = sorted(mapped()), sorted(mapped())
    assert one == other
    assert len(one) > 5
    assert all(line.startswith(("r--", model.version)) for line in one)
