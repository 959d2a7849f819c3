"""Exposure: how evenly the lists of a process show tracks, and how popular these are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from prometheus_client import CollectorRegistry, Counter, Gauge

from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.exposure import N_DECILES, ExposureTally

__all__ = ["ExposureMetrics"]


class ExposureMetrics:
    """Tracks shown by decile of popularity, those under the radar, and the Gini coefficient of it all.

    The tally restarts with each model, because popularity is as of its training.
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
            "How unevenly lists show the catalogue since the model was loaded; 0 is evenly",
            registry=registry,
        )
        gini.set_function(lambda: self._tally.gini)
        self._tally = ExposureTally()

    def count(self, track_keys: Sequence[int], model: ServedModel) -> None:
        """Count one list, by the keys of its tracks."""
        shown = self._tally.count(track_keys, model)
        for counter, tracks in zip(self._counters, [*shown.by_decile.tolist(), shown.new], strict=True):
            counter.inc(tracks)
        self._under_radar.inc(shown.under_radar)

    @cached_property
    def _counters(self) -> list[Counter]:
        """Of each decile and of new tracks: to look them up by their names takes longer than to count."""
        names = [*map(str, range(1, N_DECILES + 1)), "new"]
        return [self._by_decile.labels(name) for name in names]
