"""The pages of a listener as HTML, over a service that answers at once."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.answers import (
    GenreCard,
    Ledger,
    LedgerGenre,
    Listener,
    Named,
    Page,
    Reason,
    Recommendation,
    TrackCard,
)
from muse_graph.api import create_app
from muse_graph.api.http.sign_in import SignIn
from muse_graph.api.schemas import examples
from muse_graph.api.web.pages import genres, why
from muse_graph.api.web.pages.view import device
from muse_graph.config import Settings
from muse_graph.errors import UnknownArtist, UnknownGenre, UnknownTrack
from muse_graph.service.catalogue.listener_view import ArtistRelation, KnownTrack, TrackRelation
from muse_graph.service.recommendations.placement import Path, Placement
from tests.api.conftest import CSRF, VISIT, Answering
from tests.fakes import FakeGraph, FakeService

LONG = "Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh of Llan"
JAZZ = Named("jazz", "Jazz")
TRACK = TrackCard("t/9", "<Sombra>", [Named("a1", LONG)], [JAZZ], 1, 1, 61.0, "es", None, None)
OTHER = TrackCard("t2", "Noche", [Named("a1", LONG), Named("a2", "Totó")], [], 3, 2, None, None, None, None)
LEDGER = Ledger(
    "u1",
    [
        LedgerGenre(1, "rai", "Raï", "offered", 0, 0.5, [Reason("genre", "Raï is new to you", 0.5)]),
        LedgerGenre(2, "fado", "Fado", "offered", 2, 0.4, []),
        LedgerGenre(3, "jazz", "Jazz", "resting", 15, 0.0, [Reason("resting", "Jazz rests till 16", 0.0)]),
        LedgerGenre(4, "pop", "Pop", "home", 50, 0.0, []),
    ],
    cap=10.0,
    theta=0.2,
)


@pytest.fixture
def service(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> FakeService:
    """All that the pages ask for."""
    answering("catalogue.search.get_track", TRACK)
    answering("catalogue.search.get_artist", examples.ARTIST)
    answering("catalogue.search.get_genre", GenreCard("jazz", "Jazz", 2))
    answering("catalogue.search.search_tracks", Page([TRACK], "next page"))
    answering("catalogue.search.search_artists", Page([examples.ARTIST], None))
    answering("catalogue.search.search_genres", Page([GenreCard("jazz", "Jazz", 1)], None))
    tracks = [KnownTrack(TRACK, 2, "save"), KnownTrack(OTHER, 0, None)]
    answering("catalogue.listener_view.artist_tracks", tracks)
    answering("catalogue.listener_view.genre_tracks", tracks)
    answering("catalogue.listener_view.liked_tracks", tracks)
    answering("catalogue.listener_view.artist_relation", ArtistRelation(7, 2, 1))
    answering("users.likes.liked_genres", ["jazz"])
    friends = [Named("u2", "ليلى بنت عبد الرحمن")]
    service = answering(
        "catalogue.listener_view.track_relation", TrackRelation(2, 0.5, "save", 3, friends, True)
    )
    monkeypatch.setattr(genres, "discover_genres", service.returning("discover_genres", LEDGER))
    return service


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def cut(pattern: str, text: str) -> str:
    """What one group of a pattern matches, which is on the page once, without tags."""
    (found,) = re.findall(pattern, text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", "", found).split())


def heading(text: str) -> str:
    return cut(r"<h1[^>]*>(.*?)</h1>", text)


def shown(text: str) -> list[str]:
    """Names of the genres that are not hidden."""
    items = re.findall(r'<li class="[^"]*"( hidden)?><a class="name"[^>]*><bdi>(.*?)</bdi>', text)
    return [name for hidden, name in items if not hidden]


def test_the_whole_ledger_by_state(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "/genres?user=u1&adventure=5")
    assert heading(text) == "Raï and Fado are open to you"
    assert shown(text) == ["Raï", "Fado", "Jazz", "Pop"]
    assert re.findall(r'<section class="ledger-part (\w+)"', text) == ["offered", "resting", "home"]
    assert "Jazz rests till 16." in text
    assert 'href="/genres/jazz?user=u1"' in text
    ((_, user, options), _) = service.calls["discover_genres"][0]
    assert (user, options.theta) == ("u1", 0.1)


@pytest.mark.parametrize(("q", "found"), [("RAI", ["Raï"]), ("a", ["Raï", "Fado", "Jazz"]), ("x", [])])
def test_genres_are_found_without_javascript_in_any_case_and_without_accents(
    client: FlaskClient, service: FakeService, q: str, found: list[str]
) -> None:
    text = text_of(client, f"/genres?user=u1&q={q}")
    assert shown(text) == found
    assert heading(text) == "Raï and Fado are open to you"
    assert ('class="nothing" role="status" hidden' in text) is bool(found)


def test_a_ledger_without_genres_offers_the_first_step(
    client: FlaskClient, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = service.returning("discover_genres", Ledger("u1", [], 0.0, 0.2))
    monkeypatch.setattr(genres, "discover_genres", empty)
    text = text_of(client, "/genres?user=u1")
    assert heading(text) == "No genres yet"
    assert 'href="/welcome?user=u1"' in text


def test_the_page_of_a_genre(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "/genres/jazz?user=u1")
    assert heading(text) == "Jazz rests for now"
    assert "Jazz rests till 16." in text
    assert "at-75" in text
    assert service.calls["catalogue.listener_view.genre_tracks"][0][0][1:] == ("jazz", "u1")


def test_the_page_of_a_track(client: FlaskClient, service: FakeService) -> None:
    """What was done with it, by whom of the friends, and buttons that lead back here."""
    text = text_of(client, "/tracks/t%2F9?user=u1")
    assert heading(text) == "You have saved &lt;Sombra&gt;"
    assert cut(r'<p class="mine">(.*?)</p>', text) == (
        "You have played it 2 times and heard 50 % of it, and saved it. "
        "لا3 of your friends play it, among them ليلى بنت عبد الرحمن."
    )
    assert "under the radar" in text
    assert "<dd>1:01</dd>" in text
    assert re.findall(r'name="verb" value="(\w+)"', text) == ["play", "clear", "discard"]
    assert 'name="place" value="track"' in text
    assert 'name="of" value="t/9"' in text
    assert heading(text)
    assert [title for title in ("Noche", "Sombra&gt;</a>") if title in text] == ["Noche"]


def test_the_page_of_an_artist(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "/artists/a1?user=u1")
    assert heading(text) == "You have played Los Faroles 7 times"
    assert "outside the most played 20 % of artists" in text
    assert "You know 2 of these tracks; 1 friend plays this artist, too." in text
    assert re.findall(r'name="verb" value="(\w+)"', text) == [
        "play",
        "clear",
        "discard",
        "play",
        "save",
        "discard",
    ]


@pytest.mark.parametrize(
    ("path", "function", "error"),
    [
        ("/tracks/x", "catalogue.search.get_track", UnknownTrack("x")),
        ("/artists/x", "catalogue.search.get_artist", UnknownArtist("x")),
        ("/genres/x", "catalogue.search.get_genre", UnknownGenre("x")),
    ],
)
def test_what_is_not_there_is_404(
    client: FlaskClient,
    service: FakeService,
    answering: Answering,
    path: str,
    function: str,
    error: Exception,
) -> None:
    answering(function, error)
    answer = client.get(f"{path}?user=u1")
    assert answer.status_code == 404
    assert "x" in heading(answer.text)


def test_search_shows_a_few_of_each_kind_and_leads_to_all(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "/search?q=so")
    assert re.findall(r'<h2 id="found-(\w+)">', text) == ["tracks", "artists", "genres"]
    assert 'href="/search?q=so&amp;kind=tracks"' in text
    assert "kind=artists" not in text
    assert service.calls["catalogue.search.search_tracks"][0][1] == {"limit": 6, "cursor": None}


def test_a_play_on_the_page_of_a_track_comes_from_search_if_that_led_there(
    client: FlaskClient, service: FakeService
) -> None:
    found = text_of(client, "/search?q=so&user=u1")
    address, *_ = re.findall(r'<p class="title" dir="auto"><a href="(/tracks/[^"]*)"', found)
    assert "via=search" in address
    said = '<input type="hidden" name="source" value="search">'
    assert said in text_of(client, address.replace("&amp;", "&"))
    for other in ("/tracks/t1?user=u1", "/tracks/t1?user=u1&via=feed", "/artists/a1?user=u1"):
        assert 'name="source"' not in text_of(client, other)


FOUND = "artists.influencer_names.find_influencer"


def test_a_link_of_an_influencer_holds_for_the_visit(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    answering(FOUND, Named("i/1", "@<b>"))
    for path, led in (("/artists/a1", "/tracks/t2"), ("/tracks/t/9", "/artists/a1")):
        address = f"{path.replace('t/9', 't%2F9')}?by=i%2F1"
        text = text_of(client, f"{address}&user=u1")
        assert '<input type="hidden" name="by" value="i/1">' in text
        assert "A link of <b><bdi>@&lt;b&gt;</bdi></b> led you here" in text
        assert f'href="{led}?user=u1&amp;by=i/1"' in text
        assert 'href="/?user=u1"' in text
        assert 'name="source"' not in text
    # It comes before what else led there.
    assert 'name="source"' not in text_of(client, "/tracks/t1?by=i1&via=search&user=u1")


def test_a_link_of_nobody_known_shows_the_page_and_no_source(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    answering(FOUND, None)
    for path in ("/artists/a1", "/tracks/t1"):
        text = text_of(client, f"{path}?by=nobody&user=u1")
        assert 'name="by"' not in text
        assert "nobody" not in text


def test_search_of_one_kind_goes_on_page_by_page(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "/search?q=so&kind=tracks&cursor=c")
    assert service.calls["catalogue.search.search_tracks"][0][1] == {"limit": 24, "cursor": "c"}
    assert "cursor=next+page" in text
    assert "catalogue.search.search_artists" not in service.calls
    answer = client.get("/search?kind=songs")
    assert (answer.status_code, "kind must be one of" in answer.text) == (400, True)


def test_search_that_finds_nothing_says_what_to_try(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    for kind in ("tracks", "artists", "genres"):
        answering(f"catalogue.search.search_{kind}", Page([], None))
    text = text_of(client, "/search?q=%3Cb%3E")
    assert heading(text) == "Nothing has “&lt;b&gt;” in its name"
    assert "Try fewer letters" in text


@pytest.mark.parametrize(
    ("place", "of", "back"),
    [
        ("track", "t/9", "/tracks/t%2F9"),
        ("artist", "a1", "/artists/a1"),
        ("genre", "jazz", "/genres/jazz"),
        ("why", "t1", "/why/t1"),
        ("first_tracks", "", "/welcome/tracks"),
        ("track", "", "/"),
    ],
)
def test_a_button_leads_back_to_its_page(
    client: FlaskClient, answering: Answering, place: str, of: str, back: str
) -> None:
    answering("users.feedback.give_feedback", None)
    form = {"user": "u1", "track": "t1", "verb": "save", "press": "0" * 32, "place": place, "of": of}
    address = urlsplit(client.post("/actions", data=form | CSRF).headers["Location"])
    assert (address.netloc, address.path) == ("", back)
    assert parse_qs(address.query) == {"user": ["u1"], "done": ["save"], "track": ["t1"]}


def test_a_button_keeps_the_link_that_led_to_its_page(client: FlaskClient, answering: Answering) -> None:
    answering("users.feedback.give_feedback", None)
    form = {"user": "u1", "track": "t1", "verb": "save", "press": "0" * 32, "place": "artist", "of": "a1"}
    answer = client.post("/actions", data=form | {"by": "i/1"} | CSRF)
    address = urlsplit(answer.headers["Location"])
    assert (address.path, parse_qs(address.query)["by"]) == ("/artists/a1", ["i/1"])


def test_what_is_played_there_has_come_by_the_link(
    client: FlaskClient, app: Flask, answering: Answering
) -> None:
    form = {"user": "u1", "track": "t1", "verb": "play", "place": "artist", "of": "a1", "by": "i1"} | CSRF
    for press, known in (("a" * 32, Named("i1", "@b")), ("b" * 32, None)):
        answering(FOUND, known)
        assert client.post("/actions", data=form | {"press": press}).status_code == 303
    writer: Any = app.extensions["muse_graph"].database.writer
    assert [listen.source for listen in writer.listens.values()] == ["influencer", None]


def test_a_button_leads_to_no_other_site(client: FlaskClient, answering: Answering) -> None:
    answering("users.feedback.give_feedback", None)
    form = {"user": "u1", "track": "t1", "verb": "save", "press": "0" * 32} | CSRF
    assert client.post("/actions", data=form | {"place": "//elsewhere.example"}).status_code == 422
    answer = client.post("/actions", data=form | {"place": "track", "of": "//elsewhere.example"})
    assert answer.headers["Location"].startswith("/tracks/%2F%2Felsewhere.example?")


ITEM = Recommendation(
    3,
    "t1",
    "Lluvia",
    [Named("a1", "Los Faroles")],
    [JAZZ],
    2.0,
    [
        Reason("friend", "Bea plays it", 1.0, user_id="u2", name="Bea", plays=7),
        Reason("friends", "2 more friends play it", 0.5, n=2),
        Reason("friends", "What your other friends like", 0.1, n=0),
        Reason("own", "You discarded 1 track by the same artist", -0.5, n=1),
        Reason("genre", "Jazz is new to you", 0.9, genre_id="jazz"),
    ],
)


@pytest.fixture
def placed(answering: Answering, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> FakeService:
    place = Placement("u1", "t1", "Lluvia", ITEM.artists, [JAZZ], ITEM, [])
    monkeypatch.setattr(why, "place_track", service.returning("place_track", place))
    paths = [Path("u2", "Bea", 7, 0.9, [("Jazz", 0)])]
    monkeypatch.setattr(why, "proof_of", service.returning("proof_of", paths))
    return service


def test_why_a_track_is_in_the_list(client: FlaskClient, placed: FakeService) -> None:
    """The path goes over those who speak for it; the table is what the proving query finds."""
    text = text_of(client, "/why/t1?user=u1&mode=for-you")
    assert heading(text) == "Lluvia is number 3 of your list"
    steps = re.findall(r'<span class="say" dir="auto">(.*?)</span>', text)
    assert steps == ["Bea plays it", "2 more friends play it"]
    # Two from the listener, two to the track, one from there to the genre.
    assert len(re.findall(r'<path d="M0 ', text)) == 5
    assert cut(r"<tbody>(.*?)</tbody>", text) == "Bea790 %Jazz 0"
    assert re.findall(r"<b>(.*?) %</b>", text) == ["50", "25", "5", "−25", "45"]
    ((_, user, track, options), _) = placed.calls["place_track"][0]
    assert (user, track, options.mode) == ("u1", "t1", "for-you")


def test_why_a_track_is_not_in_the_list(
    client: FlaskClient, placed: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Placement("u1", "t1", "Lluvia", [], [], None, ["jazz rests"])
    monkeypatch.setattr(why, "place_track", placed.returning("place_track", place))
    text = text_of(client, "/why/t1?user=u1")
    assert heading(text) == "Lluvia is not in your list"
    assert "Jazz rests." in text
    assert "Bea played it 7 times and heard 90 % of it" in text


def test_the_proof_takes_no_id_for_a_part_of_the_query() -> None:
    proof = why.proof(None, user_id='u"1\\', track_id="'}) DETACH DELETE n //\n")
    first, _, query = proof.text.partition("\n")
    assert first == ':params {user_id: "u\\"1\\\\", track_id: "\'}) DETACH DELETE n //\\n"};'
    assert query.startswith("MATCH (you:User {user_id: $user_id})")
    assert "DELETE" not in query
    assert proof.address is None


@pytest.mark.parametrize("browser", ["http://h:1/browser/", "http://h:1/browser/?dbms=bolt://h:2"])
def test_the_proof_opens_in_neo4j_browser(browser: str) -> None:
    proof = why.proof(browser, user_id="u1", track_id="t&1")
    assert proof.address is not None
    assert proof.address.startswith(browser)
    said = parse_qs(urlsplit(proof.address).query)
    assert (said["cmd"], said["arg"]) == (["edit"], [proof.text])


def signed_up(app: Flask) -> tuple[FlaskClient, str]:
    """Somebody who has just made an account, and where that led."""
    client = app.test_client()
    client.set_cookie("muse_visit", VISIT)
    form = {"name": "mira", "password": "quiet night radio"} | CSRF
    return client, client.post("/sign-up", data=form).headers["Location"]


@pytest.fixture(params=["required", "demo"])
def guarded(request: pytest.FixtureRequest, fake_graph: FakeGraph, tmp_path: object) -> Flask:
    sign_in: SignIn = request.param
    return create_app(Settings(home=tmp_path), fake_graph, sign_in=sign_in)  # type: ignore[arg-type]


def token_of(text: str) -> dict[str, str]:
    return {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', text)[0]}


def test_the_first_visit(guarded: Flask, service: FakeService, answering: Answering) -> None:
    """Genres, then tracks of these; the listener is who signed up, whatever the form says."""
    answering("users.users.put_user", (examples.LISTENER, False))
    answering("users.likes.like_genres", None)
    client, address = signed_up(guarded)
    assert address == "/welcome"
    text = text_of(client, address)
    assert heading(text) == "Welcome, Ana. What do you like?"
    assert re.findall(r'name="genre" value="(\w+)" checked', text) == ["jazz"]
    assert '<a href="/">Skip this</a>' in text
    form = {"genre": ["jazz", "fado"], "country": "CO", "user": "u7"} | token_of(text)
    answer = client.post("/welcome", data=form)
    assert answer.headers["Location"] == "/welcome/tracks"
    ((_, user, picked), _) = service.calls["users.likes.like_genres"][0]
    assert (user.startswith("u-"), picked) == (True, ["jazz", "fado"])
    (((_, lives), said),) = service.calls["users.users.put_user"]
    assert (lives, said) == (user, {"country": "CO"})
    text = text_of(client, "/welcome/tracks")
    assert heading(text) == "Save 3 songs that you like"
    assert "1 of 3 saved" in text
    assert 'name="place" value="first_tracks"' in text


def test_a_genre_that_is_gone_is_said_beside_the_others(
    guarded: Flask, service: FakeService, answering: Answering
) -> None:
    answering("users.likes.like_genres", UnknownGenre("polka"))
    client, address = signed_up(guarded)
    form = {"genre": ["polka"]} | token_of(text_of(client, address))
    answer = client.post("/welcome", data=form)
    assert answer.status_code == 404
    assert "polka" in cut(r'<p class="wrong" role="alert">(.*?)</p>', answer.text)
    assert client.post("/welcome", data={"genre": "jazz"}).status_code == 403


def test_without_genres_the_first_visit_is_over(
    guarded: Flask, service: FakeService, answering: Answering
) -> None:
    answering("catalogue.listener_view.liked_tracks", [])
    client, _ = signed_up(guarded)
    assert client.get("/welcome/tracks").headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/genres", "/why/t1", "/tracks/t1", "/artists/a1", "/genres/jazz"])
def test_pages_are_ones_own(guarded: Flask, placed: FakeService, path: str) -> None:
    """Nobody is led to the sign-in, and another's page is refused."""
    assert guarded.test_client().get(path).headers["Location"].startswith("/sign-in?next=")
    client, _ = signed_up(guarded)
    text = text_of(client, path)
    assert 'aria-current="' in text
    assert ">mira</bdi>" in text
    assert client.get(f"{path}?user=u1").status_code == 403


def test_the_page_one_is_on_is_marked(client: FlaskClient, service: FakeService) -> None:
    for path, name in (
        ("/genres?user=u1", "Genres"),
        ("/search", "Search"),
        ("/artists/a1?user=u1", "Search"),
    ):
        current = re.findall(r'<a [^>]*aria-current="\w+">.*?<span>(.*?)</span>', text_of(client, path))
        assert current == [name]


def test_words_for_a_browser() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604"
    said = ["Firefox on Linux", "Safari on iPhone", "robot 7", "Unknown device", "Unknown device"]
    assert [device(text) for text in (firefox, phone, "robot 7", "", None)] == said


def test_a_new_listener_is_named_by_id_where_there_is_no_name(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    answering("users.users.get_user", Listener("u7", None, None, "friends", False, 0, 0, 0))
    assert heading(text_of(client, "/welcome?user=u7")) == "Welcome, u7. What do you like?"
