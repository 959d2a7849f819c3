import csv

import pytest

from muse_graph.errors import InvalidRequest, MuseError
from muse_graph.loaders.rejects import Rejects, Tally


def test_a_tally_must_add_up() -> None:
    Tally(read=6, loaded=3, rejected=2, repeated=1).check()
    with pytest.raises(MuseError, match="read must be loaded"):
        Tally(read=7, loaded=3, rejected=2, repeated=1).check()


def test_rows_are_written_with_file_line_and_reason(tmp_path) -> None:
    path = tmp_path / "rejects.csv"
    with Rejects(path) as rejects:
        assert not path.exists()
        rejects.files["users"] = "users.csv"
        rejects.reject("users", 7, "user_id is missing", 'a,"b"\nc\0\udcff')
        rejects.add("tags.dat", 2, "no table's row")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["file", "line", "reason", "row"],
        ["users.csv", "7", "user_id is missing", 'a,"b"\nc\\0\\udcff'],
        ["tags.dat", "2", "no table's row", ""],
    ]
    assert rejects.tally["users"].rejected == 1
    assert "tags" not in rejects.tally


def test_without_a_path_rows_are_only_counted() -> None:
    with Rejects() as rejects:
        rejects.reject("users", 1, "reason", "row")
    assert rejects.tally["users"].rejected == 1


def test_a_path_that_cannot_be_written_is_named(tmp_path) -> None:
    with Rejects(tmp_path) as rejects, pytest.raises(InvalidRequest, match="cannot be written"):
        rejects.add("f", 1, "reason")
