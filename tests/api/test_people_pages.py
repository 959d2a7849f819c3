"""The pages about other people and of what would be, as HTML, over a service that answers at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from muse_graph.answers import (
    Compatibility,
    FeedItem,
    Friendship,
    GenreCard,
    GenreMove,
    Ledger,
    LedgerGenre,
    Named,
    Page,
    Person,
    PersonProfile,
    PlayedTrack,
    Reason,
    Recommendation,
    Recommendations,
    SentTrack,
    SharedTaste,
    SuggestedFriend,
    TrackCard,
    TrackLine,
    TrackMove,
    WhatIf,
)
from muse_graph.api.web.pages import moments
from muse_graph.api.web.pages.comparison import comparison, supposed_words
from muse_graph.errors import Conflict, GraphUnavailable, UnknownSentTrack, UnknownUser, invalid
from muse_graph.service.users.waiting import Waiting
from tests.api.conftest import CSRF, Answering
from tests.fakes import FakeGraph, FakeService

AT = "2024-05-01T18:30:00Z"
JAZZ, FADO = Named("jazz", "Jazz"), Named("fado", "Fado")
LINE = TrackLine("t1", "Lluvia <en> Barranquilla", [Named("a1", "Los Faroles"), Named("a2", "Totó")], [JAZZ])
CARD = TrackCard("t1", LINE.title, LINE.artists, LINE.genres, 1, 1, None, None, None, None)
BEA = Friendship("u2", "Bea <Mora>", "friends", AT)
FIT = Compatibility(
    "u1",
    "u2",
    64,
    "You both play 2 genres",
    1,
    2,
    [],
    [SharedTaste("jazz", "Jazz", 40, 5), SharedTaste("fado", "Fado", 4, 5)],
)
PROFILE = PersonProfile(
    "u2",
    "Bea <Mora>",
    "CO",
    "friends",
    AT,
    7,
    [Named("u3", "Carl")],
    FIT,
    [JAZZ],
    [PlayedTrack(LINE, None, AT)],
    [PlayedTrack(LINE, 3, None)],
)
HIDDEN = replace(
    PROFILE,
    compatibility=replace(
        FIT, score=None, shared_artists=None, shared_genres=None, artists=None, genres=None
    ),
    genres=None,
    recent=None,
    most_played=None,
)
SUGGESTED = SuggestedFriend(
    1,
    "u4",
    None,
    "ZZ",
    1,
    [Named("u3", "Carl")],
    1.0,
    [Reason("friends-of-friends", "One friend in common: Carl", 1.0)],
)
SENT = SentTrack("s1", Named("u2", "Bea <Mora>"), Named("u1", "Ana"), LINE, "For the <rain>", AT, seen=False)
ME = "?user=u1"


@pytest.fixture
def service(answering: Answering) -> FakeService:
    """Everything that the pages ask for, with something in it."""
    answering("users.friendships.list_friends", Page([BEA], None))
    answering("users.suggestions.suggest_friends", [SUGGESTED])
    answering("users.people.search_people", Page([], None))
    answering("users.people.get_person", PROFILE)
    answering("users.feed.read_feed", Page([FeedItem(Named("u2", "Bea <Mora>"), "played", AT, LINE)], "next"))
    answering("users.sent_tracks.list_sent_tracks", Page([SENT], None))
    answering("catalogue.search.search_genres", Page([GenreCard("fado", "Fado", 3)], None))
    return answering("catalogue.search.get_track", CARD)


def text_of(answer: TestResponse, status: int = 200) -> str:
    """What a page says, without its tags, after checks that hold for every page."""
    assert answer.status_code == status, answer.text[:2_000]
    assert answer.text.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids)), "an id is there twice"
    for forbidden in ("<Mora>", "<en>", "<rain>", "style="):
        assert forbidden not in answer.text
    body = re.sub(r"<[^>]+>", " ", answer.text[answer.text.index("<main") :])
    return " ".join(body.replace("&lt;", "<").replace("&gt;", ">").split())


def title_of(answer: TestResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    assert found is not None
    text = re.sub(r"<[^>]+>", "", found[1]).replace("&lt;", "<").replace("&gt;", ">")
    return " ".join(text.split())


def sent_forms(answer: TestResponse, address: str) -> list[dict[str, str]]:
    """The hidden fields of each form to that address."""
    forms = re.findall(rf'<form[^>]*action="{address}".*?</form>', answer.text, re.DOTALL)
    return [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in forms]


# ---- friends


def test_requests_come_first(client: FlaskClient, answering: Answering, service: FakeService) -> None:
    asks = [Friendship("u5", "Zoe", "was-asked", AT), Friendship("u6", "Abe", "was-asked", None)]
    states = [
        Friendship(f"u{n}", state, state, AT) for n, state in enumerate(("asked", "declined", "blocked"), 7)
    ]  # type: ignore[arg-type]
    answering("users.friendships.list_friends", Page([BEA, *asks, *states], None))
    answer = client.get(f"/friends{ME}")
    text = text_of(answer)
    assert title_of(answer) == "Abe and 1 other would like to be your friends"
    order = [
        text.index(word)
        for word in ("Waiting for", "You have asked", "Your friends", "may like", "You blocked")
    ]
    assert order == sorted(order)
    assert "One friend in common: Carl." in text
    assert "since 1 May 2024" in text
    assert [form["other"] for form in sent_forms(answer, "/friends/act")] == [
        "u6",
        "u5",
        "u7",
        "u4",
        "u8",
        "u9",
    ]
    assert {form["user"] for form in sent_forms(answer, "/friends/act")} == {"u1"}


def test_each_side_of_a_decline_is_told_its_own(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    for state, said, asks in (
        ("declined", "You declined 1", True),
        ("was-declined", "Did not accept 1", False),
    ):
        answering("users.friendships.list_friends", Page([replace(BEA, state=state)], None))  # type: ignore[arg-type]
        answer = client.get(f"/friends{ME}")
        assert said in text_of(answer)
        assert ("u2" in {form["other"] for form in sent_forms(answer, "/friends/act")}) is asks
        answering("users.people.get_person", replace(PROFILE, state=state))  # type: ignore[arg-type]
        assert ("you declined a request" in text_of(client.get(f"/people/u2{ME}"))) is asks


def test_what_waits_is_counted_in_the_menu(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    asked = answering("users.waiting.waiting_for", Waiting("Ana", 2, 1))
    menu = client.get(f"/friends{ME}").text
    assert '>3</b><span class="hidden">, 2 tracks to open, 1 request to answer</span>' in menu
    assert 'Inbox<b class="badge" aria-hidden="true">2</b><span class="hidden">, 2 to open' in menu
    assert "You are looking at <b><bdi>Ana</bdi></b>" in menu
    assert [args[1] for args, _ in asked.calls["users.waiting.waiting_for"]] == ["u1"]
    answering("users.waiting.waiting_for", Waiting("Ana", 0, 0))
    assert "badge" not in client.get(f"/friends{ME}").text


def test_nobody_yet_has_one_next_step(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("users.friendships.list_friends", Page([], None))
    answer = client.get(f"/friends{ME}")
    assert title_of(answer) == "Find a friend, and the music starts"
    assert "Ask one of the people below" in text_of(answer)
    answering("users.suggestions.suggest_friends", [])
    assert "Search somebody by name" in text_of(client.get(f"/friends{ME}"))


def test_many_friends_are_not_all_drawn_at_once(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    many = [Friendship(f"x{n}", f"Friend {n:03}", "friends", None) for n in range(70)]
    answering("users.friendships.list_friends", Page(many, "more"))
    page = client.get(f"/friends{ME}").text
    assert (page.count('class="friend-tile hue'), "All 70 friends" in page) == (60, True)
    page = client.get(f"/friends{ME}&all=1").text
    assert (page.count('class="friend-tile hue'), "All 70 friends" in page) == (70, False)
    assert "after=more" in page


@pytest.mark.parametrize(
    ("verb", "function", "back", "goes_to"),
    [
        ("ask", "ask", "friends", "/friends?user=u1&did=ask&who=u2"),
        ("accept", "accept", "friends", "/friends?user=u1&did=accept&who=u2"),
        ("decline", "decline", "person", "/people/u2?user=u1&did=decline&who=u2"),
        ("withdraw", "end", "find_people", "/people?q=be&user=u1&did=withdraw&who=u2"),
        ("end", "end", "person", "/people/u2?user=u1&did=end&who=u2"),
        ("block", "block", "person", "/friends?user=u1&did=block&who=u2"),
        ("unblock", "unblock", "friends", "/friends?user=u1&did=unblock&who=u2"),
    ],
)
def test_a_button_does_what_it_says_and_comes_back(
    client: FlaskClient, answering: Answering, verb: str, function: str, back: str, goes_to: str
) -> None:
    service = answering(f"users.friendships.{function}", Friendship("u2", "Bea", "none", None))
    form = {"user": "u1", "other": "u2", "verb": verb, "back": back, "q": "be", **CSRF}
    answer = client.post("/friends/act", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, goes_to)
    ((_, *who), _) = service.calls[f"users.friendships.{function}"][0]
    assert who == ["u1", "u2"]


def test_to_ask_who_has_asked_is_to_accept(client: FlaskClient, answering: Answering) -> None:
    answering("users.friendships.ask", BEA)
    answer = client.post("/friends/act", data={"user": "u1", "other": "u2", "verb": "ask", **CSRF})
    assert "did=accept" in answer.headers["Location"]


def test_what_has_changed_meanwhile_is_said(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("users.friendships.accept", Conflict("user 'u2' has no open request to user 'u1'"))
    form = {"user": "u1", "other": "u2", "verb": "accept", **CSRF}
    answer = client.post("/friends/act", data=form, follow_redirects=True)
    assert "something has changed between you and Bea <Mora>" in text_of(answer)


@pytest.mark.parametrize("form", [{"verb": "ask"}, {"other": "u2"}, {"other": "u2", "verb": "marry"}])
def test_a_broken_form_is_refused(client: FlaskClient, form: dict[str, str]) -> None:
    assert client.post("/friends/act", data={"user": "u1", **form, **CSRF}).status_code == 422


@pytest.mark.parametrize(
    ("verb", "said", "undo"),
    [
        ("ask", "Asked Bea <Mora>", "withdraw"),
        ("withdraw", "is withdrawn", "ask"),
        ("block", "neither of you sees the other", "unblock"),
        ("unblock", "Unblocked", "block"),
        ("end", "friends no more", "ask"),
        ("decline", "cannot ask you again", "ask"),
        ("accept", "You and Bea <Mora> are friends", None),
    ],
)
def test_what_was_done_can_be_undone_where_that_exists(
    client: FlaskClient, service: FakeService, verb: str, said: str, undo: str | None
) -> None:
    answer = client.get(f"/friends{ME}&did={verb}&who=u2")
    text = text_of(answer)
    assert said in text
    found = re.search(r'<form class="undo".*?value="(\w+)">[^<]+<span', answer.text, re.DOTALL)
    assert (found and found[1]) == undo
    assert "users.people.get_person" not in service.calls  # the name is on the page already


def test_only_who_may_be_seen_is_named_in_a_message(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    assert "Your request to Bea <Mora> is withdrawn" in text_of(
        client.get(f"/friends{ME}&did=withdraw&who=u9")
    )
    answering("users.people.get_person", UnknownUser("u9"))
    answer = client.get(f"/friends{ME}&did=withdraw&who=u9")
    assert "Your request to this listener is withdrawn" in text_of(answer)
    assert 'class="undo"' not in answer.text


@pytest.mark.parametrize("said", ["did=own&who=u2", "did=ask", "who=u2"])
def test_an_address_says_nothing_else(client: FlaskClient, service: FakeService, said: str) -> None:
    assert 'class="done"' not in client.get(f"/friends{ME}&{said}").text


# ---- people


def test_people_are_found_with_what_can_be_done(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    found = [
        Person("u2", "Bea <Mora>", "CO", "friends", AT, 2),
        Person("u3", "Beata", None, "none", None, 1),
        Person("u1", "Ana", None, "none", None, 0),
    ]
    answering("users.people.search_people", Page(found, "more"))
    answer = client.get(f"/people{ME}&q=bea")
    text = text_of(answer)
    assert title_of(answer) == "Many people are called “bea”"
    assert "Colombia, 2 friends in common" in text
    assert "Friends since 1 May 2024" in text
    assert "This is you" in text
    assert sent_forms(answer, "/friends/act") == [
        {**sent_forms(answer, "/friends/act")[0], "other": "u3", "back": "find_people", "q": "bea"}
    ]
    assert "after=more" in answer.text


@pytest.mark.parametrize(
    ("q", "title"), [("nobody", "Nobody here is called “nobody”"), ("", "Whom do you know here?")]
)
def test_nobody_is_found(client: FlaskClient, service: FakeService, q: str, title: str) -> None:
    answer = client.get(f"/people{ME}&q={q}")
    text_of(answer)
    assert title_of(answer) == title


def test_a_person_with_all_that_is_seen(client: FlaskClient, service: FakeService) -> None:
    answer = client.get(f"/people/u2{ME}")
    text = text_of(answer)
    assert title_of(answer) == "You and Bea <Mora> share Jazz and Fado"
    assert "Colombia, 7 friends in common, friends since 1 May 2024" in text
    assert "64 of 100 Your tastes are close" in text
    assert "and 6 more" in text
    assert re.findall(r'<tr class="hue-\d+">.*?</tr>', answer.text)[0].count("at-100") == 2
    assert "End the friendship" in text
    assert "drop=u2" in answer.text
    assert "3 times" in text


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("none", ["ask", "block"]),
        ("asked", ["withdraw", "block"]),
        ("was-asked", ["accept", "decline", "block"]),
        ("friends", ["end", "block"]),
        ("declined", ["ask", "block"]),
        ("was-declined", ["block"]),
    ],
)
def test_what_can_be_done_follows_the_state(
    client: FlaskClient, answering: Answering, service: FakeService, state: Any, buttons: list[str]
) -> None:
    answering("users.people.get_person", replace(PROFILE, state=state))
    page = client.get(f"/people/u2{ME}")
    text_of(page)
    main = page.text[: page.text.index('class="halves"')]
    assert re.findall(r'name="verb" value="(\w+)"', main) == buttons


def test_what_is_not_shown_is_not_guessed(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("users.people.get_person", HIDDEN)
    answer = client.get(f"/people/u2{ME}")
    text = text_of(answer)
    assert title_of(answer) == "Bea <Mora>"
    assert "What they play is not shown to you" in text
    assert "of 100" not in text
    assert "Jazz" not in text
    assert "Played" not in text


def test_who_plays_what_you_do_not(client: FlaskClient, answering: Answering, service: FakeService) -> None:
    fit = replace(FIT, score=0, shared_genres=0, genres=[])
    answering("users.people.get_person", replace(PROFILE, compatibility=fit, recent=[], most_played=[]))
    answer = client.get(f"/people/u2{ME}")
    assert title_of(answer) == "Bea <Mora> plays Jazz"
    assert "Nothing in common yet" in text_of(answer)
    assert "Nothing played yet" in text_of(answer)


def test_nobody_to_see(
    client: FlaskClient, answering: Answering, service: FakeService, fake_graph: FakeGraph
) -> None:
    fake_graph.rows["sample_listeners"] = [{"user_id": "u7", "name": "Eve", "friends": 1, "tracks": 1}]
    answering("users.people.get_person", UnknownUser("u2"))
    assert "one of you has blocked the other" in text_of(client.get(f"/people/u2{ME}"), 404)
    answering("users.people.get_person", UnknownUser("u1"))
    assert client.get(f"/people/u2{ME}").status_code == 404
    assert client.get(f"/people/u1{ME}").headers["Location"] == "/friends?user=u1"


# ---- feed


def test_the_feed_says_what_friends_play(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    bea = Named("u2", "Bea <Mora>")
    now = datetime.now(UTC)
    items = [
        FeedItem(bea, "saved", now.isoformat(), LINE),
        # At the same moment: a while before may be yesterday.
        FeedItem(bea, "played", now.isoformat(), LINE),
        FeedItem(bea, "played", (now - timedelta(days=4)).isoformat(), replace(LINE, genres=[FADO])),
        FeedItem(bea, "played", AT, replace(LINE, track_id="t2", genres=[], artists=[])),
    ]
    answering("users.feed.read_feed", Page(items, "next"))
    answer = client.get(f"/feed{ME}")
    text = text_of(answer)
    assert title_of(answer) == "Your friends have been playing Jazz and Fado"
    assert "Bea <Mora> played and saved this just now" in text
    assert re.findall(r'<h2 id="day-\d">(.*?)</h2>', answer.text)[-2:] == ["This week", "May 2024"]
    assert "older=next" in answer.text
    assert '<input type="hidden" name="source" value="feed">' in answer.text
    assert "/send?track=t1&amp;user=u1" in answer.text


def test_nothing_in_the_feed(client: FlaskClient, answering: Answering, service: FakeService) -> None:
    answering("users.feed.read_feed", Page([], None))
    assert "It is quiet" in title_of(client.get(f"/feed{ME}"))
    answer = client.get(f"/feed{ME}&older=x")
    assert "Back to the newest" in text_of(answer)


@pytest.mark.parametrize(
    ("form", "goes_to"),
    [
        ({"place": "feed"}, "/feed?user=u1&done=play&track=t1"),
        ({"place": "feed", "of": "x"}, "/feed?older=x&user=u1&done=play&track=t1"),
        ({"place": "inbox"}, "/inbox?user=u1&done=play&track=t1"),
        ({"place": "person", "of": "u2"}, "/people/u2?user=u1&done=play&track=t1"),
    ],
)
def test_play_records_a_listen_and_comes_back(
    client: FlaskClient, service: FakeService, form: dict[str, str], goes_to: str
) -> None:
    whole = {"user": "u1", "track": "t1", "verb": "play", "press": "a" * 32, **form, **CSRF}
    answer = client.post("/actions", data=whole)
    assert answer.headers["Location"] == goes_to
    listens = client.application.extensions["muse_graph"].database.writer.listens
    assert [(one.user_id, one.track_id, one.heard) for one in listens.values()] == [("u1", "t1", 1.0)]


def test_save_can_be_undone(client: FlaskClient, answering: Answering, service: FakeService) -> None:
    answering("users.feedback.give_feedback", None)
    form = {"user": "u1", "track": "t1", "verb": "save", "place": "feed", "press": "a" * 32, **CSRF}
    answer = client.post("/actions", data=form, follow_redirects=True)
    assert "Saved Lluvia <en> Barranquilla" in text_of(answer)
    undo = re.search(r'<form class="undo".*?</form>', answer.text, re.DOTALL)
    assert undo is not None
    assert 'value="clear"' in undo[0]
    assert [call[0][3] for call in service.calls["users.feedback.give_feedback"]] == ["save"]


# ---- tracks sent


def test_what_is_not_opened_is_not_told(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    sealed = client.get(f"/inbox{ME}")
    received = sealed.text[: sealed.text.index("sent-title")]
    assert title_of(sealed) == "Bea <Mora> has sent you a track"
    assert "Lluvia" not in received
    assert "rain" not in received
    answering("users.sent_tracks.list_sent_tracks", Page([replace(SENT, seen=True)], None))
    opened = client.get(f"/inbox{ME}")
    assert '<input type="hidden" name="source" value="sent_track">' in opened.text
    assert title_of(opened) == "All that friends sent you is opened"
    assert "For the &lt;rain&gt;" in opened.text[: opened.text.index("sent-title")]


def test_opening_and_deleting(client: FlaskClient, answering: Answering, service: FakeService) -> None:
    answering("users.sent_tracks.set_seen", SENT)
    answering("users.sent_tracks.delete_sent_track", None)
    answer = client.post("/inbox/open", data={"user": "u1", "id": "s1", **CSRF})
    assert answer.headers["Location"] == "/inbox?user=u1&did=open&id=s1#s1"
    assert service.calls["users.sent_tracks.set_seen"][0][1] == {"seen": True}
    for side, did in (("received", "delete"), ("sent", "take-back")):
        answer = client.post("/inbox/delete", data={"user": "u1", "id": "s1", "side": side, **CSRF})
        assert answer.headers["Location"] == f"/inbox?user=u1&did={did}"
        assert service.calls["users.sent_tracks.delete_sent_track"][-1][0][1:] == ("u1", "s1", side)
    answering("users.sent_tracks.set_seen", UnknownSentTrack("s1"))
    assert client.post("/inbox/open", data={"user": "u1", "id": "s1", **CSRF}).status_code == 404


def test_an_empty_inbox_has_a_next_step(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("users.sent_tracks.list_sent_tracks", Page([], None))
    text = text_of(client.get(f"/inbox{ME}"))
    assert "No friend has sent you a track yet" in text
    assert "from the feed" in text


def test_sending_asks_to_whom(client: FlaskClient, service: FakeService) -> None:
    answer = client.get(f"/send{ME}&track=t1&to=u2")
    assert title_of(answer) == "Who should hear Lluvia <en> Barranquilla?"
    assert 'value="u2" required checked' in answer.text
    assert 'maxlength="280"' in answer.text
    text_of(answer)


def test_sending_is_said_and_can_be_undone(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("users.sent_tracks.send_track", (SENT, True))
    press = "b" * 32
    form = {"user": "u1", "to": "u2", "track": "t1", "note": " two\r\n lines ", "press": press, **CSRF}
    answer = client.post("/send", data=form)
    assert answer.headers["Location"] == "/inbox?user=u1&did=send&id=s1#s1"
    (call,) = service.calls["users.sent_tracks.send_track"]
    assert call[0][1:4] == ("u1", "u2", "t1")
    assert call[1] == {"note": "two lines", "request_id": press}
    shown = client.get(f"/inbox{ME}&did=send&id=s1")
    undo = re.search(r'<form class="undo".*?</form>', shown.text, re.DOTALL)
    assert undo is not None
    assert 'name="side" value="sent"' in undo[0]


@pytest.mark.parametrize(
    ("error", "to", "status", "said"),
    [
        (Conflict("no friends"), "u2", 409, "You are not friends any more"),
        (invalid("note", "must have at most 280 characters", 300), "u2", 422, "280 characters"),
        (None, "", 422, "Choose a friend"),
    ],
)
def test_what_is_wrong_is_said_and_the_note_kept(
    client: FlaskClient,
    answering: Answering,
    service: FakeService,
    error: Any,
    to: str,
    status: int,
    said: str,
) -> None:
    answering("users.sent_tracks.send_track", error)
    form = {"user": "u1", "to": to, "track": "t1", "note": "For the <rain>", "press": "b" * 32, **CSRF}
    answer = client.post("/send", data=form)
    text = text_of(answer, answer.status_code)
    assert answer.status_code in {status, 400}
    assert said in text
    assert "For the <rain>" in text


def test_without_friends_nothing_is_sent(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("users.friendships.list_friends", Page([replace(BEA, state="asked")], None))
    assert "you have none yet" in text_of(client.get(f"/send{ME}&track=t1"))


# ---- what if


def song(rank: int, track_id: str) -> Recommendation:
    return Recommendation(rank, track_id, f"Song {track_id}", [], [JAZZ], 1.0, [])


def genre(genre_id: str, state: Any, streams: int) -> LedgerGenre:
    return LedgerGenre(1, genre_id, genre_id.title(), state, streams, 0.0, [])


NOW = Recommendations("u1", "discovery", [song(1, "a"), song(2, "b"), song(3, "c")])
THEN = Recommendations("u1", "discovery", [song(1, "c"), song(2, "b"), song(3, "d")])
WHAT_IF = WhatIf(
    "u1",
    NOW,
    THEN,
    Ledger(
        "u1", [genre("pop", "home", 50), genre("jazz", "resting", 10), genre("fado", "offered", 2)], 10.0, 0.2
    ),
    Ledger(
        "u1",
        [genre("pop", "home", 50), genre("jazz", "offered", 10), genre("cumbia", "offered", 0)],
        25.0,
        0.5,
    ),
    [
        TrackMove("c", "Song c", 3, 1),
        TrackMove("b", "Song b", 2, 2),
        TrackMove("d", "Song d", None, 3),
        TrackMove("a", "Song a", 1, None),
    ],
    [
        GenreMove("jazz", "Jazz", "resting", "offered", 10, 10),
        GenreMove("cumbia", "Cumbia", None, "offered", 0, 0),
        GenreMove("fado", "Fado", "offered", None, 2, 0),
    ],
)
SAME = replace(
    WHAT_IF, then=NOW, ledger_then=WHAT_IF.ledger_now, tracks=[TrackMove("a", "A", 1, 1)], genres=[]
)


def test_nothing_supposed_asks_what_to_suppose(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("what_if.what_if.what_if", WHAT_IF)
    for address in (f"/what-if{ME}", f"/what-if{ME}&drop=&like=&theta=20"):
        answer = client.get(address)
        assert title_of(answer) == "What would you hear if something were different?"
        assert "Without Bea <Mora>" in text_of(answer)
    assert "what_if.what_if.what_if" not in service.calls


def test_a_comparison_says_what_would_change(
    client: FlaskClient, answering: Answering, service: FakeService
) -> None:
    answering("what_if.what_if.what_if", WHAT_IF)
    answer = client.get(f"/what-if{ME}&drop=u2&theta=50")
    text = text_of(answer)
    assert title_of(answer) == (
        "Without Bea <Mora>, with the cap at 50 %, you would lose 1 song and Fado and gain Jazz and Cumbia"
    )
    ((_, user_id, supposed, options), _) = service.calls["what_if.what_if.what_if"][0]
    assert (user_id, supposed.drop_friends, supposed.theta, supposed.lift_cap) == ("u1", ("u2",), 0.5, False)
    assert (options.k, options.theta) == (8, 0.2)
    assert "up 2 places" in text
    assert "in the same place" in text
    assert (answer.text.count(">gone<"), answer.text.count('class="move">new<')) == (1, 1)
    assert "offered , now rests" in text
    assert (answer.text.count("cap-mark at-32"), answer.text.count("cap-mark at-80")) == (4, 4)
    lifted = client.get(f"/what-if{ME}&lift=1")
    assert "As it would be No cap: no genre rests" in text_of(lifted)
    assert lifted.text.count("cap-mark") == 4


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (SAME, "Without Bea <Mora> nothing would change for you"),
        (
            replace(SAME, tracks=[TrackMove("a", "A", 1, 2)]),
            "Without Bea <Mora> the same songs would come in another order",
        ),
        (replace(SAME, tracks=WHAT_IF.tracks), "Without Bea <Mora> you would lose 1 song and gain another"),
        (replace(SAME, tracks=WHAT_IF.tracks[2:3]), "Without Bea <Mora> you would gain 1 song"),
        (
            replace(WHAT_IF, tracks=[], genres=[GenreMove("jazz", "Jazz", "offered", "resting", 1, 1)]),
            "Without Bea <Mora> Jazz would rest",
        ),
    ],
)
def test_the_title_is_a_sentence(
    client: FlaskClient, answering: Answering, service: FakeService, found: WhatIf, title: str
) -> None:
    answering("what_if.what_if.what_if", found)
    answer = client.get(f"/what-if{ME}&drop=u2")
    text_of(answer)
    assert title_of(answer) == title


@pytest.mark.parametrize(
    ("address", "error", "status", "said"),
    [
        ("&drop=u9", Conflict("no friends"), 409, "no friend of yours"),
        ("&drop=u9", UnknownUser("u9"), 404, "Choose again"),
        ("&theta=0", None, 422, "Theta"),
        ("&theta=much", None, 422, "Theta"),
    ],
)
def test_what_cannot_be_supposed_is_said_above_the_form(
    client: FlaskClient,
    answering: Answering,
    service: FakeService,
    address: str,
    error: Any,
    status: int,
    said: str,
) -> None:
    answering("what_if.what_if.what_if", error)
    answer = client.get(f"/what-if{ME}{address}")
    assert said in text_of(answer, answer.status_code)
    assert answer.status_code in {status, 400}
    assert 'name="drop"' in answer.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((["Ana"], [], None, False), "Without Ana"),
        (([], [], None, True), "Without a cap"),
        (([], ["Fado", "Jazz"], None, False), "If you liked Fado and Jazz,"),
        ((["Ana"], ["Fado"], 40, False), "Without Ana, with the cap at 40 %, if you liked Fado,"),
    ],
)
def test_what_is_supposed_in_words(arguments: tuple[Any, ...], said: str) -> None:
    *first, lifted = arguments
    assert supposed_words(*first, lifted=lifted) == said


def test_liked_genres_come_first_then_what_changes() -> None:
    found = comparison(WHAT_IF, ["fado"])
    assert [bar.chip.genre_id for bar in found.then.bars] == ["fado", "jazz", "cumbia", "pop"]
    assert [bar.state for bar in found.then.bars] == [None, "offered", "offered", "home"]
    assert [bar.at for bar in found.now.bars] == [6, 32, 0, 100]
    assert (found.now.cap, found.then.cap) == ("10", "25")


# ---- all of them

PAGES = ["/friends", "/people?q=a", "/people/u2", "/feed", "/inbox", "/send?track=t1", "/what-if"]


@pytest.mark.parametrize("address", PAGES)
def test_without_a_database_a_page_says_so(client: FlaskClient, answering: Answering, address: str) -> None:
    gone = GraphUnavailable("the database does not answer")
    for name in (
        "users.friendships.list_friends",
        "users.people.search_people",
        "users.people.get_person",
        "users.feed.read_feed",
        "users.sent_tracks.list_sent_tracks",
        "catalogue.search.get_track",
    ):
        answering(name, gone)
    answer = client.get(f"{address}{'&' if '?' in address else '?'}user=u1")
    assert "The database is unavailable" in text_of(answer, 503)


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1, seconds=5), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
    ],
)
def test_how_long_ago(past: timedelta, said: str) -> None:
    assert moments.ago((datetime.now(UTC) - past).isoformat()) == said


def test_long_ago_is_a_day() -> None:
    assert moments.ago(AT) == moments.day(AT) == "1 May 2024"
    with pytest.raises(ValueError, match="RFC 3339"):
        moments.day("yesterday")
