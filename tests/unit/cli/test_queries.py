"""`query` and `queries`: values by declared type, rows as JSON and as a table."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.cli.commands.querying import parse_params
from muse_graph.errors import InvalidRequest
from muse_graph.graph.queries import Query, all_queries, parse

TYPED = parse(
    "typed",
    """// One of each.
// mode: read
// params: s: str, i: int, f: float, b: bool, l: list, m: map, y: bytes, d: date, t: datetime, o: str?
// returns: s: str
RETURN $s AS s, $i, $f, $b, $l, $m, $y, $d, $t, $o
""",
)
GIVEN = {
    "s": "a=b",
    "i": "-7",
    "f": "0.5",
    "b": "true",
    "l": '["a", 1]',
    "m": '{"a": null}',
    "y": "AAE=",
    "d": "2026-01-31",
    "t": "2026-01-31T12:00:00",
}


def texts(**changed: str) -> list[str]:
    return [f"{name}={value}" for name, value in {**GIVEN, **changed}.items()]


def test_each_type_is_read() -> None:
    assert parse_params(TYPED, texts()) == {
        "s": "a=b",
        "i": -7,
        "f": 0.5,
        "b": True,
        "l": ["a", 1],
        "m": {"a": None},
        "y": b"\x00\x01",
        "d": date(2026, 1, 31),
        "t": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "o": None,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("i", "1.5"),
        ("i", ""),
        ("f", "half"),
        ("b", "yes"),
        ("l", '{"a": 1}'),
        ("l", "[1,"),
        ("m", "[]"),
        ("m", "x"),
        ("y", "?"),
        ("d", "31.1."),
        ("t", "noon"),
    ],
)
def test_a_wrong_value_names_parameter_and_rule(name: str, value: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"parameter {name} must be .*, got "):
        parse_params(TYPED, texts(**{name: value}))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["s"], "--param must be NAME=VALUE, got 's'"),
        (["x=1"], "query typed takes s: str, .*; got 'x'"),
        (["s=a", "s=b"], "parameter s must be given once"),
        (texts()[1:], "query typed also needs s: str"),
    ],
)
def test_a_wrong_list_of_parameters_says_what_is_wrong(given: list[str], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        parse_params(TYPED, given)


def only(kind: str) -> Query:
    return parse("one", f"// One.\n// mode: read\n// params: v: {kind}\n// returns: v: str\nRETURN $v AS v\n")


@given(
    st.one_of(
        st.tuples(st.just("str"), st.text()),
        st.tuples(st.just("int"), st.integers()),
        st.tuples(st.just("float"), st.floats(allow_nan=False)),
        st.tuples(st.just("list"), st.lists(st.integers() | st.text())),
        st.tuples(st.just("map"), st.dictionaries(st.text(), st.none() | st.booleans())),
        st.tuples(st.just("bytes"), st.binary()),
        st.tuples(st.just("date"), st.dates()),
        st.tuples(st.just("datetime"), st.datetimes(timezones=st.just(UTC))),
    )
)
def test_what_is_written_is_what_is_read(case: tuple[str, Any]) -> None:
    kind, value = case
    if kind in {"list", "map"}:
        text = json.dumps(value)
    elif kind == "bytes":
        text = base64.b64encode(value).decode()
    else:
        text = value.isoformat() if kind in {"date", "datetime"} else str(value)
    assert parse_params(only(kind), [f"v={text}"]) == {"v": value}


def test_rows_come_as_json_and_as_a_table(run: Any, graph: Any) -> None:
    graph.rows["sample_listeners"] = [
        {"user_id": "u1", "name": None, "friends": 7, "tracks": 1200},
        {"user_id": "u22", "name": "Zoë\x1b[31m", "friends": 12, "tracks": 30},
    ]
    done = run("query", "sample_listeners", "--param", "limit=2", "--json")
    assert graph.asked == [("sample_listeners", {"limit": 2})]
    assert json.loads(done.out) == graph.rows["sample_listeners"]
    done = run("query", "sample_listeners", "-p", "limit=2")
    assert done.err == "2 rows\n"
    assert [line.split() for line in done.out.splitlines()] == [
        ["user_id", "name", "friends", "tracks"],
        ["u1", "–", "7", "1200"],
        # What would steer the terminal is made visible.
        ["u22", "Zoë\ufffd[31m", "12", "30"],
    ]


def test_a_value_json_does_not_know_is_said_in_words(run: Any, graph: Any) -> None:
    graph.rows["listened_differences"] = [
        {
            "user_id": "u1",
            "track_id": "t1",
            "plays": 1,
            "heard_plays": 0,
            "heard_ppm": None,
            "last_at": datetime(2026, 1, 31, tzinfo=UTC),
        }
    ]
    graph.rows["profile_tracks"] = [
        {"user_id": "u1", "profile": b"\x00", "recent": [1], "tracks": [[1, 2, float("nan"), [3], 9]]}
    ]
    (moment,) = json.loads(run("query", "listened_differences", "-p", 'ids=["u1"]', "--json").out)
    assert moment["last_at"] == "2026-01-31T00:00:00+00:00"
    (profile,) = json.loads(run("query", "profile_tracks", "-p", 'ids=["u1"]', "-p", "limit=1", "--json").out)
    assert profile["profile"] == "AA=="
    assert profile["tracks"] == [{"key": 1, "plays": 2, "heard": None, "genres": [3], "last_ms": 9}]


def test_records_have_the_names_that_the_header_declares(run: Any, graph: Any) -> None:
    graph.rows["chart"] = [{"tracks": [[1, 20, [7, 8]], [2, 10, []]]}]
    named = [{"key": 1, "plays": 20, "genres": [7, 8]}, {"key": 2, "plays": 10, "genres": []}]
    assert json.loads(run("query", "chart", "-p", "limit=2", "--json").out) == [{"tracks": named}]
    assert json.loads(run("query", "chart", "-p", "limit=2").out.splitlines()[1]) == named
    (listed,) = [one for one in json.loads(run("queries", "--json").out) if one["name"] == "chart"]
    assert listed["columns"] == [
        {"name": "tracks", "type": "[key: int, plays: int, genres: [int]]", "nullable": False}
    ]


def test_a_write_has_to_be_allowed(run: Any, graph: Any) -> None:
    done = run("query", "merge_users", "-p", "rows=[]")
    assert (done.code, done.err) == (2, "error: query merge_users changes the graph; --write allows it\n")
    assert graph.asked == []


def test_an_unknown_query_is_said(run: Any) -> None:
    done = run("query", "nope")
    assert (done.code, done.err) == (1, "error: no query has the id 'nope'\n")


def test_the_list_of_queries_is_whole(run: Any) -> None:
    listed = json.loads(run("queries", "--json").out)
    assert [query["name"] for query in listed] == list(all_queries())
    assert {key for query in listed for key in query} == {
        "name",
        "title",
        "mode",
        "params",
        "rows",
        "columns",
        "sample",
    }
