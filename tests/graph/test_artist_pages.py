"""Shortlists, and the round trips of the pages of artists, on the toy graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from muse_graph.api import create_app
from muse_graph.config import Settings
from muse_graph.errors import UnknownArtist, UnknownInfluencer
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.catalogue import read_catalogue
from muse_graph.service.artists.shortlist import add_to_shortlist, read_shortlist, remove_from_shortlist
from tests.graph.test_people import round_trips

pytestmark = pytest.mark.neo4j


def kept(graph: Graph, artist_id: str) -> list[str]:
    return [one.influencer_id for one in read_shortlist(graph, artist_id)]


def test_a_shortlist_is_of_one_artist_and_in_the_order_it_was_made(toy_graph: Graph) -> None:
    add_to_shortlist(toy_graph, "a1", ["i2"])
    (before,) = read_shortlist(toy_graph, "a1")
    add_to_shortlist(toy_graph, "a1", ["i1", "i2"])
    add_to_shortlist(toy_graph, "a2", ["i3"])
    found = read_shortlist(toy_graph, "a1")
    assert [one.influencer_id for one in found] == ["i2", "i1"]
    assert found[0] == before
    assert kept(toy_graph, "a2") == ["i3"]
    for _ in range(2):
        remove_from_shortlist(toy_graph, "a1", "i2")
        assert kept(toy_graph, "a1") == ["i1"]
    remove_from_shortlist(toy_graph, "nobody", "i1")


def test_nobody_unknown_is_kept(toy_graph: Graph) -> None:
    with pytest.raises(UnknownInfluencer, match="i99"):
        add_to_shortlist(toy_graph, "a1", ["i1", "i99"])
    assert kept(toy_graph, "a1") == []
    with pytest.raises(UnknownInfluencer):
        add_to_shortlist(toy_graph, "a99", ["i1"])
    assert kept(toy_graph, "a99") == []


def test_a_catalogue(toy_graph: Graph) -> None:
    found = read_catalogue(toy_graph, "a1")
    assert (found.name, found.n_tracks) == ("Las Estrellas", len(found.tracks))
    listeners = toy_graph.run("MATCH (t:Track) RETURN t.track_id AS id, t.listeners AS n", writes=False)
    order = {row["id"]: -row["n"] for row in listeners}
    assert [one.track_id for one in found.tracks] == sorted(
        (one.track_id for one in found.tracks), key=lambda one: (order[one], one)
    )
    assert {genre for track in found.tracks for genre in track.genres} == set(found.genres)
    with pytest.raises(UnknownArtist):
        read_catalogue(toy_graph, "a99")


@pytest.fixture
def app(toy_graph: Graph, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    own = settings.model_copy(update={"home": tmp_path, "models": tmp_path / "models"})
    app = create_app(own, toy_graph, sign_in="off")
    yield app
    app.extensions["muse_graph"].database.close()


#: Addresses with how many queries each page runs.
ROUND_TRIPS = {
    "/your-artists": 2,
    "/artists/a1/audience": 3,
    "/artists/a1/audience?country=CO&segment=light&beside=genre&from=2020-01-01": 8,
    # Two of them read who plays a genre of the artist, which is kept for some minutes.
    "/artists/a1/influencers": 7,
    # Three of them read a sample of everybody, which is kept for some minutes.
    "/artists/a1/interests": 10,
    "/artists/a1/interests?with=a2": 9,
    "/artists/a1/spread": 4,
}


def test_round_trips_are_few_and_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, found = app.test_client(), {}
    for address in ROUND_TRIPS:
        with round_trips(monkeypatch) as asked:
            assert client.get(address).status_code == 200, address
        found[address] = (len(asked), asked)
    assert {address: n for address, (n, _asked) in found.items()} == ROUND_TRIPS, found
