"""Tracks, artists and genres as one listener of the toy graph sees them, likes, and what the pages cost."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from muse_graph.answers import Named
from muse_graph.api import create_app
from muse_graph.config import Settings
from muse_graph.errors import UnknownGenre, UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.service.catalogue import listener_view
from muse_graph.service.catalogue.listener_view import KnownTrack
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.placement import place_track, proof_of
from muse_graph.service.users import likes, users
from tests.conftest import load_toy, wipe


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    """For tests that write nothing."""
    wipe(graph)
    load_toy(graph)
    return graph


def known(tracks: list[KnownTrack]) -> list[tuple[str, int, str | None]]:
    return [(track.card.track_id, track.plays, track.feedback) for track in tracks]


def test_a_track_with_what_listener_and_friends_did(world: Graph) -> None:
    found = listener_view.track_relation(world, "t5", "u2")
    assert (found.plays, found.heard, found.feedback) == (3, 1.0, "save")
    assert (found.friends, found.named) == (1, [Named("u3", "Cleo")])
    assert found.under_the_radar
    assert not listener_view.track_relation(world, "t1", "u1").under_the_radar
    nobody = listener_view.track_relation(world, "t5", None)
    assert (nobody.plays, nobody.feedback, nobody.friends) == (0, None, 0)


def test_tracks_of_an_artist_and_of_a_genre(world: Graph) -> None:
    assert known(listener_view.artist_tracks(world, "a1", "u1")) == [("t1", 30, None), ("t8", 0, None)]
    assert known(listener_view.artist_tracks(world, "a1", "u1", limit=1)) == [("t1", 30, None)]
    assert known(listener_view.genre_tracks(world, "rock", "u5")) == [
        ("t2", 0, None),
        ("t3", 0, "discard"),
    ]
    assert listener_view.genre_tracks(world, "no genre", "u5") == []
    relation = listener_view.artist_relation(world, "a5", "u2")
    assert (relation.plays, relation.tracks, relation.friends) == (3, 1, 1)


def test_the_paths_to_a_track(world: Graph) -> None:
    (path,) = proof_of(world, "u1", "t4")
    assert (path.friend, path.plays, path.heard) == ("Ben", 6, 0.8)
    assert path.genres == [("Jazz", 4)]
    assert path.text == "Ben played it 6 times and heard 80 % of it"
    assert place_track(world, "u1", "t4").kept_out == [
        "it was heard, saved or discarded before; lists have what is new"
    ]


def test_a_liked_genre_counts_as_a_stream_once(toy_graph: Graph) -> None:
    assert likes.liked_genres(toy_graph, "u6") == []
    for _ in range(2):
        likes.like_genres(toy_graph, "u6", ["jazz", "cumbia", "jazz"], theta=0.2)
    assert likes.liked_genres(toy_graph, "u6") == ["cumbia", "jazz"]
    streams = {genre.genre_id: genre.streams for genre in discover_genres(toy_graph, "u6").genres}
    assert (streams["jazz"], streams["cumbia"]) == (1, 1)
    assert [one for one in examine(toy_graph) if one.severity == "error"] == []


def test_of_the_genres_liked_each_has_its_most_heard_track_before_any_has_a_second(toy_graph: Graph) -> None:
    likes.like_genres(toy_graph, "u6", ["jazz", "cumbia"], theta=0.2)
    tracks = known(listener_view.liked_tracks(toy_graph, "u6"))
    assert {track for track, _, _ in tracks[:2]} == {"t4", "t5"}
    assert {track for track, _, _ in tracks} == {"t4", "t5", "t7", "t8"}


def test_a_like_of_what_is_not_there_writes_nothing(toy_graph: Graph) -> None:
    with pytest.raises(UnknownGenre, match="polka"):
        likes.like_genres(toy_graph, "u6", ["jazz", "polka"], theta=0.2)
    with pytest.raises(UnknownUser):
        likes.like_genres(toy_graph, "nobody", ["jazz"], theta=0.2)
    assert likes.liked_genres(toy_graph, "u6") == []


#: Reads of each page, whatever the graph holds: none asks in a loop.
READS = {
    "/genres?user=u1": ["listener_neighbourhood", "genre_names"],
    "/genres/jazz?user=u1": [
        "genre_cards",
        "listener_neighbourhood",
        "genre_names",
        "genre_tracks",
        "track_cards",
    ],
    "/tracks/t4?user=u1": ["track_cards", "listener_track", "artist_tracks", "track_cards"],
    "/artists/a1?user=u1": ["artist_cards", "listener_artist", "artist_tracks", "track_cards"],
    "/search?q=luna": [
        "track_hits",
        "track_cards",
        "artist_hits",
        "artist_cards",
        "genre_hits",
        "genre_cards",
    ],
    "/search?q=luna&kind=tracks": ["track_hits", "track_cards"],
    "/welcome?user=u1": ["listener", "genres_by_name", "genre_cards", "liked_genres"],
    "/welcome/tracks?user=u4": ["liked_tracks", "track_cards"],
}


@pytest.fixture(scope="module")
def client(settings: Settings, world: Graph) -> FlaskClient:
    return create_app(settings, world, sign_in="off").test_client()


@pytest.mark.parametrize("path", READS)
def test_a_page_asks_a_known_number_of_times(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked: list[str] = []
    read = Graph.read

    def counted(graph: Graph, name: str, /, **params: Any) -> Any:
        asked.append(name)
        return read(graph, name, **params)

    monkeypatch.setattr(Graph, "read", counted)
    assert client.get(path).status_code == 200
    # What waits for the listener is in the header; a search names nobody.
    assert asked == READS[path] + ["waiting"] * ("user=" in path)


def test_a_friend_who_keeps_listens_private_counts_and_has_no_name(toy_graph: Graph) -> None:
    users.put_user(toy_graph, "u2", private=True)
    found = listener_view.track_relation(toy_graph, "t4", "u1")
    assert (found.friends, found.named) == (1, [])
    assert proof_of(toy_graph, "u1", "t4") == []
