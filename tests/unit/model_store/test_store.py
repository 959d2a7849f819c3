"""Versions: complete or not there, one writer, old ones gone unless somebody has them open."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from muse_graph.errors import ModelError
from muse_graph.model_store import store
from muse_graph.model_store.store import open_current, publish, stamp, writing

MODEL = {"weights": np.arange(6.0), "name": "one"}


def versions(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def train(folder: Path, content: Any = None) -> str:
    with writing(folder):
        return publish(folder, content or MODEL, {"users": 3})[0]


def test_what_is_published_is_what_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "models"
    with writing(folder):
        version, size = publish(folder, MODEL, {"users": 3})
    opened = open_current(folder)
    with opened.lease:
        assert opened.version == version == "v000001"
        assert opened.about["users"] == 3
        assert opened.about["created_at"].endswith("+00:00")
        np.testing.assert_array_equal(opened.content["weights"], MODEL["weights"])
    assert size == sum(path.stat().st_size for path in (folder / version).iterdir())


def test_versions_count_up_and_the_last_two_stay(tmp_path: Path) -> None:
    stamps = [(train(tmp_path), stamp(tmp_path)) for _ in range(4)]
    assert len(set(stamps)) == 4
    assert versions(tmp_path) == ["v000003", "v000004"]


def test_a_version_that_is_open_is_not_deleted(tmp_path: Path) -> None:
    train(tmp_path)
    opened = open_current(tmp_path)
    for _ in range(3):
        train(tmp_path)
    assert versions(tmp_path) == ["v000001", "v000003", "v000004"]
    assert (tmp_path / "v000001" / "manifest.json").exists()
    opened.lease.close()
    train(tmp_path)
    assert versions(tmp_path) == ["v000004", "v000005"]


def test_one_process_trains_at_a_time(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(ModelError, match="another process is training"), writing(tmp_path):
        pass
    with writing(tmp_path):
        pass


def test_a_writer_that_is_cut_off_leaves_the_current_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tmp_path)
    for step in ("_write", "_replace", "_sync"):
        with monkeypatch.context() as patch:
            patch.setattr(store, step, _cut_off)
            with pytest.raises(KeyboardInterrupt):
                train(tmp_path)
        with open_current(tmp_path).lease as lease:
            assert Path(lease.name).parent.name == "v000001"
    # What was left is gone, and numbers are not given twice.
    assert train(tmp_path) > "v000001"
    assert not list(tmp_path.glob("*.part"))


def _cut_off(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot write models to"), writing(tmp_path / "file"):
        pass
    with writing(tmp_path):
        (tmp_path / "current").mkdir()
        with pytest.raises(ModelError, match="cannot write a model to"):
            publish(tmp_path, MODEL, {})


@pytest.mark.parametrize("name", ["manifest.json", "model.weights.npy"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_damage_is_seen(name: str, harm: str, tmp_path: Path) -> None:
    path = tmp_path / train(tmp_path) / name
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if harm == "cut" else content)
    with pytest.raises(ModelError, match=r"was changed after it was written|cannot be read|is missing"):
        open_current(tmp_path)


def test_a_version_of_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(tmp_path)
    written = store.FORMAT
    monkeypatch.setattr(store, "FORMAT", written + 1)
    with pytest.raises(ModelError, match=f"has format {written}, this version reads {written + 1}"):
        open_current(tmp_path)


@pytest.mark.parametrize("text", ["", "v1 x", "v000001", "../v000001 x", "\xff"])
def test_a_pointer_that_names_no_version_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no current version"):
        open_current(tmp_path)
    train(tmp_path)
    (tmp_path / "current").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match=r"must name a version|no current version"):
        open_current(tmp_path)


def test_the_manifest_says_what_a_person_wants_to_know(tmp_path: Path) -> None:
    manifest = json.loads((tmp_path / train(tmp_path) / "manifest.json").read_text("utf-8"))
    assert manifest.keys() == {"format", "about", "files", "content"}
    assert [len(digest) for digest in manifest["files"].values()] == [64]


@pytest.mark.parametrize("where", ["../secret.npy", "full"])
def test_a_manifest_cannot_name_a_file_outside_its_folder(where: str, tmp_path: Path) -> None:
    """Not even one whose digests are right: who can write here could not have read there."""
    folder = tmp_path / train(tmp_path)
    np.save(tmp_path / "secret.npy", np.arange(6.0))
    name = str(tmp_path / "secret.npy") if where == "full" else where
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    (digest,) = {hashlib.sha256((tmp_path / "secret.npy").read_bytes()).hexdigest()}
    manifest["files"] = {name: digest}
    manifest["content"]["map"]["weights"]["array"] = name
    path.write_bytes(text := json.dumps(manifest).encode())
    (tmp_path / "current").write_text(f"{folder.name} {hashlib.sha256(text).hexdigest()}\n")
    with pytest.raises(ModelError):
        open_current(tmp_path)
