"""Figures for Prometheus, and what they must never tell."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from muse_graph.api import create_app
from muse_graph.api.schemas import examples
from muse_graph.config import Settings
from muse_graph.service.recommendations.lists import RankedList
from tests.api.conftest import Answering

#: What an operator reads beside each figure; `muse_process_*` are the client library's.
FIGURES = {
    "muse_build_info": ("gauge", "The running version"),
    "muse_http_request_duration_seconds": (
        "histogram",
        "Time from a request to its response, waiting included",
    ),
    "muse_http_request_wait_seconds": (
        "histogram",
        "Time from a request to the beginning of its work: its body's way and the queue",
    ),
    "muse_listens_total": ("counter", "Listens received, by outcome"),
    "muse_recommendations_total": ("counter", "Lists recommended, by mode"),
    "muse_recommendations_kept_total": (
        "counter",
        "Lists that were made before, still held and were sent again",
    ),
    "muse_recommended_tracks_total": (
        "counter",
        "Tracks in lists, by decile of popularity, 1 the most popular; new for tracks after the training",
    ),
    "muse_recommended_tracks_under_radar_total": (
        "counter",
        "Tracks in lists by artists outside the most played 20 %",
    ),
    "muse_exposure_gini": (
        "gauge",
        "How unevenly lists show the catalogue since the model was loaded; 0 is evenly",
    ),
}


def test_names_and_labels(client: FlaskClient, answering: Answering) -> None:
    answering("recommendations.lists.rank", RankedList(examples.RECOMMENDATIONS, [], True))
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


def test_every_figure_is_described(client: FlaskClient) -> None:
    page = client.get("/metrics").text
    described = dict(re.findall("^# HELP (\\S+) (.*)$", page, flags=re.MULTILINE))
    kinds = dict(re.findall("^# TYPE (\\S+) (.*)$", page, flags=re.MULTILINE))
    # The library adds when each series was created.
    ours = {
        name: (kinds[name], text)
        for name, text in described.items()
        if "_process_" not in name and not name.endswith("_created")
    }
    assert ours == FIGURES


def test_two_applications_count_apart(client: FlaskClient) -> None:
    client.get("/livez")
    assert "/livez" not in create_app(Settings(), sign_in="off").test_client().get("/metrics").text
