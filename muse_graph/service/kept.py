"""What is slow to read and may be some minutes old: read once, for all threads of a process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TTLCache

__all__ = ["Kept"]

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key, each read again when it is too old.

    The first to ask for a value reads it, in its own thread. Who asks meanwhile waits for that, and gets its
    error if it fails; the next to ask reads again.

    Args:
        most: how many values are kept; the one not used for longest goes first
        oldest_s: seconds from when a value is read to when it is not given out any more
        is_worth_keeping: whether a value is to be given to those who ask later, too
    """

    def __init__(
        self, most: int, oldest_s: float, is_worth_keeping: Callable[[T], bool] = lambda _: True
    ) -> None:
        self._values: TTLCache[str, Future[T]] = TTLCache(most, oldest_s)
        self._lock = Lock()
        self._is_worth_keeping = is_worth_keeping

    def get(self, key: str, read: Callable[[], T]) -> T:
        """The value of a key, read now if it is not kept; raises what `read` raises."""
        with self._lock:
            found = self._values.get(key)
            promised: Future[T] = Future() if found is None else found
            if found is None:
                self._values[key] = promised
        return self._read(key, promised, read) if found is None else promised.result()

    def _read(self, key: str, promised: Future[T], read: Callable[[], T]) -> T:
        try:
            value = read()
        except BaseException as error:  # Also an interruption: who waits must not wait for ever.
            self._drop(key, promised)
            promised.set_exception(error)
            raise
        if not self._is_worth_keeping(value):
            self._drop(key, promised)
        promised.set_result(value)
        return value

    def _drop(self, key: str, promised: Future[T]) -> None:
        with self._lock:
            if self._values.get(key) is promised:
                del self._values[key]
