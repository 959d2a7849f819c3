"""Training that goes on from the last model: what is new is known, what is not stays, and when it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from muse_graph.core.keys import key_of
from muse_graph.core.models.ensemble.ensemble import Ensemble, EnsembleOptions, fit_ensemble
from muse_graph.core.models.ensemble.ensemble_weights import WeightOptions
from muse_graph.core.models.knn.neighbours import nearest_listeners
from muse_graph.core.models.mf.als import AlsOptions, fit_als
from muse_graph.core.models.types import TrainingData
from muse_graph.graph.connection import Graph
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.model_store import ModelSlot, ServedModel
from muse_graph.model_store.erased import FILE, hide_users
from muse_graph.model_store.store import current_version, version_names
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.privacy.erasure import erase_user
from muse_graph.service.users import friendships, users
from muse_graph.service.users.feedback import give_feedback
from muse_graph.training import train as training
from muse_graph.training import warm
from muse_graph.training.reading import read_training_set
from muse_graph.training.similar_listeners import NEIGHBOURS
from muse_graph.training.train import TrainingReport, train
from tests.graph_dump import dump
from tests.training.worlds import ignore, synthetic

N_USERS = 70
AT = datetime(2026, 11, 1, tzinfo=UTC)
SMALL = EnsembleOptions(
    als=AlsOptions(factors=8, epochs=4),
    weights=WeightOptions(knots=(0, 3), users=10, warm_users=10, best=50),
)
NEW: dict[str, dict[str, object]] = {
    "genres": {"genre_id": "newly", "name": "Newly"},
    "tracks": {"track_id": "new-track", "title": "New", "artist_ids": ["a1"], "genre_ids": ["newly"]},
}
SIMILAR = "MATCH (:User {key: $key})-[:SIMILAR_TO]->(v) RETURN v.key AS other"


def fit_small(data: TrainingData) -> Ensemble:
    return fit_ensemble(data, SMALL)


def go_on(graph: Graph, folder: Path, options: EnsembleOptions = SMALL) -> TrainingReport:
    return train(graph, folder, fit_small, ignore, warm=options)


def served(folder: Path) -> ServedModel:
    model, reason = ModelSlot(folder).get()
    assert model is not None, reason
    return model


def ensemble(folder: Path) -> Ensemble:
    model = served(folder).model
    assert isinstance(model, Ensemble)
    return model


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    return synthetic(graph, N_USERS)


@pytest.fixture(scope="module")
def models(world: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a full training of the world as it was loaded."""
    folder = tmp_path_factory.mktemp("models")
    train(world, folder, fit_small, ignore)
    return folder


def similar_to(graph: Graph, key: int) -> set[int]:
    return {row["other"] for row in graph.run(SIMILAR, {"key": key}, writes=False)}


def listen(graph: Graph, user: str, *tracks: str) -> None:
    listens = [Listen(f"{user}-{track}-warm", user, track, AT, 1.0) for track in tracks]
    assert record_listens(graph, listens).recorded == len(tracks)


def tracks_unheard(graph: Graph, user: str, n: int) -> list[str]:
    text = "MATCH (t:Track) WHERE NOT EXISTS { (:User {user_id: $user})-[:LISTENED]->(t) }"
    rows = graph.run(
        f"{text} RETURN t.track_id AS id ORDER BY id LIMIT $n", {"user": user, "n": n}, writes=False
    )
    return [row["id"] for row in rows]


def test_with_nothing_new_all_stays_bit_by_bit(world: Graph, models: Path) -> None:
    before, was = dump(world), ensemble(models)
    report = go_on(world, models)
    assert (report.warm_from, report.full_because, report.since_full) == ("v000001", None, 0)
    assert (report.version, report.changed_users) == ("v000002", 0)
    assert dump(world) == before
    now = ensemble(models)
    np.testing.assert_array_equal(now.members.als.items, was.members.als.items)
    np.testing.assert_array_equal(now.members.ease.weights, was.members.ease.weights)
    np.testing.assert_array_equal(now.weights.weights, was.weights.weights)
    data = read_training_set(world, ignore).data
    for user in (0, 9, 41):
        np.testing.assert_array_equal(
            now.score(data.profile(user)).values, was.score(data.profile(user)).values
        )


