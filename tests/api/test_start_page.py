"""The start page as HTML, over a service that answers at once."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import create_autospec

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.answers import (
    Ledger,
    LedgerGenre,
    Listener,
    Named,
    Page,
    Reason,
    Receipt,
    Recommendation,
    Recommendations,
    Rejected,
    TrackCard,
)
from muse_graph.api.web.pages import view
from muse_graph.errors import GraphUnavailable, UnknownTrack, UnknownUser
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.users.waiting import Waiting
from tests.api.conftest import CSRF, Answering
from tests.fakes import FakeGraph, FakeService

JAZZ, CUMBIA = Named("jazz", "Jazz"), Named("cumbia", "Cumbia")
FIRST = Recommendation(
    1,
    "t1",
    "Lluvia <en> Barranquilla",
    [Named("a1", "Los Faroles"), Named("a2", "Totó")],
    [JAZZ, CUMBIA],
    4.0,
    [
        Reason("friends", "2 other friends play it", 0.5, n=2),
        Reason("friend", "Bea Mora plays it", 1.5, user_id="u2", name="Bea Mora", plays=7),
        Reason("friend", "a friend plays it", 0.75),
        Reason("genre", "Cumbia is new to you", 1.5, genre_id="cumbia"),
        Reason("turned-away", "you said no to the artist", -0.25),
    ],
)
SECOND = Recommendation(
    2,
    "t2",
    "Noche",
    [],
    [JAZZ],
    1.0,
    [Reason("radar", "under the radar", 0.25), Reason("own", "like your Sombra", 0.75)],
)
LEDGER = Ledger(
    "u1",
    [
        LedgerGenre(1, "cumbia", "Cumbia", "offered", 0, 0.5, [Reason("genre", "new to you", 0.5)]),
        LedgerGenre(2, "jazz", "Jazz", "resting", 15, 0.0, [Reason("resting", "Jazz rests till 16", 0.0)]),
        LedgerGenre(3, "pop", "Pop", "home", 50, 0.0, []),
    ],
    cap=10.0,
    theta=0.2,
)
TRACK = TrackCard("t9", "Sombra", [], [JAZZ], 1, 1, None, None, None, None)
COUNTS = dict.fromkeys(
    ("users", "friendships", "tracks", "artists", "genres", "listens", "countries", "influencers"), 1_234
)
SAMPLES = [
    {"user_id": f"u{n}", "name": name, "friends": 5, "tracks": 10}
    for n, name in ((1, "Ana"), (2, "Bea Mora"), (3, None))
]


@pytest.fixture
def service(answering: Answering, fake_graph: FakeGraph) -> FakeService:
    """All that the page asks for."""
    fake_graph.rows |= {"sample_listeners": SAMPLES, "graph_counts": [COUNTS]}
    ana = Listener("u1", "Ana", "CO", "nobody", True, friends=1, tracks=31, streams=1_074)
    answering("users.users.get_user", ana)
    answering("users.users.get_user_with_waiting", (ana, Waiting("Ana", 0, 0)))
    both = (Recommendations("u1", "discovery", [FIRST, SECOND]), LEDGER)
    answering("recommendations.overview.list_and_ledger", both)
    answering("catalogue.search.get_track", TRACK)
    return answering("users.users.list_users", Page([], None))


def text_of(client: FlaskClient, query: str = "?user=u1") -> str:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    return answer.text


def cut(pattern: str, text: str) -> str:
    """What one group of a pattern matches, which is on the page once."""
    (found,) = re.findall(pattern, text, flags=re.DOTALL)
    return " ".join(found.split())


def listeners(text: str) -> list[tuple[str, str]]:
    """Those to choose from."""
    return re.findall(
        r'<option value="(\w+)">(.*?)</option>', cut(r'<datalist id="listeners">(.*?)</datalist>', text)
    )


def articles(text: str) -> list[str]:
    return re.findall(r"<article.*?</article>", text, flags=re.DOTALL)


def bars(text: str) -> dict[str, tuple[str, str, str]]:
    """Classes of each bar of the chart, of its level before and now."""
    pattern = (
        r'<li class="(bar [^"]*)"[^>]*><span class="name"><bdi>(\w+)</bdi>.*?before at-(\d+).*?level at-(\d+)'
    )
    return {name: (classes, before, now) for classes, name, before, now in re.findall(pattern, text)}


def test_who_it_is_about(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client)
    assert cut(r"<title>(.*?)</title>", text) == "Ana · MUSE Graph"
    assert cut(r"<h1[^>]*>(.*?)</h1>", text) == (
        '<bdi>Ana</bdi>’s friends are into <em class="hue-183">Cumbia</em>'
    )
    assert '<span class="avatar hue-50" aria-hidden="true">A</span>' in cut(
        r'(<p class="about">.*?</p>)', text
    )
    assert ">1 friend, 31 tracks in 1,074 streams, Colombia, listens kept private<" in text
    assert "1,234 listens of 1,234 tracks" in text
    assert cut(r'<h2 id="songs-title">(.*?)</h2>', text) == "2 songs to start with"


def test_the_card_of_a_friends_song(client: FlaskClient, service: FakeService) -> None:
    """The genre it is recommended for comes first and colours the card; a private friend has no name."""
    first, _ = articles(text_of(client))
    assert first.startswith('<article class="card hue-183"')
    assert 'src="/covers/t1.svg?artist=a1&amp;genre=cumbia&amp;genre=jazz"' in first
    assert '<a href="/tracks/t1?user=u1">Lluvia &lt;en&gt; Barranquilla</a></h3>' in first
    assert cut(r'<p class="artist"[^>]*>(.*?)</p>', first) == (
        '<a href="/artists/a1?user=u1"><bdi>Los Faroles</bdi></a> and '
        '<a href="/artists/a2?user=u1"><bdi>Totó</bdi></a>'
    )
    assert cut(r'<ul class="chips"[^>]*>(.*?)</ul>', first) == (
        '<li class="chip hue-183 new"><a href="/genres/cumbia?user=u1"><bdi>Cumbia</bdi></a> '
        "<small>new to you</small></li>"
        '<li class="chip hue-140"><a href="/genres/jazz?user=u1"><bdi>Jazz</bdi></a></li>'
    )
    assert 'href="/why/t1?user=u1"' in first
    assert re.findall(r'<span class="avatar ([^"]*)"[^>]*>(.*?)</span>', first) == [
        ("hue-12", "BM"),
        (f"hue-{view.avatar('', None).hue}", "?"),
        ("more", "+2"),
    ]
    assert '<span dir="auto">Bea Mora plays it.</span>' in first
    assert re.findall(r'<i class="([\w-]+) at-(\d+)"></i>', first) == [
        ("friends", "12"),
        ("friend", "38"),
        ("friend", "19"),
        ("genre", "38"),
        ("turned-away", "0"),
    ]
    assert re.findall(r"<b>(.*?) %</b>", first) == ["12", "38", "19", "38", "−6"]
    assert "add up to the score, 4.000." in first


def test_the_card_of_a_song_that_no_friend_plays(client: FlaskClient, service: FakeService) -> None:
    _, second = articles(text_of(client))
    assert second.startswith('<article class="card hue-140"')
    assert 'src="/covers/t2.svg?artist=&amp;genre=jazz"' in second
    assert '<li class="chip hue-140"><a href="/genres/jazz?user=u1"><bdi>Jazz</bdi></a></li>' in second
    assert '<span class="avatars"></span>' in second
    assert '<span dir="auto">like your Sombra.</span>' in second
    assert re.findall(r"<b>(.*?) %</b>", second) == ["25", "75"]


def test_each_button_sends_the_song_and_a_press_of_its_own(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "?user=u1&new_only=1")
    for number, shown in enumerate(articles(text), 1):
        assert f'name="track" value="t{number}"' in shown
        assert 'name="user" value="u1"' in shown
        assert 'name="new_only" value="1"' in shown
        assert re.findall(r'name="verb" value="(\w+)"', shown) == ["play", "save", "discard"]
    presses = re.findall(r'name="press" value="([0-9a-f]{32})"', text)
    assert len(set(presses)) == 2


def test_the_ledger_as_a_chart(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client)
    assert cut(r'<h2 id="ledger-title">(.*?)</h2>', text) == "A genre rests at 10 streams, 20 % of Pop"
    assert re.findall(r'<section class="group ([^"]*)"', text) == [
        "offered at-1",
        "resting at-1",
        "home at-1",
    ]
    assert bars(text) == {
        "Cumbia": ("bar hue-183 kept none", "0", "0"),
        "Jazz": ("bar hue-140", "75", "75"),
        "Pop": ("bar hue-243 beyond", "100", "100"),
    }
    assert '<ul class="waits"><li>Jazz rests till 16.</li></ul>' in text
    assert 'class="done"' not in text


def test_what_the_service_is_asked_for(client: FlaskClient, service: FakeService, app: Flask) -> None:
    """Eight songs of as many artists, and the ledger under the same switches."""
    text = text_of(client, "?user=u1&new_only=1&beyond_friends=1")
    ((_, user, options), _) = service.calls["recommendations.overview.list_and_ledger"][0]
    assert user == "u1"
    assert options == RecommendationOptions(k=8, new_only=True, beyond_friends=True, max_per_artist=1)
    assert re.findall(r'<input [^>]*name="(\w+)"[^>]* checked>', text) == [
        "mode",
        "new_only",
        "beyond_friends",
    ]


def test_a_tuned_list(client: FlaskClient, service: FakeService) -> None:
    """The slider turns focus and cap together; list and ledger are asked with the same options."""
    text = text_of(client, "?user=u1&mode=for-you&adventure=5&radar=50")
    ((_, _, options), _) = service.calls["recommendations.overview.list_and_ledger"][0]
    assert (options.mode, options.focus, options.theta, options.radar_share) == ("for-you", 0.0, 0.1, 0.5)
    assert "all genres, adventurous, 50 % under the radar" in text
    for shown in articles(text):
        for name, value in (("mode", "for-you"), ("adventure", "5"), ("radar", "50")):
            assert f'name="{name}" value="{value}"' in shown


@pytest.mark.parametrize("wrong", ["adventure=6", "radar=-1", "radar=half", "mode=loud"])
def test_a_wrong_tuning_is_422_and_names_the_field(
    client: FlaskClient, service: FakeService, wrong: str
) -> None:
    answer = client.get(f"/?user=u1&{wrong}")
    assert answer.status_code == 422
    assert wrong.partition("=")[0] in answer.text


def test_samples_lead_to_other_listeners(client: FlaskClient, service: FakeService) -> None:
    text = text_of(client, "?user=u1&beyond_friends=1")
    assert listeners(text) == [
        ("u1", "Ana"),
        ("u2", "Bea Mora"),
        ("u3", "u3"),
    ]
    others = cut(r'<nav class="others".*?<ul>(.*?)</ul>', text)
    assert re.findall(r'href="([^"]*)"', others) == [
        "/?user=u2&amp;beyond_friends=1",
        "/?user=u3&amp;beyond_friends=1",
    ]


def test_a_small_graph_has_its_first_listeners_as_samples(
    client: FlaskClient, service: FakeService, answering: Answering, fake_graph: FakeGraph
) -> None:
    fake_graph.rows["sample_listeners"] = []
    answering("users.users.list_users", Page([Listener("u7", "Gal", None, "friends", False, 0, 0, 0)], None))
    assert listeners(text_of(client, "")) == [("u7", "Gal")]
    assert service.calls["users.users.list_users"] == [((fake_graph,), {"limit": 20})]
    assert service.calls["users.users.get_user_with_waiting"] == [((fake_graph, "u7"), {})]


@pytest.mark.parametrize(
    ("done", "message", "moved"),
    [
        ("play", 'Played <b dir="auto">Sombra</b>: one more stream of Jazz.', True),
        ("save", 'Saved <b dir="auto">Sombra</b>. It is removed from your list.', False),
        ("discard", '<b dir="auto">Sombra</b> will not be recommended again.', False),
        ("clear", 'Undone: <b dir="auto">Sombra</b> is neither saved nor discarded.', False),
    ],
)
def test_what_an_action_has_done(
    client: FlaskClient, service: FakeService, done: str, message: str, moved: bool
) -> None:
    """Only a play moves a bar: by one stream, from 14 to 15 of twice the cap of 10."""
    text = text_of(client, f"?user=u1&done={done}&track=t9")
    assert cut(r'<div class="message">\s*<p>(.*?)</p>', text) == message
    assert bars(text)["Jazz"] == (
        ("bar hue-140 moved kept", "70", "75") if moved else ("bar hue-140", "75", "75")
    )
    assert text.count("<b>+1</b>") == moved
    assert ('value="clear">Undo<' in text) is (done in {"save", "discard"})
    meters = re.findall(
        r'<ul class="meters"><li class="hue-140"><span>Jazz</span>.*?<b>15</b></li></ul>', text
    )
    assert len(meters) == moved


@pytest.mark.parametrize("query", ["?done=sing&track=t9", "?done=play", "?track=t9"])
def test_nothing_done_is_no_message(client: FlaskClient, service: FakeService, query: str) -> None:
    assert 'class="done"' not in text_of(client, query)
    assert "catalogue.search.get_track" not in service.calls


def test_an_empty_graph_says_how_to_fill_it(
    client: FlaskClient, service: FakeService, fake_graph: FakeGraph
) -> None:
    fake_graph.rows["graph_counts"] = [dict.fromkeys(COUNTS, 0)]
    text = text_of(client, "")
    assert cut(r"<h1>(.*?)</h1>", text) == "No listeners yet"
    assert "muse-graph load synthetic" in text


def test_an_unknown_listener_is_offered_others(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    answering("users.users.get_user_with_waiting", UnknownUser("<nobody>"))
    answer = client.get("/?user=%3Cnobody%3E")
    assert answer.status_code == 404
    assert "Retry-After" not in answer.headers
    assert cut(r"<h1[^>]*>(.*?)</h1>", answer.text) == "No listener named “&lt;nobody&gt;”"
    assert re.findall(r'<a href="(/\?user=[^"]*)"', answer.text) == ["/?user=u1", "/?user=u2", "/?user=u3"]


def test_a_database_that_is_away(client: FlaskClient, service: FakeService, answering: Answering) -> None:
    answering("recommendations.overview.list_and_ledger", GraphUnavailable("bolt://secret:7687 refused"))
    answer = client.get("/?user=u1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "No database answers at the moment. It may still be starting" in answer.text


def test_a_play_is_one_whole_listen(client: FlaskClient, app: Flask, service: FakeService) -> None:
    form = {"user": "u1", "track": "t1", "verb": "play", "press": "ab" * 16}
    answers = [client.post("/actions", data=form | CSRF) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == ["/?user=u1&done=play&track=t1"] * 2
    writer: Any = app.extensions["muse_graph"].database.writer
    (listen,) = writer.listens.values()
    assert (listen.listen_id, listen.heard, listen.plays, listen.source) == ("ab" * 16, 1.0, 1, None)


def test_a_play_says_what_brought_the_listener(client: FlaskClient, app: Flask, service: FakeService) -> None:
    assert '<input type="hidden" name="source" value="recommendation">' in text_of(client)
    writer: Any = app.extensions["muse_graph"].database.writer
    form = {"user": "u1", "track": "t1", "verb": "play"} | CSRF
    for number, way in enumerate(("recommendation", "feed", "search", "sent_track")):
        press = str(number) * 32
        client.post("/actions", data=form | {"press": press, "source": way})
        assert writer.listens[press].source == way
    for wrong in ("", "influencer", "radio", "Feed"):
        answer = client.post("/actions", data=form | {"press": "a" * 32, "source": wrong})
        assert answer.status_code == 422, wrong
    assert len(writer.listens) == 4


@pytest.mark.parametrize("gone", ["users.users.get_user", "catalogue.search.get_track"])
def test_a_play_of_what_is_gone_is_no_success(
    client: FlaskClient, app: Flask, service: FakeService, answering: Answering, gone: str
) -> None:
    """The writer says only that a listen was refused: the page finds out which of the two is not there."""
    writer: Any = app.extensions["muse_graph"].database.writer
    refused = Receipt(1, 0, 0, [Rejected(0, "ab" * 16, "refused")])
    writer.record = create_autospec(writer.record, return_value=refused)
    answering(gone, UnknownUser("u1") if "users" in gone else UnknownTrack("t1"))
    form = {"user": "u1", "track": "t1", "verb": "play", "press": "ab" * 16}
    assert client.post("/actions", data=form | CSRF).status_code == 404
    (((listens,), _),) = writer.record.call_args_list
    assert [(one.user_id, one.track_id) for one in listens] == [("u1", "t1")]
    assert service.calls[gone][-1][0][1:] == (("u1",) if "users" in gone else ("t1",))


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/?user=u1", "no-store"),
        ("/steps.css", "public, max-age=86400"),
        ("/covers/t1.svg", "public, max-age=86400"),
    ],
)
def test_how_long_a_browser_may_keep_it(
    client: FlaskClient, service: FakeService, path: str, kept: str
) -> None:
    assert client.get(path).headers["Cache-Control"] == kept
