"""What a serving process does beside its requests: it keeps the track cache up to date."""

from __future__ import annotations

import gc
import logging
from threading import Event, Thread

from muse_graph.api.http.context import Database
from muse_graph.errors import MuseError
from muse_graph.service.recommendations.track_cache import TrackCache

__all__ = ["CacheRefresh"]

_log = logging.getLogger(__name__)

REFRESH_S = 600.0
RETRY_S = 5.0


class CacheRefresh:
    """A thread that refreshes the track cache at the start and every ten minutes."""

    def __init__(self, database: Database, track_cache: TrackCache, refresh_s: float = REFRESH_S) -> None:
        self._database = database
        self._track_cache = track_cache
        self._refresh_s = refresh_s
        self._ended = Event()
        self._thread = Thread(target=self._run, name="cache-refresh", daemon=True)

    def start(self) -> None:
        """Begin; requests are answered meanwhile."""
        self._thread.start()

    def close(self) -> None:
        """End once what is being read has been read."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        wait_s = 0.0
        while not self._ended.wait(wait_s):
            wait_s = self._refresh()

    def _refresh(self) -> float:
        """Refresh the cache and return the seconds to wait until the next time."""
        try:
            self._track_cache.refresh(self._database.graph)
        except MuseError as error:
            _log.warning("the track cache could not be refreshed: %s", error)
            return RETRY_S
        # Half a million objects that stay until the next time: collections need not look at them.
        gc.collect()
        gc.freeze()
        return self._refresh_s
