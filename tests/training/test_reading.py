"""The graph as training data: the toy graph by hand, a synthetic world beside its own tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from muse_graph.core.keys import key_of
from muse_graph.core.rerank.track_similarity import name_key
from muse_graph.errors import ModelError
from muse_graph.evaluation.data.from_graph import read_graph, read_traits
from muse_graph.graph.connection import Graph
from muse_graph.training import users as reading_users
from muse_graph.training.reading import TrainingSet, read_training_set
from tests.conftest import load_toy, wipe
from tests.worlds.toy import FRIENDS, HEARD, RADAR_PLAYS, TABLES, TRACK_LISTENERS


@pytest.fixture(scope="module")
def toy(graph: Graph) -> Graph:
    wipe(graph)
    load_toy(graph)
    return graph


@pytest.fixture(scope="module")
def training_set(toy: Graph) -> TrainingSet:
    return read(toy)


def read(graph: Graph) -> TrainingSet:
    return read_training_set(graph, lambda _step, _done: None)


def names(keys: Any, table: str, column: str) -> list[str]:
    """Ids of the toy graph in the order of their keys."""
    by_key = {key_of(row[column]): row[column] for row in TABLES[table]}
    assert (np.diff(keys) > 0).all()
    return [by_key[key] for key in keys.tolist()]


def test_positions_follow_the_keys(training_set: TrainingSet) -> None:
    assert sorted(names(training_set.user_keys, "users", "user_id")) == [f"u{n}" for n in range(1, 7)]
    assert sorted(names(training_set.catalogue.track_keys, "tracks", "track_id")) == [
        f"t{n}" for n in range(1, 9)
    ]
    assert (training_set.data.n_users, training_set.data.n_items) == (6, 8)


def test_an_evaluation_reads_the_same_and_what_tracks_are_compared_by(
    toy: Graph, training_set: TrainingSet
) -> None:
    dataset = read_graph(toy, lambda _step, _done: None)
    traits = read_traits(toy, dataset)
    assert dataset.item_ids == tuple(map(str, training_set.catalogue.track_keys.tolist()))
    assert (dataset.user == training_set.data.interactions.user_index).all()
    assert (dataset.item == training_set.data.interactions.item).all()
    names_of = {row["artist_id"]: name_key(row["name"]) for row in TABLES["artists"]}
    tracks = {row["track_id"]: row for row in TABLES["tracks"]}
    for item, track_id in enumerate(names(training_set.catalogue.track_keys, "tracks", "track_id")):
        row = tracks[track_id]
        assert set(traits.artists[item]) == {names_of[artist] for artist in row["artist_ids"]}
        assert (traits.language[item] < 0) == (row["language"] is None)


def test_interactions_are_what_was_listened_to(training_set: TrainingSet) -> None:
    users = names(training_set.user_keys, "users", "user_id")
    tracks = names(training_set.catalogue.track_keys, "tracks", "track_id")
    played = training_set.data.interactions
    found = {
        (users[user], tracks[item]): (int(plays), round(float(heard), 6))
        for user, item, plays, heard in zip(
            played.user_index, played.item, played.plays, played.heard, strict=True
        )
    }
    assert found == HEARD


def test_the_rest_of_the_data_is_what_the_tables_say(training_set: TrainingSet) -> None:
    users = names(training_set.user_keys, "users", "user_id")
    tracks = names(training_set.catalogue.track_keys, "tracks", "track_id")
    data = training_set.data
    friends = {(users[a], users[b]) for a, b in zip(*data.friends.nonzero(), strict=True)}
    assert friends == {(user, friend) for user, all_of in FRIENDS.items() for friend in all_of}
    said = data.feedback.tocoo()
    assert {(users[u], tracks[i], v) for u, i, v in zip(said.row, said.col, said.data, strict=True)} == {
        ("u2", "t5", 1.0),
        ("u5", "t3", -1.0),
    }
    tags = {key_of(tag): tag for tag in ("late night", "tropical")}
    tag = [tags[key] for key in training_set.tag_keys.tolist()]
    given, got = data.user_tags.tocoo(), data.item_tags.tocoo()
    assert {(users[u], tag[t], v) for u, t, v in zip(given.row, given.col, given.data, strict=True)} == {
        ("u2", "late night", 1.0),
        ("u2", "tropical", 1.0),
        ("u3", "tropical", 1.0),
    }
    assert {(tracks[i], tag[t], v) for i, t, v in zip(got.row, got.col, got.data, strict=True)} == {
        ("t4", "late night", 1.0),
        ("t5", "tropical", 2.0),
    }


def test_the_catalogue_tells_genre_artist_and_radar(training_set: TrainingSet) -> None:
    catalogue = training_set.catalogue
    tracks = names(catalogue.track_keys, "tracks", "track_id")
    genres = names(catalogue.genre_keys, "genres", "genre_id")
    artists = names(catalogue.artist_keys, "artists", "artist_id")
    table = {row["track_id"]: row for row in TABLES["tracks"]}
    assert [genres[one] for one in catalogue.genre] == [table[track]["genre_ids"][0] for track in tracks]
    assert [artists[one] for one in catalogue.artist] == [table[track]["artist_ids"][0] for track in tracks]
    assert dict(zip(tracks, catalogue.listeners.tolist(), strict=True)) == TRACK_LISTENERS
    # Only a1 has more plays than the line, alone or with others.
    assert RADAR_PLAYS == 20
    assert [track for track, under in zip(tracks, catalogue.under_radar, strict=True) if not under] == [
        track for track in tracks if "a1" in table[track]["artist_ids"]
    ]
    np.testing.assert_array_equal(training_set.data.item_genre, catalogue.genre)


def test_full_profiles_are_read_from_what_was_listened_to(
    toy: Graph, training_set: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if a profile held two tracks at most: everybody with more or as many is read row by row.
    monkeypatch.setattr(reading_users, "MAX_TRACKS", 2)
    monkeypatch.setattr(reading_users, "_HEAVY_PAGE", 1)
    monkeypatch.setattr(reading_users, "_PAGE", 2)
    again = read(toy).data.interactions
    for name in ("user_index", "item", "plays"):
        np.testing.assert_array_equal(getattr(again, name), getattr(training_set.data.interactions, name))
    np.testing.assert_allclose(again.heard, training_set.data.interactions.heard, rtol=1e-6)


def test_an_unfinished_load_is_not_learned_from(toy: Graph) -> None:
    toy.write("start_import", run="one", command="load tables data")
    try:
        with pytest.raises(ModelError, match=r"`muse-graph load tables data` was interrupted: run it again"):
            read(toy)
    finally:
        toy.run("MATCH (n:ImportJob) DELETE n", writes=True)


def test_an_empty_graph_is_an_empty_training_set(empty_graph: Graph) -> None:
    training_set = read(empty_graph)
    assert (training_set.data.n_users, training_set.data.n_items, len(training_set.data.interactions)) == (
        0,
        0,
        0,
    )
