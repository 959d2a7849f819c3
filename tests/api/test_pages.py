"""Parts of the pages that need no browser: who may post, colours, covers, the layout of the ledger."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.answers import Ledger, LedgerGenre
from muse_graph.api import create_app
from muse_graph.api.web.pages import colours, covers
from muse_graph.api.web.pages.genre_chart import genre_chart
from muse_graph.api.web.pages.view import avatar, listed
from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable, MuseError, SchemaError
from tests.api.conftest import CSRF, Answering
from tests.fakes import FakeGraph

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORM = {"user": "u1", "track": "t1", "verb": "save", "press": "0" * 32} | CSRF


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(
    client: FlaskClient, answering: Answering, headers: dict[str, str], status: int
) -> None:
    service = answering("users.feedback.give_feedback", None)
    answer = client.post("/actions", data=FORM, headers=headers)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert len(service.calls.get("users.feedback.give_feedback", [])) == (status == 303)


def test_an_action_leads_back_with_the_switches(client: FlaskClient, answering: Answering) -> None:
    answering("users.feedback.give_feedback", None)
    answer = client.post("/actions", data=FORM | {"new_only": "1"})
    assert answer.headers["Location"] == "/?user=u1&done=save&track=t1&new_only=1"


@pytest.mark.parametrize("wrong", [{"verb": "sing"}, {"user": ""}, {"press": "again"}, {"track": "a\nb"}])
def test_a_wrong_form_is_422_and_names_the_field(client: FlaskClient, wrong: dict[str, str]) -> None:
    answer = client.post("/actions", data=FORM | wrong)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.text


def test_pages_never_say_what_is_wrong_inside(client: FlaskClient, answering: Answering) -> None:
    answering("users.feedback.give_feedback", GraphUnavailable("bolt://secret:7687 refused"))
    answer = client.post("/actions", data=FORM)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("error", "heading", "command"),
    [
        (GraphUnavailable("refused"), "The database is unavailable", "muse-graph neo4j start"),
        (
            SchemaError("the graph lacks x; run `muse-graph migrate`"),
            "The database schema",
            "muse-graph migrate",
        ),
    ],
)
def test_pages_tell_a_database_that_is_away_from_one_that_does_not_fit(
    client: FlaskClient, answering: Answering, error: MuseError, heading: str, command: str
) -> None:
    answering("users.feedback.give_feedback", error)
    answer = client.post("/actions", data=FORM)
    assert answer.status_code == 503
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", answer.text)
    assert [found.startswith(heading) for found in headings] == [True]
    assert command in answer.text
    assert ("may still be starting" in answer.text) is isinstance(error, GraphUnavailable)


@pytest.mark.parametrize(
    ("method", "path", "accept", "heading"),
    [
        ("GET", "/nowhere", BROWSER, "Nothing plays at this address"),
        ("GET", "/sign-out", BROWSER, "This address is only for what forms send"),
        ("GET", "/nowhere", "*/*", None),
        ("GET", "/nowhere", "application/json", None),
        ("GET", "/api/v1/nowhere", BROWSER, None),
        ("GET", "/api/v1/users/u1/what-if", BROWSER, None),
    ],
)
def test_a_browser_gets_a_page_where_nothing_is(
    client: FlaskClient, fake_graph: FakeGraph, method: str, path: str, accept: str, heading: str | None
) -> None:
    answer = client.open(path, method=method, headers={"Accept": accept})
    assert answer.status_code in {404, 405}
    assert answer.mimetype == ("text/html" if heading else "application/problem+json")
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", answer.text) == ([heading] if heading else [])
    if heading:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert fake_graph.asked == []


def test_pages_allow_nothing_inline_and_nothing_foreign(client: FlaskClient) -> None:
    policy = client.post("/actions", data={}).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@given(st.text())
def test_every_genre_has_a_hue(genre_id: str) -> None:
    assert 0 <= colours.hue(genre_id) < 360


def test_kin_are_neighbours() -> None:
    def apart(one: str, other: str) -> int:
        degrees = abs(colours.hue(one) - colours.hue(other))
        return min(degrees, 360 - degrees)

    assert apart("metal", "doom-metal") < 30
    assert apart("jazz", "dixieland jazz") <= 5
    assert apart("gothic", "metal") < 10
    assert apart("jazz", "techno") > 60


def test_every_class_of_the_style_sheet_is_there(client: FlaskClient) -> None:
    sheet = client.get("/steps.css").text
    assert ".hue-359{--hue:359}" in sheet
    assert ".at-100{--at:100}" in sheet


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_a_cover_is_well_formed_and_the_same_every_time(track: str, artist: str, genres: list[str]) -> None:
    drawn = covers.draw(track, artist, genres)
    assert ET.fromstring(drawn).tag.endswith("svg")
    assert drawn == covers.draw(track, artist, genres)
    assert len(drawn) < 25_000


def test_a_cover_has_an_address_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/covers/t%3Cx%3E.svg?artist=a1&genre=jazz&genre=fado")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def ledger(*genres: tuple[str, int], cap: float = 10) -> Ledger:
    rows = [LedgerGenre(n, name, name, "offered", f, 0.1, []) for n, (name, f) in enumerate(genres, 1)]
    home = LedgerGenre(len(rows) + 1, "pop", "Pop", "home", int(cap * 5), 0, [])
    return Ledger("u1", [*rows, home], cap, 0.2)


def test_the_cap_stands_at_half_height() -> None:
    drawn = genre_chart(ledger(("jazz", 10), ("fado", 5)), moved={"fado"})
    heights = {bar.name: (bar.before, bar.height, bar.beyond) for group in drawn.groups for bar in group.bars}
    assert heights == {"jazz": (50, 50, False), "fado": (20, 25, False), "Pop": (100, 100, True)}
    assert (drawn.cap, drawn.favourite, [bar.name for bar in drawn.moved]) == ("10", "Pop", ["fado"])


def test_what_the_page_speaks_of_is_drawn_wherever_it_ranks() -> None:
    many = [(f"g{n}", 0) for n in range(30)]
    (offered, home) = genre_chart(ledger(*many), named=["g29"]).groups
    assert [bar.name for bar in offered.bars] == [*(f"g{n}" for n in range(7)), "g29"]
    assert (len(offered.more), home.more) == (22, [])


def test_without_a_stream_there_is_no_cap() -> None:
    drawn = genre_chart(Ledger("u1", [LedgerGenre(1, "jazz", "Jazz", "offered", 0, 0.1, [])], 0, 0.2))
    assert (drawn.favourite, drawn.groups[0].bars[0].height) == (None, 0)


def test_words() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [avatar("u1", name).initials for name in ("Ana Ruiz Mora", "björk", None, " ")] == [
        "AM",
        "B",
        "U",
        "?",
    ]


def test_neo4j_browser_is_linked_where_its_address_is_known(fake_graph: FakeGraph) -> None:
    address = "http://127.0.0.1:7474/browser/?db=neo4j"
    for settings, linked in ((Settings(), False), (Settings(neo4j_browser=address), True)):
        text = create_app(settings, fake_graph, sign_in="off").test_client().post("/actions", data={}).text
        assert (f'href="{address}"' in text) is linked
