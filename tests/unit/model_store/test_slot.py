"""What a worker serves: the current model, picked up without a restart; none, with a reason, otherwise."""

from __future__ import annotations

import gc
import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import numpy as np
import pytest

from muse_graph.model_store import Content, ModelSlot, publish, slot, writing
from muse_graph.model_store.store import stamp

Making = Callable[..., Content]


class Clock:
    """Stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def train(folder: Path, content: object) -> str:
    with writing(folder):
        return publish(folder, content, {})[0]


def served(model_slot: ModelSlot) -> tuple[str | None, str]:
    model, reason = model_slot.get()
    return model.version if model else None, reason


def test_without_a_model_there_is_a_reason_and_one_warning(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, make: Making
) -> None:
    worker = ModelSlot(tmp_path / "none", clock)
    for _ in range(5):
        version, reason = served(worker)
        clock.now += 1
    assert version is None
    assert "muse-graph train" in reason
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    train(tmp_path / "none", make())
    assert served(worker) == ("v000001", "")


def test_a_new_version_is_picked_up_within_a_second(tmp_path: Path, clock: Clock, make: Making) -> None:
    train(tmp_path, make(listeners=3))
    worker = ModelSlot(tmp_path, clock)
    old, _ = worker.get()
    assert old is not None
    train(tmp_path, make(listeners=9))
    clock.now += 0.9
    assert worker.get()[0] is old
    clock.now += 0.1
    new, reason = worker.get()
    assert new is not None
    assert (new.version, reason) == ("v000002", "")
    assert (old.catalogue.listeners[0], new.catalogue.listeners[0]) == (3, 9)


def test_the_folder_is_looked_at_once_a_second(
    tmp_path: Path, clock: Clock, make: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tmp_path, make())
    looks = []
    monkeypatch.setattr(slot, "stamp", lambda folder: looks.append(folder) or stamp(folder))
    worker = ModelSlot(tmp_path, clock)
    for _ in range(40):
        worker.get()
        clock.now += 0.125
    assert len(looks) == 5


def test_a_corrupt_version_leaves_the_one_before_and_is_tried_again(
    tmp_path: Path, clock: Clock, make: Making, caplog: pytest.LogCaptureFixture
) -> None:
    train(tmp_path, make())
    worker = ModelSlot(tmp_path, clock)
    assert served(worker) == ("v000001", "")
    path = tmp_path / train(tmp_path, make()) / "manifest.json"
    right = path.read_bytes()
    path.write_bytes(b"{}")
    clock.now += 1
    version, reason = served(worker)
    assert version == "v000001"
    assert "was changed after it was written; v000001 is served" in reason
    path.write_bytes(right)
    clock.now += ModelSlot.RETRY_S
    assert served(worker) == ("v000002", "")
    assert [record.levelname for record in caplog.records].count("WARNING") == 1


@pytest.mark.parametrize("content", [{"no": "model"}, None])
def test_what_is_no_model_of_ours_is_not_served(content: Any, tmp_path: Path, clock: Clock) -> None:
    train(tmp_path, content)
    version, reason = served(ModelSlot(tmp_path, clock))
    assert version is None
    assert reason.startswith("the trained model cannot be read: version v000001 holds")


def test_a_folder_that_goes_takes_the_model_with_it(tmp_path: Path, clock: Clock, make: Making) -> None:
    folder = tmp_path / "models"
    train(folder, make())
    worker = ModelSlot(folder, clock)
    model, _ = worker.get()
    assert model is not None
    shutil.rmtree(folder)
    clock.now += 1
    assert served(worker)[0] is None
    # Who has it goes on with it.
    assert model.catalogue.listeners.tolist() == [3, 2, 1, 0]


def test_a_version_goes_when_nobody_has_it_any_more(tmp_path: Path, clock: Clock, make: Making) -> None:
    train(tmp_path, make())
    worker = ModelSlot(tmp_path, clock)
    worker.get()
    for _ in range(3):
        train(tmp_path, make())
    assert (tmp_path / "v000001").exists()
    clock.now += 1
    worker.get()
    gc.collect()
    train(tmp_path, make())
    assert not (tmp_path / "v000001").exists()


def test_one_thread_opens_while_the_others_go_on(
    tmp_path: Path,
    clock: Clock,
    make: Making,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    train(tmp_path, make())
    worker = ModelSlot(tmp_path, clock)
    with ThreadPoolExecutor(8) as pool:
        together = Barrier(8)
        first = list(pool.map(lambda _: (together.wait(10), served(worker))[1], range(8)))
        assert first == [("v000001", "")] * 8
        train(tmp_path, make())
        clock.now += 1
        opening, go_on = Event(), Event()

        def open_slowly(folder: Path) -> Any:
            opening.set()
            assert go_on.wait(10)
            return right(folder)

        right = slot.open_current
        monkeypatch.setattr(slot, "open_current", open_slowly)
        slow = pool.submit(served, worker)
        assert opening.wait(10)
        assert served(worker) == ("v000001", "")
        go_on.set()
        assert slow.result(10) == ("v000002", "")
    assert [record.message for record in caplog.records] == [
        "serving model v000001",
        "serving model v000002",
    ]


def test_arrays_are_mapped_and_not_copied(tmp_path: Path, clock: Clock, make: Making) -> None:
    train(tmp_path, make(model={"big": np.zeros(1000)}))
    model, _ = ModelSlot(tmp_path, clock).get()
    assert model is not None
    big: Any = model.content.model["big"]  # type: ignore[index]
    assert isinstance(big.base, np.memmap)
