"""Going back to an earlier version, and deleting one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from muse_graph.errors import InvalidRequest, ModelError
from muse_graph.model_store.store import open_current, publish, stamp, writing
from muse_graph.model_store.versions import delete_all, delete_version, list_versions, use_version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two versions whose only weight is their number."""
    for number in (1.0, 2.0):
        with writing(tmp_path):
            publish(tmp_path, {"weight": np.array([number])}, {"users": int(number)})
    return tmp_path


def weight(folder: Path) -> float:
    opened = open_current(folder)
    with opened.lease:
        return float(opened.content["weight"][0])


def test_the_newest_first_and_what_was_published_with_each(folder: Path) -> None:
    newer, older = list_versions(folder)
    assert [(one.version, one.current, one.about["users"]) for one in (newer, older)] == [
        ("v000002", True, 2),
        ("v000001", False, 1),
    ]
    assert newer.bytes == sum(path.stat().st_size for path in (folder / "v000002").iterdir())


def test_there_and_back(folder: Path) -> None:
    use_version(folder, "v000001")
    assert weight(folder) == 1.0
    assert [one.version for one in list_versions(folder) if one.current] == ["v000001"]
    use_version(folder, "v000002")
    assert weight(folder) == 2.0


def test_a_training_after_going_back_is_current_and_has_a_new_number(folder: Path) -> None:
    use_version(folder, "v000001")
    with writing(folder):
        assert publish(folder, {"weight": np.array([3.0])}, {})[0] == "v000003"
    assert weight(folder) == 3.0


def test_a_damaged_version_is_named_and_not_used(folder: Path) -> None:
    (array,) = (folder / "v000001").glob("*.npy")
    array.write_bytes(array.read_bytes()[:-1] + b"\x01")
    with pytest.raises(ModelError, match=r"v000001/.*was changed after it was written"):
        use_version(folder, "v000001")
    assert weight(folder) == 2.0
    (folder / "v000001" / "manifest.json").unlink()
    assert list_versions(folder)[1].damage == "version v000001 has no manifest, or is being deleted"


def test_deleting(folder: Path) -> None:
    with pytest.raises(InvalidRequest, match="version v000002 is the current one"):
        delete_version(folder, "v000002")
    delete_version(folder, "v000001")
    assert [one.version for one in list_versions(folder)] == ["v000002"]
    with pytest.raises(InvalidRequest, match=r"has the versions v000002, got 'v000001'"):
        delete_version(folder, "v000001")


def test_a_version_that_is_open_stays(folder: Path) -> None:
    use_version(folder, "v000001")
    with open_current(folder).lease:
        use_version(folder, "v000002")
        with pytest.raises(ModelError, match="v000001 is open in a service"):
            delete_version(folder, "v000001")
    delete_version(folder, "v000001")


@pytest.mark.parametrize("act", [use_version, delete_version])
def test_not_while_a_training_is_under_way(folder: Path, act: object) -> None:
    assert callable(act)
    with writing(folder), pytest.raises(ModelError, match="another process is training"):
        act(folder, "v000001")


@pytest.mark.parametrize("name", ["../v000001", "v1", "", "v000009"])
def test_a_name_that_is_no_version_leads_nowhere(folder: Path, name: str) -> None:
    with pytest.raises(InvalidRequest, match="has the versions v000001, v000002"):
        use_version(folder, name)


def test_no_folder_has_no_versions(tmp_path: Path) -> None:
    assert list_versions(tmp_path / "nothing") == []
    with pytest.raises(InvalidRequest, match="has the versions none"):
        use_version(tmp_path / "nothing", "v000001")


def test_all_versions_are_deleted_unless_one_is_open(folder: Path) -> None:
    with (
        open_current(folder).lease,
        pytest.raises(ModelError, match="v000002 is open in a service"),
    ):
        delete_all(folder)
    assert len(list_versions(folder)) == 2
    assert weight(folder) == 2.0
    assert delete_all(folder) == 2
    assert list_versions(folder) == []
    assert stamp(folder) is None
    assert delete_all(folder) == 0
    assert delete_all(folder / "none") == 0
    assert not (folder / "none").exists()
