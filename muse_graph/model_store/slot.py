"""The model that a process serves, which follows what training publishes."""

from __future__ import annotations

import logging
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from muse_graph.errors import ModelError, MuseError
from muse_graph.model_store.erased import FILE, erased_users, hide_erased
from muse_graph.model_store.served import Content, ServedModel
from muse_graph.model_store.store import Stamp, file_stamp, open_current, stamp

__all__ = ["ModelSlot"]

_log = logging.getLogger(__name__)


class ModelSlot:
    """The current model of a folder; safe to share between threads.

    Asked at each request, it looks at the folder once a second at most. A new version is opened by the
    thread that sees it first, while the others go on with the old one; each request keeps the model it got.
    """

    #: Seconds between two looks, and after a model could not be opened.
    EVERY_S = 1.0
    RETRY_S = 30.0

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = Lock()
        self._look_at = -1.0
        self._stamp: tuple[Stamp | None, Stamp | None] | None = None
        self._state: tuple[ServedModel | None, str] = (None, "not looked for yet")

    def get(self) -> tuple[ServedModel | None, str]:
        """The model, and what keeps it from being the current one; the reason is empty when all is well.

        Without a model, or with one that cannot be read, there is a reason and no error. While a new
        version cannot be read the one before is given with the reason. The reason may be public: the log
        names the folder, the reason does not.
        """
        first = self._look_at < 0
        # The first caller waits for the model; later only the one who opens the next version does.
        if self._clock() >= self._look_at and self._lock.acquire(blocking=first):
            try:
                if self._clock() >= self._look_at:
                    self._look_at = self._clock() + (self.EVERY_S if self._look() else self.RETRY_S)
            finally:
                self._lock.release()
        return self._state

    def _look(self) -> bool:
        """Bring the state up to date; returns whether that went well."""
        found = stamp(self._folder), file_stamp(self._folder / FILE)
        if found[0] is None:
            self._set_state(None, "no model in the models folder: `muse-graph train` makes one")
            self._stamp = None
        elif found != self._stamp:
            try:
                model = _open(self._folder)
            except MuseError as error:
                kept, _ = self._state
                served = f"; {kept.version} is served" if kept else ""
                self._set_state(kept, f"the trained model cannot be read: {error}{served}")
                return False
            self._stamp = found
            self._state = model, ""
            _log.info("serving model %s", model.version)
        return True

    def _set_state(self, model: ServedModel | None, reason: str) -> None:
        if reason != self._state[1]:
            _log.warning("%s: %s", self._folder, reason)
        self._state = model, reason


def _open(folder: Path) -> ServedModel:
    opened = open_current(folder)
    if not isinstance(opened.content, Content):
        opened.lease.close()
        raise ModelError(f"version {opened.version} holds a {type(opened.content).__name__}")
    try:
        content = hide_erased(opened.content, erased_users(folder), opened.version)
    except BaseException:
        opened.lease.close()
        raise
    model = ServedModel(opened.version, opened.about, content)
    # The version may be deleted when no process serves it any more.
    weakref.finalize(model, opened.lease.close)
    return model
