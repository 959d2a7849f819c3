"""Each route: a request that goes well, and every way it can go wrong, in one shape."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from muse_graph.api import create_app
from muse_graph.api.http import bookmarks, context
from muse_graph.api.http.bookmarks import COOKIE, HEADER
from muse_graph.api.http.logs import JsonFormatter
from muse_graph.api.schemas import audience_examples, examples
from muse_graph.api.schemas.examples import ANALYTICS, FRIEND, LEDGER, RECOMMENDATIONS
from muse_graph.config import Settings
from muse_graph.core.scoring import ScoringOptions
from muse_graph.errors import (
    Conflict,
    GraphUnavailable,
    InvalidRequest,
    QueryError,
    SchemaError,
    TooBusy,
    UnknownUser,
)
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.recommendations.lists import RankedList
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions
from tests.api.conftest import Answering
from tests.api.routes import LISTEN, ROUTES, Route
from tests.fakes import FakeGraph, FakeWriter

RANKED = RankedList(RECOMMENDATIONS, [], True)

ERRORS = [
    (UnknownUser("u1"), 404, "urn:muse:problem:unknown-user"),
    (Conflict("they are friends already"), 409, "urn:muse:problem:conflict"),
    (
        InvalidRequest("k must be 1..9, got 0", (("k", "must be 1..9"),)),
        400,
        "urn:muse:problem:invalid-request",
    ),
    (GraphUnavailable("secret-host:7687 is down"), 503, "urn:muse:problem:graph-unavailable"),
    (SchemaError("the graph is newer than this code"), 503, "urn:muse:problem:schema-error"),
    (TooBusy("20,000 listens wait to be written"), 429, "urn:muse:problem:too-busy"),
    (QueryError("MATCH (secret)"), 500, "urn:muse:problem:query-error"),
    (ZeroDivisionError("secret"), 500, "about:blank"),
]
every_route = pytest.mark.parametrize("route", ROUTES, ids=str)
served = pytest.mark.parametrize("route", [route for route in ROUTES if route.service], ids=str)


def send(client: FlaskClient, route: Route, **kwargs: Any) -> TestResponse:
    if route.body is not None and "data" not in kwargs:
        kwargs.setdefault("json", route.body)
    return client.open(
        kwargs.pop("url", route.url), method=kwargs.pop("method", route.method), buffered=True, **kwargs
    )


def assert_problem(response: TestResponse, status: int, kind: str | None = None) -> dict[str, Any]:
    """The one shape of errors."""
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = response.get_json(force=True)
    assert set(body) == {"type", "title", "status", "detail", "instance", "errors"}
    assert body["status"] == status
    assert body["instance"] == response.request.path
    assert body["title"]
    assert "Traceback" not in body["detail"]
    assert "secret" not in response.text
    assert kind is None or body["type"] == kind
    for error in body["errors"]:
        assert set(error) in ({"pointer", "detail"}, {"parameter", "detail"})
        assert error["detail"]
    return body


def test_every_route_is_listed(app: Flask) -> None:
    pages = {"description.openapi_document", "description.docs", "description.static"}
    found = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in pages and not rule.endpoint.startswith("pages")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(route.method, route.rule) for route in ROUTES} == found


@every_route
def test_success(app: Flask, client: FlaskClient, answering: Answering, route: Route) -> None:
    service = answering(route.service, route.answer) if route.service else None
    response = send(client, route)
    assert response.status_code == route.status, response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if service and route.service:
        ((args, kwargs),) = service.calls[route.service]
        found = kwargs | {
            "options": next((arg for arg in args if isinstance(arg, RecommendationOptions)), None)
        }
        assert found | route.called_with == found
    document: dict[str, Any] = app.api_doc  # type: ignore[attr-defined]
    path = route.rule.replace("<", "{").replace(">", "}")
    described = document["paths"][path][route.method.lower()]["responses"][str(route.status)]
    content = described.get("content", {}).get("application/json")
    assert (content is None) == (response.mimetype != "application/json")
    if content:
        assert violations(document, content["schema"], response.json) == []
        assert violations(document, content["schema"], content["example"]) == []


def violations(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What a value does wrong by a schema of the document; a field nobody described is wrong too."""
    closed = {
        name: part | ({"additionalProperties": False} if "properties" in part else {})
        for name, part in document["components"]["schemas"].items()
    }
    validator = Draft202012Validator(schema | {"components": {"schemas": closed}})
    return [error.message for error in validator.iter_errors(value)]


