"""Values kept in memory while none of the users they were made from has changed."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TTLCache

from muse_graph.graph.change_log import ChangeLog

__all__ = ["LONGEST_S", "KeptUnchanged", "Unchanged"]

#: How long any value is kept: what is not asked for again does not stay, nor who is named in it.
LONGEST_S = 600.0

T = TypeVar("T")


@dataclass(slots=True)
class Unchanged(Generic[T]):
    """A value, and what it depends on.

    Attributes:
        users: keys of those it depends on
        moment: up to which they are known not to have changed
        made_at, ends_at: in seconds of the clock
        n_bytes: about how much memory it takes
    """

    value: T
    users: array[int]
    moment: int
    made_at: float
    ends_at: float
    n_bytes: int


class KeptUnchanged(Generic[T]):
    """Values by key, for all threads of a process; those not asked for longest go first.

    Args:
        most_bytes: memory for all of them
    """

    def __init__(self, most_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._values: TTLCache[Hashable, Unchanged[T]] = TTLCache(
            most_bytes, LONGEST_S, clock, lambda one: one.n_bytes
        )
        self._lock = Lock()
        self._clock = clock

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, changes: ChangeLog, moment: int) -> Unchanged[T] | None:
        """The value of a key if it still holds at a moment, None if there is none."""
        with self._lock:
            found = self._values.get(key)
        if found is None:
            return None
        if self._clock() > found.ends_at or not changes.unchanged(found.users, found.moment):
            with self._lock:
                self._values.pop(key, None)
            return None
        found.moment = max(found.moment, moment)
        return found

    def put(
        self,
        key: Hashable,
        value: T,
        users: Iterable[int],
        moment: int,
        *,
        n_bytes: int,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Keep a value.

        Args:
            users: keys of those it depends on
            moment: which it was before anything of the value was read
            n_bytes: what the value takes; its users are added
        """
        keys, now = array("q", users), self._clock()
        kept = Unchanged(value, keys, moment, now, now + longest_s, n_bytes + 8 * len(keys))
        with self._lock:
            if kept.n_bytes <= self._values.maxsize:
                self._values[key] = kept

    def clear(self) -> None:
        """Keep nothing of what there is."""
        with self._lock:
            self._values.clear()

    def age_s(self, kept: Unchanged[T]) -> float:
        """Seconds since a value was made."""
        return self._clock() - kept.made_at
