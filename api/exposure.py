"""Which artists and tracks the lists of a process show: how evenly, and how popular they are."""

from __future__ import annotations

from threading import Lock

import numpy as np
from prometheus_client import CollectorRegistry, Counter, Gauge

from muse_graph.answers import Recommendations
from muse_graph.core.exposure import N_DECILES, RunningExposure, popularity_deciles
from muse_graph.core.keys import keys_of
from muse_graph.models import ServedModel

__all__ = ["ExposureMetrics"]


class ExposureMetrics:
    """Tracks shown by decile of popularity, those under the radar, and the Gini coefficient of it all.

    The tally begins anew with each model, for popularity is what it was at its training.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._by_decile = Counter(
            "muse_recommended_tracks",
            "Tracks in lists, by decile of popularity, 1 the most popular; new for tracks after the training",
            ("decile",),
            registry=registry,
        )
        self._under_radar = Counter(
            "muse_recommended_tracks_under_radar",
            "Tracks in lists by artists outside the most played 20 %",
            registry=registry,
        )
        gini = Gauge(
            "muse_exposure_gini",
            "How unevenly lists show the catalogue since the model was taken up; 0 is evenly",
            registry=registry,
        )
        gini.set_function(self._gini)
        self._lock = Lock()
        self._version = ""
        self._shown = RunningExposure(np.empty(0, np.int64))

    def count(self, found: Recommendations, model: ServedModel) -> None:
        """Count one list."""
        items = model.items(keys_of(item.track_id for item in found.items))
        known = items[items >= 0]
        by_decile = self._tally(model).add(items)
        for decile in range(N_DECILES):
            self._by_decile.labels(str(decile + 1)).inc(int(by_decile[decile]))
        self._by_decile.labels("new").inc(len(items) - len(known))
        self._under_radar.inc(int(model.catalogue.under_radar[known].sum()))

    def _tally(self, model: ServedModel) -> RunningExposure:
        with self._lock:
            if model.version != self._version:
                self._version = model.version
                self._shown = RunningExposure(popularity_deciles(model.catalogue.listeners))
            return self._shown

    def _gini(self) -> float:
        return self._shown.snapshot().gini
