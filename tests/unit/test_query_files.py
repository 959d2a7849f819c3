"""The folders of `cypher/`: a query has one name in all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from muse_graph.errors import QueryError
from muse_graph.queries import read_folder

ONE = "// One.\n// mode: read\n// params:\n// returns: one: int\nRETURN 1 AS one\n"


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ONE)


def test_queries_of_all_folders_are_found_by_name_and_migrations_are_none(tmp_path: Path) -> None:
    put(
        tmp_path,
        "users/b.cypher",
        "a.cypher",
        "doctor/ids/c.cypher",
        "migrations/0001_d.cypher",
        "users/e.txt",
    )
    assert list(read_folder(tmp_path)) == ["a", "b", "c"]


def test_a_name_met_twice_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "users/a.cypher", "listens/a.cypher")
    with pytest.raises(QueryError, match=r"a\.cypher is there twice"):
        read_folder(tmp_path)
