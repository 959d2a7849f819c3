"""Liveness, readiness, metrics and version."""

from __future__ import annotations

from flask import Response, jsonify

from muse_graph import __version__
from muse_graph.api.http.access import anybody, needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.http.openapi import answers_with, blueprint, problems
from muse_graph.service.maintenance import health as service

__all__ = ["routes"]

routes = blueprint("health", "For those who run the service", prefix="")
_version = {"name": "muse-graph", "version": __version__, "openapi": "/openapi.json"}


@routes.get("/livez", summary="Alive", responses=answers_with("Liveness", {"status": "alive"}))
@anybody
def livez() -> Response:
    """The process answers; the database is not checked."""
    return jsonify(status="alive")


@routes.get(
    "/readyz",
    summary="Ready",
    responses=answers_with(
        "Readiness", {"status": "ready", "checks": {"database": "ok", "schema": "ok", "model": "ok"}}
    )
    | problems(503),
)
@anybody
def readyz() -> Response:
    """The database answers and its schema matches; 503 with Retry-After otherwise.

    `model` is why the current trained model is not served; the service is ready without one too.
    """
    _, reason = context().models.get()
    return jsonify(status="ready", checks=service.ready(graph()) | {"model": reason or "ok"})


@routes.get(
    "/metrics",
    summary="Metrics",
    responses={
        200: {
            "description": "Prometheus' text format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
@needs("admin")
def metrics() -> Response:
    """Metrics of this process since its start."""
    return context().metrics.page()


@routes.get("/version", summary="Version", responses=answers_with("Version", _version))
@anybody
def version() -> Response:
    """The running version, and the address of its OpenAPI document."""
    return jsonify(_version)