@served
@pytest.mark.parametrize(("error", "status", "kind"), ERRORS, ids=lambda value: type(value).__name__)
def test_errors_of_the_service(
    client: FlaskClient, answering: Answering, route: Route, error: Exception, status: int, kind: str
) -> None:
    answering(route.service or "", error)
    response = send(client, route)
    body = assert_problem(response, status, kind)
    assert ("Retry-After" in response.headers) == (status in {429, 503})
    if isinstance(error, InvalidRequest):
        assert body["errors"] == [{"parameter": "k", "detail": "must be 1..9"}]


def test_an_unexpected_error_is_logged_with_its_traceback(
    client: FlaskClient, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    answering("users.users.get_user", ZeroDivisionError("at the root"))
    with caplog.at_level(logging.ERROR):
        assert_problem(client.get("/api/v1/users/u1"), 500)
    (record,) = caplog.records
    assert record.exc_info is not None
    assert "at the root" in caplog.text


@every_route
def test_no_database(route: Route) -> None:
    client = create_app(Settings(neo4j_uri=None), sign_in="off").test_client()
    response = send(client, route)
    if route.url in {"/livez", "/metrics", "/version", "/api/v1/account"}:
        assert response.status_code == 200
    else:
        assert_problem(response, 503, "urn:muse:problem:graph-unavailable")
        assert int(response.headers["Retry-After"]) > 0


@every_route
def test_unknown_parameter(client: FlaskClient, route: Route) -> None:
    body = assert_problem(send(client, route, url=route.url.split("?")[0] + "?nonsense=1"), 422)
    assert [error["parameter"] for error in body["errors"]] == ["nonsense"]


@every_route
def test_wrong_method(client: FlaskClient, route: Route) -> None:
    response = client.open(route.url, method="TRACE")
    assert_problem(response, 405)
    assert route.method in response.headers["Allow"]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.body], ids=str)
