"""Threads for the work of requests: answers, errors, and work that nobody waits for any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from muse_graph.api.front.lanes import Full, Lane


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What work can wait for; open at the end, whatever fails."""
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_comes_from_another_thread() -> None:
    lane = Lane("test", threads=1, waiting=1)
    assert asyncio.run(lane.run(threading.current_thread, 5.0)).name.startswith("test")
    lane.close()


@pytest.mark.parametrize("error", [ValueError("wrong"), SystemExit(3), StopAsyncIteration()])
def test_what_the_work_raises_is_raised_where_it_is_awaited(error: BaseException) -> None:
    lane = Lane("test", threads=1, waiting=1)

    def fail() -> None:
        raise error

    async def both() -> tuple[BaseException, int]:
        with pytest.raises(type(error)) as raised:
            await lane.run(fail, 5.0)
        return raised.value, await lane.run(lambda: 2, 5.0)

    assert asyncio.run(both()) == (error, 2)
    lane.close()


def test_late_work_keeps_its_thread_and_gives_its_place_away(gate: threading.Event) -> None:
    async def late_and_others() -> None:
        lane = Lane("test", threads=1, waiting=0)
        # Three may be late for each that works in time.
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await lane.run(gate.wait, 0.05)
            assert not lane.busy
        with pytest.raises(TimeoutError):
            await lane.run(gate.wait, 0.05)
        assert lane.busy
        with pytest.raises(Full):
            await lane.run(gate.wait, 0.05)
        gate.set()
        while lane.busy:
            await asyncio.sleep(0.01)
        # Those who were late have ended, and as many may be late again.
        await asyncio.sleep(0.05)
        assert await lane.run(lambda: 5, 5.0) == 5
        gate.clear()
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await lane.run(gate.wait, 0.05)
            assert not lane.busy
        gate.set()
        lane.close()

    asyncio.run(late_and_others())


def test_what_waits_too_long_is_not_begun(gate: threading.Event) -> None:
    begun = []

    async def one_after_another() -> None:
        lane = Lane("test", threads=1, waiting=1)
        first = asyncio.create_task(lane.run(gate.wait, 5.0))
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await lane.run(lambda: begun.append(1), 0.05)
        gate.set()
        assert await first
        lane.close()

    asyncio.run(one_after_another())
    assert not begun
