"""What is written is what is read, bit by bit, without a copy; what cannot be kept is refused."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from muse_graph.core.models.types import Profile, TrainingData
from muse_graph.core.scoring import ScoringOptions
from muse_graph.core.types import Interactions
from muse_graph.errors import ModelError, ShapeError
from muse_graph.model_store.codec import ModelReader, ModelWriter

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner)
)
PARTS = ("data", "indices", "indptr")
ARRAYS = arrays.arrays(
    st.sampled_from([np.int64, np.int32, np.float32, np.float64, np.bool_, np.uint8]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


def through(folder: Path, value: object) -> Any:
    tree = ModelWriter(folder).write(value, "it")
    return ModelReader(folder).read(tree)


@given(value=NESTED)
def test_plain_values_come_back(value: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert through(tmp_path_factory.mktemp("plain"), value) == value


@given(value=ARRAYS, backwards=st.booleans())
def test_arrays_come_back(value: Any, backwards: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    value = value.T if backwards else value
    found = through(tmp_path_factory.mktemp("arrays"), value)
    assert type(found) is np.ndarray
    assert found.dtype == value.dtype
    np.testing.assert_array_equal(found, value)
    assert not found.flags.writeable


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_array])
def test_sparse_arrays_come_back_in_order_and_are_not_copied(kind: Any, tmp_path: Path) -> None:
    unordered = (np.array([1.0, 2.0, 3.0, 4.0], np.float32), ([1, 0, 0, 0], [2, 2, 1, 1]))
    value = kind(unordered, shape=(3, 4))
    for place, one in enumerate((value, kind(value * 0), kind((0, 0)))):
        folder = tmp_path / str(place)
        folder.mkdir()
        found = through(folder, one)
        assert (type(found), found.shape, found.dtype) == (kind, one.shape, one.dtype)
        np.testing.assert_array_equal(found.toarray(), one.toarray())
        for part in ("data", "indices", "indptr"):
            assert not getattr(found, part).flags.writeable
            assert not getattr(found, part).flags.owndata
    np.testing.assert_array_equal((found.T @ found).toarray(), np.zeros((0, 0)))


def test_dataclasses_come_back_through_their_own_checks(tmp_path: Path) -> None:
    none = np.empty(0, np.int64)
    data = TrainingData(
        n_users=2,
        n_items=3,
        interactions=Interactions(
            np.array([0, 1]), np.array([2, 0]), np.array([5, 1]), np.array([0.5, np.nan])
        ),
        feedback=sparse.csr_array(([1.0, -1.0], ([0, 1], [0, 2])), shape=(2, 3)),
        friends=sparse.csr_array(([1.0, 1.0], ([0, 1], [1, 0])), shape=(2, 2)),
        user_tags=sparse.csr_array((2, 0)),
        item_tags=sparse.csr_array((3, 0)),
        item_genre=np.array([-1, 0, 1]),
    )
    value = {
        "data": data,
        "options": ScoringOptions(shrinkage=2.5),
        "profile": data.profile(0),
        "nan": math.nan,
    }
    found = through(tmp_path, value)
    assert found["options"] == value["options"]
    assert math.isnan(found["nan"])
    for name in (one.name for one in fields(Profile)):
        np.testing.assert_array_equal(
            getattr(found["data"].profile(0), name), getattr(found["profile"], name)
        )
    tree = ModelWriter(tmp_path).write(data.interactions, "again")
    tree["object"]["fields"]["item"] = ModelWriter(tmp_path).write(none, "none")
    with pytest.raises(ShapeError, match="equally long"):
        ModelReader(tmp_path).read(tree)


def test_an_array_that_is_shared_is_written_and_mapped_once(tmp_path: Path) -> None:
    one = np.arange(3)
    writer = ModelWriter(tmp_path)
    tree = writer.write([one, {"again": one}, one.copy()], "it")
    assert writer.files == ["it.0.npy", "it.2.npy"]
    first, second, third = ModelReader(tmp_path).read(tree)
    assert first is second["again"]
    assert first is not third


@dataclass(frozen=True)
class Foreign:
    """A class of no module of ours."""

    number: int = 1


@pytest.mark.parametrize(
    "value",
    [Foreign(), object(), np.array([None]), 1j, {1, 2}, print],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_kept_is_refused(value: object, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="a model cannot hold"):
        ModelWriter(tmp_path).write([value], "it")


@pytest.mark.parametrize(
    "tree",
    [
        {"array": "not there.npy"},
        {"array": "../elsewhere.npy"},
        {"array": 5},
        {"spade": 1},
        {"sparse": {"format": "dia"}},
        {"object": {"class": "subprocess:Popen", "fields": {"args": "true"}}},
        {"object": {"class": "muse_graph.core.rerank.ranking:top_k", "fields": {}}},
        {"object": {"class": "muse_graph.core.scoring:Gone", "fields": {}}},
        {"object": {"class": "muse_graph.core.gone:Gone", "fields": {}}},
        {"object": {"class": "muse_graph.core.scoring:ScoringOptions", "fields": {"gone": 1}}},
        b"",
    ],
    ids=str,
)
def test_a_tree_that_was_not_written_here_is_refused(tree: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        ModelReader(tmp_path).read(tree)


@pytest.mark.parametrize("where", ["beside", "below", "named in full", "by a detour"])
def test_an_array_outside_the_folder_is_not_read_though_it_is_there(where: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "inner").mkdir(parents=True)
    path = {
        "beside": "../secret.npy",
        "below": "inner/secret.npy",
        "named in full": str(tmp_path / "secret.npy"),
        "by a detour": "../model/secret.npy",
    }[where]
    np.save(folder / path, np.arange(3))
    assert (folder / path).exists()
    with pytest.raises(ModelError):
        ModelReader(folder).read({"array": path})
    with pytest.raises(ModelError):
        ModelReader(folder).read({"sparse": {"format": "csr", "shape": [1, 1], **dict.fromkeys(PARTS, path)}})
