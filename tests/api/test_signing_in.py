"""Signing up, in and out on the pages, and what may not happen on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from muse_graph.answers import ArtistCatalogue
from muse_graph.api import create_app
from muse_graph.api.http import context
from muse_graph.api.http.sign_in import SignIn
from muse_graph.api.schemas import examples
from muse_graph.config import Settings
from muse_graph.errors import AccountsUnavailable, UnknownUser
from muse_graph.service.accounts import accounts, links, sessions, tokens
from muse_graph.service.accounts import sign_in as sign_in_service
from muse_graph.service.accounts.passwords import Passwords
from muse_graph.service.accounts.store import AccountStore
from tests.api.conftest import Answering
from tests.fakes import FakeGraph, FakeWriter

GOOD = "rain over Barranquilla 7"
COOKIE = "muse_session"


def closed_app(tmp_path: Path, graph: FakeGraph, sign_in: SignIn = "required", **settings: Any) -> Flask:
    app = create_app(Settings(models=tmp_path / "models", home=tmp_path, **settings), graph, sign_in=sign_in)
    store = app.extensions["muse_graph"].accounts
    store.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return app


@pytest.fixture
def app(fake_graph: FakeGraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    monkeypatch.setattr(context, "ListenWriter", FakeWriter)
    app = closed_app(tmp_path, fake_graph)
    yield app
    app.extensions["muse_graph"].accounts.close()


@pytest.fixture
def store(app: Flask) -> AccountStore:
    found: AccountStore = app.extensions["muse_graph"].accounts
    return found


@pytest.fixture
def client(app: Flask, answering: Answering) -> FlaskClient:
    answering("users.users.put_user", (examples.LISTENER, True))
    return app.test_client()


def token_on(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="(\w+)"', page.text)
    assert found is not None, page.text
    return found[1]


def post(client: FlaskClient, url: str, page: str | None = None, **form: Any) -> TestResponse:
    """Post a form with the token of the page that it is on."""
    headers = form.pop("headers", None)
    form["csrf_token"] = token_on(client.get(page or url))
    return client.post(url, data=form, headers=headers)


def sign_in(client: FlaskClient, name: str = "ana", password: str = GOOD, **form: Any) -> TestResponse:
    return post(client, "/sign-in", name=name, password=password, **form)


def session_of(client: FlaskClient) -> str | None:
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else None


# ---- up, in, out


def test_sign_up_makes_an_account_and_its_listener(
    client: FlaskClient, store: AccountStore, answering: Answering
) -> None:
    answering("users.users.get_user", UnknownUser("x"))
    service = answering("users.users.put_user", (examples.LISTENER, True))
    answer = post(client, "/sign-up", name="Ana", password=GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")
    account = accounts.get(store, "ana")
    assert account.user_id is not None
    assert account.user_id.startswith("u-")
    ((_, user_id), named) = service.calls["users.users.put_user"][-1]
    assert (user_id, named) == (account.user_id, {"name": "Ana"})
    assert session_of(client)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "a", "password": GOOD}, "Must have 3..64 letters"),
        ({"name": "ana", "password": "password1"}, "Must be harder to guess"),
        ({"name": "taken", "password": GOOD}, "The name &#39;taken&#39; is taken"),
        ({"name": "<b>bold</b>", "password": GOOD}, "Must have 3..64 letters"),
    ],
)
def test_sign_up_says_what_is_wrong_and_keeps_the_name(
    client: FlaskClient, store: AccountStore, form: dict[str, str], said: str
) -> None:
    accounts.create(store, "taken")
    answer = post(client, "/sign-up", **form)
    assert answer.status_code in {400, 409, 422}
    assert said in answer.text
    assert form["password"] not in answer.text
    assert "<b>bold" not in answer.text
    assert session_of(client) is None
    assert len(accounts.list_all(store)) == 1


def test_sign_up_can_be_closed(fake_graph: FakeGraph, tmp_path: Path) -> None:
    app = closed_app(tmp_path, fake_graph, sign_up=False)
    client = app.test_client()
    assert client.get("/sign-up").status_code == 403
    assert "/sign-up" not in client.get("/sign-in").text
    app.extensions["muse_graph"].accounts.close()


def test_sign_in_and_out(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/settings").status_code == 200
    secret = session_of(client)
    assert secret
    answer = post(client, "/sign-out", "/settings")
    assert answer.status_code == 303
    assert session_of(client) is None
    assert sessions.find(store, secret) is None
    assert client.get("/settings").headers["Location"] == "/sign-in?next=/settings"


def test_the_cookie_of_a_session(app: Flask, client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    (cookie,) = [one for one in sign_in(client).headers.getlist("Set-Cookie") if COOKIE in one]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    safe = app.test_client()
    page = safe.get("/sign-in", base_url="https://localhost")
    answer = safe.post(
        "/sign-in",
        data={"name": "ana", "password": GOOD, "csrf_token": token_on(page)},
        base_url="https://localhost",
    )
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if COOKIE in one]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert "Secure" in cookie
    assert safe.get("/settings", base_url="https://localhost").status_code == 200


# ---- what may not happen


def test_enumeration_by_the_answer(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    known, unknown = (sign_in(client, name, "wrong") for name in ("ana", "bob"))
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("ana", "bob") == unknown.text


def test_failures_slow_down(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    assert [sign_in(client, password="wrong").status_code for _ in range(5)] == [401] * 5
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Too many failures to sign in; try again in" in answer.text


def test_fixation(client: FlaskClient, store: AccountStore) -> None:
    """A session that somebody put into the browser is worth nothing after signing in."""
    bob = accounts.create(store, "bob", password=GOOD, user_id="u2")
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    planted = sessions.start(store, bob, "")
    client.set_cookie(COOKIE, planted)
    sign_in(client)
    assert session_of(client) != planted
    assert sessions.find(store, planted) is None
    client.set_cookie(COOKIE, "made-up")
    sign_in(client)
    assert session_of(client) != "made-up"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tx",
        "/\r\nSet-Cookie: a=b",
        "settings",
        "",
    ],
)
def test_open_redirects(client: FlaskClient, store: AccountStore, target: str) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    assert sign_in(client, next=target).headers["Location"] == "/"


def test_signing_in_leads_back(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    page = client.get("/settings?done=profile", follow_redirects=True)
    target = re.search(r'name="next" value="([^"]*)"', page.text)
    assert target is not None
    assert sign_in(client, next=target[1]).headers["Location"] == "/settings?done=profile"


def test_who_is_new_comes_back_to_the_link_that_led_here(
    client: FlaskClient, store: AccountStore, answering: Answering
) -> None:
    answering("users.users.get_user", UnknownUser("x"))
    answering("users.users.put_user", (examples.LISTENER, True))
    page = client.get("/artists/a1?by=i1", follow_redirects=True)
    (sign_up,) = re.findall(r'href="(/sign-up[^"]*)"', page.text)
    form = client.get(sign_up)
    (target,) = re.findall(r'name="next" value="([^"]*)"', form.text)
    assert sign_up.removeprefix("/sign-up") in form.text.replace("/sign-in", "")
    wrong = post(client, "/sign-up", name="a", password=GOOD, next=target)
    assert f'name="next" value="{target}"' in wrong.text
    answer = post(client, "/sign-up", name="Ana", password=GOOD, next=target)
    assert answer.headers["Location"] == "/artists/a1?by=i1"
    elsewhere = post(client, "/sign-up", name="Ben", password=GOOD, next="//elsewhere.example")
    assert elsewhere.headers["Location"] == "/welcome"


FORMS = [
    ("/sign-in", {"name": "ana", "password": GOOD}),
    ("/sign-up", {"name": "new", "password": GOOD}),
    ("/sign-out", {}),
    ("/settings/profile", {"name": "Eve"}),
    ("/settings/password", {"current": GOOD, "password": f"{GOOD} again"}),
    ("/settings/sessions/end", {"id": "others"}),
    ("/settings/tokens", {"name": "bot", "scope": "listens:write"}),
    ("/settings/tokens/revoke", {"id": "x"}),
    ("/settings/leave", {"password": GOOD}),
    ("/actions", {"user": "u1", "track": "t1", "verb": "save", "press": "0" * 32}),
    ("/friends/act", {"user": "u1", "other": "u2", "verb": "ask"}),
    ("/inbox/open", {"user": "u1", "id": "s1"}),
    ("/inbox/delete", {"user": "u1", "id": "s1", "side": "sent"}),
    ("/welcome", {"genre": "fado"}),
    ("/send", {"user": "u1", "to": "u2", "track": "t1", "press": "0" * 32}),
    ("/reports/share", {"artist": "a1"}),
    ("/reports/end", {"artist": "a1", "id": "x"}),
    ("/shortlist", {"artist": "a1", "influencer": "i1", "verb": "add"}),
]
#: What forms change in the graph, and what each function returns.
WRITES: dict[str, Any] = {
    "users.feedback.give_feedback": None,
    "users.likes.like_genres": None,
    "users.friendships.ask": examples.FRIEND,
    "users.sent_tracks.set_seen": examples.SENT_TRACK,
    "users.sent_tracks.delete_sent_track": None,
    "users.sent_tracks.send_track": (examples.SENT_TRACK, True),
    "privacy.everything.erase_user": None,
    "artists.shortlist.add_to_shortlist": None,
}


def test_every_form_is_tried(app: Flask) -> None:
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "POST" in (rule.methods or ())
    }
    # Their addresses have secrets; they are tried below.
    assert found - {"/join/<secret>", "/reset/<secret>", "/demo/sign-in"} == {url for url, _ in FORMS}


@pytest.mark.parametrize(("url", "form"), FORMS)
def test_no_form_without_the_token_of_this_browser(
    app: Flask, client: FlaskClient, store: AccountStore, answering: Answering, url: str, form: dict[str, str]
) -> None:
    for name, given in WRITES.items():
        service = answering(name, given)
    # What is shared is read first.
    answering("artists.catalogue.read_catalogue", ArtistCatalogue("a1", "Los Faroles", None, 0, [], []))
    answering("artists.analytics.analytics", examples.ANALYTICS)
    accounts.create(store, "ana", password=GOOD, role="artist", user_id="u1", artist_ids=["a1"])
    sign_in(client)
    before = store.read("SELECT * FROM accounts"), store.read("SELECT session_id FROM sessions")
    of_another = token_on(app.test_client().get("/sign-in"))
    for sent in (form, form | {"csrf_token": ""}, form | {"csrf_token": of_another}):
        assert client.post(url, data=sent).status_code == 403
    mine = form | {"csrf_token": token_on(client.get("/settings"))}
    for site in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(url, data=mine, headers=site).status_code == 403
    assert (store.read("SELECT * FROM accounts"), store.read("SELECT session_id FROM sessions")) == before
    assert not service.calls.keys() & WRITES.keys()
    assert client.post(url, data=mine).status_code < 400


def test_nobody_acts_for_another_listener(
    client: FlaskClient, store: AccountStore, answering: Answering, fake_graph: FakeGraph
) -> None:
    kinds = "users friendships tracks artists genres listens countries influencers"
    fake_graph.rows["graph_counts"] = [dict.fromkeys(kinds.split(), 1)]
    service = answering("users.feedback.give_feedback", None)
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    form = {"track": "t1", "verb": "save", "press": "0" * 32}
    assert post(client, "/actions", "/settings", user="u2", **form).status_code == 403
    assert "users.feedback.give_feedback" not in service.calls
    assert client.get("/?user=u2").status_code == 403
    assert post(client, "/actions", "/settings", user="u1", **form).status_code == 303
    # Pages that show nobody do not refuse; whoever is named there is not looked up.
    assert client.get("/settings?user=u2").status_code == 200
    assert {params["user_id"] for name, params in fake_graph.asked if name == "waiting"} == {"u1"}


def test_what_happens_to_accounts_is_logged_by_number(
    client: FlaskClient, store: AccountStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "muse_graph.security")
    number = accounts.create(store, "ana-in-no-log", password=GOOD, user_id="u1").account_id
    sign_in(client, "ana-in-no-log", "wrong")
    sign_in(client, "ana-in-no-log")
    client.get("/api/v1/users/u2")
    post(client, "/settings/tokens", "/settings", name="bot", scope="listens:write")
    post(client, "/sign-out", "/settings")
    found = [(one.event, one.account) for one in caplog.records if one.name == "muse_graph.security"]  # type: ignore[attr-defined]
    assert found == [
        ("failed to sign in", None),
        ("signed in", number),
        ("refused", number),
        ("token made", number),
        ("signed out", number),
    ]
    assert not [one for one in caplog.records if "ana-in-no-log" in str(one.__dict__)]


def test_tls_is_for_ever(app: Flask) -> None:
    client = app.test_client()
    header = "Strict-Transport-Security"
    assert header not in client.get("/sign-in").headers
    said = client.get("/sign-in", base_url="https://localhost").headers[header]
    assert said == "max-age=31536000; includeSubDomains"


def test_methods_that_echo_are_not_there(app: Flask) -> None:
    assert app.test_client().open("/sign-in", method="TRACE").status_code == 405


# ---- settings


def test_settings_change_what_they_say(
    client: FlaskClient, store: AccountStore, answering: Answering
) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    service = answering("users.users.put_user", (examples.LISTENER, False))
    answer = post(client, "/settings/profile", "/settings", name="Ana R", country="CO", visible_to="nobody")
    assert answer.headers["Location"] == "/settings?done=profile#profile"
    assert service.calls["users.users.put_user"][-1][1] == {
        "name": "Ana R",
        "country": "CO",
        "listens_visible_to": "nobody",
    }
    post(client, "/settings/profile", "/settings", name="Ana R")
    assert service.calls["users.users.put_user"][-1][1]["listens_visible_to"] == "friends"


def test_a_new_password_wants_the_old_one(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    new = f"{GOOD} again"
    wrong = post(client, "/settings/password", "/settings", current="wrong", password=new)
    assert wrong.status_code == 401
    assert "The name or the password is wrong" in wrong.text
    assert post(client, "/settings/password", "/settings", current=GOOD, password=new).status_code == 303
    assert client.get("/settings").status_code == 200
    assert sign_in(client, password=new).status_code == 303


def test_sessions_are_listed_and_ended(app: Flask, client: FlaskClient, store: AccountStore) -> None:
    account = accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    other = app.test_client()
    sign_in(other, headers={"User-Agent": "<Other> Browser"})
    page = client.get("/settings").text
    assert "&lt;Other&gt; Browser" in page
    secret = session_of(other)
    assert secret is not None
    found = sessions.find(store, secret)
    assert found is not None
    post(client, "/settings/sessions/end", "/settings", id=found.secret_id)
    assert other.get("/settings").status_code == 303
    assert client.get("/settings").status_code == 200
    for _ in range(3):
        sessions.start(store, account, "")
    post(client, "/settings/sessions/end", "/settings", id="others")
    assert len(sessions.list_of(store, account.account_id)) == 1


def test_a_token_is_shown_once(app: Flask, client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    answer = post(client, "/settings/tokens", "/settings", name="my player", scope="listens:write", days="")
    assert answer.status_code == 201
    secret = re.search(r"muse_[\w-]{43}", answer.text)
    assert secret is not None
    page = client.get("/settings").text
    assert "my player" in page
    assert secret[0] not in page
    headers = {"Authorization": f"Bearer {secret[0]}"}
    assert app.test_client().get("/api/v1/tracks/t1x", headers=headers).status_code != 401
    token_id = re.search(r'tokens/revoke">.*?name="id" value="(\w+)"', page, re.DOTALL)
    assert token_id is not None
    post(client, "/settings/tokens/revoke", "/settings", id=token_id[1])
    assert app.test_client().get("/api/v1/tracks/t1", headers=headers).status_code == 401


def test_a_token_of_a_page_may_not_exceed_the_role(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    answer = post(client, "/settings/tokens", "/settings", name="bot", scope="admin")
    assert answer.status_code == 422
    assert "must be of recommendations:read" in answer.text
    assert "muse_" not in re.sub(r"muse_(session|visit|bookmarks)", "", answer.text)


# ---- links


def test_a_reset_link(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    url = f"/reset/{links.start_reset(store, 'ana')}"
    assert post(client, url, password="short").status_code == 422
    answer = post(client, url, password=f"{GOOD} again")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert session_of(client) is None
    assert client.get(url).status_code == 404
    assert sign_in(client, password=f"{GOOD} again").status_code == 303
    assert client.get("/reset/made-up").status_code == 404


def test_links_do_not_leave_by_the_referrer(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD)
    answer = client.get(f"/reset/{links.start_reset(store, 'ana')}")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_invitation(client: FlaskClient, store: AccountStore) -> None:
    url = f"/join/{links.invite(store, 'u1')}"
    answer = post(client, url, name="ana", password=GOOD)
    assert answer.status_code == 303
    assert accounts.get(store, "ana").user_id == "u1"
    assert client.get("/settings").status_code == 200
    assert client.get(url).status_code == 404


# ---- the demonstration


@pytest.fixture
def demo(fake_graph: FakeGraph, tmp_path: Path) -> Iterator[Flask]:
    app = closed_app(tmp_path, fake_graph, sign_in="demo")
    yield app
    app.extensions["muse_graph"].accounts.close()


def test_a_click_signs_in_who_has_no_password(
    demo: Flask, answering: Answering, fake_graph: FakeGraph
) -> None:
    fake_graph.rows["user_cards"] = []
    store = demo.extensions["muse_graph"].accounts
    accounts.create(store, "listener-1", user_id="u1")
    accounts.create(store, "ana", password=GOOD, user_id="u2")
    client = demo.test_client()
    page = client.get("/sign-in")
    assert "listener-1" in page.text
    assert 'value="ana"' not in page.text
    assert post(client, "/demo/sign-in", "/sign-in", name="ana").status_code == 403
    assert post(client, "/demo/sign-in", "/sign-in", name="nobody").status_code == 404
    assert post(client, "/demo/sign-in", "/sign-in", name="listener-1").status_code == 303
    assert client.get("/settings").status_code == 200
    assert client.get("/api/v1/users/u2").status_code == 403


def test_nobody_in_particular_gets_a_page_where_nothing_is(demo: Flask) -> None:
    answer = demo.test_client().get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Sign in" in answer.text
    assert 'aria-label="Pages"' not in answer.text


def test_programs_need_no_account_of_the_demonstration(demo: Flask, answering: Answering) -> None:
    assert demo.test_client().get("/api/v1/users/u1").status_code == 200


def test_nobody_is_signed_in_by_a_click_elsewhere(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "listener-1", user_id="u1")
    assert post(client, "/demo/sign-in", "/sign-in", name="listener-1").status_code == 403
    assert "listener-1" not in client.get("/sign-in").text


@pytest.mark.parametrize("sign_in", ["demo", "off"])
def test_nobody_comes_under_the_name_of_another_site(
    fake_graph: FakeGraph, tmp_path: Path, answering: Answering, sign_in: SignIn
) -> None:
    """A site may give its own name the address of this machine, and the browser takes both for one site."""
    app = closed_app(tmp_path, fake_graph, sign_in=sign_in)
    client, hosts = app.test_client(), ("localhost:8000", "127.0.0.1:8000", "[::1]:8000", "127.0.0.2")
    assert [client.get("/api/v1/users/u1", headers={"Host": one}).status_code for one in hosts] == [200] * 4
    for host in (
        "evil.example:8000",
        "localhost.evil.example",
        "192.0.2.1",
        "[::1",
        "localhost@evil.example",
    ):
        for url in ("/api/v1/users/u1", "/sign-in"):
            assert client.get(url, headers={"Host": host}).status_code == 403, host
    app.extensions["muse_graph"].accounts.close()


# ---- what is not said


def test_no_log_has_an_id_or_a_secret_of_a_path_that_is_no_route(
    client: FlaskClient, store: AccountStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "muse_graph.access")
    accounts.create(store, "ana", password=GOOD)
    secret = links.start_reset(store, "ana")
    client.get(f"/reset/{secret}/")
    client.delete(f"/reset/{secret}")
    client.post("/people/user-in-no-log")
    client.get("/people/user-in-no-log/friends")
    said = [record.getMessage() for record in caplog.records if record.name == "muse_graph.access"]
    assert said == [
        "GET /reset/.../ 404",
        "DELETE /reset/... 405",
        "POST /people/... 405",
        "GET /people/.../friends 404",
    ]


def test_a_form_says_nothing_of_the_inside(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise AccountsUnavailable("/srv/accounts.sqlite is locked")

    for url, function in (("/sign-in", sign_in_service.sign_in), ("/sign-up", accounts.create)):
        monkeypatch.setattr(f"{function.__module__}.{function.__name__}", fails)
        answer = post(client, url, name="ana", password=GOOD)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Accounts can be neither read nor written" in answer.text
        assert "/srv" not in answer.text
    assert "/srv/accounts.sqlite is locked" in caplog.text


def test_no_page_repeats_a_password(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    long = "never shown " * 200
    answers = [sign_in(client, password=long), post(client, "/sign-up", name="ben", password=long)]
    sign_in(client)
    answers.append(post(client, "/settings/password", "/settings", current=long, password=GOOD))
    answers.append(post(client, "/settings/password", "/settings", current=GOOD, password=long))
    answers.append(post(client, "/settings/leave", "/settings", password=long))
    assert [answer.status_code for answer in answers] == [401, 422, 401, 422, 401]
    assert not [answer for answer in answers if "never shown" in answer.text]


def test_failures_to_prove_it_again_slow_down(client: FlaskClient, store: AccountStore) -> None:
    accounts.create(store, "ana", password=GOOD, user_id="u1")
    sign_in(client)
    for url, form in (
        ("/settings/password", {"current": "wrong", "password": GOOD}),
        ("/settings/leave", {}),
    ):
        for _ in range(5):
            answer = post(client, url, "/settings", **(form or {"password": "wrong"}))
        answer = post(client, url, "/settings", **(form or {"password": "wrong"}))
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_pages_take_no_token(app: Flask, client: FlaskClient, store: AccountStore) -> None:
    """Whoever has a token of one scope cannot make one of all."""
    account = accounts.create(store, "ana", password=GOOD, user_id="u1")
    secret = tokens.create(store, account, "player", ["listens:write"])[1]
    headers = {"Authorization": f"Bearer {secret}"}
    program = app.test_client()
    visit = token_on(program.get("/sign-in"))
    closed = [form for form in FORMS if form[0] not in {"/sign-in", "/sign-up"}]
    for url, form in closed:
        answer = program.post(url, data=form | {"csrf_token": visit}, headers=headers)
        assert (answer.status_code, "tokens are for /api/v1" in answer.text) == (403, True), url
    assert program.get("/settings", headers=headers).status_code == 403
    assert [one.name for one in tokens.list_of(store, account.account_id)] == ["player"]


def test_the_address_of_an_export_holds_any_id(
    client: FlaskClient, store: AccountStore, answering: Answering
) -> None:
    answering("users.users.get_user", replace(examples.LISTENER, user_id="a/b?c"))
    accounts.create(store, "ana", password=GOOD, user_id="a/b?c")
    sign_in(client)
    assert 'href="/api/v1/users/a%2Fb%3Fc/export"' in client.get("/settings").text
