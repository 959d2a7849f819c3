"""Figures for Prometheus, and what they must never tell."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from muse_graph.api import create_app
from muse_graph.api.schemas import examples
from muse_graph.config import Settings
from tests.api.conftest import Answering


def test_names_and_labels(client: FlaskClient, answering: Answering) -> None:
    answering("recommendations.lists.recommend", examples.RECOMMENDATIONS)
    client.get("/api/v1/users/u1/recommendations")
    client.get("/api/v1/users/somebody")
    client.get("/nowhere/at/all")
    client.open("/livez", method="BREW")
    page = client.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(page.text)}
    assert all(name.startswith("muse_") for name in families)
    assert 'muse_recommendations_total{mode="discovery"} 1.0' in page.text
    assert not re.search("somebody|nowhere|u1|BREW", page.text)
    samples = families["muse_http_request_duration_seconds"].samples
    labels = {tuple(sample.labels[name] for name in ("route", "method", "status")) for sample in samples}
    assert labels == {
        ("/api/v1/users/<user_id>/recommendations", "GET", "200"),
        ("/api/v1/users/<user_id>", "GET", "200"),
        ("unmatched", "GET", "404"),
        ("unmatched", "other", "405"),
    }


def test_two_applications_count_apart(client: FlaskClient) -> None:
    client.get("/livez")
    assert "/livez" not in create_app(Settings()).test_client().get("/metrics").text