class TestBodies:
    def test_malformed(self, client: FlaskClient, route: Route) -> None:
        for data in (b"{", b"", b"\xff", b'{"heard": NaN}', b"[" * 100_000, b"1" * 10_000):
            assert_problem(send(client, route, data=data, content_type="application/json"), 400)

    def test_not_json(self, client: FlaskClient, route: Route) -> None:
        assert_problem(send(client, route, data=b"a=1", content_type="text/plain"), 415)
        assert_problem(send(client, route, data=b"{}"), 415)

    def test_too_large(self, client: FlaskClient, route: Route) -> None:
        response = send(client, route, data=b" " * 10_000_001, content_type="application/json")
        assert_problem(response, 413)

    def test_neither_object_nor_array(self, client: FlaskClient, route: Route) -> None:
        for body in ('"{}"', "1", "null", "true"):
            problem = assert_problem(send(client, route, data=body, content_type="application/json"), 422)
            assert problem["errors"][0]["pointer"] == ""

    def test_unknown_field(self, client: FlaskClient, route: Route) -> None:
        body = assert_problem(send(client, route, json=route.body | {"a/b~": 1}), 422)
        assert [error["pointer"] for error in body["errors"]] == ["/a~1b~0"]


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("/api/v1/users?limit=0", "limit"),
        ("/api/v1/users?limit=1001", "limit"),
        ("/api/v1/users?limit=many", "limit"),
        ("/api/v1/users?limit=1&limit=2", "limit"),
        ("/api/v1/users/u1/recommendations?k=0", "k"),
        ("/api/v1/users/u1/recommendations?mode=popular", "mode"),
        ("/api/v1/users/u1/recommendations?radar_share=1.01", "radar_share"),
        ("/api/v1/users/u1/recommendations?radar_share=nan", "radar_share"),
        ("/api/v1/users/u1/recommendations?max_per_artist=0", "max_per_artist"),
        ("/api/v1/users/u1/recommendations?max_per_artist=1.5", "max_per_artist"),
        ("/api/v1/users/u1/recommendations?diversity=-0.1", "diversity"),
        ("/api/v1/users/u1/recommendations?artist_weight=-1", "artist_weight"),
        ("/api/v1/users/u1/recommendations?language_weight=inf", "language_weight"),
        ("/api/v1/users/u1/recommendations?features_weight=much", "features_weight"),
        ("/api/v1/users/u1/recommendations?similarity=guess", "similarity"),
        ("/api/v1/users/u1/recommendations?shrinkage=nan", "shrinkage"),
        ("/api/v1/users/u1/recommendations?shrinkage=-1", "shrinkage"),
        ("/api/v1/users/u1/recommendations?neighbours=0", "neighbours"),
        ("/api/v1/users/u1/recommendations?weights=gold", "weights"),
        ("/api/v1/users/u1/genres?new_only=perhaps", "new_only"),
        ("/api/v1/users/u1/genres?mode=for-you", "mode"),
        ("/api/v1/users/u%00", "user_id"),
        ("/api/v1/artists/a1/analytics?from=2024-13-01", "from"),
        ("/api/v1/artists/a1/analytics?from=2024-02-02&to=2024-02-01", "from"),
        ("/api/v1/artists/a1/analytics?country=XX", "country"),
        ("/api/v1/artists/a1/analytics?country=CO&country=XX", "country"),
        ("/api/v1/artists/a1/analytics?source=radio", "source"),
        ("/api/v1/artists/a1/analytics?segment=fans", "segment"),
        ("/api/v1/artists/a1/interests?k=101", "k"),
        ("/api/v1/artists/a1/interests?segment=fans", "segment"),
        ("/api/v1/artists/a1/interests?from=2024-02-02&to=2024-02-01", "from"),
        ("/api/v1/artists/a1/overlap", "with"),
        ("/api/v1/artists/a1/spread?window=61", "window"),
        ("/api/v1/artists/a1/spread?country=XX", "country"),
        ("/api/v1/influencers?genre=cumbia", "country"),
        ("/api/v1/influencers?country=CO", "genre"),
        ("/api/v1/artists/a1/influencers?sort=handle", "sort"),
        ("/api/v1/artists/a1/influencers/together?k=51", "k"),
        ("/api/v1/artists/a1/influencers/together?budget=0&cost_per_1000=1", "budget"),
        ("/api/v1/artists/a1/influencers/together?budget=5", "cost_per_1000"),
        ("/api/v1/artists/a1/influencers/together?minimum_cost=5", "cost_per_1000"),
        ("/api/v1/artists/a1/influencers/together?cost_per_1000=nan", "cost_per_1000"),
    ],
)
def test_wrong_values_are_named(client: FlaskClient, url: str, parameter: str) -> None:
    body = assert_problem(client.get(url), 422, "urn:muse:problem:invalid-value")
    assert [error["parameter"] for error in body["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("url", "body", "pointer"),
    [
        ("/api/v1/users/u1", {"name": ""}, "/name"),
        ("/api/v1/users/u1", {"name": None}, "/name"),
        ("/api/v1/users/u1", {"name": "\ud800"}, "/name"),
        ("/api/v1/users/u1", {"country": "ZZ"}, "/country"),
        ("/api/v1/users/u1", {"private": "yes"}, "/private"),
        ("/api/v1/users/u1", {"listens_visible_to": "family"}, "/listens_visible_to"),
        ("/api/v1/users/u1", {"listens_visible_to": "nobody", "private": True}, "/private"),
        ("/api/v1/users/u1", [], ""),
        ("/api/v1/users/u1/friends/u2", {}, "/action"),
        ("/api/v1/users/u1/friends/u2", {"action": "marry"}, "/action"),
        ("/api/v1/users/u1/feedback/t1", {"action": "clear"}, "/action"),
        ("/api/v1/users/u1/feedback/t1", {"action": "save", "at": "yesterday"}, "/at"),
        ("/api/v1/users/u1/feedback/t1", {"action": "save", "at": "2024-05-01"}, "/at"),
        ("/api/v1/users/u1/feedback/t1", {"action": "save", "at": 1714588200000}, "/at"),
    ],
)
def test_wrong_fields_are_pointed_at(client: FlaskClient, url: str, body: Any, pointer: str) -> None:
    problem = assert_problem(client.put(url, json=body), 422, "urn:muse:problem:invalid-value")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize("theta", [True, "0.5", 0, 1.1])
def test_a_cap_is_a_number(client: FlaskClient, theta: object) -> None:
    answer = client.post("/api/v1/users/u1/what-if", json={"theta": theta})
    problem = assert_problem(answer, 422, "urn:muse:problem:invalid-value")
    assert [error["pointer"] for error in problem["errors"]] == ["/theta"]


@pytest.mark.parametrize("url", ["/nowhere", "/api/v1", "/api/v1/users/", "/api/v1/users/a/b/c"])
def test_unknown_route(client: FlaskClient, url: str) -> None:
    assert_problem(client.get(url), 404)
    assert_problem(client.post(url, data=b"x"), 404)


@pytest.mark.parametrize("action", ["ask", "accept", "decline", "block", "unblock"])
def test_each_act_of_friendship(client: FlaskClient, answering: Answering, action: str) -> None:
    service = answering(f"users.friendships.{action}", FRIEND)
    assert client.put("/api/v1/users/u1/friends/u2", json={"action": action}).json["user_id"] == "u2"
    ((args, _),) = service.calls[f"users.friendships.{action}"]
    assert args[1:] == ("u1", "u2")


def test_the_cap_of_the_service_is_that_of_who_ends_or_blocks(
    fake_graph: FakeGraph, answering: Answering, tmp_path: Path
) -> None:
    service = answering("users.friendships.block", FRIEND)
    answering("users.friendships.end", FRIEND)
    client = create_app(
        Settings(home=tmp_path, models=tmp_path, theta=0.35), fake_graph, sign_in="off"
    ).test_client()
    assert client.put("/api/v1/users/u1/friends/u2", json={"action": "block"}).status_code == 200
    assert client.delete("/api/v1/users/u1/friends/u2").status_code == 204
    for function in ("block", "end"):
        (((_, *users), given),) = service.calls[f"users.friendships.{function}"]
        assert (users, given) == (["u1", "u2"], {"theta": 0.35})


def test_the_cap_of_the_service_is_that_of_lists_genres_and_listens(
    fake_graph: FakeGraph, answering: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_autospec(ListenWriter, return_value=FakeWriter(fake_graph, 0.35))
    monkeypatch.setattr(context, "ListenWriter", made)
    client = create_app(
        Settings(home=tmp_path, models=tmp_path, theta=0.35, max_friends=7), fake_graph, sign_in="off"
    ).test_client()
    for name, path, answer in (
        ("recommendations.lists.rank", "recommendations", RANKED),
        ("recommendations.lists.rank", "recommendations?similarity=jaccard", RANKED),
        ("recommendations.genres.discover_genres", "genres", LEDGER),
    ):
        service = answering(name, answer)
        assert client.get(f"/api/v1/users/u1/{path}").status_code == 200
        (_, _, options), _ = service.calls[name][-1]
        assert (options.theta, options.max_friends) == (0.35, 7)
    assert client.post("/api/v1/listens", json=LISTEN).status_code == 201
    made.assert_called_once_with(fake_graph, 0.35)


def test_what_is_new_can_be_asked_for_alone(client: FlaskClient, answering: Answering) -> None:
    for name, path, answer in (
        ("recommendations.lists.rank", "recommendations", RANKED),
        ("recommendations.genres.discover_genres", "genres", LEDGER),
    ):
        service = answering(name, answer)
        assert client.get(f"/api/v1/users/u1/{path}?new_only=true").status_code == 200
        (((_, _, options), _),) = service.calls[name]
        assert options == RecommendationOptions(new_only=True)


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("nonsense=1", "no such parameter; there are: cursor, limit, q"),
        ("limit=1&limit=2", "must be given once"),
    ],
)
def test_why_a_parameter_is_refused(client: FlaskClient, query: str, rule: str) -> None:
    (error,) = assert_problem(client.get(f"/api/v1/users?{query}"), 422)["errors"]
    assert error == {"parameter": query.partition("=")[0], "detail": rule}