def test_what_came_since_is_known(world: Graph, models: Path) -> None:
    heard = tracks_unheard(world, "u1", 4)
    rows = {
        table: pa.RecordBatch.from_pylist([row | {"line": 1}], SCHEMAS[table]) for table, row in NEW.items()
    }
    load(world, rows.items(), Rejects(), theta=0.2, advance=ignore)
    users.put_user(world, "newcomer", country="JP")
    listen(world, "newcomer", *heard, "new-track")
    listen(world, "u1", *heard, "new-track")
    give_feedback(world, "u2", heard[0], "discard", AT)
    friendships.ask(world, "newcomer", "u2")
    friendships.accept(world, "u2", "newcomer")
    report = go_on(world, models)
    assert (report.warm_from, report.full_because) == ("v000002", None)
    assert report.since_full == 11 - _already(world, heard[0])
    read, model = read_training_set(world, ignore), served(models)
    content = model.content
    np.testing.assert_array_equal(content.user_keys, read.user_keys)
    for name in ("track_keys", "genre", "listeners", "under_radar", "genre_keys", "artist_keys"):
        np.testing.assert_array_equal(getattr(content.catalogue, name), getattr(read.catalogue, name))
    assert key_of("newly") in content.catalogue.genre_keys
    members, fresh = ensemble(models).members, fit_small(read.data).members
    np.testing.assert_array_equal(members.ease.weights, fresh.ease.weights)
    np.testing.assert_array_equal(members.listeners.rows.toarray(), fresh.listeners.rows.toarray())
    np.testing.assert_array_equal(members.friends.played.toarray(), fresh.friends.played.toarray())
    (new,) = model.items(np.array([key_of("new-track")]))
    assert np.abs(members.als.items[new]).max() > 0
    user, other, _ = nearest_listeners(read.data, NEIGHBOURS)
    for who in ("newcomer", "u1", "u2"):
        (place,) = np.flatnonzero(read.user_keys == key_of(who))
        assert similar_to(world, key_of(who)) == set(read.user_keys[other[user == place]].tolist())
    assert [finding for finding in examine(world) if finding.severity == "error"] == []


def _already(graph: Graph, track: str) -> int:
    """1 if u2 had heard a track before discarding it: then that is no pair more."""
    text = "RETURN EXISTS { (:User {user_id: 'u2'})-[:LISTENED]->(:Track {track_id: $track}) } AS heard"
    return int(graph.run(text, {"track": track}, writes=False)[0]["heard"])


def test_one_that_was_killed_before_it_published_is_made_good_by_the_next(
    world: Graph, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(world, "u5", *tracks_unheard(world, "u5", 3))
    before = current_version(models)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            go_on(world, models)
    assert current_version(models) == before
    written = dump(world)
    report = go_on(world, models)
    # The neighbours were written before; nothing of them is left to write.
    assert (report.warm_from, report.changed_users) == (before[0], 0)
    assert dump(world) == written
    data = read_training_set(world, ignore).data
    np.testing.assert_array_equal(ensemble(models).members.ease.weights, fit_small(data).members.ease.weights)


def test_neighbours_that_are_missing_or_wrong_are_put_right(world: Graph, models: Path) -> None:
    text = (
        "MATCH (u:User) WHERE EXISTS { (u)-[:SIMILAR_TO]->() } RETURN u.key AS key ORDER BY u.user_id LIMIT 2"
    )
    one, other = (row["key"] for row in world.run(text, writes=False))
    before = similar_to(world, one), similar_to(world, other)
    world.run("MATCH (:User {key: $key})-[s:SIMILAR_TO]->() DELETE s", {"key": one}, writes=True)
    wrong = "MATCH (:User {key: $key})-[s:SIMILAR_TO]->() SET s.weight = 'near'"
    world.run(wrong, {"key": other}, writes=True)
    assert go_on(world, models).changed_users >= 2
    assert (similar_to(world, one), similar_to(world, other)) == before
    weights = "MATCH ()-[s:SIMILAR_TO]->() WHERE toFloatOrNull(s.weight) IS NULL RETURN count(s) AS n"
    assert world.run(weights, writes=False) == [{"n": 0}]


@pytest.fixture
def gone(world: Graph, models: Path) -> str:
    users.put_user(world, "leaving")
    listen(world, "leaving", *tracks_unheard(world, "leaving", 6))
    go_on(world, models)
    assert key_of("leaving") in served(models).content.user_keys
    hide_users(models, [key_of("leaving")])
    erase_user(world, "leaving")
    return "leaving"


def test_of_a_user_who_was_erased_nothing_is_left(world: Graph, models: Path, gone: str) -> None:
    report = go_on(world, models)
    assert report.full_because is None
    assert version_names(models) == [report.version]
    assert not (models / FILE).exists()
    content, data = served(models).content, read_training_set(world, ignore).data
    assert key_of(gone) not in content.user_keys
    # Learned from the seed, not from vectors that the user's listens were in.
    np.testing.assert_array_equal(ensemble(models).members.als.items, fit_als(data, SMALL.als).items)


@pytest.mark.parametrize(
    ("reason", "options"),
    [
        ("was made with other settings", replace(SMALL, als=AlsOptions(factors=9))),
        ("was made by version", SMALL),
        ("came or went since the last full one", SMALL),
        ("there is no model to go on from", SMALL),
    ],
)
def test_where_it_cannot_go_on_all_is_trained_and_the_reason_told(
    world: Graph,
    models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
    options: EnsembleOptions,
) -> None:
    told: list[str] = []
    folder = tmp_path if reason.startswith("there is no") else models
    if "version" in reason:
        monkeypatch.setattr(warm, "__version__", "9.9")
    if "full one" in reason:
        monkeypatch.setattr(warm, "MOST_NEW", 0.0)
        listen(world, "u6", *tracks_unheard(world, "u6", 1))
        go_on(world, models)
        listen(world, "u6", *tracks_unheard(world, "u6", 1))
    report = train(world, folder, fit_small, ignore, warm=options, note=told.append)
    assert report.warm_from is None
    assert report.since_full == 0
    assert report.full_because is not None
    assert reason in report.full_because
    assert told == [f"all is trained anew: {report.full_because}"]
