"""Tables from standard input, and files that are compressed, into a graph that only answers."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Done, QuietGraph

Run = Callable[..., Done]
CSV = b"user_id;name\nu1;Ann\nu2;\x7f\nu1;Ann\n"


def send(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("options", "data", "copied"),
    [
        ((), CSV, "users.csv"),
        (("--format", "csv.gz"), gzip.compress(CSV, mtime=0), "users.csv"),
        (("--format", ".TSV"), CSV.replace(b";", b"\t"), "users.tsv"),
    ],
    ids=["csv", "csv.gz", "tsv"],
)
def test_a_table_is_judged(
    options: tuple[str, ...],
    data: bytes,
    copied: str,
    run: Run,
    graph: QuietGraph,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(data, monkeypatch)
    done = run("load", "tables", "-", "--table", "users", *options, "--dry-run", "--json")
    assert done.code == 0
    (users,) = json.loads(done.out)["tables"]
    counts = {name: users[name] for name in ("table", "read", "loaded", "repeated", "rejected")}
    assert counts == {"table": "users", "read": 3, "loaded": 1, "repeated": 1, "rejected": 1}
    assert sorted(path.name for path in Path("tables.rejected").iterdir()) == ["reasons.csv", copied]
    assert "1 rejected, see tables.rejected" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-",), "- needs --table, one of genres, artists, tracks, users, friendships, "),
        (("-", "--table", "shoes"), "- needs --table, one of genres, artists, tracks, users, "),
        (("-", "--table", "users", "--format", "xlsx"), "--format must be one of csv, tsv, jsonl, ndjson, "),
        ((".", "--table", "users"), "--table and --format are for standard input, -, got the folder ."),
        (("u.csv",), "u.csv must be a folder of tables; `-` reads one from standard input"),
    ],
)
def test_what_cannot_be(
    arguments: tuple[str, ...], said: str, run: Run, graph: QuietGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(b"", monkeypatch)
    done = run("load", "tables", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {said}")


def test_nothing_sent_is_an_empty_file(run: Run, graph: QuietGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    send(b"", monkeypatch)
    done = run("load", "tables", "-", "--table", "users", "--dry-run")
    assert (done.code, done.err.splitlines()[0]) == (
        1,
        "error: users.csv:1: must begin with a header, is empty",
    )


def test_a_file_that_ends_early_says_what_is_kept(run: Run, graph: QuietGraph) -> None:
    Path("data").mkdir()
    whole = gzip.compress(b"user_id\n" + b"".join(b"u%d\n" % number for number in range(50_000)))
    Path("data", "users.csv.gz").write_bytes(whole[: len(whole) // 2])
    done = run("load", "tables", "data", "--dry-run")
    first, last = done.err.splitlines()
    assert done.code == 1
    assert first.startswith("error: users.csv.gz:")
    assert "cannot be read further: Compressed file ended" in first
    assert last == "nothing was to be written, and nothing was"
