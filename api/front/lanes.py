"""Threads for the work of requests, behind queues that have an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

__all__ = ["Full", "Lane"]

T = TypeVar("T")


class Full(Exception):
    """So much is waiting already that more would wait in vain."""


class Lane:
    """Some threads and a queue before them.

    Args:
        threads: how much is worked on at once
        waiting: how much may wait for that
    """

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._threads = threads
        self._most = threads + waiting
        self._taken = 0
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    @property
    def busy(self) -> bool:
        """Whether more work would have to wait."""
        return self._taken >= self._threads

    async def run(self, work: Callable[[], T], timeout_s: float) -> T:
        """Do some work in a thread.

        Raises:
            Full: If too much is waiting.
            TimeoutError: If it is not done after some seconds: it is then not begun any more; what has begun
                goes on.
        """
        with self._lock:
            if self._taken >= self._most:
                raise Full
            self._taken += 1
        future = self._pool.submit(work)
        future.add_done_callback(self._done)
        return await asyncio.wait_for(asyncio.wrap_future(future), timeout_s)

    def _done(self, _: Future[T]) -> None:
        with self._lock:
            self._taken -= 1

    def close(self) -> None:
        """Finish what has been taken on."""
        self._pool.shutdown()
