"""Deezer friendships of Hungary as published, by the importer. Skipped without the data."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.loaders.rejects import Tally
from muse_graph.loaders.sources.deezer import read_deezer
from muse_graph.service.maintenance import health
from tests.load.conftest import connected, load_in_bulk
from tests.options import discover_genres, recommend

LOADED = {
    "genres": Tally(84, 84, 0, 0),
    "users": Tally(47_538, 47_538, 0, 0),
    "friendships": Tally(222_887, 222_887, 0, 0),
    "likes": Tally(284_901, 284_901, 0, 0),
}


def test_friends_and_the_genres_they_like(data: Path, home: Settings) -> None:
    folder = data / "deezer-hu"
    if not folder.is_dir():
        pytest.skip(f"no {folder.name} in {data.name}: MUSE_DATA names the folder of the data sets")
    tallies = load_in_bulk(home, partial(read_deezer, folder))
    assert {table: tally for table, tally in tallies.items() if tally.read} == LOADED
    with connected(home) as graph:
        counts = health.summary(graph)
        assert (counts["users"], counts["friendships"], counts["genres"]) == (47_538, 222_887, 84)
        # Likes count as streams, so there are genres to discover, and no tracks to recommend.
        ledger = discover_genres(graph, "0")
        assert "offered" in {genre.state for genre in ledger.genres}
        assert recommend(graph, "0").mode == "empty"
