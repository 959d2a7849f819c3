"""Who may use which route: tried on every route of the document, with every kind of sender."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from muse_graph.api import create_app
from muse_graph.api.http import access, context, openapi
from muse_graph.api.schemas import audience_examples, examples
from muse_graph.config import Settings
from muse_graph.errors import QueryError
from muse_graph.service.accounts import accounts, sessions, tokens
from muse_graph.service.accounts.passwords import Passwords
from muse_graph.service.accounts.rights import ROLE_SCOPES, SCOPES, Role
from muse_graph.service.accounts.store import AccountStore
from tests.api.conftest import Answering
from tests.api.routes import LISTEN, ROUTES, Route
from tests.fakes import FakeGraph, FakeWriter

PUBLIC = {"/livez", "/readyz", "/version"}
every_route = pytest.mark.parametrize("route", [one for one in ROUTES if one.rule not in PUBLIC], ids=str)


@pytest.fixture
def app(fake_graph: FakeGraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    monkeypatch.setattr(context, "ListenWriter", FakeWriter)
    app = create_app(Settings(models=tmp_path / "models", home=tmp_path), fake_graph)
    yield app
    app.extensions["muse_graph"].database.close()
    app.extensions["muse_graph"].accounts.close()


@pytest.fixture
def store(app: Flask) -> AccountStore:
    found: AccountStore = app.extensions["muse_graph"].accounts
    found.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return found


def token(store: AccountStore, role: Role, *scopes: str, user_id: str | None = None, artist: str = "") -> str:
    """A token of a new account."""
    name = f"{role}-{user_id}-{len(accounts.list_all(store))}"
    account = accounts.create(store, name, role=role, user_id=user_id, artist_ids=[artist] if artist else [])
    return tokens.create(store, account, "test", scopes or ROLE_SCOPES[role])[1]


def send(app: Flask, route: Route, secret: str | None) -> TestResponse:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    json = {"json": route.body} if route.body is not None else {}
    return app.test_client().open(route.url, method=route.method, headers=headers, buffered=True, **json)


def operation(app: Flask, route: Route) -> dict[str, Any]:
    path = re.sub(r"<(\w+)>", r"{\1}", route.rule)
    found: dict[str, Any] = app.api_doc["paths"][path][route.method.lower()]  # type: ignore[attr-defined]
    return found


def scope_of(app: Flask, route: Route) -> str | None:
    scopes = operation(app, route)["security"][0]["token"]
    return scopes[0] if scopes else None


@pytest.fixture
def served(answering: Answering) -> Answering:
    for route in ROUTES:
        if route.service:
            answering(route.service, route.answer)
    return answering


def test_every_route_of_the_document_is_tried(app: Flask) -> None:
    found = {
        f"{method.upper()} {path}"
        for path, item in app.api_doc["paths"].items()  # type: ignore[attr-defined]
        for method in item
    }
    assert found == {re.sub(r"<(\w+)>", r"{\1}", str(route)) for route in ROUTES}


@every_route
def test_nobody_gets_in(app: Flask, served: Answering, route: Route) -> None:
    answer = send(app, route, None)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json is not None
    assert answer.json["type"] == "urn:muse:problem:not-signed-in"


@every_route
@pytest.mark.parametrize("header", ["Bearer muse_made-up", "Basic YTpi", "Bearer", "Bearer \u00e9"])
def test_a_token_that_is_not_good(app: Flask, served: Answering, route: Route, header: str) -> None:
    client = app.test_client()
    answer = client.open(route.url, method=route.method, headers={"Authorization": header}, json=route.body)
    assert answer.status_code == 401


@every_route
def test_another_listener_is_refused(
    app: Flask, store: AccountStore, served: Answering, route: Route
) -> None:
    """All scopes that a listener can have, and nothing of its own behind any of these addresses."""
    other = token(store, "artist", user_id="somebody-else", artist="another-artist")
    belongs = operation(app, route).get("x-owner") or scope_of(app, route) == "admin"
    answer = send(app, route, other)
    if belongs or route.rule == "/api/v1/listens":
        assert answer.status_code == 403, answer.text
    else:
        assert answer.status_code < 300, answer.text


@every_route
def test_too_small_a_scope_is_refused(
    app: Flask, store: AccountStore, served: Answering, route: Route
) -> None:
    wanted = scope_of(app, route)
    small = token(store, "operator", *(set(SCOPES) - {wanted}), user_id="u1", artist="a1")
    answer = send(app, route, small)
    if wanted is None:
        assert answer.status_code < 300
    else:
        assert answer.status_code == 403
        assert answer.json is not None
        assert answer.json["detail"] == f"this needs the scope {wanted}"


@every_route
def test_its_owner_gets_in_with_that_scope_alone(
    app: Flask, store: AccountStore, served: Answering, route: Route
) -> None:
    wanted, owner = scope_of(app, route), operation(app, route).get("x-owner")
    role: Role = "analyst" if owner == "everybody" else "operator" if wanted == "admin" else "artist"
    mine = token(store, role, wanted or "listens:write", user_id="u1", artist="a1")
    assert send(app, route, mine).status_code < 300


@every_route
def test_an_operator_gets_in_everywhere(
    app: Flask, store: AccountStore, served: Answering, route: Route
) -> None:
    assert send(app, route, token(store, "operator")).status_code < 300


@every_route
def test_an_analyst_reads_everything_and_changes_nothing(
    app: Flask, store: AccountStore, served: Answering, route: Route
) -> None:
    answer = send(app, route, token(store, "analyst"))
    allowed = not route.writes and scope_of(app, route) != "admin"
    assert (answer.status_code < 300) if allowed else (answer.status_code == 403)


@pytest.mark.parametrize("role", ["artist", "analyst", "operator"])
def test_who_sees_exact_counts_of_followers(
    app: Flask, store: AccountStore, answering: Answering, role: Role
) -> None:
    headers = {"Authorization": f"Bearer {token(store, role, artist='a1')}"}
    asked = {
        "influencers": ("artists.influencers.artist_influencers", [examples.ARTIST_MATCH]),
        "influencers/together": ("artists.influencer_sets.influencers_together", examples.INFLUENCER_SET),
        "interests": ("artists.interests.interests", audience_examples.INTERESTS),
        "overlap?with=a5": ("artists.overlaps.audience_overlap", audience_examples.OVERLAP),
        "spread": ("artists.spread.artist_spread", audience_examples.SPREAD),
    }
    for path, (function, answer) in asked.items():
        calls = answering(function, answer).calls
        assert app.test_client().get(f"/api/v1/artists/a1/{path}", headers=headers).status_code == 200
        ((_, kwargs),) = calls[function]
        assert kwargs["exact"] is (role != "artist")
        other = app.test_client().get(f"/api/v1/artists/a2/{path}", headers=headers)
        assert other.status_code == (403 if role == "artist" else 200)


@pytest.mark.parametrize(
    "path", sorted(PUBLIC | {"/openapi.json", "/docs", "/steps.css", "/static/page.css"})
)
def test_what_is_for_everybody(app: Flask, served: Answering, path: str) -> None:
    with app.test_client().get(path) as answer:
        assert answer.status_code == 200


def test_a_route_that_does_not_say_who_may_use_it_is_no_route() -> None:
    routes = openapi.blueprint("songs", "Songs to hear.")

    def view() -> None:
        """A view."""

    with pytest.raises(QueryError, match="the view view does not say who may use it"):
        routes.get("/songs", summary="Songs")(view)


def test_a_page_that_does_not_say_so_stops_the_program(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/songs", "songs", lambda: "")
    with pytest.raises(QueryError, match="does not say who may use it"):
        access.check_declarations(app)


# ---- bodies that name a user


def test_listens_of_another_are_refused_as_a_whole(app: Flask, store: AccountStore) -> None:
    mine = token(store, "listener", user_id="u1")
    client = app.test_client()
    body = [LISTEN, LISTEN | {"listen_id": "l2", "user_id": "u2"}]
    answer = client.post("/api/v1/listens", json=body, headers={"Authorization": f"Bearer {mine}"})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["detail"] == "user_id 'u2': this belongs to another user"
    assert not app.extensions["muse_graph"].database.writer.listens


def test_a_listener_is_told_what_is_wrong_with_a_listen(app: Flask, store: AccountStore) -> None:
    mine = token(store, "listener", user_id="u1")
    answer = app.test_client().post(
        "/api/v1/listens",
        json=[LISTEN, {"heard": 2}, 7],
        headers={"Authorization": f"Token {mine}"},
    )
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["recorded"], len(answer.json["rejected"])) == (1, 2)


# ---- sessions


def signed_in(app: Flask, store: AccountStore, **account: Any) -> tuple[FlaskClient, str]:
    made = accounts.create(store, "ana", **account)
    secret = sessions.start(store, made, "")
    client = app.test_client()
    client.set_cookie("muse_session", secret)
    return client, secret


def test_a_session_may_what_its_account_may(app: Flask, store: AccountStore, served: Answering) -> None:
    client, secret = signed_in(app, store, user_id="u1")
    assert client.get("/api/v1/users/u1/genres").status_code == 200
    assert client.get("/api/v1/users/u2/genres").status_code == 403
    found = sessions.find(store, secret)
    assert found is not None
    assert found.account_id is not None
    sessions.end(store, found.account_id, found.secret_id)
    assert client.get("/api/v1/users/u1/genres").status_code == 401


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_use_a_session(
    app: Flask, store: AccountStore, served: Answering, headers: dict[str, str]
) -> None:
    client, _ = signed_in(app, store, user_id="u1")
    url = "/api/v1/users/u1/feedback/t1"
    assert client.put(url, json={"action": "save"}, headers=headers).status_code == 403
    assert client.put(url, json={"action": "save"}).status_code == 200


def test_a_token_goes_before_a_session(app: Flask, store: AccountStore, served: Answering) -> None:
    client, _ = signed_in(app, store, user_id="u1")
    answer = client.get("/api/v1/users/u1/genres", headers={"Authorization": "Bearer muse_gone"})
    assert answer.status_code == 401


# ---- limits


@pytest.fixture
def limited(fake_graph: FakeGraph, tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(
        home=tmp_path,
        rate_limit="3/hour",
        rate_limit_address="2/hour",
        trusted_proxies="10.0.0.0/8, fd00::/8",
    )
    app = create_app(settings, fake_graph)
    yield app
    app.extensions["muse_graph"].accounts.close()


def test_limits_by_address_and_by_token(limited: Flask) -> None:
    client = limited.test_client()
    answers = [client.get("/api/v1/tracks/t1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3_600
    assert answers[2].json is not None
    assert answers[2].json["type"] == "urn:muse:problem:too-many-requests"
    # A made-up token is no way around it.
    made_up = client.get("/api/v1/tracks/t1", headers={"Authorization": "Bearer muse_x"})
    assert made_up.status_code == 429
    for secret in ("one", "two"):
        store = limited.extensions["muse_graph"].accounts
        headers = {"Authorization": f"Bearer {token(store, 'listener', user_id=secret)}"}
        statuses = [client.get("/api/v1/users/zz", headers=headers).status_code for _ in range(4)]
        assert statuses == [403, 403, 403, 429]
    assert [client.get("/livez").status_code for _ in range(9)] == [200] * 9


def peer(app: Flask, address: str, forwarded: str = "") -> int:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return (
        app.test_client().get("/sign-in", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code
    )


def test_only_a_trusted_proxy_says_who_its_client_is(limited: Flask) -> None:
    # Who is no trusted proxy cannot become another by a header.
    assert [peer(limited, "192.0.2.1", f"198.51.100.{n}") for n in range(3)] == [200, 200, 429]
    # Clients of a trusted proxy are counted one by one, whatever they put in front.
    assert [peer(limited, "10.0.0.1", f"1.2.3.{n}, 203.0.113.1") for n in range(3)] == [200, 200, 429]
    assert [peer(limited, "fd00::1", "203.0.113.2, 10.9.9.9") for _ in range(3)] == [200, 200, 429]
    assert peer(limited, "10.0.0.1", "not an address") == 200


def test_tls_is_believed_of_a_trusted_proxy_only(limited: Flask) -> None:
    def cookies(address: str) -> str:
        answer = limited.test_client().get(
            "/sign-in", environ_base={"REMOTE_ADDR": address}, headers={"X-Forwarded-Proto": "https"}
        )
        return answer.headers["Set-Cookie"]

    assert "Secure" in cookies("10.0.0.1")
    assert "Secure" not in cookies("192.0.2.9")


def test_all_of_a_network_of_one_client_is_one_client(limited: Flask) -> None:
    assert [peer(limited, f"2001:db8:0:1::{n}") for n in range(3)] == [200, 200, 429]
    assert peer(limited, "2001:db8:0:2::1") == 200
    # One address, written for either protocol.
    assert [peer(limited, one) for one in ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7")] == [200, 200, 429]
    assert [peer(limited, "::ffff:10.0.0.1", f"203.0.113.{n}") for n in range(5, 9)] == [200] * 4
