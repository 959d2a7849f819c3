"""HetRec 2011 Last.fm as published, by the importer and over Bolt. Skipped without the data."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.loaders.rejects import Tally
from muse_graph.loaders.sources.hetrec import read_hetrec
from muse_graph.service.maintenance import health
from tests.load.conftest import connected, load_in_bulk, load_over_bolt
from tests.options import discover_genres, recommend

COUNTS = {
    "users": 1_892,
    "friendships": 12_717,
    "tracks": 17_632,
    "artists": 17_632,
    "genres": 97,
    "listens": 92_834,
    "countries": 1,
    "influencers": 0,
}

#: read, loaded, rejected, repeated: each friendship stands in the file from both sides, 1,538 tags are of
#: artists that the file of artists does not have.
LOADED = {
    "genres": Tally(97, 97, 0, 0),
    "artists": Tally(17_632, 17_632, 0, 0),
    "tracks": Tally(17_632, 17_632, 0, 0),
    "users": Tally(1_892, 1_892, 0, 0),
    "friendships": Tally(25_434, 12_717, 0, 12_717),
    "tags": Tally(186_479, 184_941, 1_538, 0),
    "listens": Tally(92_834, 92_834, 0, 0),
}


@pytest.fixture
def folder(data: Path) -> Path:
    folder = data / "hetrec2011-lastfm-2k"
    if not folder.is_dir():
        pytest.skip(f"no {folder.name} in {data.name}: MUSE_DATA names the folder of the data sets")
    return folder


def test_all_of_it_by_the_importer_and_nothing_more_over_bolt(folder: Path, home: Settings) -> None:
    tallies = load_in_bulk(home, partial(read_hetrec, folder))
    assert {table: tally for table, tally in tallies.items() if tally.read} == LOADED
    with connected(home) as graph:
        assert health.summary(graph) == COUNTS
        (plays,) = graph.run(
            "MATCH (t:Track) RETURN sum(t.plays) AS n, sum(t.listeners) AS pairs", writes=False
        )
        assert plays == {"n": 69_183_975, "pairs": 92_834}
        ledger = discover_genres(graph, "2")
        assert {genre.state for genre in ledger.genres} >= {"offered", "home"}
        answer = recommend(graph, "2", k=10)
        assert (answer.mode, len(answer.items)) == ("discovery", 10)
        again = load_over_bolt(graph, partial(read_hetrec, folder))
        assert again == {
            table: Tally(tally.read, 0, tally.rejected, tally.read - tally.rejected)
            for table, tally in LOADED.items()
        }
        assert health.summary(graph) == COUNTS
        # What no listen has come to in between is as it was.
        assert discover_genres(graph, "2") == ledger
        assert recommend(graph, "2", k=10) == answer
