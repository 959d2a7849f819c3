"""Any legal id can be asked for, spelled percent-encoded, and means no other."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from muse_graph.api.schemas import examples
from tests.api.conftest import Answering
from tests.api.test_routes import assert_problem

IDS = [
    "team/ana", "/ana", "ana/", "//ana", "a//b", "https://example.org/artist//9",
    ".", "..", "../ana", "50%", "50%25", "%2F", "a?b#c", "x;y=1", "a+b", "a b", "R&B/Soul",
    "friends", "ana/friends", "ana/recommendations", "é/ü", "🎸", "null", "a\\b",
]  # fmt: skip

#: (path with the id in it, the function of the service that gets it, place of the id among its arguments)
READS = [
    ("/api/v1/users/{}", "users.users.get_user", 1),
    ("/api/v1/users/{}/friends", "users.friendships.list_friends", 1),
    ("/api/v1/tracks/{}", "catalogue.search.get_track", 1),
    ("/api/v1/artists/{}", "catalogue.search.get_artist", 1),
    ("/api/v1/genres/{}", "catalogue.search.get_genre", 1),
    ("/api/v1/users/u1/feedback/{}", "users.feedback.give_feedback", 2),
]
ANSWERS = {
    "users.friendships.list_friends": examples.FRIEND,
    "catalogue.search.get_track": examples.TRACK,
    "catalogue.search.get_artist": examples.ARTIST,
    "catalogue.search.get_genre": examples.GENRE,
    "users.feedback.give_feedback": None,
}


@pytest.mark.parametrize(("path", "function", "place"), READS)
def test_the_service_gets_the_id_that_was_meant(
    client: FlaskClient, answering: Answering, path: str, function: str, place: int
) -> None:
    service = answering(function, ANSWERS.get(function, examples.LISTENER))
    for identifier in IDS:
        url = path.format(quote(identifier, safe=""))
        response = client.delete(url) if "feedback" in path else client.get(url)
        assert response.status_code in {200, 204}, (identifier, response.text)
    assert [call[0][place] for call in service.calls[function]] == IDS


def test_two_ids_in_one_path(client: FlaskClient, answering: Answering) -> None:
    service = answering("users.friendships.ask", examples.FRIEND)
    pairs = [(one, f"{one}/friends/x") for one in IDS]
    for pair in pairs:
        url = "/api/v1/users/{}/friends/{}".format(*(quote(one, safe="") for one in pair))
        assert client.put(url, json={"action": "ask"}).status_code == 200
    assert [call[0][1:] for call in service.calls["users.friendships.ask"]] == pairs


@pytest.mark.parametrize(
    "path",
    [
        "users//ana",
        "/users/ana",
        "users/ana/",
        "users/team/ana",
        "users/ana//friends",
        "users/u1/feedback//t1",
    ],
)
def test_a_path_with_a_step_more_is_nobody(client: FlaskClient, path: str) -> None:
    """Nothing is redirected: a client that follows would change another user."""
    for send in (client.get, client.put, client.delete):
        assert_problem(send(f"/api/v1/{path}"), 404)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/api/v1/users/caf%E9", "path"),
        ("/api/v1/users/a%FFb/friends", "path"),
        ("/api/v1/users/%ED%A0%80", "path"),
        ("/api/v1/nowhere/%FF", "path"),
        ("/api/v1/artists/a1/analytics?track=%FF", "query"),
        ("/api/v1/tracks?q=caf%E9", "query"),
        ("/?user=%FF", "query"),
    ],
)
def test_what_is_no_utf8_is_no_other_id(client: FlaskClient, path: str, part: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert f"the {part} must be UTF-8" in response.text


def test_a_form_has_to_be_utf8_too(client: FlaskClient) -> None:
    response = client.post("/actions", data=b"user=%FF", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "the form must be UTF-8" in response.text


def test_without_the_address_as_it_was_sent_no_id_is_taken_for_another(
    client: FlaskClient, answering: Answering
) -> None:
    service = answering("users.users.get_user", examples.LISTENER)
    overrides = {"REQUEST_URI": "", "RAW_URI": ""}
    assert client.get("/api/v1/users/50%2525", environ_overrides=overrides).status_code == 200
    assert_problem(client.get("/api/v1/users/team%2Fana", environ_overrides=overrides), 404)
    assert [call[0][1] for call in service.calls["users.users.get_user"]] == ["50%25"]


def test_links_to_covers_lead_back_to_their_ids(app: Flask, client: FlaskClient) -> None:
    for identifier in IDS:
        with app.test_request_context():
            link = app.url_for("pages.cover", track_id=identifier)
        with client:
            client.get(link)
            assert request.view_args == {"track_id": identifier}
