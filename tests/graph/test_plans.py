"""How the server means to run each query, read off its plan on the toy graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from muse_graph.config import Settings
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph
from muse_graph.graph.queries import Query
from muse_graph.service.users import friendships
from tests.conftest import load_toy, wipe

QUERIES = list(queries.all_queries().values())

#: What is read whole because there is little of it, or none.
FULL_SCANS = {
    "genres_by_name": "Genre, a few hundred, in the order of their names in lower case",
    "start_import": "ImportJob, a node or two while a load goes on",
    "finish_imports": "ImportJob",
    "unfinished_imports": "ImportJob",
}
SMALL = ("Genre", "ImportJob")

#: The doctor looks at everything.
DOCTOR = re.compile(r".*_violations|listen_countries|unreadable_listens|put_zero_heard")

#: What one row at most comes out of, whatever the graph holds.
ONE_ROW = {"Argument", "NodeUniqueIndexSeek", "NodeUniqueIndexSeek(Locking)", "NodeByElementIdSeek"}

#: Names that only requests, blocks, training and a load that was cut off bring into a graph.
RARE = """
MATCH (a:User {user_id: 'u1'}), (b:User {user_id: 'u4'})
MERGE (a)-[s:SIMILAR_TO]->(b) SET s.weight = 0.5
CREATE (:ImportJob {run: 'x1'}), (:ErasedUser {user_id: 'gone', key: 17})
WITH a, b MATCH (t:Track {track_id: 't1'})
MATCH (artist:Artist {artist_id: 'a1'}), (i:Influencer {influencer_id: 'i1'})
MERGE (artist)-[kept:SHORTLISTED]->(i) SET kept.since = datetime()
CREATE (s:SentTrack {sent_id: 's1', at: datetime(), seen_at: datetime(), note: 'x'})
CREATE (a)-[:SENT]->(s), (s)-[:SENT_TO]->(b), (s)-[:OF_TRACK]->(t)
"""

Plan = dict[str, Any]


@pytest.fixture(scope="module")
def driver(settings: Settings) -> Iterator[neo4j.Driver]:
    """A driver that is told everything the server has to say of a query; the service's own is not."""
    assert settings.neo4j_uri is not None
    with neo4j.GraphDatabase.driver(
        settings.neo4j_uri,
        auth=(settings.neo4j_username, settings.neo4j_password),
        notifications_min_severity="INFORMATION",
    ) as driver:
        yield driver


@pytest.fixture(scope="module")
def summaries(graph: Graph, driver: neo4j.Driver) -> dict[str, neo4j.ResultSummary]:
    """What the server says of each query, with every name in the graph that a query may use."""
    wipe(graph)
    load_toy(graph)
    friendships.ask(graph, "u3", "u4")
    friendships.decline(graph, "u4", "u3")
    friendships.block(graph, "u6", "u1")
    graph.run(RARE, writes=True)
    driver.execute_query("CALL db.clearQueryCaches()", database_="neo4j")
    return {query.name: _explain(driver, query) for query in QUERIES}


def test_each_query_has_a_plan_that_does_not_grow_with_the_graph(
    summaries: dict[str, neo4j.ResultSummary],
) -> None:
    found = {name: problems(name, summary.plan) for name, summary in summaries.items()}
    assert {name: bad for name, bad in found.items() if bad} == {}


def test_the_short_list_of_full_scans_is_not_longer_than_needed(
    summaries: dict[str, neo4j.ResultSummary],
) -> None:
    scanning = {name for name, summary in summaries.items() if _scans(summary.plan)}
    assert {name for name in scanning if not DOCTOR.fullmatch(name)} == FULL_SCANS.keys()


def test_the_server_has_nothing_to_say_against_any_query(
    summaries: dict[str, neo4j.ResultSummary],
) -> None:
    said = {
        name: [status.status_description for status in summary.gql_status_objects if status.is_notification]
        for name, summary in summaries.items()
    }
    assert {name: words for name, words in said.items() if words} == {}


def test_the_server_takes_reads_for_reads_and_writes_for_writes(
    summaries: dict[str, neo4j.ResultSummary],
) -> None:
    for query in QUERIES:
        kind = summaries[query.name].query_type
        assert (kind == "r") == (query.mode == "read"), (
            f"{query.name} is {query.mode}, the server says {kind}"
        )


def test_a_plan_that_grows_with_the_graph_is_found(
    summaries: dict[str, neo4j.ResultSummary], driver: neo4j.Driver
) -> None:
    def found(text: str) -> list[str]:
        return problems("test", driver.execute_query(f"EXPLAIN {text}", database_="neo4j").summary.plan)

    assert found("MATCH (n) RETURN n") == ["AllNodesScan: n"]
    assert found("MATCH (t:Track) WHERE t.title = 'Saudade' RETURN t") == ["NodeByLabelScan: t:Track"]
    assert found("MATCH ()-[p:PLAYED]->() RETURN p") == ["DirectedRelationshipTypeScan: ()-[p:PLAYED]->()"]
    assert "CartesianProduct: AllNodesScan and AllNodesScan" in found("MATCH (a) MATCH (b) RETURN a, b")
    two = "MATCH (a:User {user_id: 'u1'}) MATCH (b:User {user_id: 'u2'}) RETURN a, b"
    assert found(two) == []


def problems(name: str, plan: Plan | None) -> list[str]:
    """What in a plan takes longer the more the graph holds."""
    found = [
        f"{operator}: {details}"
        for operator, details in _scans(plan)
        if not (name in FULL_SCANS and details.endswith(SMALL)) and not DOCTOR.fullmatch(name)
    ]
    return found + [
        "CartesianProduct: " + " and ".join(map(_operator, _below(step)))
        for step in _steps(plan)
        if _operator(step) == "CartesianProduct" and not all(map(_is_one_row, _below(step)))
    ]


def _scans(plan: Plan | None) -> list[tuple[str, str]]:
    return [
        (_operator(step), str(step["args"].get("Details", "")))
        for step in _steps(plan)
        if _operator(step).endswith(("AllNodesScan", "LabelScan", "TypeScan", "AllRelationshipsScan"))
    ]


def _is_one_row(step: Plan) -> bool:
    """Whether a step is a seek in a unique index, or a filter of what is one row."""
    return _operator(step) in ONE_ROW or (_operator(step) == "Filter" and all(map(_is_one_row, _below(step))))


def _steps(plan: Plan | None) -> Iterator[Plan]:
    assert plan is not None
    yield plan
    for child in _below(plan):
        yield from _steps(child)


def _below(step: Plan) -> list[Plan]:
    below: list[Plan] = step.get("children", [])
    return below


def _operator(step: Plan) -> str:
    return str(step["operatorType"]).split("@")[0]


def _explain(driver: neo4j.Driver, query: Query) -> neo4j.ResultSummary:
    """The summary of EXPLAIN with the sample parameters of the query's file."""
    sample = driver.execute_query(f"RETURN {query.sample} AS params", database_="neo4j").records[0]["params"]
    query.check(sample)
    rows = sample.get("rows", [])
    assert all(row.keys() == {field.name for field in query.row_keys} for row in rows), query.name
    return driver.execute_query(f"EXPLAIN {query.text}", sample, database_="neo4j").summary
