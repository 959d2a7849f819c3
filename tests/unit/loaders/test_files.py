"""Compressed files, and other separators than the comma: the same rows, lines and rejects."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.formats.files import ENDINGS, format_of, plain_name, table_of
from muse_graph.loaders.formats.formats import header, read_rows
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.favourites import read_favourites
from muse_graph.loaders.sources.tables import read_tables

NAMES = ("Ann", 'Bo; "b"', "Cy,\tc", "two\nlines", "")
BAD = ("\x7f", "x" * 1001)


def text(ending: str, separator: str, path: Path) -> bytes:
    """Users with every kind of name, the last two of them bad."""
    rows = [(f"u{number}", name, "PT") for number, name in enumerate([*NAMES, *BAD])]
    if ending.startswith((".csv", ".tsv")):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=separator).writerows([("user_id", "name", "country"), *rows])
        return path.read_bytes()
    keys = ("user_id", "name", "country")
    return b"".join(json.dumps(dict(zip(keys, row, strict=True))).encode() + b"\n" for row in rows)


def read(folder: Path, rejected: Path | None = None) -> tuple[list[Any], list[tuple[int, str]], Rejects]:
    """Users read, and the lines and reasons of those rejected."""
    with Rejects(rejected) as rejects:
        users = [row for _, batch in read_tables(folder, rejects) for row in batch.to_pylist()]
    if rejected is None or not rejected.exists():
        return users, [], rejects
    with (rejected / "reasons.csv").open(encoding="utf-8", newline="") as file:
        reasons = [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]
    return users, reasons, rejects


@pytest.mark.parametrize(
    ("ending", "separator"),
    [
        (".csv", ";"),
        (".csv", "\t"),
        (".tsv", "\t"),
        (".csv.gz", ","),
        (".csv.gz", ";"),
        (".CSV.GZ", ","),
        (".tsv.gz", "\t"),
        (".jsonl.gz", ""),
        (".ndjson.gz", ""),
    ],
)
def test_the_same_rows_lines_and_rejects(ending: str, separator: str, tmp_path: Path) -> None:
    plain = text(ending.lower(), separator, tmp_path / "text")
    packed = ending.lower().endswith(".gz")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"users{ending}").write_bytes(gzip.compress(plain) if packed else plain)
    users, reasons, _ = read(tmp_path / "in", tmp_path / "rejected")
    assert [user["name"] for user in users] == [name or None for name in NAMES]
    # Of the lines that an editor shows of the uncompressed text; one name of CSV has two.
    first = 1 if separator == "" else 3
    assert [line for line, _ in reasons] == [len(NAMES) + first, len(NAMES) + first + 1]

    # Mended there, the rejects are loaded as any folder is.
    (copied,) = {path.name for path in (tmp_path / "rejected").iterdir()} - {"reasons.csv"}
    assert copied == f"users{ending[:-3] if packed else ending}"
    mended = (tmp_path / "rejected" / copied).read_bytes()
    for bad in (*BAD, "\\u007f"):
        mended = mended.replace(bad.encode(), b"Dan")
    (tmp_path / "rejected" / copied).write_bytes(mended)
    again, _, rejects = read(tmp_path / "rejected")
    assert [(user["user_id"], user["name"]) for user in again] == [("u5", "Dan"), ("u6", "Dan")]
    assert rejects.tally["users"].rejected == 0


@pytest.mark.parametrize("rows", [0, 20_000])
def test_a_compressed_file_that_ends_early_stops_the_load_at_its_line(rows: int, tmp_path: Path) -> None:
    plain = b"user_id\n" + b"".join(b"user-%d\n" % number for number in range(rows))
    (tmp_path / "users.csv.gz").write_bytes(gzip.compress(plain)[:-9])
    with pytest.raises(
        DataError, match=r"^users\.csv\.gz:\d+: cannot be read further: Compressed file ended"
    ):
        read(tmp_path)


@pytest.mark.parametrize("name", ["users.csv.gz", "users.jsonl.gz"])
def test_a_file_that_is_not_compressed_says_so(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"user_id\nu1\n")
    with pytest.raises(DataError, match=r"^users\.\w+\.gz:1: cannot be read further: Not a gzipped file"):
        read(tmp_path)


def test_a_compressed_file_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"user_id\nu1\n"))
    packed[-6] ^= 1
    (tmp_path / "users.csv.gz").write_bytes(packed)
    with pytest.raises(DataError, match="cannot be read further: CRC check failed"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["users.csv", "users.csv.gz", "users.jsonl", "users.parquet"])
def test_a_file_that_may_not_be_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / name).write_bytes(b"")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for module, function in ((Path, "open"), (gzip, "open"), (pq, "ParquetFile")):
        monkeypatch.setattr(module, function, refuse)
    with pytest.raises(DataError) as refused:
        read(tmp_path)
    assert str(refused.value) == f"{name}:1: cannot be read: Permission denied"


def test_another_separator_is_told_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_bytes(b"user_id|name\nu1|Ann\n")
    with pytest.raises(DataError) as refused:
        read(tmp_path)
    assert str(refused.value) == (
        "users.csv:1: users must have the columns user_id, got user_id|name; between columns there must be a "
        "comma, a semicolon or a tab"
    )


@pytest.mark.parametrize(
    ("first", "names"),
    [
        (b"user_id", ["user_id"]),
        (b"user_id,a;b", ["user_id", "a;b"]),
        (b"user_id;share, in %;b", ["user_id", "share, in %", "b"]),
        (b'"user_id";"share, in %"', ["user_id", "share, in %"]),
        (b'"a;b;c",user_id', ["a;b;c", "user_id"]),
        (b"\xef\xbb\xbfuser_id\tname", ["user_id", "name"]),
    ],
)
def test_the_separator_is_the_one_that_gives_the_header_most_columns(
    first: bytes, names: list[str], tmp_path: Path
) -> None:
    (tmp_path / "users.csv").write_bytes(first + b"\n")
    assert header(tmp_path / "users.csv") == names
    assert list(read_rows(tmp_path / "users.csv", names)) == []


def test_one_table_in_two_files(tmp_path: Path) -> None:
    for name in ("users.csv", "users.csv.gz"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InvalidRequest, match=r"one file, got users\.csv and users\.csv\.gz"):
        read(tmp_path)


def test_favourites_may_be_compressed(tmp_path: Path) -> None:
    path = tmp_path / "export.csv.gz"
    path.write_bytes(gzip.compress(b"user;track;artist\nu1;t1;Duo\nu2;;Duo\n"))
    with Rejects(tmp_path / "rejected") as rejects:
        assert list(read_favourites(path, rejects).user_ids) == ["u1"]
    assert (tmp_path / "rejected" / "export.csv").read_bytes() == b"user;track;artist\nu2;;Duo\n"


@pytest.mark.parametrize("ending", ENDINGS)
def test_names(ending: str) -> None:
    path = Path("data") / f"my.users{ending.upper()}"
    assert (table_of(path), format_of(path)) == ("my.users", ENDINGS[ending])
    assert plain_name(path).lower() == f"my.users{ENDINGS[ending]}"


def test_another_ending_is_no_format() -> None:
    assert [format_of(Path(name)) for name in ("users.gz", "users.xlsx", "users.parquet.gz", "csv")] == [
        ""
    ] * 4
