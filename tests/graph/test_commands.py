"""Commands that act for a listener and look things up, on the toy graph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from muse_graph.cli import main
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the database of the tests; exit code, stdout and stderr."""
    monkeypatch.setenv("NEO4J_URI", settings.neo4j_uri or "")
    monkeypatch.setenv("NEO4J_USERNAME", settings.neo4j_username)
    monkeypatch.setenv("NEO4J_PASSWORD", settings.neo4j_password)
    monkeypatch.setenv("NEO4J_DATABASE", settings.neo4j_database)
    monkeypatch.delenv("MUSE_MODELS", raising=False)

    def command(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(args)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return command


def streams(graph: Graph, user: str, track: str) -> int:
    rows = graph.run(
        "MATCH (:User {user_id: $user})-[l:LISTENED]->(:Track {track_id: $track}) RETURN l.plays AS n",
        {"user": user, "track": track},
        writes=False,
    )
    return rows[0]["n"] if rows else 0


def test_a_listen_counts_once(run: Run, toy_graph: Graph) -> None:
    before = streams(toy_graph, "u1", "t1")
    sent = ("listen", "u1", "t1", "--at", "2026-11-20T10:00:00Z", "--heard", "0.9")
    assert run(*sent) == (0, "recorded\n", "")
    assert run(*sent) == (0, "known already\n", "")
    assert streams(toy_graph, "u1", "t1") == before + 1
    code, out, _ = run("listen", "u1", "t1", "--country", "pt", "--json")
    assert (code, json.loads(out)["recorded"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("u9", "t1"), 1, "no user has the id 'u9'"),
        (("u1", "t99"), 1, "no track has the id 't99'"),
        (("u1", "t1", "--heard", "1.5"), 2, "heard must be a number in 0..1, got 1.5"),
        (("u1", "t1", "--heard-at-least", "2"), 2, "heard_at_least must be a number in 0..1, got 2"),
        (("u1", "t1", "--heard", "0", "--heard-at-least", "0"), 2, "give heard or heard_at_least, not both"),
        (("u1", "t1", "--at", "yesterday"), 2, "listened_at must be an RFC 3339 time"),
        (("u1", "t1", "--country", "XX"), 2, "country must be an ISO 3166-1"),
        (("a\nb", "t1"), 2, "user_id must be text of 1..200 UTF-8 characters"),
    ],
)
def test_a_listen_that_cannot_be(
    run: Run, toy_graph: Graph, arguments: tuple[str, ...], code: int, said: str
) -> None:
    found, out, err = run("listen", *arguments)
    assert (found, out) == (code, "")
    assert err.startswith(f"error: {said}")


def test_saved_discarded_and_neither(run: Run, toy_graph: Graph) -> None:
    def kinds() -> list[str]:
        rows = toy_graph.run(
            "MATCH (:User {user_id: 'u2'})-[r:SAVED|DISCARDED]->(:Track {track_id: 't6'}) "
            "RETURN type(r) AS kind",
            writes=False,
        )
        return [row["kind"] for row in rows]

    assert run("save", "u2", "t6")[:2] == (0, "saved\n")
    assert kinds() == ["SAVED"]
    assert run("discard", "u2", "t6")[:2] == (0, "discarded\n")
    assert kinds() == ["DISCARDED"]
    assert run("clear", "u2", "t6")[:2] == (0, "neither saved nor discarded\n")
    assert kinds() == []
    assert run("save", "u2", "nothing") == (1, "", "error: no track has the id 'nothing'\n")


def test_why_a_track_is_where_it_is(run: Run, toy_graph: Graph) -> None:
    listed: list[dict[str, Any]] = json.loads(run("recommend", "u1", "--json")[1])["items"]
    second = listed[1]
    answer = json.loads(run("why", "u1", second["track_id"], "--json")[1])
    assert answer["item"] == second
    assert answer["kept_out"] == []
    code, out, _ = run("why", "u1", second["track_id"])
    assert code == 0
    assert second["reasons"][0]["text"] in out


def test_what_keeps_a_track_out(run: Run, toy_graph: Graph) -> None:
    (heard,) = toy_graph.run(
        "MATCH (:User {user_id: 'u1'})-[:LISTENED]->(t) RETURN min(t.track_id) AS track", writes=False
    )
    assert "it was heard, saved or discarded before" in run("why", "u1", heard["track"])[1]
    listed = {item["track_id"] for item in json.loads(run("recommend", "u1", "--json")[1])["items"]}
    rows = toy_graph.run(
        "MATCH (t:Track) WHERE NOT EXISTS { (:User {user_id: 'u1'})-[:LISTENED|SAVED|DISCARDED]->(t) } "
        "RETURN t.track_id AS track ORDER BY track",
        writes=False,
    )
    others = [row["track"] for row in rows if row["track"] not in listed]
    for track in others:
        answer = json.loads(run("why", "u1", track, "--json")[1])
        assert answer["item"] is None
        assert all("heard, saved" not in sentence for sentence in answer["kept_out"])
        assert answer["kept_out"]
    assert run("why", "u1", "nothing")[2] == "error: no track has the id 'nothing'\n"


def test_things_are_found_and_listed_in_pages(run: Run, toy_graph: Graph) -> None:
    code, out, err = run("tracks", "-k", "2")
    assert (code, len(out.splitlines())) == (0, 3)
    cursor = err.split("--cursor ")[1].strip()
    first, second = (line.split()[0] for line in out.splitlines()[1:])
    following = run("tracks", "-k", "2", "--cursor", cursor)[1]
    assert {first, second}.isdisjoint(line.split()[0] for line in following.splitlines()[1:])
    artists = json.loads(run("artists", "sol", "--json")[1])["items"]
    assert "Dúo Sol" in {artist["name"] for artist in artists}
    assert [line.split()[0] for line in run("users", "-k", "3")[1].splitlines()[1:]] == ["u1", "u2", "u3"]
    assert run("tracks", "nothing of that name")[1] == "nothing found\n"


def test_files_of_an_audience(run: Run, toy_graph: Graph, tmp_path: Path) -> None:
    report, tables = tmp_path / "report.html", tmp_path / "tables.zip"
    files = ("--report", str(report), "--tables", str(tables))
    code, out, err = run("artist", "a1", "--country", "CO", "--from", "0001-01-01", *files)
    assert (code, err) == (0, "")
    assert "Las Estrellas" in out
    assert "<style>" in report.read_text("utf-8")
    with ZipFile(tables) as archive:
        assert "Colombia" in archive.read("countries.csv").decode()
    code, _, err = run("artist", "a1", "--report", str(tmp_path / "no" / "report.html"))
    assert code == 2
    assert "cannot be written" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "tables.zip"]
