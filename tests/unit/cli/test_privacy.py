"""`export` and `erase`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from muse_graph.errors import UnknownUser


def test_an_export_is_a_whole_file_or_none(run: Any, graph: Any, provide: Any, tmp_path: Path) -> None:
    def write_export(graph: Any, user_id: str, file: Any, store: Any) -> None:
        file.write(b"half")
        if user_id != "u1":
            raise UnknownUser(user_id)

    provide("muse_graph.service.privacy.export", write_export=write_export)
    target = tmp_path / "u1.zip"
    done = run("export", "u1", str(target), "--home", str(tmp_path / "home"))
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{target} has everything about user 'u1'\n"
    assert target.read_bytes() == b"half"
    other = tmp_path / "u9.zip"
    done = run("export", "u9", str(other), "--home", str(tmp_path / "home"))
    assert (done.code, done.err) == (1, "error: no user has the id 'u9'\n")
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["u1.zip"]


def test_an_erasure_wants_to_be_meant(run: Any, graph: Any, provide: Any, tmp_path: Path) -> None:
    asked: list[Any] = []
    provide(
        "muse_graph.service.privacy.everything",
        erase_everything=lambda graph, user_id, store, models: asked.append((user_id, models)),
    )
    done = run("erase", "u1", "--home", str(tmp_path))
    assert (done.code, done.err) == (2, "error: erase deletes user 'u1' with everything; --yes does it\n")
    assert asked == []
    models = tmp_path / "models"
    done = run("erase", "u1", "--yes", "--models", str(models), "--home", str(tmp_path))
    assert (done.code, done.out) == (0, "")
    assert done.err == "user 'u1' is erased; `muse-graph train` makes a model without\n"
    assert asked == [("u1", models)]
