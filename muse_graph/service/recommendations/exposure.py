"""Which tracks lists show: how popular they are, and how evenly the catalogue is shown."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from muse_graph.answers import Recommendations
from muse_graph.core.exposure import N_DECILES, RunningExposure, popularity_deciles
from muse_graph.core.keys import keys_of
from muse_graph.core.types import IntArray
from muse_graph.model_store import ServedModel

__all__ = ["N_DECILES", "ExposureTally", "Shown", "track_keys"]


@dataclass(frozen=True)
class Shown:
    """The tracks of one list, counted.

    Attributes:
        by_decile: (10,) int64, the most popular tenth first
        new: tracks that came after the training
        under_radar: tracks by artists outside the most played 20 %
    """

    by_decile: IntArray
    new: int
    under_radar: int


def track_keys(found: Recommendations) -> array[int]:
    """The keys of the tracks of a list, in their order, in little memory."""
    return array("q", keys_of(item.track_id for item in found.items).tobytes())


class ExposureTally:
    """Counts lists; restarts with each model, because popularity is as of its training."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = ""
        self._running = RunningExposure(np.empty(0, np.int64))

    def count(self, track_keys: Sequence[int], model: ServedModel) -> Shown:
        """Count one list, by the keys of its tracks."""
        items = model.items(np.array(track_keys, np.int64))
        known = items[items >= 0]
        by_decile = self._of(model).add(items)
        return Shown(by_decile, len(items) - len(known), int(model.catalogue.under_radar[known].sum()))

    @property
    def gini(self) -> float:
        """How unevenly the catalogue is shown, 0 evenly; NaN before the first list."""
        return self._running.snapshot().gini

    def _of(self, model: ServedModel) -> RunningExposure:
        with self._lock:
            if model.version != self._version:
                self._version = model.version
                self._running = RunningExposure(popularity_deciles(model.catalogue.listeners))
            return self._running
