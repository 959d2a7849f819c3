"""The time in which the work of a thread has to be done; queries end with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from muse_graph.errors import DeadlineExceeded

__all__ = ["done_by", "remaining"]

_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def done_by(end: float | None) -> Iterator[None]:
    """Give what runs inside until a time on the clock of `time.perf_counter`; None is without end."""
    token = _end.set(end)
    try:
        yield
    finally:
        _end.reset(token)


def remaining() -> float | None:
    """Seconds left, above 0; None without a deadline; raises DeadlineExceeded once it has passed."""
    end = _end.get()
    if end is None:
        return None
    left = end - time.perf_counter()
    if left <= 0:
        raise DeadlineExceeded("the request took longer than it may")
    return left
