import json
import os
from pathlib import Path

import pytest

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.deezer import read_deezer

DATA = Path(os.environ.get("MUSE_DATA", "MUSE_DATA is not set"))
DEEZER = DATA / "deezer-hu"


def write(folder, prefix="HU", edges="node_1,node_2\n0,1\n1,0\n1,2\n1\n2,2\n", genres=None):
    (folder / f"{prefix}_edges.csv").write_text(edges)
    text = genres or '{"0": ["R&B", "Rock"], "1": [], "1": ["Rock", 5, "Rock"], "": ["Pop"], "3": "Pop"}'
    (folder / f"{prefix}_genres.json").write_text(text)


def read(folder, rejects, **options):
    tables: dict[str, list] = {}
    for table, batch in read_deezer(folder, rejects, **options):
        batch.validate(full=True)
        tables.setdefault(table, []).extend(batch.to_pylist())
    for table, tally in rejects.tally.items():
        assert tally.read == len(tables.get(table, [])) + tally.rejected + tally.repeated
    return tables


def test_good_rows_load_and_bad_ones_are_counted(tmp_path) -> None:
    write(tmp_path)
    rejects = Rejects()
    tables = read(tmp_path, rejects)
    assert [(row["genre_id"], row["name"]) for row in tables["genres"]] == [("r-b", "R&B"), ("rock", "Rock")]
    assert [(row["user_id"], row["country"]) for row in tables["users"]] == [
        ("0", "HU"),
        ("1", "HU"),
        ("3", "HU"),
        ("2", "HU"),
    ]
    assert [(row["user_id"], row["friend_id"], row["line"]) for row in tables["friendships"]] == [
        ("0", "1", 2),
        ("1", "2", 4),
    ]
    assert [(row["user_id"], row["genre_id"]) for row in tables["likes"]] == [
        ("0", "r-b"),
        ("0", "rock"),
        ("1", "rock"),
    ]
    counts = {table: (tally.rejected, tally.repeated) for table, tally in rejects.tally.items()}
    assert counts == {"genres": (0, 0), "users": (1, 1), "friendships": (2, 1), "likes": (3, 1)}


def test_the_country_chooses_the_pair_and_a_lone_pair_brings_its_own(tmp_path) -> None:
    write(tmp_path, "RO")
    assert {row["country"] for row in read(tmp_path, Rejects())["users"]} == {"RO"}
    write(tmp_path, "HR")
    assert {row["country"] for row in read(tmp_path, Rejects(), country="HR")["users"]} == {"HR"}
    with pytest.raises(InvalidRequest, match="got pairs of: HR, RO"):
        read_deezer(tmp_path, Rejects())


@pytest.mark.parametrize("genres", ["{", "[]", '"x"', "[" * 100_000])
def test_a_file_that_is_no_json_object_is_named(tmp_path, genres) -> None:
    write(tmp_path, genres=genres)
    with pytest.raises(DataError, match=r"HU_genres\.json:1: must be"):
        read(tmp_path, Rejects())


def test_edges_without_their_columns_are_named(tmp_path) -> None:
    write(tmp_path, edges="a,b\n0,1\n", genres=json.dumps({"0": []}))
    with pytest.raises(DataError, match=r"HU_edges\.csv:1: friendships must have the columns node_1, node_2"):
        read_deezer(tmp_path, Rejects())


@pytest.mark.skipif(not DEEZER.is_dir(), reason=f"no {DEEZER.name} in the folder MUSE_DATA names")
def test_the_published_counts() -> None:
    rejects = Rejects()
    tables = read(DEEZER, rejects)
    assert {table: len(rows) for table, rows in tables.items()} == {
        "genres": 84,
        "users": 47_538,
        "friendships": 222_887,
        "likes": 284_901,
    }
    assert not any(tally.rejected or tally.repeated for tally in rejects.tally.values())


def test_the_line_of_a_user_is_the_number_in_the_file_and_goes_on_for_those_of_edges_alone(tmp_path) -> None:
    genres = '{"5": ["Rock", "Pop"], "1": "Pop", "3": ["Rock"], "": []}'
    write(tmp_path, edges="node_1,node_2\n9,5\n2,9\n", genres=genres)
    with Rejects(tmp_path / "rejected") as rejects:
        tables = read(tmp_path, rejects)
    users = [(row["user_id"], row["line"]) for row in tables["users"]]
    assert users == [("5", 1), ("1", 2), ("3", 3), ("2", 5), ("9", 6)]
    likes = [(row["user_id"], row["genre_id"], row["line"]) for row in tables["likes"]]
    assert likes == [("5", "rock", 1), ("5", "pop", 1), ("3", "rock", 3)]
    assert [(row["genre_id"], row["line"]) for row in tables["genres"]] == [("pop", 1), ("rock", 2)]
    written = (tmp_path / "rejected" / "reasons.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[:2] for line in written] == [["HU_genres.json", "2"], ["HU_genres.json", "4"]]
    assert "genres must be a list" in written[0]
