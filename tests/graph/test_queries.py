"""Each read on the toy graph: columns and types as its header declares, in an order it states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from muse_graph.errors import QueryError
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph
from muse_graph.graph.queries import Field, Query
from muse_graph.service.users import friendships
from tests.conftest import load_toy, wipe
from tests.headers import misfits

READS = [query for query in queries.all_queries().values() if query.mode == "read"]

#: Parameters that find something in the toy graph, for reads whose samples do not.
PARAMS: dict[str, dict[str, object]] = {
    "artist_hits": {"words": "kyoto"},
    "artist_savers": {"artist_id": "a5"},
    "genre_hits": {"words": "cumb*"},
    "user_hits": {"words": "ana"},
    "people_hits": {"words": "ben"},
    "track_hits": {"words": "luna"},
    "known_artists": {"ids": ["a1", "a2", "no one"]},
    "known_genres": {"ids": ["pop", "nothing"]},
    "known_influencers": {"ids": ["i1", "no one"]},
    "known_users": {"ids": ["u1", "no one"]},
    "genre_keys": {"ids": ["pop", "nothing"]},
    "track_keys": {"ids": ["t1", "nothing"]},
    "user_keys": {"ids": ["u1", "no one"]},
    "erased_user": {"user_id": "gone"},
    "erased_listens": {"user_id": "gone", "limit": 9},
    "listen_context": {
        "rows": [
            {"listen_id": "l01", "user_id": "u1", "track_id": "t1"},
            {"listen_id": "none", "user_id": "no one", "track_id": "none"},
        ]
    },
}

SENT = {"user_id": "u1", "friend_id": "u2", "track_id": "t1", "note": "for you", "at": datetime.now(UTC)}

#: A user who is being erased; the listen counts in the track as any other.
ERASED = """
MATCH (t:Track {track_id: 't7'})
CREATE (:ErasedUser {user_id: 'gone', key: 17})-[:PLAYED {listen_id: 'e1', plays: 1, country: 'CO'}]->(t)
"""

#: Reads that find nothing in the toy graph, whatever they are asked: it is too small, and in order. Of its
#: listens the doctor says that several plays have one time, which no file may.
EMPTY = re.compile(
    r"unfinished_imports|names_without_text|unbuilt_track_ids|unreadable_listens|sample_listeners"
    r"|(?!listen_).*_violations|.*_differences?|(mismatched|repeated|stale)_.*"
)


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    """The toy graph with a request and a block besides."""
    wipe(graph)
    load_toy(graph)
    friendships.ask(graph, "u1", "u4")
    friendships.block(graph, "u2", "u6")
    graph.write("create_sent_track", sent_id="s1", **SENT)
    graph.write("add_to_shortlist", artist_id="a1", influencer_ids=["i1"], at=SENT["at"])
    graph.run(ERASED, writes=True)
    return graph


@pytest.mark.parametrize("query", READS, ids=[query.name for query in READS])
def test_a_read_returns_what_its_header_declares(query: Query, world: Graph) -> None:
    sample = _sample(world, query)
    rows = world.read(query.name, **sample)
    assert bool(rows) != bool(EMPTY.fullmatch(query.name)), f"{query.name} finds {rows} for {sample}"
    for row in rows:
        assert list(row) == [field.name for field in query.columns]
        assert list(misfits(query.columns, row)) == []
        assert [
            record for record in _records(query.columns, row.values()) if not isinstance(record, tuple)
        ] == []


@pytest.mark.parametrize("query", READS, ids=[query.name for query in READS])
def test_a_read_runs_when_nothing_is_meant(query: Query, world: Graph) -> None:
    nothing = {name: _nothing(value) for name, value in _sample(world, query).items()}
    world.read(query.name, **nothing)


def test_a_read_without_a_graph_finds_nothing_or_says_zero(empty_graph: Graph) -> None:
    found = {query.name: empty_graph.read(query.name, **_sample(empty_graph, query)) for query in READS}
    assert found["graph_counts"] == [dict.fromkeys(found["graph_counts"][0], 0)]
    assert found["listener_neighbourhood"] == found["user_ids"] == []


@pytest.mark.parametrize("query", READS, ids=[query.name for query in READS])
def test_a_read_of_several_rows_says_in_what_order(query: Query, world: Graph) -> None:
    last = re.split(r"\bRETURN\b", query.body)[-1].splitlines()
    ordered = any(line.startswith("ORDER BY") for line in last[-2:])
    assert ordered or len(world.read(query.name, **_sample(world, query))) <= 1


def test_the_door_keeps_to_the_headers(world: Graph) -> None:
    with pytest.raises(QueryError, match="query user_ids takes"):
        world.read("user_ids", after="")
    with pytest.raises(QueryError, match="query user_ids takes"):
        world.read("user_ids", after="", limit=1, more=2)
    with pytest.raises(QueryError, match="merge_users writes"):
        world.read("merge_users", rows=[])


def _records(fields: Sequence[Field], values: Iterable[Any]) -> Iterator[Any]:
    """All records in the values of these fields, also those inside others."""
    for field, value in zip(fields, values, strict=True):
        if value is not None and field.item:
            yield from _records([field.item] * len(value), value)
        elif value is not None and field.fields:
            for record in value if field.type == "list" else [value]:
                yield record
                yield from _records(field.fields, record)


def _sample(graph: Graph, query: Query) -> dict[str, Any]:
    """The sample parameters of a query's file, changed where they should find something."""
    (row,) = graph.run(f"RETURN {query.sample} AS params", writes=False)
    params: dict[str, Any] = row["params"] | PARAMS.get(query.name, {})
    if "keys" in params:
        found = graph.run("MATCH (t:Track) RETURN t.key AS key ORDER BY key", writes=False)
        params["keys"] = [row["key"] for row in found]
    if query.name == "month_buckets":
        params["rows"] = [{"track_id": "t1", "country": "CO", "month": 202609}]
    if query.name in {"similar_listeners", "received_tracks"}:
        params["user_id"] = "u2"
    return params


def _nothing(value: Any) -> Any:
    """A value of the same type that nothing in the graph has."""
    if isinstance(value, list):
        return [_nothing(one) for one in value[:1]]
    if isinstance(value, dict):
        return {key: _nothing(one) for key, one in value.items()}
    return "no such thing" if isinstance(value, str) else value
