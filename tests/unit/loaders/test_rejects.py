import csv
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from muse_graph.errors import InvalidRequest, MuseError
from muse_graph.loaders.rejects import Rejects, Tally, free_folder


def test_a_tally_must_add_up() -> None:
    Tally(read=6, loaded=3, rejected=2, repeated=1).check()
    with pytest.raises(MuseError, match="read must be loaded"):
        Tally(read=7, loaded=3, rejected=2, repeated=1).check()


def test_rows_are_noted_with_file_line_and_reason(tmp_path) -> None:
    folder = tmp_path / "rejected"
    with Rejects(folder) as rejects:
        assert not folder.exists()
        rejects.files["users"] = tmp_path / "users.csv"
        rejects.reject("users", 7, "name must be ..., got 'a\0\udcff'")
        rejects.add(tmp_path / "tags.dat", 2, "no table's row")
    with (folder / "reasons.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["file", "line", "reason"],
        ["users.csv", "7", "name must be ..., got 'a\\0\\udcff'"],
        ["tags.dat", "2", "no table's row"],
    ]
    assert rejects.tally["users"].rejected == 1
    assert "tags" not in rejects.tally


CSV = b'\xef\xbb\xbf"name",user_id,shoe\r\n"An\r\na",a,1\r\nBo,,2\r\n"Cy,c,3\r\nDan,d,4\r\nEve,\xff,5'


@pytest.mark.parametrize(
    ("name", "source", "lines", "copied"),
    [
        ("users.csv", CSV, (4, 5, 7), CSV[3:24] + b'Bo,,2\r\n"Cy,c,3\r\nEve,\xff,5\n'),
        ("users.jsonl", b'{"user_id": 1}\n\n{"x": \n{"user_id": 2}', (3, 4), b'{"x": \n{"user_id": 2}\n'),
        ("tags.dat", b"tagID\ttagValue\n1\tx\n2\t\xe9\n", (3,), b"tagID\ttagValue\n2\t\xe9\n"),
    ],
)
def test_rejected_rows_stand_as_they_stood(tmp_path, name, source, lines, copied) -> None:
    (tmp_path / name).write_bytes(source)
    with Rejects(tmp_path / "rejected") as rejects:
        for line in lines:
            rejects.add(tmp_path / name, line, "bad")
    assert (tmp_path / "rejected" / name).read_bytes() == copied


def test_rejected_rows_of_parquet_become_json_lines(tmp_path) -> None:
    columns = {
        "user_id": pa.array(["a", "b"]),
        "plays": pa.array([Decimal("2.00"), Decimal("2.50")]),
        "listened_at": pa.array([None, 1_700_000_000], pa.timestamp("s")),
    }
    pq.write_table(pa.table(columns), tmp_path / "listens.parquet")
    with Rejects(tmp_path / "rejected") as rejects:
        rejects.add(tmp_path / "listens.parquet", 1, "bad")
        rejects.add(tmp_path / "listens.parquet", 2, "bad")
    text = (tmp_path / "rejected" / "listens.jsonl").read_text("utf-8")
    assert [json.loads(line) for line in text.splitlines()] == [
        {"user_id": "a", "plays": 2, "listened_at": None},
        {"user_id": "b", "plays": 2.5, "listened_at": 1_700_000_000},
    ]


def test_a_load_that_was_cut_off_copies_nothing(tmp_path) -> None:
    (tmp_path / "users.csv").write_bytes(CSV)
    rejects = Rejects(tmp_path / "rejected")
    rejects.add(tmp_path / "users.csv", 4, "bad")
    rejects.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert [path.name for path in (tmp_path / "rejected").iterdir()] == ["reasons.csv"]


def test_without_a_folder_rows_are_only_counted() -> None:
    with Rejects() as rejects:
        rejects.reject("users", 1, "reason")
    assert rejects.tally["users"].rejected == 1


def test_rejects_that_are_there_are_kept(tmp_path) -> None:
    folder = tmp_path / "tables.rejected"
    assert free_folder(folder) == folder
    folder.mkdir()
    assert free_folder(folder) == folder
    (folder / "users.csv").write_text("user_id")
    (tmp_path / "tables.rejected-2").write_text("a file")
    assert free_folder(folder) == tmp_path / "tables.rejected-3"
    with pytest.raises(InvalidRequest, match=r"must be new or empty, got .*tables\.rejected"):
        Rejects(folder)


def test_a_folder_that_cannot_be_written_is_named(tmp_path) -> None:
    with (
        Rejects(tmp_path / "nowhere" / "rejected") as rejects,
        pytest.raises(InvalidRequest, match="cannot be written"),
    ):
        rejects.add(tmp_path / "f", 1, "reason")
