"""A walk through all answers and pages: where the name of a listener appears whose listens are not for all.

Every GET route of the OpenAPI document and every page is asked, as a friend and as a stranger. One that is in
neither table fails the test: whoever adds it says whether it may name the listener.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.answers import Visibility
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.service.accounts import accounts, sessions
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.users import feedback, friendships, users
from tests.api.conftest import app_over

pytestmark = pytest.mark.neo4j

#: Nothing else in the toy graph has a part of these.
WHO, NAME = "zq-17", "Zebulon Quist"
#: u1 and u3 are friends of the listener, and u2 is a friend of both and a stranger.
FRIEND, STRANGER = "u1", "u2"
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
LEVELS: tuple[Visibility, ...] = ("nobody", "friends", "everybody")

#: What names people as friends, as found by name, or as sender; never with what they play.
PEOPLE = {
    "/api/v1/users/{user_id}/friends",
    "/api/v1/users/{user_id}/people",
    "/api/v1/users/{user_id}/people/{other_id}",
    # The id that was asked for, and no name.
    "/api/v1/users/{user_id}/compatibility/{other_id}",
    # As somebody to befriend, or a friend in common with somebody.
    "/api/v1/users/{user_id}/suggested-friends",
    # As a friend; the profile of the listener alone is in its own export.
    "/api/v1/users/{user_id}/export",
    # What the listener sends is meant to be seen.
    "/api/v1/users/{user_id}/received-tracks",
    "/api/v1/users/{user_id}/sent-tracks",
    "/inbox",
    "/friends",
    "/people",
    "/people/{other_id}",
    # Friends to choose from.
    "/send",
    "/what-if",
}
#: Those of them that name friends only, and those with nothing in this world, where nothing is sent.
FRIENDS = {"/api/v1/users/{user_id}/friends", "/api/v1/users/{user_id}/export", "/send", "/what-if"}
SENT = {"/api/v1/users/{user_id}/received-tracks", "/api/v1/users/{user_id}/sent-tracks", "/inbox"}
#: What names those who are seen to play.
PLAYS = {
    "/api/v1/users/{user_id}/recommendations",
    "/api/v1/users/{user_id}/feed",
    "/feed",
    "/",
    "/tracks/{track_id}",
    "/why/{track_id}",
}
NOBODY = {
    "/api/v1/account",
    "/api/v1/users/{user_id}",
    "/api/v1/users/{user_id}/genres",
    "/api/v1/users/{user_id}/follows",
    "/api/v1/tracks",
    "/api/v1/tracks/{track_id}",
    "/api/v1/artists",
    "/api/v1/artists/{artist_id}",
    "/api/v1/artists/{artist_id}/analytics",
    "/api/v1/artists/{artist_id}/influencers",
    "/api/v1/artists/{artist_id}/influencers/together",
    "/api/v1/artists/{artist_id}/interests",
    "/api/v1/artists/{artist_id}/overlap",
    "/api/v1/artists/{artist_id}/spread",
    "/api/v1/genres",
    "/api/v1/genres/{genre_id}",
    "/api/v1/influencers",
    "/livez",
    "/readyz",
    "/version",
    "/openapi.json",
    "/docs",
    "/covers/{track_id}.svg",
    "/steps.css",
    "/settings",
    "/search",
    "/artists/{artist_id}",
    "/your-artists",
    "/artists/{artist_id}/audience",
    "/artists/{artist_id}/report",
    "/artists/{artist_id}/tables",
    "/shared/{secret}",
    "/artists/{artist_id}/influencers",
    "/artists/{artist_id}/interests",
    "/artists/{artist_id}/spread",
    "/genres",
    "/genres/{genre_id}",
    "/welcome",
    "/welcome/tracks",
    "/sign-in",
    "/sign-up",
    "/reset/{secret}",
    "/join/{secret}",
}
#: For analysts and operators, who see everybody.
REFUSED = {"/api/v1/users", "/metrics"}
#: Asked besides, with these parameters.
QUERIES = {
    "/api/v1/users/{user_id}/people": f"?q={NAME[:7]}",
    "/api/v1/users/{user_id}/recommendations": "?k=20&mode=for-you",
    "/api/v1/users/{user_id}/genres": "?beyond_friends=true",
    "/api/v1/artists/{artist_id}/overlap": "?with=a1",
    "/api/v1/influencers": "?country=CO&genre=cumbia",
    "/people": f"?q={NAME[:7]}",
    "/send": "?track=t8",
}


@pytest.fixture
def world(toy_graph: Graph) -> Graph:
    """The toy graph with a listener who plays and saves what friends do not know, and has sent a track."""
    users.put_user(toy_graph, WHO, name=NAME, country="JP")
    rows = [{"user_id": WHO, "friend_id": friend, "since": AT} for friend in (FRIEND, "u3")]
    toy_graph.write("merge_friendships", rows=rows)
    listens = [
        Listen(f"z{n}-{track}", WHO, track, AT, 1.0) for track in ("t3", "t5", "t6", "t8") for n in range(9)
    ]
    record_listens(toy_graph, listens)
    feedback.give_feedback(toy_graph, WHO, "t8", "save", AT)
    toy_graph.run(
        "MATCH (u:User {user_id: $who}) MATCH (v:User {user_id: $stranger})"
        " CREATE (v)-[:SIMILAR_TO {weight: 0.9}]->(u)",
        {"who": WHO, "stranger": STRANGER},
        writes=True,
    )
    return toy_graph


@pytest.fixture
def app(world: Graph, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    yield from app_over(world, settings, tmp_path)


def signed_in(app: Flask, user_id: str) -> FlaskClient:
    """A client of a listener who also owns artists, and so may ask everything but what is for analysts."""
    store = app.extensions["muse_graph"].accounts
    account = accounts.of_user(store, user_id) or accounts.create(
        store, f"name-{user_id}", role="artist", user_id=user_id, artist_ids=["a3", "a5"]
    )
    client = app.test_client()
    client.set_cookie("muse_session", sessions.start(store, account, ""))
    return client


def routes(app: Flask) -> list[str]:
    """Every route of the API and every page that a browser can ask for, as the document writes paths."""
    api = {path for path, item in app.api_doc["paths"].items() if "get" in item}  # type: ignore[attr-defined]
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static")
    }
    return sorted(api | rules)


def walk(app: Flask, user_id: str, other_id: str = WHO) -> dict[str, str]:
    """The answer of every route to a user, about another where it is about one."""
    client, values = signed_in(app, user_id), {"user_id": user_id, "other_id": other_id}
    values |= {"track_id": "t8", "artist_id": "a5", "genre_id": "cumbia", "secret": "none"}
    found = {}
    for route in routes(app):
        url = re.sub(r"\{(\w+)\}", lambda name: values[name[1]], route) + QUERIES.get(route, "")
        with client.get(url) as answer:
            assert (answer.status_code == 403) == (route in REFUSED), (route, answer.status_code)
            assert answer.status_code < 304 or route in REFUSED or "{secret}" in route, (
                url,
                answer.status_code,
            )
            found[route] = unpacked(answer.data) if answer.mimetype == "application/zip" else answer.text
    asked: dict[str, Any] = {"like_genres": ["fado"], "k": 20}
    found["what-if"] = client.post(f"/api/v1/users/{user_id}/what-if", json=asked).text
    return found


def unpacked(archive: bytes) -> str:
    with ZipFile(BytesIO(archive)) as files:
        return "".join(files.read(name).decode() for name in files.namelist())


def naming(found: dict[str, str]) -> set[str]:
    return {route for route, text in found.items() if NAME in text or WHO in text or NAME[:7] in text}


def test_every_route_is_in_a_table(app: Flask) -> None:
    tables = [PEOPLE, PLAYS, NOBODY, REFUSED]
    assert sum(map(len, tables)) == len(set().union(*tables))
    assert set(routes(app)) == set().union(*tables)


def test_a_friend(app: Flask, world: Graph) -> None:
    for level in LEVELS:
        users.put_user(world, WHO, listens_visible_to=level)
        found = walk(app, FRIEND)
        named = PEOPLE if level == "nobody" else PEOPLE | PLAYS | {"what-if"}
        assert naming(found) == named - SENT, level
        profile = found["/api/v1/users/{user_id}/people/{other_id}"]
        assert ("Río Abajo" in profile) is (level != "nobody")


def test_a_stranger(app: Flask, world: Graph) -> None:
    for level in LEVELS:
        users.put_user(world, WHO, listens_visible_to=level)
        found = walk(app, STRANGER)
        assert naming(found) == PEOPLE - FRIENDS - SENT, level
        profile = found["/api/v1/users/{user_id}/people/{other_id}"]
        assert ("Río Abajo" in profile) is (level == "everybody")
        shared = found["/api/v1/users/{user_id}/compatibility/{other_id}"]
        assert ("Los Mirasoles" in shared) is (level == "everybody")


def test_a_friendship_is_no_listen_and_taste_is_one(app: Flask, world: Graph) -> None:
    """Who lets nobody see listens is a friend in common; for taste only the level everybody is suggested."""
    users.put_user(world, WHO, listens_visible_to="nobody")
    url = "/api/v1/users/{}/suggested-friends"
    assert f"in common: Ben and {NAME}" in signed_in(app, FRIEND).get(url.format(FRIEND)).text
    for friend in (FRIEND, "u3"):
        friendships.end(world, friend, WHO)
    client = signed_in(app, STRANGER)
    for level in LEVELS:
        users.put_user(world, WHO, listens_visible_to=level)
        assert (NAME in client.get(url.format(STRANGER)).text) is (level == "everybody")
