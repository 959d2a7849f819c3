"""What surrounds every answer: headers, access lines, details of errors, bookmarks, names in the document."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.api import server
from muse_graph.api.http import logs, openapi
from muse_graph.api.http.bookmarks import COOKIE, HEADER
from muse_graph.api.http.errors import public_detail
from muse_graph.api.http.ticket import KEY, Ticket
from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable, InvalidRequest, QueryError, SchemaError, UnknownUser
from tests.api.conftest import CSRF, Answering
from tests.api.routes import LISTEN
from tests.fakes import FakeWriter

NO_FRAMES = "base-uri 'none'; frame-ancestors 'none'"
API_POLICY = f"default-src 'self'; img-src 'self' data:; object-src 'none'; {NO_FRAMES}"
PAGES_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    f"form-action 'self'; {NO_FRAMES}"
)


@pytest.mark.parametrize(
    ("method", "path", "policy", "kept"),
    [
        ("GET", "/api/v1/users/u1", API_POLICY, "no-store"),
        ("GET", "/api/v1/nowhere", API_POLICY, "no-store"),
        ("GET", "/livez", API_POLICY, None),
        ("GET", "/covers/t1.svg", API_POLICY, "public, max-age=86400"),
        ("POST", "/actions", PAGES_POLICY, "no-store"),
    ],
)
def test_headers_of_each_kind_of_answer(
    client: FlaskClient, answering: Answering, method: str, path: str, policy: str, kept: str | None
) -> None:
    headers = client.open(path, method=method).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == policy
    assert headers.get("Cache-Control") == kept


def test_an_access_line_says_how_long_it_took(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 1000 s to 1000.0125 s on the clock are 12.5 ms, of which it waited for 4 ms."""
    monkeypatch.setattr(logs, "time", SimpleNamespace(perf_counter=iter((1000.004, 1000.0125)).__next__))
    with caplog.at_level(logging.INFO, "muse_graph.access"):
        client.get("/livez", environ_overrides={KEY: Ticket(arrived=1000.0)})
    (record,) = [record for record in caplog.records if record.name == "muse_graph.access"]
    said = {name: getattr(record, name) for name in ("method", "path", "route", "status", "ms")}
    assert said == {"method": "GET", "path": "/livez", "route": "/livez", "status": 200, "ms": 12.5}


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (GraphUnavailable("bolt://secret:7687 refused"), "no database answers at the moment"),
        (SchemaError("the graph lacks x"), "the graph lacks x"),
        (QueryError("MATCH (secret)"), "internal error; see the log under this response's X-Request-ID"),
        (UnknownUser("u1"), str(UnknownUser("u1"))),
        (InvalidRequest("k must be 1..9"), "k must be 1..9"),
    ],
)
def test_what_clients_may_read_of_an_error(error: Any, detail: str) -> None:
    assert public_detail(error) == detail


def test_a_write_refused_after_the_graph_was_read_hands_out_no_bookmarks(
    client: FlaskClient, answering: Answering
) -> None:
    """400 is the first status of those that say no."""
    url = "/api/v1/users/u1/feedback/t1"
    answering("users.feedback.give_feedback", InvalidRequest("at must be past"))
    refused = client.put(url, json={"action": "save"})
    assert refused.status_code == 400
    assert (refused.headers.get(HEADER), refused.headers.get("Set-Cookie")) == (None, None)
    answering("users.feedback.give_feedback", None)
    done = client.put(url, json={"action": "save"})
    assert done.status_code < 300
    cookie = done.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}={done.headers[HEADER]};")
    assert {"Max-Age=300", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert (
        "Secure"
        in client.put(url, json={"action": "save"}, base_url="https://localhost").headers["Set-Cookie"]
    )


def test_a_listen_keeps_the_app_it_came_from(app: Flask, client: FlaskClient) -> None:
    assert client.post("/api/v1/listens", json=LISTEN | {"source": "radio"}).status_code == 201
    writer: FakeWriter = app.extensions["muse_graph"].database.writer
    assert [listen.source for listen in writer.listens.values()] == ["radio"]


def test_a_form_of_the_address_bar_is_not_foreign(client: FlaskClient, answering: Answering) -> None:
    """Sec-Fetch-Site is "none" where the user, and no site, began the request, as by a reload."""
    answering("users.feedback.give_feedback", None)
    form = {"user": "u1", "track": "t1", "verb": "save", "press": "0" * 32} | CSRF
    headers = {"Sec-Fetch-Site": "none", "Origin": "http://elsewhere.example"}
    assert client.post("/actions", data=form, headers=headers).status_code == 303
    refused = client.post("/actions", data=form, headers={"Origin": "http://elsewhere.example"})
    assert "this was sent by another site" in refused.text


def test_a_group_of_routes_bears_its_name_and_that_of_its_views() -> None:
    made = openapi.blueprint("songs", "Songs to hear.")
    assert (made.name, made.url_prefix) == ("songs", "/api/v1")
    assert [(tag.name, tag.description) for tag in made.abp_tags or ()] == [("songs", "Songs to hear.")]
    assert made.operation_id_callback(name="play", path="/songs", method="get") == "play"
    assert openapi.blueprint("root", "Health.", prefix="").url_prefix is None


def test_operations_are_named_after_their_views(app: Flask) -> None:
    paths: dict[str, Any] = app.api_doc["paths"]  # type: ignore[attr-defined]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(names) == len(set(names))
    views = {rule.endpoint.rpartition(".")[2] for rule in app.url_map.iter_rules()}
    assert set(names) <= views


@pytest.fixture
def forking() -> Iterator[None]:
    """A process that has already chosen to fork, as one may have before it serves."""
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method("fork", force=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.usefixtures("forking")
def test_workers_are_spawned_whatever_was_chosen_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start method that counts is the one at the time the server begins."""
    begun: list[tuple[Any, ...]] = []

    class Server:
        def __init__(self, target: str, **options: Any) -> None:
            self.options = (target, options["address"], options["port"], options["workers"])

        def serve(self, target_loader: Any, **_: Any) -> None:
            threads = target_loader.args[1]
            begun.append((*self.options, threads, multiprocessing.get_start_method()))

    monkeypatch.setattr(server, "Server", Server)
    server.serve(Settings(), "127.0.0.2", 8123, 5, workers=3)
    assert begun == [("muse_graph.api", "127.0.0.2", 8123, 3, 5, "spawn")]
