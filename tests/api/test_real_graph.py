"""The API over a real Neo4j and real HTTP: what a client writes is in the client's next answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from werkzeug.serving import make_server

from muse_graph.api import create_app
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph

pytestmark = pytest.mark.neo4j


class Client:
    """A session that keeps cookies, as a browser or a scrobbler does."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()

    def __call__(self, method: str, path: str, *, status: int = 200, **options: Any) -> Any:
        answer = self.session.request(method, self.base + path, timeout=30, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def client(settings: Settings, toy_graph: Graph) -> Iterator[Client]:
    app = create_app(settings, sign_in="off")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Client(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["muse_graph"].database.close()


def listen(listen_id: str, user_id: str, track_id: str, **more: object) -> dict[str, object]:
    return {"listen_id": listen_id, "user_id": user_id, "track_id": track_id, **more}


def states(ledger: Any) -> dict[str, str]:
    return {genre["genre_id"]: genre["state"] for genre in ledger["genres"]}


def test_a_new_listener_makes_a_friend_and_gets_the_friends_music(client: Client) -> None:
    made = client("PUT", "/api/v1/users/new", json={"name": "Noor", "country": "PT"}, status=201)
    assert made == {
        "user_id": "new",
        "name": "Noor",
        "country": "PT",
        "listens_visible_to": "friends",
        "private": False,
        "friends": 0,
        "tracks": 0,
        "streams": 0,
    }
    before = client("GET", "/api/v1/users/new/recommendations?k=5")
    assert before["mode"] == "popular-in-country"
    asked = client("PUT", "/api/v1/users/new/friends/u3", json={"action": "ask"})
    assert asked["state"] == "asked"
    client("PUT", "/api/v1/users/u3/friends/new", json={"action": "accept"})
    after = client("GET", "/api/v1/users/new/recommendations?k=8")
    assert after["mode"] == "discovery"
    best = after["items"][0]
    assert best["track_id"] == "t5"
    assert any(reason["kind"] == "friend" and reason["user_id"] == "u3" for reason in best["reasons"])
    for item in after["items"]:
        assert sum(reason["part"] for reason in item["reasons"]) == pytest.approx(item["score"], abs=1e-9)


def test_each_listen_shows_in_the_next_answer_and_counts_once(client: Client) -> None:
    ledger = client("GET", "/api/v1/users/u1/genres")
    assert (ledger["cap"], ledger["theta"]) == (10.0, 0.2)
    assert states(ledger) == {
        "jazz": "offered",
        "cumbia": "offered",
        "fado": "offered",
        "pop": "home",
        "rock": "home",
    }
    plays = [listen(f"n{i}", "u1", "t4", heard=1.0) for i in range(6)]
    assert client("POST", "/api/v1/listens", json=plays, status=201)["recorded"] == 6
    again = client("POST", "/api/v1/listens", json=plays)
    assert (again["recorded"], again["repeated"]) == (0, 6)
    other = client("POST", "/api/v1/listens", json=[{**plays[0], "heard": 0.2}], status=422)
    assert "used by another listen" in other["errors"][0]["detail"]
    after = client("GET", "/api/v1/users/u1/genres")
    jazz = next(genre for genre in after["genres"] if genre["genre_id"] == "jazz")
    assert (jazz["state"], jazz["streams"]) == ("resting", 10)
    offered = {genre for genre, state in states(after).items() if state == "offered"}
    for item in client("GET", "/api/v1/users/u1/recommendations?k=2")["items"]:
        assert offered & {genre["id"] for genre in item["genres"]}


def test_a_discard_turns_a_genre_away_and_a_save_brings_it_back(client: Client) -> None:
    client("PUT", "/api/v1/users/u1/feedback/t5", json={"action": "discard"})
    listed = client("GET", "/api/v1/users/u1/recommendations?k=20")
    assert "t5" not in {item["track_id"] for item in listed["items"]}
    assert states(client("GET", "/api/v1/users/u1/genres"))["cumbia"] == "resting"
    client("PUT", "/api/v1/users/u1/feedback/t8", json={"action": "save"})
    assert states(client("GET", "/api/v1/users/u1/genres"))["cumbia"] == "offered"


def test_an_artist_sees_new_plays_at_once(client: Client) -> None:
    before = client("GET", "/api/v1/artists/a4/analytics")
    client("POST", "/api/v1/listens", json=listen("x1", "u5", "t4", heard=0.35, country="JP"), status=201)
    after = client("GET", "/api/v1/artists/a4/analytics")
    assert after["plays"] == before["plays"] + 1
    assert after["listeners"] == before["listeners"] + 1
    reached = [new["plays"] - old["plays"] for new, old in zip(after["reach"], before["reach"], strict=True)]
    assert reached == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    japan = client("GET", "/api/v1/artists/a4/analytics?country=JP")
    assert (japan["plays"], japan["listeners"]) == (1, 1)


def test_influencers_of_a_country_and_a_genre_by_likes(client: Client, toy_graph: Graph) -> None:
    found = client("GET", "/api/v1/influencers?country=CO&genre=cumbia&k=5")["items"]
    assert found
    assert [match["avg_likes"] for match in found] == sorted(
        (match["avg_likes"] for match in found), reverse=True
    )
    assert all("cumbia" in match["genres"] and match["country"] == "CO" for match in found)


def test_good_listens_are_kept_when_a_neighbour_is_bad(client: Client) -> None:
    mixed = [
        listen("g1", "u1", "t3", heard=0.5),
        listen("g2", "nobody", "t3"),
        listen("g3", "u1", "t3", heard=7),
        listen("l1", "u1", "t3"),
    ]
    receipt = client("POST", "/api/v1/listens", json=mixed)
    assert (receipt["received"], receipt["recorded"]) == (4, 2)
    assert [rejected["index"] for rejected in receipt["rejected"]] == [1, 2]


def test_search_finds_words_with_and_without_accents(client: Client) -> None:
    for text in ("río", "rio", "Rio Ab"):
        found = client("GET", "/api/v1/tracks", params={"q": text})["items"]
        assert [track["track_id"] for track in found] == ["t5"]


def test_ready_says_what_it_checked(client: Client) -> None:
    assert client("GET", "/readyz")["status"] == "ready"
    text = requests.get(f"{client.base}/metrics", timeout=10).text
    assert "muse_http_request_duration_seconds" in text


def test_friends_see_what_friends_do_and_send_tracks(client: Client) -> None:
    client("POST", "/api/v1/listens", json=listen("f1", "u2", "t3", heard=0.9), status=201)
    page = client("GET", "/api/v1/users/u1/feed?limit=2")
    first, second = page["items"]
    assert (first["friend"], first["action"]) == ({"id": "u2", "name": "Ben"}, "played")
    assert first["track"]["title"] == "Road Song"
    assert (second["action"], second["track"]["track_id"]) == ("saved", "t5")
    rest = client("GET", f"/api/v1/users/u1/feed?limit=50&cursor={page['next']}")
    assert (len(rest["items"]), rest["next"]) == (5, None)

    body = {"to": "u2", "track_id": "t6", "note": "for the tram", "id": "once"}
    sent = client("POST", "/api/v1/users/u1/sent-tracks", json=body, status=201)
    assert client("POST", "/api/v1/users/u1/sent-tracks", json=body) == sent
    client("POST", "/api/v1/users/u1/sent-tracks", json=body | {"id": None, "to": "u4"}, status=409)
    assert client("GET", "/api/v1/users/u2/received-tracks")["items"] == [sent]
    place = f"/api/v1/users/u2/received-tracks/{sent['sent_id']}"
    assert client("PUT", place, json={"seen": True}) == sent | {"seen": True}
    client("DELETE", f"/api/v1/users/u1/sent-tracks/{sent['sent_id']}", status=204)
    client("PUT", place, json={"seen": True}, status=404)
