"""What a load counts: each row on its own, dry or not, and again once rejects are corrected."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from muse_graph.graph.connection import Graph
from muse_graph.loaders.bulk import gather
from muse_graph.loaders.rejects import Rejects, Tally
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.write_batches import dry_run
from muse_graph.service.maintenance.doctor import examine
from tests.graph_dump import dump
from tests.load.conftest import ignore, load_over_bolt
from tests.load.test_bulk_equals_bolt import HOSTILE, rejected

#: In each table a good row comes after the same with a mistake; then repeats, and one that differs.
AFTER_A_MISTAKE = {
    "artists": "artist_id,name\na1,One\na2,Two\n",
    "tracks": "track_id,title,artist_ids\nz1,Z,nobody\nz1,Z,a1\nz1,Other,a1\nz1,Z,nobody\nz2,Z2,a1\n",
    "users": "user_id,name,country\nu1,Ana,??\nu1,Ana,CO\nu1,Again,PT\nu2,,\nu3,,\n",
    "friendships": "user_id,friend_id\nu9,u1\nu9,u1\nu1,u2\nu2,u1\nu2,u9\n",
    "likes": "user_id,genre_id\nu9,polka\nu9,polka\nu1,polka\nu1,polka\n",
    "tags": "user_id,artist_id,tag\nu1,nobody,x\nu1,a1,x\nu1,a1,X\nu9,a1,x\n",
    "listens": "listen_id,user_id,track_id,listened_at,plays,heard\n"
    "l1,u9,z1,1700000000,1,\nl1,u1,z1,1700000000,1,\nl1,u1,z1,1700000000,1,\nl1,u1,z1,1700000001,1,\n"
    "p1,u2,z1,,60000000,1\np2,u2,z1,,60000000,1\np2,u2,z1,,40000000,1\np3,u2,z1,,1,1\n"
    "p4,u3,z1,,1e8,1\np4,u3,z1,,100000000.0,1\np5,u3,z2,,100000001,1\np6,u3,z2,1700000000,1,-0.0\n",
    "feedback": "user_id,track_id,action,at\n"
    "u9,z1,save,1700000000\nu1,z1,save,1700000000\nu1,z1,save,1700000000\nu1,z1,discard,1700000009\n",
}
COUNTS = {
    "artists": Tally(2, 2, 0, 0),
    "tracks": Tally(5, 2, 2, 1),
    "users": Tally(5, 3, 1, 1),
    "friendships": Tally(5, 1, 3, 1),
    "likes": Tally(4, 1, 2, 1),
    "tags": Tally(4, 1, 2, 1),
    "listens": Tally(12, 5, 5, 2),
    "feedback": Tally(4, 2, 1, 1),
}


def write(folder: Path, tables: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, "utf-8")
    return folder


def by_dry_run(graph: Graph, folder: Path, rejects_folder: Path) -> dict[str, Tally]:
    with Rejects(rejects_folder) as rejects:
        dry_run(graph, read_tables(folder, rejects, batch_rows=2), rejects, advance=ignore)
    return dict(rejects.tally)


def test_every_row_counts_on_its_own(empty_graph: Graph, tmp_path: Path) -> None:
    folder = write(tmp_path / "tables", AFTER_A_MISTAKE)
    before = dump(empty_graph)
    dry = by_dry_run(empty_graph, folder, tmp_path / "dry")
    assert dump(empty_graph) == before
    # What a bulk load does with rows; that its graph is the same, `test_bulk_equals_bolt` shows.
    with Rejects(tmp_path / "bulk") as rejects:
        gather(read_tables(folder, rejects), rejects, ignore)
    # Pieces of two rows: what repeats what must not depend on where a piece ends.
    bolt = load_over_bolt(
        empty_graph, lambda rejects: read_tables(folder, rejects, batch_rows=2), tmp_path / "bolt"
    )
    assert bolt == COUNTS
    assert dry == bolt
    assert {table: rejects.tally[table] for table in COUNTS} == bolt
    reasons = rejected(tmp_path / "bolt")
    assert reasons == rejected(tmp_path / "dry") == rejected(tmp_path / "bulk")
    told = {(file, line): reason for file, line, reason in reasons}
    assert told["friendships.csv", "2"] == "user_id: no user has the id 'u9'"
    assert told["friendships.csv", "6"] == "friend_id: no user has the id 'u9'"
    assert [one for one in examine(empty_graph) if one.severity == "error"] == []
    # All of it once more: a dry run knows what is there.
    again = by_dry_run(empty_graph, folder, tmp_path / "again")
    assert again == load_over_bolt(empty_graph, lambda rejects: read_tables(folder, rejects))
    assert {table: tally.loaded for table, tally in again.items() if tally.loaded} == {}


def test_a_dry_run_of_hostile_tables_agrees_to_the_row(empty_graph: Graph, tmp_path: Path) -> None:
    folder = write(tmp_path / "tables", HOSTILE)
    dry = by_dry_run(empty_graph, folder, tmp_path / "dry")
    assert dry == load_over_bolt(empty_graph, lambda rejects: read_tables(folder, rejects), tmp_path / "bolt")
    assert rejected(tmp_path / "dry") == rejected(tmp_path / "bolt")


def test_rejects_load_to_completeness_once_they_are_corrected(empty_graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "artists.csv").write_text("name,artist_id,shoe\nOne,a1,4\n,a2,5\n", "utf-8")
    tracks = [{"track_id": 1.0, "title": "T", "artist_ids": ["a1"]}, {"track_id": 2, "artist_ids": ["a2"]}]
    (folder / "tracks.jsonl").write_text("".join(json.dumps(one) + "\n" for one in tracks), "utf-8")
    columns = {"user_id": [7.0, 8.0], "name": ["Ana", "B\0o"], "country": ["CO", "ß"]}
    pq.write_table(pa.table(columns), folder / "users.parquet")
    (folder / "likes.csv").write_bytes(b'user_id,genre_id\n"7","p\nolka"\n8,polka\n"7,ska\n')
    first = load_over_bolt(empty_graph, lambda rejects: read_tables(folder, rejects), tmp_path / "bad")
    assert {table: (tally.loaded, tally.rejected) for table, tally in first.items()} == {
        "artists": (1, 1),
        "tracks": (1, 1),
        "users": (1, 1),
        "likes": (0, 3),
    }
    bad = tmp_path / "bad"
    assert (bad / "artists.csv").read_text("utf-8") == "name,artist_id,shoe\n,a2,5\n"
    assert json.loads((bad / "users.jsonl").read_text("utf-8")) == {
        "user_id": 8.0,
        "name": "B\0o",
        "country": "ß",
    }
    mend(bad / "artists.csv", ("\n,a2", "\nTwo,a2"))
    mend(bad / "tracks.jsonl", ('{"track_id"', '{"title": "T2", "track_id"'))
    mend(bad / "users.jsonl", ("B\\u0000o", "Bo"), ("\\u00df", "pt"))
    mend(bad / "likes.csv", ('"p\nolka"', "polka"), ('"7,ska', "7,ska"))
    second = load_over_bolt(empty_graph, lambda rejects: read_tables(bad, rejects), tmp_path / "none")
    assert {table: (tally.read, tally.loaded) for table, tally in second.items()} == {
        "artists": (1, 1),
        "tracks": (1, 1),
        "users": (1, 1),
        "likes": (3, 3),
    }
    assert not (tmp_path / "none").exists()
    rows = empty_graph.run(
        "MATCH (u:User) RETURN u.user_id AS id, COUNT { (u)-[:LIKES_GENRE]->() } AS likes ORDER BY id",
        writes=False,
    )
    assert rows == [{"id": "7", "likes": 2}, {"id": "8", "likes": 1}]


def mend(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for wrong, right in changes:
        assert wrong in text, text
        text = text.replace(wrong, right)
    file.write_text(text, "utf-8")


def test_what_an_older_version_let_in_can_be_read_and_is_named(empty_graph: Graph, tmp_path: Path) -> None:
    folder = write(tmp_path / "tables", AFTER_A_MISTAKE)
    load_over_bolt(empty_graph, lambda rejects: read_tables(folder, rejects))
    for statement in (
        "MATCH (u:User {user_id: 'u1'}) SET u.name = 'A\\u0085na'",
        "MATCH (t:Track {track_id: 'z2'}) SET t.title = ' Z2'",
        "MATCH ()-[p:PLAYED {listen_id: 'p1'}]->() SET p.source = 'a\\u0000b'",
        "MATCH ()-[p:PLAYED {listen_id: 'p6'}]->() SET p.heard = -0.0",
        "MATCH ()-[p:PLAYED {listen_id: 'p4'}]->() SET p.plays = 10000000000000",
        "MATCH (:User {user_id: 'u3'})-[l:LISTENED]->(:Track {track_id: 'z1'}) SET l.plays = 10000000000000",
        "MATCH (:User {user_id: 'u1'})-[l:LISTENED]->() SET l.plays = 77",
        "MATCH (a:Artist {artist_id: 'a2'}) SET a.plays = 5",
    ):
        empty_graph.run(statement, writes=True)
    findings = examine(empty_graph)
    found = {one.check: one for one in findings}
    errors = {check for check, one in found.items() if one.severity == "error"}
    assert errors == {
        "PLAYED.plays",
        "plays of a pair",
        "negative zero",
        "derived values",
        "LISTENED",
        "Artist.plays",
        "User.search_text",
    }
    assert sum(one.count for one in findings if one.check == "older text") == 3
    assert found["older text"].severity == "note"
    assert "listen_id is 'p4'" in found["PLAYED.plays"].remedy
    # The way out: what can be repaired is, the rest by what the finding says.
    repaired = {one.check for one in examine(empty_graph, repair=True) if one.repaired}
    assert repaired == {"negative zero", "LISTENED", "Artist.plays", "User.search_text"}
    empty_graph.run("MATCH ()-[p:PLAYED {listen_id: 'p4'}]->() DELETE p", writes=True)
    examine(empty_graph, repair=True)
    assert [one.check for one in examine(empty_graph) if one.severity == "error"] == []
