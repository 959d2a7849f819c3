"""Requests that are read to the letter, and answers that stay small whatever is sent."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from muse_graph.api.http.errors import MAX_ERRORS
from muse_graph.service.pagination import write_cursor

JSON = "application/json"


@pytest.mark.parametrize(
    "address",
    [
        *(
            f"/api/v1/users?limit={text}"
            for text in ("1_0", "+5", "%2B5", "%205", "5.0", "%D9%A3", "5%0A", "")
        ),
        *(f"/api/v1/users/u1/recommendations?k={text}" for text in ("1_0", "%2B5", "5%20")),
        *(f"/api/v1/users/u1/recommendations?focus={text}" for text in (".5", "0_1", "nan", "inf", "1e999")),
        *(f"/api/v1/users/u1/recommendations?new_only={text}" for text in ("1", "yes", "True", "")),
        *(
            f"/api/v1/artists/a1/analytics?from={text}"
            for text in ("0", "1700000000", "2024-05-01T00:00:00", "2024-5-1")
        ),
        *(
            f"/api/v1/users?cursor={text}"
            for text in ("x", "!!!", "WyJ1MSJd!", "WyJ1 MSJd", "bnVsbA", "WyJ1MSIsMV0")
        ),
        "/api/v1/users/%00",
        f"/api/v1/tracks?cursor={write_cursor((float('inf'), 'x'))}",
    ],
)
def test_what_is_written_loosely_is_refused(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"name": "a", "name": "b"}', {}, 400),
        ('{"name": ' + "[" * 100_000 + "]" * 100_000 + "}", {}, 400),
        ('{"name": ' + "[" * 900 + "]" * 900 + "}", {}, 422),
        ('{"name": ' + "9" * 5000 + "}", {}, 400),
        ('{"name": 1e999}', {}, 422),
        ('{"name": "\\ud800"}', {}, 422),
        ('{"\\ud800": 1}', {}, 422),
        ('{"name": "a"}', {"Content-Encoding": "gzip"}, 415),
        ('{"name": "a"}', {"Content-Type": "application/json; charset=latin-1"}, 415),
        ('{"name": NaN}', {}, 400),
    ],
)
def test_odd_bodies(client: FlaskClient, body: str, headers: dict[str, str], status: int) -> None:
    answer = client.put("/api/v1/users/u1", data=body, headers={"Content-Type": JSON} | headers)
    assert answer.status_code == status, answer.text
    assert len(answer.data) < 2_000


@pytest.mark.parametrize(
    "body",
    [
        {f"k{i}": 0 for i in range(100_000)},
        {f"k{i}": 0 for i in range(100)},
        {"k" * 100_000: 0},
        {"name": "x" * 100_000},
        {"name": ["x"] * 100_000},
    ],
    ids=["many fields", "as many as are read", "a long name", "a long value", "a long list"],
)
def test_answers_to_large_bodies_are_small(client: FlaskClient, body: object) -> None:
    for method, path in (("PUT", "/api/v1/users/u1"), ("POST", "/api/v1/listens")):
        answer = client.open(path, method=method, json=body)
        assert answer.status_code == 422
        assert len(answer.data) < 10_000
        assert len(answer.json["errors"]) <= MAX_ERRORS


def test_errors_say_how_many_are_not_named(client: FlaskClient) -> None:
    answer = client.post("/api/v1/listens", data=json.dumps([{"x": 1}] * 1000), content_type=JSON)
    assert answer.json["detail"].endswith(f"; {3 * 1000 - MAX_ERRORS} more are not in `errors`")
    assert len(client.get("/api/v1/users?" + "&".join(f"p{i}=1" for i in range(5000))).json["errors"]) == 20


def test_an_origin_that_is_none_is_foreign(client: FlaskClient) -> None:
    assert client.post("/actions", data={"user": "u1"}, headers={"Origin": "http://["}).status_code == 403
