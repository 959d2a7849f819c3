"""Users who are erased while a model still holds them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.arrays import find
from muse_graph.core.keys import key_of
from muse_graph.errors import ModelError
from muse_graph.model_store import Content, ModelSlot, publish, writing
from muse_graph.model_store.erased import FILE, erased_users, forget_erased, hide_erased, hide_users

Making = Callable[..., Content]


class Hides:
    """A model that notes whom it is to leave out."""

    def __init__(self) -> None:
        self.hidden: list[int] = []

    def without_users(self, users: np.ndarray) -> Hides:
        other = Hides()
        other.hidden = users.tolist()
        return other


@given(
    keys=st.lists(st.integers(-5, 5), min_size=1, unique=True).map(sorted),
    erased=st.frozensets(st.integers(-7, 7)),
)
def test_nobody_finds_them_and_all_others_stay_in_place(keys: list[int], erased: frozenset[int]) -> None:
    content = Content(Hides(), None, np.array(keys, np.int64), np.array([], np.int64))  # type: ignore[arg-type]
    last = dict.fromkeys(erased, 3)
    assert hide_erased(content, last, "v000004") is content
    hidden = hide_erased(content, last, "v000003")
    for place, key in enumerate(keys):
        expected = -1 if key in erased else place
        assert find(hidden.user_keys, np.array([key])).tolist() == [expected]
    assert hidden.model.hidden == [place for place, key in enumerate(keys) if key in erased]  # type: ignore[attr-defined]
    assert not {*hidden.user_keys.tolist()} & erased


def test_a_service_notices_and_goes_on(tmp_path: Path, make: Making) -> None:
    with writing(tmp_path):
        publish(tmp_path, make(), {})
    now = [0.0]
    slot = ModelSlot(tmp_path, lambda: now[0])
    key = key_of("u2")
    before, _ = slot.get()
    assert before is not None
    assert key in before.content.user_keys
    hide_users(tmp_path, [key])
    now[0] += 2
    after, reason = slot.get()
    assert after is not None
    assert (after.version, reason) == (before.version, "")
    assert key not in after.content.user_keys
    assert key_of("u1") in after.content.user_keys


def test_they_are_forgotten_once_no_version_holds_them(tmp_path: Path, make: Making) -> None:
    """One is erased before a training begins, one while it goes on; an older version is open meanwhile."""
    with writing(tmp_path):
        publish(tmp_path, make(), {})
    slot = ModelSlot(tmp_path)
    opened, _ = slot.get()
    assert opened is not None
    hide_users(tmp_path, [7])
    with writing(tmp_path):
        before = erased_users(tmp_path)
        hide_users(tmp_path, [8])
        version, _ = publish(tmp_path, make(listeners=9), {}, keep=1)
        forget_erased(tmp_path, before, version)
    assert erased_users(tmp_path) == {7: 1, 8: 2}
    slot._look_at = 0
    assert slot.get()[0] is not opened
    del opened
    with writing(tmp_path):
        before = erased_users(tmp_path)
        version, _ = publish(tmp_path, make(listeners=8), {}, keep=1)
        forget_erased(tmp_path, before, version)
    # The version before this one is open.
    assert erased_users(tmp_path) == {8: 2}


def test_the_file(tmp_path: Path) -> None:
    hide_users(tmp_path / "none", [1])
    assert not (tmp_path / "none").exists()
    for keys in ([3, -1], [7]):
        hide_users(tmp_path, keys)
    assert erased_users(tmp_path) == {-1: 0, 3: 0, 7: 0}
    forget_erased(tmp_path, erased_users(tmp_path), "v000001")
    assert not (tmp_path / FILE).exists()
    (tmp_path / FILE).write_text("x", "ascii")
    with pytest.raises(ModelError, match="erased cannot be read"):
        erased_users(tmp_path)


def test_nobody_is_lost_where_several_are_erased_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: hide_users(tmp_path, [key]), range(40)))
    assert sorted(erased_users(tmp_path)) == list(range(40))
