"""Threads for the work of requests, behind queues that have an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

__all__ = ["Full", "Lane"]

T = TypeVar("T")

#: Threads whose work nobody waits for any more, for each that works in time.
_LATE_PER_THREAD = 3


class Full(Exception):
    """So much is waiting already that more would wait in vain."""


class Lane:
    """Some threads and a queue before them; to be used on one event loop.

    Work that takes too long keeps its thread, and another takes its place.

    Args:
        threads: how much is worked on at once
        waiting: how much may wait for that
    """

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(threads)
        self._may_wait = waiting
        self._may_be_late = _LATE_PER_THREAD * threads
        self._pool = ThreadPoolExecutor(threads + self._may_be_late, thread_name_prefix=name)

    @property
    def busy(self) -> bool:
        """Whether more work would have to wait."""
        return self._free.locked()

    async def run(self, work: Callable[[], T], timeout_s: float) -> T:
        """Do some work in a thread.

        Raises:
            Full: If too much is waiting.
            TimeoutError: If it is not done after some seconds: what waits is not begun any more, and what has
                begun goes on.
        """
        async with asyncio.timeout(timeout_s):
            await self._take()
            return await self._run(work)

    async def _run(self, work: Callable[[], T]) -> T:
        """Do it in a thread that is free."""
        # By a single future: `run_in_executor` has three, each of which calls the next on the loop.
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        late = ended = False

        def end(outcome: Callable[[], None]) -> None:
            nonlocal ended
            ended = True
            if late:
                self._may_be_late += 1
            else:
                self._free.release()
            if not answer.done():
                outcome()

        def in_thread() -> None:
            try:
                outcome = partial(answer.set_result, work())
            except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
                outcome = partial(answer.set_exception, error)
            loop.call_soon_threadsafe(end, outcome)

        self._pool.submit(in_thread)
        try:
            return await answer
        except asyncio.CancelledError:
            if self._may_be_late and not ended:
                late = True
                self._may_be_late -= 1
                self._free.release()
            raise

    async def _take(self) -> None:
        """Wait for a thread."""
        if not self._free.locked():
            await self._free.acquire()
            return
        if not self._may_wait:
            raise Full
        self._may_wait -= 1
        try:
            await self._free.acquire()
        finally:
            self._may_wait += 1

    def close(self) -> None:
        """Finish what has been taken on."""
        self._pool.shutdown()
