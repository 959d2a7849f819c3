"""Notices within seconds that a database has gone, and that it is back.

Without it a call to a server that is paused, or cut off, waits for minutes: the driver has no time limit for
an answer. And each call to a server that has gone would try again for seconds before it gives up.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from muse_graph.errors import GraphUnavailable
from muse_graph.graph.connection import Graph

__all__ = ["Heartbeat"]

_log = logging.getLogger(__name__)

INTERVAL_S = 1.0


class Heartbeat:
    """A thread that asks a database each second whether it answers.

    Once it does not, every call in progress fails, as do further ones at once, until it answers again.
    """

    def __init__(self, graph: Graph, interval_s: float = INTERVAL_S) -> None:
        self._graph = graph
        self._interval_s = interval_s
        self._ended = Event()
        self._asked = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    @property
    def answers(self) -> bool:
        """False if the database did not answer when it was last asked."""
        return self._graph.answers or not self._asked.is_set()

    def wait(self, timeout_s: float | None) -> None:
        """Return once the database has been asked for the first time, or after some seconds."""
        self._asked.wait(timeout_s)

    def close(self) -> None:
        """End; the connections stay as they are. Twice is harmless."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._beat()
            self._asked.set()
            self._ended.wait(self._interval_s)

    def _beat(self) -> None:
        answered = self.answers
        try:
            self._graph.reconnect()
        except GraphUnavailable as error:
            if answered:
                _log.warning("no database: %s", error)
        except Exception:  # noqa: BLE001 - without this thread the service would not come back
            _log.exception("could not ask the database")
        else:
            if not answered:
                _log.warning("the database answers again")
