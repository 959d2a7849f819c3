"""Files read in blocks of columns give the rows, reasons and counts that reading row by row gives."""

from __future__ import annotations

import csv
import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from muse_graph.loaders.formats import blocks
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources import tables
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.table_rules import columns_of

NOW = datetime(2026, 1, 2, tzinfo=UTC)
Found = tuple[list[dict[str, Any]], list[list[str]], dict[str, Any]]


def both_ways(folder: Path, content: bytes, name: str) -> tuple[Found, Found]:
    """What a file gives in blocks, of 100 bytes each, and row by row."""
    shutil.rmtree(folder)
    folder.mkdir()
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_BLOCK_BYTES", 100)
        in_blocks = outcome(folder, "blocks")
        patch.setattr(tables, "has_blocks", lambda _: False)
        return in_blocks, outcome(folder, "rows")


def outcome(folder: Path, name: str) -> Found:
    rejected = folder / f"{name}.rejected"
    with Rejects(rejected) as rejects:
        rows = [
            row
            for _, batch in read_tables(folder, rejects, now=NOW, batch_rows=7)
            for row in batch.to_pylist()
        ]
    reasons = []
    if rejected.exists():
        with (rejected / "reasons.csv").open(encoding="utf-8", newline="") as file:
            reasons = [*csv.reader(file)]
    return rows, reasons, dict(rejects.tally)


IDS = st.sampled_from(["u1", "u2", "ü", "a b", " u1", "", "7.0", "x" * 200, "x" * 201, "\x7f", "null", "NA"])
TIMES = st.one_of(
    st.sampled_from(
        [
            "2025-12-19T15:58:49.708Z",
            "2025-12-19 15:58:49",
            "2025-12-19T15:58:49.7089Z",
            "2025-12-19T15:58:49.70899999+00:00",
            "2025-12-19T15:58:49+02:00",
            "2025-12-19t15:58:49z",
            "2025-02-29T00:00:00Z",
            "2024-02-29T23:59:59.9Z",
            "2025-13-01T00:00:00Z",
            "2025-00-10T00:00:00Z",
            "2025-12-19T24:00:00Z",
            "2025-12-19T15:58:60Z",
            "1969-12-31T23:59:59.999Z",
            "2026-01-03T00:00:00.000Z",
            "2026-01-03T00:00:00.001Z",
            "2025-12-19T15:58:49.Z",
            "2025-12-19",
            "1700000000",
            "1.7e9",
            "",
            "  ",
            " 2025-12-19T15:58:49Z",
            "yesterday",
        ]
    ),
    st.floats(-1e7, 1.8e9).map(lambda s: datetime.fromtimestamp(s, UTC).isoformat()),
)
SHARES = st.sampled_from(["", "0", "1", "0.5", "-0.0", "1.5", "nan", "1e-3", ".5", "1.", "a", " 0.25 "])
CELLS = {
    "listened_at": TIMES,
    "since": TIMES,
    "at": TIMES,
    "heard": SHARES,
    "heard_at_least": SHARES,
    "plays": st.sampled_from(["", "1", "2", "3.0", "0", "100000001", "x"]),
    "country": st.sampled_from(["", "PT", "pt", "ZZ", "XX", "ſſ"]),
    "source": st.sampled_from(["", "feed", "two\nlines", "a, b", 'say "so"', "x" * 51]),
    "action": st.sampled_from(["save", "DISCARD", "shout", ""]),
    "tag": st.sampled_from(["Late Night", "", "é", "x" * 201]),
    "name": st.text(max_size=5),
    "listens_visible_to": st.sampled_from(["", "friends", "Nobody", "all"]),
}


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """Name and text of a table, most rows good, some lines broken."""
    table = draw(st.sampled_from(["users", "friendships", "likes", "tags", "listens", "feedback", "follows"]))
    names = draw(st.permutations(columns_of(table)))
    ending, separator = draw(st.sampled_from([("csv", ","), ("csv", ";"), ("tsv", "\t"), ("csv.gz", ",")]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [separator.join(names)]
    rows = draw(st.lists(st.tuples(*(CELLS.get(name, IDS) for name in names)), max_size=12))
    lines += [separator.join(cell(draw, one, separator) for one in row) for row in rows]
    for place in draw(st.lists(st.integers(1, len(lines)), max_size=2)):
        lines.insert(place, draw(BROKEN))
    return f"{table}.{ending}", end.join(lines) + draw(st.sampled_from(["", end]))


BROKEN = st.sampled_from(
    ['"', 'a"b', '"a"b,c', "", " ", "\r", "a,b", '""', '"x\ny"', "\0", 'a,"b""c",d', '"""']
)


def cell(draw: st.DrawFn, text: str, separator: str) -> str:
    needed = any(sign in text for sign in (separator, '"', "\n", "\r"))
    quoted = draw(st.sampled_from([True, False])) or (needed and draw(st.integers(0, 9)) > 0)
    return '"' + text.replace('"', '""') + '"' if quoted else text


IN_TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


@IN_TMP
@given(files())
@example(("users.csv", 'user_id,name\nu1,"open\nu2,Bo\nu3,Cy\n'))
@example(("users.csv", 'user_id,name\nu1,"' + "two\nlines " * 30 + '"\nu2,Bo\n'))
@example(("users.csv", "user_id,name\nu1," + "x" * 500 + "\nu2,Bo\n"))
def test_blocks_say_what_rows_say(tmp_path: Path, file: tuple[str, str]) -> None:
    name, text = file
    in_blocks, by_rows = both_ways(tmp_path, text.encode("utf-8", "surrogateescape"), name)
    assert in_blocks == by_rows


@IN_TMP
@given(st.binary(max_size=300), st.sampled_from(["listens.csv", "likes.tsv"]))
def test_any_bytes_are_the_same_rows(tmp_path: Path, raw: bytes, name: str) -> None:
    header = "\t" if name.endswith(".tsv") else ","
    first = header.join(columns_of(name.partition(".")[0]))
    in_blocks, by_rows = both_ways(tmp_path, first.encode() + b"\n" + raw, name)
    assert in_blocks == by_rows
