"""What is read once for all threads."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from muse_graph.service.kept import Kept


def test_a_value_is_read_once_until_it_is_too_old() -> None:
    kept: Kept[int] = Kept(2, 0.05)
    assert [kept.get("a", lambda: 1), kept.get("a", lambda: 2), kept.get("b", lambda: 3)] == [1, 1, 3]
    time.sleep(0.06)
    assert kept.get("a", lambda: 4) == 4


def test_who_asks_meanwhile_waits_for_the_same() -> None:
    kept: Kept[int] = Kept(1, 60)
    begun, go_on, read = Event(), Event(), list[int]()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        read.append(1)
        return 7

    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(kept.get, "a", slow)
        assert begun.wait(10)
        others = [pool.submit(kept.get, "a", slow) for _ in range(4)]
        go_on.set()
        assert [one.result(10) for one in [first, *others]] == [7] * 5
    assert read == [1]


def test_an_error_goes_to_all_who_wait_and_the_next_reads_again() -> None:
    kept: Kept[int] = Kept(1, 60)
    begun, go_on = Event(), Event()

    def fails() -> int:
        begun.set()
        assert go_on.wait(10)
        raise ConnectionError("gone")

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(kept.get, "a", fails)]
        assert begun.wait(10)
        asked.append(pool.submit(kept.get, "a", fails))
        go_on.set()
        for one in asked:
            with pytest.raises(ConnectionError, match="gone"):
                one.result(10)
    assert kept.get("a", lambda: 5) == 5


def test_what_is_not_worth_keeping_is_given_to_who_asked_only() -> None:
    kept: Kept[list[int]] = Kept(1, 60, bool)
    assert kept.get("a", list) == []
    assert kept.get("a", lambda: [1]) == [1]
    assert kept.get("a", lambda: [2]) == [1]
