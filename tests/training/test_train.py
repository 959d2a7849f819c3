"""Training from end to end on a synthetic world: what is published, what is written, what happens again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from muse_graph.core.models.ensemble.ensemble import fit_ensemble
from muse_graph.core.models.knn.neighbours import nearest_listeners
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.errors import ModelError
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ModelSlot, writing
from muse_graph.model_store.store import current_version
from muse_graph.service.maintenance.doctor import examine
from muse_graph.training.reading import read_training_set
from muse_graph.training.similar_listeners import NEIGHBOURS, write_neighbours
from muse_graph.training.train import TrainingReport, train
from tests.graph_dump import dump
from tests.training.worlds import ignore, synthetic

N_USERS = 80
SIMILAR = """
MATCH (u:User)-[s:SIMILAR_TO]->(v:User)
RETURN u.key AS user, v.key AS other, s.weight AS weight ORDER BY user, weight DESC, other
"""


def run(graph: Graph, folder: Path) -> TrainingReport:
    return train(graph, folder, fit_ensemble, ignore)


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    return synthetic(graph, N_USERS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def report(world: Graph, folder: Path) -> TrainingReport:
    return run(world, folder)


@pytest.fixture
def restored(world: Graph, folder: Path) -> Iterator[Graph]:
    """The world, trained again after the test has harmed it."""
    yield world
    run(world, folder)


def test_the_report_counts_what_the_graph_holds(world: Graph, report: TrainingReport) -> None:
    (counts,) = world.read("graph_counts")
    (pairs,) = world.run("MATCH ()-[l:LISTENED]->() RETURN count(l) AS n", writes=False)
    sizes = report.sizes
    assert (sizes.users, sizes.tracks, sizes.friendships) == (
        counts["users"],
        counts["tracks"],
        counts["friendships"],
    )
    assert sizes.interactions == pairs["n"]
    assert list(report.seconds) == ["reading", "fitting", "neighbours", "publishing", "in all"]
    assert report.peak_mb > 10
    assert report.bytes > 1000


def test_a_worker_serves_the_model_and_scores_by_it(
    world: Graph, folder: Path, report: TrainingReport
) -> None:
    served, reason = ModelSlot(folder).get()
    assert served is not None
    assert (served.version, reason) == (report.version, "")
    assert served.about["users"] == N_USERS
    data = read_training_set(world, ignore).data
    right = fit_ensemble(data)
    for user in range(0, N_USERS, 7):
        profile = data.profile(user)
        np.testing.assert_array_equal(served.model.score(profile).values, right.score(profile).values)
        keys = served.catalogue.track_keys[profile.items]
        live = served.profile(
            track_keys=keys[::-1],
            plays=profile.plays[::-1],
            heard=profile.heard[::-1],
            saved_keys=keys[profile.feedback > 0],
            discarded_keys=keys[profile.feedback < 0],
            friends=served.users(friends_of(world, int(served.content.user_keys[user]))),
            tags={},
        )
        for name in ("items", "plays", "heard", "feedback", "friends"):
            np.testing.assert_array_equal(getattr(live, name), getattr(profile, name))


def friends_of(graph: Graph, key: int) -> np.ndarray:
    text = "MATCH (:User {key: $key})-[:FRIENDS_WITH]-(f) RETURN f.key AS friend"
    return np.array([row["friend"] for row in graph.run(text, {"key": key}, writes=False)], np.int64)


def test_neighbours_are_those_the_core_finds(world: Graph, report: TrainingReport) -> None:
    read = read_training_set(world, ignore)
    user, other, weight = nearest_listeners(read.data, NEIGHBOURS)
    found = world.run(SIMILAR, writes=False)
    assert len(found) == report.neighbours == len(user)
    expected: dict[tuple[int, int], Any] = {
        (int(read.user_keys[u]), int(read.user_keys[v])): pytest.approx(float(w), abs=1e-5)
        for u, v, w in zip(user, other, weight, strict=True)
    }
    assert {(row["user"], row["other"]): row["weight"] for row in found} == expected
    assert [row for row in found if row["user"] == row["other"]] == []


def test_training_again_changes_nothing_in_the_graph(
    world: Graph, folder: Path, report: TrainingReport
) -> None:
    before = dump(world)
    again = run(world, folder)
    assert dump(world) == before
    assert again.changed_users == 0
    assert again.version > report.version
    assert again.bytes == report.bytes
    assert examine(world) == []


def test_what_is_wrong_is_put_right_and_what_is_a_little_off_stays(
    restored: Graph, folder: Path, report: TrainingReport
) -> None:
    before = dump(restored)
    restored.run(
        """
        MATCH (u:User) WITH u ORDER BY u.user_id LIMIT 5
        MERGE (u)-[:SIMILAR_TO {weight: 'near'}]->(u)
        WITH u MATCH (u)-[s:SIMILAR_TO]->(:User) SET s.weight = -1.0
        """,
        writes=True,
    )
    shift = """
        MATCH (u:User) WITH u ORDER BY u.user_id SKIP $first LIMIT $n
        MATCH (u)-[s:SIMILAR_TO]->()
        SET s.weight = round(s.weight + $by, 5)
        RETURN count(DISTINCT u) AS users
    """
    assert restored.run(shift, {"first": 5, "n": 2, "by": -0.011}, writes=True) == [{"users": 2}]
    assert restored.run(shift, {"first": 7, "n": 3, "by": -0.009}, writes=True) == [{"users": 3}]
    assert dump(restored) != before
    assert run(restored, folder).changed_users == 7
    assert dump(restored) != before
    restored.run(shift, {"first": 7, "n": 3, "by": 0.009}, writes=True)
    assert dump(restored) == before


def test_who_has_no_neighbours_any_more_loses_the_old_ones(
    restored: Graph, folder: Path, report: TrainingReport
) -> None:
    stranger = "CREATE (u:User {user_id: 'stranger', key: 5}) WITH u MATCH (v:User {user_id: 'u1'})"
    restored.run(f"{stranger} CREATE (u)-[:SIMILAR_TO {{weight: 1.0}}]->(v)", writes=True)
    try:
        again = run(restored, folder)
        assert (again.neighbours, again.sizes.users) == (report.neighbours, N_USERS + 1)
        assert 5 not in {row["user"] for row in restored.run(SIMILAR, writes=False)}
    finally:
        restored.run("MATCH (u:User {user_id: 'stranger'}) DETACH DELETE u", writes=True)


def test_where_the_fit_fails_the_model_before_stays(
    world: Graph, folder: Path, report: TrainingReport
) -> None:
    before = dump(world), current_version(folder)

    def broken(_data: TrainingData) -> Model:
        raise ModelError("cannot be fitted")

    with pytest.raises(ModelError, match="cannot be fitted"):
        train(world, folder, broken, ignore)
    assert (dump(world), current_version(folder)) == before


def test_neighbours_stop_between_two_transactions(restored: Graph, report: TrainingReport) -> None:
    restored.run("MATCH ()-[s:SIMILAR_TO]->() DELETE s", writes=True)
    training_set = read_training_set(restored, ignore)
    written = write_neighbours(restored, training_set, ignore, stopped=lambda: True)
    assert written.changed_users == report.changed_users
    assert restored.run(SIMILAR, writes=False) == []


def test_one_training_at_a_time(world: Graph, folder: Path) -> None:
    with writing(folder), pytest.raises(ModelError, match="another process is training"):
        run(world, folder)


def test_a_graph_without_listens_teaches_nothing(empty_graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no listens, saves or discards to learn from"):
        run(empty_graph, tmp_path)
    assert ModelSlot(tmp_path).get()[0] is None
