"""The report of an audience: a file that needs nothing else, and a link that shows it until it ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.service.accounts import accounts, sessions
from muse_graph.service.accounts.rights import Role
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.users import users
from tests.api.conftest import app_over
from tests.api.test_signing_in import token_on
from tests.conftest import load_toy, wipe

pytestmark = pytest.mark.neo4j

ARTIST = "a1"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TABLES = ("countries", "curve", "segments", "sources", "time", "tracks")
#: Listeners of the artist, by where they play: enough in two countries, too few in the third.
COUNTRIES = {"CO": 14, "PT": 12, "JP": 3}


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    wipe(graph)
    load_toy(graph)
    listens = []
    for country, n in COUNTRIES.items():
        for number in range(n):
            one = f"{country}-{number}"
            users.put_user(graph, one, name=f"Listener {one}", country=country)
            listens.append(
                Listen(f"l-{one}", one, "t1", AT + timedelta(days=number % 3), 0.5, country=country)
            )
    assert record_listens(graph, listens).recorded == len(listens)
    return graph


@pytest.fixture
def app(world: Graph, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    yield from app_over(world, settings, tmp_path)


@pytest.fixture
def store(app: Flask) -> AccountStore:
    found: AccountStore = app.extensions["muse_graph"].accounts
    return found


def signed_in(app: Flask, store: AccountStore, name: str, role: Role, *artist_ids: str) -> FlaskClient:
    account = accounts.create(store, name, role=role, artist_ids=artist_ids)
    client = app.test_client()
    client.set_cookie("muse_session", sessions.start(store, account, ""))
    return client


def share(
    client: FlaskClient, artist_id: str = ARTIST, filters: str = "", days: str = "7"
) -> tuple[int, str]:
    form = {"artist": artist_id, "filters": filters, "days": days}
    answer = client.post("/reports/share", data=form | {"csrf_token": token_on(client.get("/settings"))})
    link = re.search(r"/shared/[\w-]+", answer.text)
    return answer.status_code, link[0] if link else ""


def test_a_file_that_needs_nothing_else(app: Flask, store: AccountStore) -> None:
    client = signed_in(app, store, "ana", "artist", ARTIST)
    answer = client.get(f"/artists/{ARTIST}/report?map=listeners")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ARTIST}-audience.html"'
    assert re.findall(r'<link|<script|<img|src="|href="(?!#)|url\((?!#)|@import', answer.text) == []
    assert "Las Estrellas" in answer.text
    for heading in ("Colombia", "Portugal", "fewer than 10"):
        assert heading in answer.text
    assert "<style>" in answer.text


def test_all_tables_in_an_archive(app: Flask, store: AccountStore) -> None:
    client = signed_in(app, store, "ana", "artist", ARTIST)
    answer = client.get(f"/artists/{ARTIST}/tables")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ARTIST}-audience.zip"'
    with ZipFile(BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == [f"{one}.csv" for one in TABLES]
        countries = list(csv.DictReader(io.StringIO(archive.read("countries.csv").decode())))
    shown = {row["Country"]: row["Listeners"] for row in countries}
    assert (shown["Colombia"], shown["Japan"]) == ("16", "fewer than 10 listeners")


def test_whoever_has_the_link_sees_the_report_and_nothing_else(app: Flask, store: AccountStore) -> None:
    client = signed_in(app, store, "ana", "artist", ARTIST)
    status, link = share(client, filters="country=CO&map=listeners")
    assert status == 201
    anybody = app.test_client()
    seen = anybody.get(link)
    assert seen.status_code == 200
    assert "all in Colombia" in seen.text
    assert seen.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert seen.headers["Referrer-Policy"] == "no-referrer"
    assert not re.findall(r"<a |<form|<button", seen.text)
    assert anybody.get(f"/artists/{ARTIST}/audience").status_code == 303
    page = client.get(f"/artists/{ARTIST}/audience").text
    assert "<small>Colombia</small>" in page
    assert link.rsplit("/", 1)[1] not in page


def test_an_operator_shares_what_an_artist_sees(app: Flask, store: AccountStore) -> None:
    client = signed_in(app, store, "olga", "operator")
    assert "fewer than 10" not in client.get(f"/artists/{ARTIST}/audience").text
    _, link = share(client, filters="country=JP")
    seen = app.test_client().get(link).text
    assert "Too few listeners to show" in seen
    assert ">3<" not in seen


def test_a_link_ends_when_its_account_says_so(app: Flask, store: AccountStore) -> None:
    client = signed_in(app, store, "ana", "artist", ARTIST)
    _, link = share(client)
    page = client.get(f"/artists/{ARTIST}/audience")
    report_id = re.search(r'name="id" value="(\w+)"', page.text)
    assert report_id is not None
    form = {"artist": ARTIST, "id": report_id[1], "csrf_token": token_on(page)}
    assert client.post("/reports/end", data=form).status_code == 303
    gone = app.test_client().get(link)
    assert gone.status_code == 404
    assert "ask for a new one" in gone.text


@pytest.mark.parametrize(("role", "status"), [("artist", 403), ("listener", 403), ("analyst", 201)])
def test_who_may_share(app: Flask, store: AccountStore, role: Role, status: int) -> None:
    owned = ["a2"] if role == "artist" else []
    assert share(signed_in(app, store, "bob", role, *owned))[0] == status


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        ("country=XX", "7"),
        ("from=2026-03-02&to=2026-03-01", "7"),
        ("track=t99", "7"),
        ("beside=t99", "7"),
        ("", "91"),
        ("", "0"),
    ],
)
def test_what_cannot_be_shared(app: Flask, store: AccountStore, filters: str, days: str) -> None:
    client = signed_in(app, store, "ana", "artist", ARTIST)
    status, link = share(client, filters=filters, days=days)
    assert status in {400, 404, 422}
    assert link == ""


def test_a_link_that_nobody_made(app: Flask) -> None:
    assert app.test_client().get("/shared/made-up").status_code == 404