def test_a_body_that_is_no_json_says_where(client: FlaskClient) -> None:
    sent = {"data": b'{"name": }', "content_type": "application/json"}
    body = assert_problem(client.put("/api/v1/users/u1", **sent), 400)
    assert body["detail"].startswith("the body is not JSON: ")
    assert "column 10" in body["detail"]


@pytest.mark.parametrize(("length", "shown"), [(78, '"' + "x" * 78 + '"'), (79, '"' + "x" * 76 + "...")])
def test_a_long_value_is_shown_by_its_beginning(client: FlaskClient, length: int, shown: str) -> None:
    (error,) = assert_problem(client.get(f"/api/v1/users?limit={'x' * length}"), 422)["errors"]
    assert error["detail"].endswith(f", got {shown}")


@pytest.mark.parametrize("at", ["1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z"])
def test_a_time_no_listen_can_have(client: FlaskClient, at: str) -> None:
    feedback = {"action": "save", "at": at}
    (error,) = assert_problem(client.put("/api/v1/users/u1/feedback/t1", json=feedback), 422)["errors"]
    assert "from 1970 to tomorrow" in error["detail"]


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("k=1001", "must be 1..1000, got '1001'"),
        ("mode=loud", "must be one of discovery, for-you, under-the-radar, got 'loud'"),
        ("radar_share=1.01", "must be a number in 0..1, got '1.01'"),
        ("max_per_artist=0", "must be 1..1000, got '0'"),
        ("diversity=-0.1", "must be a number in 0..1, got '-0.1'"),
        ("artist_weight=-1", "must be a number in 0..1000000000, got '-1'"),
        ("language_weight=inf", "must be a number in 0..1000000000, got 'inf'"),
        ("features_weight=much", "must be a number in 0..1000000000, got 'much'"),
        ("neighbours=10001", "must be 1..10000, got '10001'"),
        ("weights=gold", "must be one of heard, log-plays, binary, got 'gold'"),
        ("new_only=perhaps", "must be true or false, got 'perhaps'"),
    ],
)
def test_a_refused_option_names_the_rule(client: FlaskClient, query: str, rule: str) -> None:
    body = assert_problem(client.get(f"/api/v1/users/u1/recommendations?{query}"), 422)
    (error,) = body["errors"]
    assert error["parameter"] == query.partition("=")[0]
    assert error["detail"] == rule
    assert rule in body["detail"]


