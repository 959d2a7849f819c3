"""The folders of `cypher/`: a query has one name in all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muse_graph.errors import QueryError
from muse_graph.graph.queries import parse, read_folder

ONE = "// One.\n// mode: read\n// params:\n// returns: one: int\nRETURN 1 AS one\n"


#: A property of a track that is summed with itself.
OF_ITSELF = re.compile(r"SET (t\.\w+) = .*\b\1\b")
CYPHER = Path(__file__).parents[2] / "cypher"


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
    with pytest.raises(QueryError, match=r"a\.cypher exists twice"):
        read_folder(tmp_path)


NESTED = """// One of each.
// mode: write
// params: rows: list, ids: [str]
// rows: key: int, shares: [float]?,
//   places: [{code: str, share: float?}]
// returns: many: [id: str,
//     parts: [key: int]],  one: {id: str}?
// A comment goes on with nothing.
UNWIND $rows AS row
RETURN $ids, row.key, row.shares, row.places
"""


def test_a_header_tells_what_is_inside_lists_and_maps_on_as_many_lines_as_it_takes() -> None:
    query = parse("nested", NESTED)
    assert list(map(str, query.params)) == ["rows: list", "ids: [str]"]
    assert list(map(str, query.row_keys)) == [
        "key: int",
        "shares: [float]?",
        "places: [{code: str, share: float?}]",
    ]
    assert list(map(str, query.columns)) == ["many: [id: str, parts: [key: int]]", "one: {id: str}?"]


@pytest.mark.parametrize(
    ("declaration", "rule"),
    [
        ("a", "expected ':', got the end"),
        ("a: int b: int", "expected the end, got 'b'"),
        ("a: int,", "expected a name, got the end"),
        ("a: number", r"the type of a must be one of \[.*\], got 'number'"),
        ("a:", r"the type of a must be one of \[.*\], got the end"),
        ("a: [int", "expected ']', got the end"),
        ("a: [b: int, c]", "expected ':', got ']'"),
        ("a: [b: int}", "expected ']', got '}'"),
        ("a: {int}", "expected ':', got '}'"),
        ("a: {}", "expected a name, got '}'"),
        ("a: int??", r"expected the end, got '\?'"),
        ("a: int, a: str", r"\['a'\] must be declared once"),
        ("a: [b: int, b: int]", r"\['b'\] must be declared once"),
        ("a: list", r"a: list must declare what is inside, as \[int\] or {key: int}"),
        ("a: [b: map?]", r"b: map\? must declare what is inside"),
    ],
)
def test_a_malformed_declaration_is_refused_by_file_and_rule(declaration: str, rule: str) -> None:
    text = f"// One.\n// mode: read\n// returns: {declaration}\nRETURN 1 AS a\n"
    with pytest.raises(QueryError, match=rf"^wrong\.cypher: .*{rule}"):
        parse("wrong", text)


def test_a_track_is_held_before_a_property_is_summed_with_itself() -> None:
    """Neo4j holds the links of a node before the node for that; who links to a track does the reverse."""
    sums = 0
    for path in sorted(CYPHER.glob("[!m]*/**/*.cypher")):
        text = path.read_text()
        for found in OF_ITSELF.finditer(text):
            sums += 1
            assert "REMOVE t._lock" in text[: found.start()], f"{path.name}: {found[0]}"
    assert sums == 3
