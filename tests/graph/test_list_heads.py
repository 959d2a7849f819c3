"""A list is the head of each longer one and has the best, where the first candidates do not count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from muse_graph.answers import Recommendations
from muse_graph.graph.connection import Graph
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.recommendations.options import MAX_K
from tests.conftest import wipe
from tests.options import recommend

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
#: Tracks that a friend plays a lot, and those that should be listed.
N_LOUD, N_QUIET = 70, 8
#: More than a profile holds.
N_HEARD = 520

WISHES: list[dict[str, Any]] = [
    {},
    {"mode": "for-you"},
    {"mode": "for-you", "radar_share": 0.5},
    {"mode": "under-the-radar"},
    {"mode": "for-you", "max_per_artist": 1, "beyond_friends": True},
    {"mode": "for-you", "diversity": 0.5},
    {"mode": "for-you", "weights": "log-plays", "neighbours": 1},
]


def row(user_id: str, track_id: str, minute: int, plays: int, heard: float) -> dict[str, Any]:
    at = BEGIN + timedelta(minutes=minute)
    return {"user_id": user_id, "track_id": track_id, "listened_at": at, "plays": plays, "heard": heard}


def tables() -> dict[str, list[dict[str, Any]]]:
    """Three listeners, each with one friend who plays 70 tracks a lot and 8 others once, to the half.

    hedda has heard the 70, so long ago that they are not in her profile; the 70 of stan's friend are all of
    one artist; those of ria's friend are by artists that somebody else plays, too.
    """
    by: dict[str, str] = {f"h{n}": f"of h{n}" for n in range(N_HEARD)}
    by |= {f"s{n}": "the star" for n in range(N_LOUD)} | {f"r{n}": f"of r{n}" for n in range(N_LOUD)}
    by |= {f"{kind}-new{n}": f"of {kind}-new{n}" for kind in "hsr" for n in range(N_QUIET)}
    listens = [row("hedda", f"h{n}", n, 1, 1.0) for n in range(N_HEARD)]
    for kind in "hsr":
        listens += [row(f"{kind}-friend", f"{kind}{n}", n, 5, 1.0) for n in range(N_LOUD)]
        listens += [row(f"{kind}-friend", f"{kind}-new{n}", 900 + n, 1, 0.5) for n in range(N_QUIET)]
    listens += [row("stranger", f"r{n}", n, 5, 1.0) for n in range(N_LOUD)]
    pairs = [("hedda", "h-friend"), ("stan", "s-friend"), ("ria", "r-friend")]
    people = [one for pair in pairs for one in pair] + ["stranger"]
    return {
        "genres": [{"genre_id": "g1", "name": "G1"}],
        "artists": [{"artist_id": one, "name": one} for one in sorted(set(by.values()))],
        "tracks": [
            {"track_id": track, "title": track, "artist_ids": [artist], "genre_ids": ["g1"]}
            for track, artist in by.items()
        ],
        "users": [{"user_id": one, "name": one} for one in people],
        "friendships": [{"user_id": one, "friend_id": other} for one, other in pairs],
        "listens": [listen | {"listen_id": f"l{n}"} for n, listen in enumerate(listens)],
    }


def batches() -> Iterator[tuple[str, pa.RecordBatch]]:
    for table, rows in tables().items():
        numbered = [values | {"line": number} for number, values in enumerate(rows, 1)]
        yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    wipe(graph)
    rejects = Rejects()
    load(graph, batches(), rejects, theta=0.2, advance=lambda _step, _rows: None)
    assert not any(tally.rejected for tally in rejects.tally.values())
    return graph


def tracks(answer: Recommendations) -> list[str]:
    return [item.track_id for item in answer.items]


@pytest.mark.parametrize("wish", WISHES, ids=str)
@pytest.mark.parametrize("user_id", ["hedda", "stan", "ria", "stranger"])
def test_a_list_is_the_head_of_each_longer_one(user_id: str, wish: dict[str, Any], world: Graph) -> None:
    whole = recommend(world, user_id, k=MAX_K, **wish)
    assert len(set(tracks(whole))) == len(whole.items) > 0
    for k in (1, N_QUIET, 20, 30):
        assert recommend(world, user_id, k=k, **wish).items == whole.items[:k]


def test_tracks_heard_long_ago_do_not_hide_those_that_are_new(world: Graph) -> None:
    found = tracks(recommend(world, "hedda", k=N_QUIET, mode="for-you"))
    assert sorted(found) == [f"h-new{n}" for n in range(N_QUIET)]


def test_one_artist_does_not_hide_the_others(world: Graph) -> None:
    found = recommend(world, "stan", k=N_QUIET + 3, mode="for-you")
    assert found.mode == "for-you"
    assert {f"s-new{n}" for n in range(N_QUIET)} < set(tracks(found))


def test_well_known_artists_do_not_hide_those_under_the_radar(world: Graph) -> None:
    quiet = {f"r-new{n}" for n in range(N_QUIET)}
    found = recommend(world, "ria", k=N_QUIET, mode="under-the-radar")
    assert (found.mode, set(tracks(found))) == ("under-the-radar", quiet)
    shared = tracks(recommend(world, "ria", k=20, mode="for-you", radar_share=0.5))
    assert len(shared) == 20
    assert set(shared) > quiet


def test_who_knows_the_whole_chart_gets_what_follows_in_it(
    world: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muse_graph.service.recommendations.sources._CHART", (10, 30, 1_000))
    found = recommend(world, "stranger", k=100, mode="for-you")
    assert len(found.items) == 100
    assert not {f"r{n}" for n in range(N_LOUD)} & set(tracks(found))
