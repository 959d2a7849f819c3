"""Metrics for Prometheus. No label holds an id: only route templates, methods, statuses and modes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from muse_graph import __version__
from muse_graph.answers import ListMode, Receipt
from muse_graph.api.http.exposure_metrics import ExposureMetrics
from muse_graph.model_store import ServedModel

__all__ = ["Metrics", "route"]

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one process, in a registry of their own.

    With several worker processes each answers /metrics with its own figures.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="muse", registry=self._registry)
        Info("muse_build", "The running version", registry=self._registry).info({"version": __version__})
        self._seconds = Histogram(
            "muse_http_request_duration_seconds",
            "Time from a request to its response, waiting included",
            ("route", "method", "status"),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._wait_seconds = Histogram(
            "muse_http_request_wait_seconds",
            "Time from a request to the beginning of its work: its body's way and the queue",
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._listens = Counter(
            "muse_listens", "Listens received, by outcome", ("outcome",), registry=self._registry
        )
        self._recommendations = Counter(
            "muse_recommendations", "Lists recommended, by mode", ("mode",), registry=self._registry
        )
        self._kept = Counter(
            "muse_recommendations_kept",
            "Lists that were made before, still held and were sent again",
            registry=self._registry,
        )
        self._exposure = ExposureMetrics(self._registry)

    def observe(self, response: Response, seconds: float) -> None:
        """Count one response; all unknown methods count as one."""
        method = request.method if request.method in _METHODS else "other"
        self._seconds.labels(route(), method, str(response.status_code)).observe(seconds)

    def observe_wait(self, seconds: float) -> None:
        """Count how long one request waited."""
        self._wait_seconds.observe(seconds)

    def count_listens(self, receipt: Receipt) -> None:
        """Count what became of the listens of one request."""
        self._listens.labels("recorded").inc(receipt.recorded)
        self._listens.labels("repeated").inc(receipt.repeated)
        self._listens.labels("rejected").inc(len(receipt.rejected))

    def count_recommendations(
        self, mode: ListMode, track_keys: Sequence[int], model: ServedModel | None, *, kept: bool = False
    ) -> None:
        """Count one list, and where there is a model how popular the tracks of it are.

        Args:
            kept: whether it was made before, and is sent again
        """
        self._recommendations.labels(mode).inc()
        if kept:
            self._kept.inc()
        if model is not None:
            self._exposure.count(track_keys, model)

    def page(self) -> Response:
        """All figures in Prometheus' text format."""
        return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route() -> str:
    """The template of the route that answers, or "unmatched"."""
    return request.url_rule.rule if request.url_rule is not None else "unmatched"
