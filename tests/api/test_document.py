"""The OpenAPI document is valid and tells all; its page needs nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from docs import generate
from muse_graph import __version__


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == __version__
    OpenAPIV31SpecValidator(document).validate()


def test_it_is_the_published_one() -> None:
    """A change of the API shows in the diff of docs/openapi.json, descriptions included."""
    assert generate.OPENAPI.read_text("utf-8") == generate.openapi_text(), "stale: run `make docs`"


def test_private_is_described_as_what_it_does(document: dict[str, Any]) -> None:
    said = document["components"]["schemas"]["UserBody"]["properties"]["private"]["description"]
    # The listens count and the name is left out: tests/trained/test_lists.py and tests/graph see to that.
    assert "listens count" in said
    assert "no reason there names" in said


MODES = {"discovery", "for-you", "under-the-radar"}
SOURCES = {"friends-of-friends", "similar-listeners", "popular-in-country", "popular-everywhere"}
REASONS = {"friend", "friends", "own", "taste", "genre", "country", "radar", "resting", "turned-away"} | {
    "new-reach",
    "engagement",
}


@pytest.mark.parametrize(
    ("schema", "field", "values"),
    [
        ("Reason", "kind", REASONS | SOURCES),
        ("Recommendations", "mode", MODES | SOURCES | {"taste", "empty"}),
        ("LedgerGenre", "state", {"offered", "resting", "home"}),
        (
            "Friendship",
            "state",
            {"friends", "asked", "was-asked", "declined", "was-declined", "blocked", "none"},
        ),
        ("FriendBody", "action", {"ask", "accept", "decline", "block", "unblock"}),
        ("FeedbackBody", "action", {"save", "discard"}),
        ("Feedback", "action", {"save", "discard"}),
    ],
)
def test_words_that_a_field_may_have_are_listed(
    document: dict[str, Any], schema: str, field: str, values: set[str]
) -> None:
    listed = document["components"]["schemas"][schema]["properties"][field]["enum"]
    assert set(listed) == values
    assert len(listed) == len(values)


def test_every_route_is_described(app: Flask, document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"] != ["default"], name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_every_problem_has_the_one_shape(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        wrong = {status: r for status, r in operation["responses"].items() if status >= "400"}
        assert wrong.keys() >= {"422", "500", "503"}, name
        if "requestBody" in operation:
            assert wrong.keys() >= {"400", "413", "415"}, name
        for response in wrong.values():
            (content,) = response["content"].items()
            assert content == (
                "application/problem+json",
                {"schema": {"$ref": "#/components/schemas/Problem"}},
            )


def test_the_options_of_a_list_are_described(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/v1/users/{user_id}/recommendations"]["get"]
    found = {one["name"]: one["schema"] for one in operation["parameters"] if one["in"] == "query"}
    about = {
        name: (schema.get("default"), *map(schema.get, ("minimum", "maximum")))
        for name, schema in found.items()
    }
    assert about["k"] == (20, 1, 1_000)
    assert about["focus"] == (0.125, 0, 1)
    assert about["max_per_artist"] == (3, 1, 1_000)
    assert about["features_weight"] == (1.0, 0, 1e9)
    assert found["mode"]["enum"] == ["discovery", "for-you", "under-the-radar"]
    assert found["similarity"]["anyOf"][0]["enum"] == ["cosine", "pearson", "jaccard", "log-likelihood"]
    assert all(schema["description"] for schema in found.values())
    # Those of the service are nobody's to ask for.
    assert {"theta", "max_friends"}.isdisjoint(found)


def test_every_answer_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                assert status >= "400" or kind in {"text/plain", "application/zip"} or content["example"], (
                    name
                )


def test_nothing_refers_to_nowhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r"#/components/schemas/([\w.-]+)", str(document)))
    assert names <= document["components"]["schemas"].keys()


def test_the_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "unsafe-eval" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"https?://", page.text)
    for path in re.findall(r'(?:src|data-url)="([^"]+)"', page.text):
        with client.get(path) as response:
            assert response.status_code == 200, path
