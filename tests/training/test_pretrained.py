"""A dump of favourites matched to the toy graph, and a model of a graph without users."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from muse_graph.core.keys import key_of
from muse_graph.core.models.knn.knn import fit_item_knn
from muse_graph.errors import ModelError
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.favourites import read_favourites
from muse_graph.model_store import ModelSlot
from muse_graph.training.pretrained import Matched, add_favourites, plain_names
from muse_graph.training.reading import read_training_set
from muse_graph.training.train import TrainingReport, train
from tests.conftest import load_toy, wipe
from tests.graph_dump import dump

#: f1 and u1 name tracks by id or by name; "nobody" has a track that is not in the graph. The second way to
#: write Saudade is the same track, and so the same favourite.
DUMP = """user,track,artist,genre
f1,t1,Las Estrellas,pop
f1,SAUDADE,Amalia Reis,fado
f1,t6,Amália Reis,fado
f1,Luna de Barrio,duo sol,cumbia
u1,Río Abajo!,Los Mirasoles,
u1,t1,somebody else,
nobody,Río Abajo,Granite,rock
"""


def ignore(_step: str, _done: int) -> None:
    """Take no notice of progress."""


def run(graph: Graph, folder: Path, text: str = DUMP) -> TrainingReport:
    path = folder / "favourites.csv"
    path.write_text(text, "utf-8")
    return train(graph, folder / "models", fit_item_knn, ignore, read_favourites(path, Rejects()))


def test_names_are_compared_without_what_spelling_adds() -> None:
    assert (
        plain_names(" Amália  REIS", "Río Abajo!")
        == plain_names("amalia reis", "rio-abajo")
        == ("amaliareis", "rioabajo")
    )
    assert plain_names("Straße", "Ⅳ") == ("strasse", "iv")
    assert plain_names("!!!", "???") == ("!!!", "???")


def test_favourites_stand_behind_the_users_of_the_graph(toy_graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "favourites.csv"
    path.write_text(DUMP, "utf-8")
    before = read_training_set(toy_graph, ignore)
    world, matched = add_favourites(toy_graph, before, read_favourites(path, Rejects()), ignore)
    assert matched == Matched(users=3, tracks=6, favourites=7, by_id=2, by_name=3, used_users=2, used=5)
    data, old = world.data, before.data
    assert (data.n_users, old.n_users) == (8, 6)
    items = {key: item for item, key in enumerate(world.catalogue.track_keys.tolist())}
    rows = sparse.csr_array(
        (data.interactions.plays, (data.interactions.user_index, data.interactions.item)), shape=(8, 8)
    )
    for user, tracks in ((6, ("t1", "t6", "t8")), (7, ("t5", "t1"))):
        assert rows[[user]].indices.tolist() == sorted(items[key_of(track)] for track in tracks)
        assert set(rows[[user]].data) == {1}
        assert len(data.profile(user).friends) == 0
    for user in range(6):
        for name in ("items", "plays", "heard", "feedback", "friends", "tags", "tag_counts"):
            np.testing.assert_array_equal(getattr(data.profile(user), name), getattr(old.profile(user), name))
    more = world.catalogue.listeners - before.catalogue.listeners
    assert dict(zip(items, more.tolist(), strict=True)) == {
        key_of(track): n
        for track, n in zip((f"t{i}" for i in range(1, 9)), (2, 0, 0, 0, 1, 1, 0, 1), strict=True)
    }


def test_neighbours_are_users_of_the_graph(toy_graph: Graph, tmp_path: Path) -> None:
    report = run(toy_graph, tmp_path)
    assert report.sizes.users == 8
    assert report.favourites is not None
    with_dump = dump(toy_graph)
    train(toy_graph, tmp_path / "models", fit_item_knn, ignore)
    assert dump(toy_graph) == with_dump
    served, _ = ModelSlot(tmp_path / "models").get()
    assert served is not None
    assert served.content.user_keys.tolist() == sorted(key_of(f"u{i}") for i in range(1, 7))


def test_a_graph_without_users_learns_from_the_dump_alone(graph: Graph, tmp_path: Path) -> None:
    wipe(graph)
    load_toy(graph)
    graph.run("MATCH (u:User) DETACH DELETE u", writes=True)
    report = run(graph, tmp_path)
    assert (report.sizes.users, report.sizes.interactions, report.neighbours) == (2, 5, 0)
    served, reason = ModelSlot(tmp_path / "models").get()
    assert served is not None, reason
    none = np.empty(0, np.int64)
    profile = served.profile(
        track_keys=none,
        plays=none,
        heard=np.empty(0),
        saved_keys=np.array([key_of("t6")]),
        discarded_keys=none,
        friends=none,
        tags={},
    )
    scores = served.model.score(profile).values
    best = served.catalogue.track_keys[scores > 0]
    assert set(best.tolist()) >= {key_of("t1"), key_of("t8")}


def test_a_dump_of_other_tracks_teaches_nothing(graph: Graph, tmp_path: Path) -> None:
    wipe(graph)
    load_toy(graph)
    graph.run("MATCH (u:User) DETACH DELETE u", writes=True)
    with pytest.raises(ModelError, match="and no favourite is of a track in the graph"):
        run(graph, tmp_path, "user,track,artist\nf1,Something,Else\n")
