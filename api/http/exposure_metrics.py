"""Exposure: how evenly the lists of a process show tracks, and how popular these are."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge

from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.exposure import N_DECILES, ExposureTally

__all__ = ["ExposureMetrics"]


class ExposureMetrics:
    """Tracks shown by decile of popularity, those under the radar, and the Gini coefficient of it all.

    The tally restarts with each model, because popularity is as of its training.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        by_decile = Counter(
            "muse_recommended_tracks",
            "Tracks in lists, by decile of popularity, 1 the most popular; new for tracks after the training",
            ("decile",),
            registry=registry,
        )
        # Looking them up by their names takes longer than counting.
        self._deciles = [by_decile.labels(str(decile)) for decile in range(1, N_DECILES + 1)]
        self._new = by_decile.labels("new")
        self._under_radar = Counter(
            "muse_recommended_tracks_under_radar",
            "Tracks in lists by artists outside the most played 20 %",
            registry=registry,
        )
        gini = Gauge(
            "muse_exposure_gini",
            "How unevenly lists show the catalogue since the model was loaded; 0 is evenly",
            registry=registry,
        )
        gini.set_function(lambda: self._tally.gini)
        self._tally = ExposureTally()

    def count(self, track_ids: Sequence[str], model: ServedModel) -> None:
        """Count one list, by the ids of its tracks."""
        shown = self._tally.count(track_ids, model)
        for decile, tracks in zip(self._deciles, shown.by_decile.tolist(), strict=True):
            if tracks:
                decile.inc(tracks)
        self._new.inc(shown.new)
        self._under_radar.inc(shown.under_radar)
