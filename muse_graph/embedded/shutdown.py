"""Signals to end, turned into an ordinary exit, so that cleanup runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

__all__ = ["signals_as_exit"]

NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def signals_as_exit() -> Iterator[None]:
    """Within it, SIGTERM and a closed terminal raise SystemExit in the main thread.

    A signal that is already handled or ignored is left alone; outside the main thread nothing changes.
    """
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    ours = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _exit)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