@pytest.mark.parametrize("name", ListOptions.model_fields)
def test_a_wrong_option_is_refused_in_the_words_of_the_service(client: FlaskClient, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        ListOptions(**{name: "wrong"})
    body = assert_problem(client.get(f"/api/v1/users/u1/recommendations?{name}=wrong"), 422)
    assert [(error["parameter"], error["detail"]) for error in body["errors"]] == [*refused.value.fields]
    assert body["detail"] == str(refused.value)


def test_who_says_nothing_gets_the_defaults_of_the_service(client: FlaskClient, answering: Answering) -> None:
    for name, path, answer in (
        ("recommendations.lists.rank", "recommendations", RANKED),
        ("recommendations.genres.discover_genres", "genres", LEDGER),
    ):
        service = answering(name, answer)
        assert client.get(f"/api/v1/users/u1/{path}").status_code == 200
        (((_, _, options), _),) = service.calls[name]
        assert options == RecommendationOptions()


@pytest.mark.parametrize(
    ("query", "scoring"),
    [
        ("", None),
        ("?k=3&mode=for-you&diversity=0.5", None),
        ("?similarity=jaccard", ScoringOptions(similarity="jaccard")),
        ("?shrinkage=5", ScoringOptions()),
        ("?neighbours=9&weights=binary", ScoringOptions(neighbours=9, weights="binary")),
    ],
)
def test_only_who_says_how_friends_are_weighed_leaves_the_model_aside(
    client: FlaskClient, answering: Answering, query: str, scoring: ScoringOptions | None
) -> None:
    service = answering("recommendations.lists.rank", RANKED)
    assert client.get(f"/api/v1/users/u1/recommendations{query}").status_code == 200
    (((_, user_id, options), _),) = service.calls["recommendations.lists.rank"]
    assert (user_id, options.scoring) == ("u1", scoring)


def test_changing_a_user_nobody_knows(client: FlaskClient, answering: Answering) -> None:
    answering("users.users.get_user", UnknownUser("u1"))
    service = answering("users.users.put_user", None)
    assert_problem(client.patch("/api/v1/users/u1", json={"name": "Ana"}), 404)
    assert "users.users.put_user" not in service.calls


def test_feedback_is_kept_in_utc(client: FlaskClient, answering: Answering) -> None:
    answering("users.feedback.give_feedback", None)
    body = {"action": "save", "at": "2024-05-01T20:30:00.1239+02:00"}
    assert (
        client.put("/api/v1/users/u1/feedback/t1", json=body).json["at"] == "2024-05-01T18:30:00.123000+00:00"
    )


@pytest.mark.parametrize(
    ("path", "service", "answer"),
    [
        ("analytics", "artists.analytics.analytics", ANALYTICS),
        ("interests", "artists.interests.interests", audience_examples.INTERESTS),
        ("overlap?with=a5", "artists.overlaps.audience_overlap", audience_examples.OVERLAP),
        ("spread", "artists.spread.artist_spread", audience_examples.SPREAD),
        ("influencers", "artists.influencers.artist_influencers", [examples.ARTIST_MATCH]),
        ("influencers/together", "artists.influencer_sets.influencers_together", examples.INFLUENCER_SET),
    ],
)
def test_reports_are_not_sent_twice(
    client: FlaskClient, answering: Answering, path: str, service: str, answer: Any
) -> None:
    answering(service, answer)
    first = client.get(f"/api/v1/artists/a1/{path}")
    tag = first.headers["ETag"]
    again = client.get(f"/api/v1/artists/a1/{path}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    other = client.get(f"/api/v1/artists/a1/{path}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("path", "service", "answer"),
    [
        ("analytics", "artists.analytics.analytics", ANALYTICS),
        ("interests", "artists.interests.interests", audience_examples.INTERESTS),
        ("spread", "artists.spread.artist_spread", audience_examples.SPREAD),
    ],
)
def test_who_belongs_to_an_audience(
    client: FlaskClient, answering: Answering, path: str, service: str, answer: Any
) -> None:
    calls = answering(service, answer).calls
    period = "from=2024-01-01&to=2024-12-31"
    filters = f"track=t1&track=t2&country=co&country=ZZ&source=feed&segment=super&segment=light&{period}"
    assert client.get(f"/api/v1/artists/a1/{path}?{filters}").status_code == 200
    assert client.get(f"/api/v1/artists/a1/{path}").status_code == 200
    found, everybody = (args[2] for args, _ in calls[service])
    assert (found.tracks, found.countries, found.sources) == (["t1", "t2"], ["CO", "ZZ"], ["feed"])
    assert (found.segments, found.from_day, found.to_day) == (["super", "light"], "2024-01-01", "2024-12-31")
    assert everybody == filters_of()


class TestBookmarks:
    @pytest.mark.parametrize("route", [route for route in ROUTES if route.writes], ids=str)
    def test_each_write_hands_them_out(self, client: FlaskClient, answering: Answering, route: Route) -> None:
        if route.service:
            answering(route.service, route.answer)
        response = send(client, route)
        cookie = response.headers["Set-Cookie"]
        assert response.headers[HEADER]
        assert f"{COOKIE}={response.headers[HEADER]};" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie

    @pytest.mark.parametrize("by", ["header", "cookie"])
    def test_a_read_waits_for_them(
        self, app: Flask, answering: Answering, fake_graph: FakeGraph, by: str
    ) -> None:
        answering("users.feedback.give_feedback", None)
        writer, reader = app.test_client(), app.test_client()
        token = writer.delete("/api/v1/users/u1/feedback/t1").headers[HEADER]
        if by == "cookie":
            reader.set_cookie(COOKIE, token)
        response = reader.get("/api/v1/users/u1", headers={HEADER: token} if by == "header" else {})
        assert response.status_code == 200
        assert HEADER not in response.headers
        assert fake_graph.observed == {"FB:one", "FB:two"}

    def test_forged_ones_are_not_believed(
        self, client: FlaskClient, answering: Answering, fake_graph: FakeGraph
    ) -> None:
        body = assert_problem(client.get("/api/v1/users/u1", headers={HEADER: "FB:forged"}), 400)
        assert body["errors"][0]["parameter"] == HEADER
        client.set_cookie(COOKIE, "FB:forged")
        assert client.get("/api/v1/users/u1").status_code == 200
        assert fake_graph.observed == set()

    @pytest.mark.parametrize(
        ("change", "believed"),
        [
            ({}, True),
            ({"theta": 0.5}, True),
            ({"neo4j_password": "guessed"}, False),
            ({"neo4j_password": ""}, False),
            ({"neo4j_database": "other"}, False),
            ({"neo4j_uri": "bolt://other.example:7687"}, False),
        ],
        ids=str,
    )
    def test_who_does_not_know_the_password_cannot_make_one(
        self, fake_graph: FakeGraph, answering: Answering, change: dict[str, Any], believed: bool
    ) -> None:
        known = {"neo4j_uri": "bolt://db.example:7687", "neo4j_password": "secret"}
        token = bookmarks.Signer(Settings(**(known | change))).sign(frozenset({"FB:forged"}))
        client = create_app(Settings(**known), fake_graph, sign_in="off").test_client()
        response = client.get("/api/v1/users/u1", headers={HEADER: token})
        if believed:
            assert response.status_code == 200
        else:
            assert_problem(response, 400, "urn:muse:problem:invalid-request")
        assert fake_graph.observed == ({"FB:forged"} if believed else set())

    def test_a_token_that_was_changed_is_not_believed(
        self, client: FlaskClient, answering: Answering, fake_graph: FakeGraph
    ) -> None:
        answering("users.feedback.give_feedback", None)
        token = client.delete("/api/v1/users/u1/feedback/t1").headers[HEADER]
        content, _, signature = token.partition(".")
        other = bookmarks.Signer(Settings(neo4j_password="guessed")).sign(frozenset({"FB:forged"}))
        client.delete_cookie(COOKIE)
        for forged in (f"{other.partition('.')[0]}.{signature}", content, f"{content}.", f"{content}.x.y"):
            assert_problem(client.get("/api/v1/users/u1", headers={HEADER: forged}), 400)
        assert fake_graph.observed == set()

    def test_old_ones_are_forgotten(
        self,
        client: FlaskClient,
        answering: Answering,
        fake_graph: FakeGraph,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        answering("users.feedback.give_feedback", None)
        token = client.delete("/api/v1/users/u1/feedback/t1").headers[HEADER]
        monkeypatch.setattr(bookmarks, "MAX_AGE_S", -1)
        assert client.get("/api/v1/users/u1", headers={HEADER: token}).status_code == 200
        assert fake_graph.observed == set()

    def test_a_write_that_fails_hands_out_none(self, client: FlaskClient, answering: Answering) -> None:
        answering("users.feedback.give_feedback", UnknownUser("u1"))
        assert HEADER not in client.delete("/api/v1/users/u1/feedback/t1").headers


def test_request_ids_are_echoed_if_they_are_harmless(client: FlaskClient) -> None:
    assert client.get("/livez", headers={"X-Request-ID": "a.b-c_1"}).headers["X-Request-ID"] == "a.b-c_1"
    for odd in ("", "a b", "x" * 129, "a\tb"):
        assert client.get("/livez", headers={"X-Request-ID": odd}).headers["X-Request-ID"] not in {"", odd}


def test_one_access_line_a_request(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "muse_graph.access"):
        client.get("/api/v1/users/a%0Ab?x=private")
    (record,) = [record for record in caplog.records if record.name == "muse_graph.access"]
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "x=private" not in line
    assert json.loads(line) | {
        "method": "GET",
        "path": "/api/v1/users/{user_id}",
        "status": 422,
    } == json.loads(line)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_no_access_line_names_a_user(
    client: FlaskClient, answering: Answering, caplog: pytest.LogCaptureFixture, route: Route
) -> None:
    url = re.sub(r"(users|people|friends|compatibility)/[^/?]+", r"\1/zq%2F%2017", route.url)
    with caplog.at_level(logging.INFO, "muse_graph.access"):
        for path in (url, f"{url.partition('?')[0]}/more"):
            client.open(path, method=route.method, json=route.body, buffered=True)
    for record in caplog.records:
        assert "zq" not in JsonFormatter().format(record)
    tracks = [record for record in caplog.records if getattr(record, "path", "").endswith("feedback/t1")]
    assert ("feedback/t1" in route.url) is bool(tracks)


def test_an_access_line_has_these_fields(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "muse_graph.access"):
        client.get("/livez", headers={"X-Request-ID": "r1"})
    (record,) = [record for record in caplog.records if record.name == "muse_graph.access"]
    line = json.loads(JsonFormatter().format(record))
    assert line.keys() == {"time", "level", "logger", "message", "method", "path", "route", "status", "ms"}
    assert (line["level"], line["logger"], line["message"]) == (
        "INFO",
        "muse_graph.access",
        "GET /livez 200",
    )
    assert line["time"] == datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def test_a_line_said_during_a_request_bears_its_id_and_one_about_an_error_its_traceback(
    client: FlaskClient,
) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        raise ZeroDivisionError("at the\nroot")
    error = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "%d failed", (3,), error)
    with client.application.test_request_context():
        g.request_id = "r1"
        line = JsonFormatter().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said.keys() == {"time", "level", "logger", "message", "request_id", "traceback"}
    assert (said["level"], said["message"], said["request_id"]) == ("ERROR", "3 failed", "r1")
    assert said["traceback"].startswith("Traceback (most recent call last):\n")
    assert said["traceback"].endswith("ZeroDivisionError: at the\nroot")
