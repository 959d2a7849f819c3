"""The schema from nothing, again, half way, and from a newer version."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from muse_graph.errors import QueryError, SchemaError
from muse_graph.graph import months, schema
from muse_graph.graph.connection import Graph
from muse_graph.service.catalogue import search
from muse_graph.service.maintenance import health
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.users import users
from tests.conftest import load_toy, wipe

UNIQUE = {
    "migration_number": ("Migration", ["number"]),
    "user_id": ("User", ["user_id"]),
    "user_key": ("User", ["key"]),
    "track_id": ("Track", ["track_id"]),
    "track_key": ("Track", ["key"]),
    "artist_id": ("Artist", ["artist_id"]),
    "genre_id": ("Genre", ["genre_id"]),
    "genre_key": ("Genre", ["key"]),
    "country_code": ("Country", ["code"]),
    "influencer_id": ("Influencer", ["influencer_id"]),
    "write_lock_name": ("WriteLock", ["name"]),
    "statistics_name": ("Statistics", ["name"]),
    "sent_id": ("SentTrack", ["sent_id"]),
    "erased_user_id": ("ErasedUser", ["user_id"]),
    "listen_id": ("PLAYED", ["listen_id"]),
    "heard_in": ("HEARD_IN", ["track_id", "country", "month"]),
}
INDEXES = {
    "heard_in_chart": ("RANGE", ["HEARD_IN"], ["country", "month", "plays", "track_id"]),
    "track_listeners": ("RANGE", ["Track"], ["listeners", "track_id"]),
    "artist_plays": ("RANGE", ["Artist"], ["plays"]),
    "track_texts": ("FULLTEXT", ["Track"], ["search_text"]),
    "artist_texts": ("FULLTEXT", ["Artist"], ["search_text"]),
    "genre_texts": ("FULLTEXT", ["Genre"], ["search_text"]),
    "user_texts": ("FULLTEXT", ["User"], ["search_text"]),
}

_CONSTRAINTS = "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties"
_INDEXES = """
SHOW INDEXES YIELD name, type, state, labelsOrTypes, properties, owningConstraint
WHERE owningConstraint IS NULL AND type <> 'LOOKUP'
RETURN name, type, state, labelsOrTypes, properties
"""


@pytest.fixture
def bare_graph(graph: Graph) -> Iterator[Graph]:
    """A database without data and without schema, which has both again afterwards."""
    wipe(graph)
    _drop_schema(graph)
    yield graph
    _drop_schema(graph)
    schema.migrate(graph)


def test_from_nothing(bare_graph: Graph) -> None:
    with pytest.raises(
        SchemaError, match=r"lacks the migrations names_and_keys, .*; run `muse-graph migrate`"
    ):
        schema.check(bare_graph)
    assert schema.migrate(bare_graph) == list(schema.migrations())
    schema.check(bare_graph)
    assert health.ready(bare_graph) == {"database": "ok", "schema": "ok"}
    assert constraints(bare_graph) == UNIQUE
    assert indexes(bare_graph) == INDEXES


def test_twice_changes_nothing(bare_graph: Graph) -> None:
    schema.migrate(bare_graph)
    before = records(bare_graph)
    assert schema.migrate(bare_graph) == []
    assert records(bare_graph) == before
    assert [number for number, _, _ in before] == list(range(1, len(schema.migrations()) + 1))


def test_several_processes_migrate_at_once(bare_graph: Graph) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: schema.migrate(bare_graph), range(4)))
    schema.check(bare_graph)
    assert [number for number, _, _ in records(bare_graph)] == [one.number for one in schema.migrations()]
    assert constraints(bare_graph) == UNIQUE
    assert indexes(bare_graph) == INDEXES


def test_a_statement_that_fails_again_and_again_is_reported(
    bare_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_PAUSES_S", (0.0, 0.0))
    wrong = schema.Migration(1, "wrong", ("CREATE NOTHING",))
    monkeypatch.setattr(schema, "migrations", lambda: (wrong,))
    with pytest.raises(QueryError, match="Invalid input"):
        schema.migrate(bare_graph)


def test_one_that_was_cut_off_is_applied_as_a_whole(bare_graph: Graph) -> None:
    first, *_ = schema.migrations()
    for statement in first.statements[:2]:
        bare_graph.run_alone(statement)
    assert schema.migrate(bare_graph) == list(schema.migrations())
    assert constraints(bare_graph) == UNIQUE


def test_what_is_new_is_applied_to_an_older_graph(bare_graph: Graph) -> None:
    first, *rest = schema.migrations()
    schema.migrate(bare_graph)
    bare_graph.run("MATCH (m:Migration) WHERE m.number > 1 DELETE m", writes=True)
    with pytest.raises(SchemaError, match=rest[0].name):
        health.ready(bare_graph)
    assert schema.migrate(bare_graph) == rest
    assert first not in rest


def test_labels_of_an_older_graph_get_their_plain_names(bare_graph: Graph) -> None:
    _migrate_as_before(bare_graph, 3)
    bare_graph.run(
        "CREATE (:Turn {name: 'listens', taken: 7}), (:Catalogue {name: 'catalogue', radar_plays: 3}),"
        " (:Unfinished {step: 'rows'})",
        writes=True,
    )
    assert [migration.number for migration in schema.migrate(bare_graph)] == [4, 5, 6, 7, 8]
    assert constraints(bare_graph) == UNIQUE
    nodes = bare_graph.run(
        "MATCH (n) WHERE NOT n:Migration RETURN labels(n) AS labels, properties(n) AS properties",
        writes=False,
    )
    assert sorted((row["labels"], row["properties"]) for row in nodes) == [
        (["ImportJob"], {"step": "rows"}),
        (["Statistics"], {"name": "statistics", "radar_plays": 3}),
        (["WriteLock"], {"name": "listens", "taken": 7}),
    ]
    wipe(bare_graph)


def test_names_of_an_older_graph_can_be_found(bare_graph: Graph) -> None:
    _migrate_as_before(bare_graph, 4)
    bare_graph.run(
        "CREATE (:Track {track_id: 't', title: 'Ёжик', plays: 0, listeners: 0}),"
        " (:Artist {artist_id: 'a', name: 'Will It', plays: 0}), (:Genre {genre_id: 'g', name: '?!'}),"
        " (:Genre {genre_id: 'no name'})",
        writes=True,
    )
    assert [migration.number for migration in schema.migrate(bare_graph)] == [5, 6, 7, 8]
    for find, name in (
        (search.search_tracks, "Ёжик"),
        (search.search_artists, "Will It"),
        (search.search_genres, "?!"),
    ):
        assert len(find(bare_graph, name, limit=5).items) == 1
    wipe(bare_graph)


def test_users_of_an_older_graph_can_be_found(bare_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    _migrate_as_before(bare_graph, 5)
    bare_graph.run(
        "UNWIND range(1, 7) AS n CREATE (:User {user_id: 'u' + n, name: 'Ёжик ' + n})", writes=True
    )
    bare_graph.run("CREATE (:User {user_id: 'no name'})", writes=True)
    bare_graph.run(
        "MATCH (u:User {user_id: 'u3'}) SET u.profile = 'x' WITH u UNWIND range(1, 60) AS n"
        " CREATE (u)-[:LISTENED {plays: 1, last_at: datetime({epochMillis: n})}]->(:Track {key: n})"
        " CREATE (u)-[:LISTENED {plays: 1}]->(:Track {key: -n})",
        writes=True,
    )
    monkeypatch.setattr("muse_graph.graph.search_texts._ROWS", 3)
    assert [migration.number for migration in schema.migrate(bare_graph)] == [6, 7, 8]
    found = users.list_users(bare_graph, "ежик", limit=9)
    assert [user.user_id for user in found.items] == [f"u{n}" for n in range(1, 8)]
    recent = bare_graph.run("MATCH (u:User) WHERE u.recent IS NOT NULL RETURN u.recent AS r", writes=False)
    assert recent == [{"r": [number for n in range(60, 10, -1) for number in (n, n)]}]
    wipe(bare_graph)


def test_who_was_private_is_seen_by_nobody(bare_graph: Graph) -> None:
    """Also the second time: one that was cut off is run again as a whole."""
    _migrate_as_before(bare_graph, 6)
    bare_graph.run(
        "UNWIND [['u1', true], ['u2', false], ['u3', null]] AS row"
        " CREATE (:User {user_id: row[0], key: toInteger(right(row[0], 1)), private: row[1]})",
        writes=True,
    )
    assert [migration.number for migration in schema.migrate(bare_graph)] == [7, 8]
    bare_graph.run("MATCH (m:Migration {number: 7}) DELETE m", writes=True)
    users.put_user(bare_graph, "u3", listens_visible_to="everybody")
    assert [migration.number for migration in schema.migrate(bare_graph)] == [7]
    levels = [users.get_user(bare_graph, f"u{n}").listens_visible_to for n in (1, 2, 3)]
    assert levels == ["nobody", "friends", "everybody"]
    (left,) = bare_graph.run("MATCH (u:User) WHERE u.private IS NOT NULL RETURN count(*) AS n", writes=False)
    assert left["n"] == 0
    wipe(bare_graph)


def test_months_of_an_older_graph_are_made_anew(bare_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off between two transactions, it goes on; a month without listens goes."""
    schema.migrate(bare_graph)
    load_toy(bare_graph)
    expected = months_in(bare_graph)
    assert len({track for track, _, _ in expected}) > 4
    bare_graph.run(
        "MATCH ()-[h:HEARD_IN]->() REMOVE h.cells, h.day_sources, h.day_reports"
        " SET h.listeners = [1, 2], h.listener_days = [1, 2], h.reached = [0], h.day_unknown = [0]",
        writes=True,
    )
    bare_graph.run(
        "MATCH (t:Track {track_id: 't1'}), (c:Country {code: 'PT'})"
        " CREATE (t)-[:HEARD_IN {track_id: 't1', country: 'PT', month: 199901, reached: []}]->(c)",
        writes=True,
    )
    bare_graph.run("MATCH (m:Migration {number: 8}) DELETE m", writes=True)
    monkeypatch.setattr(months, "_TRACKS", 2)
    put, calls = months.put_months, []

    def cut_off(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise QueryError("cut off")
        put(*args)

    monkeypatch.setattr(months, "put_months", cut_off)
    with pytest.raises(QueryError, match="cut off"):
        schema.migrate(bare_graph)
    assert 0 < len(months_in(bare_graph)) < len(expected)
    with pytest.raises(SchemaError, match="month_cells"):
        schema.check(bare_graph)
    assert [migration.number for migration in schema.migrate(bare_graph)] == [8]
    assert months_in(bare_graph) == expected
    assert [one for one in examine(bare_graph) if one.severity == "error"] == []
    wipe(bare_graph)


def months_in(graph: Graph) -> dict[Any, Any]:
    """All that months hold, by track, country and month; of those that have cells."""
    text = "MATCH ()-[h:HEARD_IN]->() WHERE h.cells IS NOT NULL RETURN properties(h) AS h"
    found = [row["h"] for row in graph.run(text, writes=False)]
    return {(month["track_id"], month["country"], month["month"]): month for month in found}


def test_a_newer_graph_is_refused(bare_graph: Graph) -> None:
    schema.migrate(bare_graph)
    bare_graph.run("CREATE (:Migration {number: 99, name: 'later'})", writes=True)
    newest = len(schema.migrations())
    for use in (schema.check, schema.migrate):
        with pytest.raises(SchemaError, match=f"has migration 99, this version knows {newest}"):
            use(bare_graph)


def _migrate_as_before(graph: Graph, number: int) -> None:
    """Apply the statements of the first migrations, as a version that knew no others."""
    for migration in schema.migrations()[:number]:
        for statement in migration.statements:
            graph.run_alone(statement)
        record = {"number": migration.number, "name": migration.name}
        graph.run("CREATE (:Migration {number: $number, name: $name})", record, writes=True)


def constraints(graph: Graph) -> dict[str, tuple[str, list[str]]]:
    rows = graph.run(_CONSTRAINTS, writes=False)
    assert all(row["type"].endswith("UNIQUENESS") for row in rows)
    return {row["name"]: (row["labelsOrTypes"][0], row["properties"]) for row in rows}


def indexes(graph: Graph) -> dict[str, tuple[str, list[str], list[str]]]:
    rows = graph.run(_INDEXES, writes=False)
    assert {row["state"] for row in rows} == {"ONLINE"}
    return {row["name"]: (row["type"], row["labelsOrTypes"], row["properties"]) for row in rows}


def records(graph: Graph) -> list[tuple[int, str, str]]:
    query = "MATCH (m:Migration) RETURN m.number AS number, m.name AS name, m.applied_at AS at"
    found = graph.run(query, writes=False)
    return sorted((row["number"], row["name"], row["at"].iso_format()) for row in found)


def _drop_schema(graph: Graph) -> None:
    for row in graph.run("SHOW CONSTRAINTS YIELD name", writes=False):
        graph.run_alone(f"DROP CONSTRAINT {row['name']}")
    for row in graph.run(_INDEXES, writes=False):
        graph.run_alone(f"DROP INDEX {row['name']}")
    graph.run("MATCH (m:Migration) DELETE m", writes=True)
