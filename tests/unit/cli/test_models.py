"""`models`: which there are, going back, deleting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from muse_graph.model_store.store import publish, writing


@pytest.fixture
def folder(tmp_path: Path) -> str:
    for users in (1_500, 2_500):
        with writing(tmp_path):
            publish(tmp_path, {"weight": np.zeros(3)}, {"users": users, "tracks": 7})
    return str(tmp_path)


def test_list_use_and_delete(run: Any, folder: str) -> None:
    done = run("models", "list", "--models", folder)
    rows = [line.split() for line in done.out.splitlines()]
    assert (done.code, rows[0]) == (0, ["version", "trained", "users", "tracks", "MB"])
    assert (rows[1][:2], rows[1][3:5]) == (["v000002", "current"], ["2,500", "7"])
    assert (rows[2][0], rows[2][2]) == ("v000001", "1,500")
    done = run("models", "use", "v000001", "--models", folder)
    assert (done.code, done.err) == (0, f"model v000001 is now current in {folder}\n")
    done = run("models", "delete", "v000002", "--models", folder)
    assert (done.code, done.err) == (0, f"model v000002 is deleted from {folder}\n")
    (left,) = json.loads(run("models", "list", "--models", folder, "--json").out)
    assert (left["version"], left["current"], left["about"]["users"]) == ("v000001", True, 1_500)


def test_what_is_not_there(run: Any, folder: str, tmp_path: Path) -> None:
    done = run("models", "use", "v000009", "--models", folder)
    assert (done.code, done.err) == (
        2,
        f"error: {folder} has the versions v000001, v000002, got 'v000009'\n",
    )
    done = run("models", "list", "--models", str(tmp_path / "none"))
    assert (done.code, done.out) == (0, "")
    assert "`muse-graph train` makes one" in done.err
