"""Read your own writes: what a door has written, each of its later sessions asks the server to have seen.

One server has always seen its own writes, so no answer can tell. What a session asks for is read off the
driver instead: when it ends, it hands the bookmarks it began with back to the keeper of bookmarks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import neo4j
import pytest
from flask.testing import FlaskClient

from muse_graph.api import create_app
from muse_graph.api.http.bookmarks import HEADER
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph

Begun = list[frozenset[str]]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    """The bookmarks that each session began with, of doors opened from now on."""
    seen: Begun = []
    make = neo4j.GraphDatabase.bookmark_manager

    def watched() -> Any:
        manager = make()
        update = manager.update_bookmarks

        def noting(previous: Collection[str], new: Collection[str]) -> None:
            if previous:
                seen.append(frozenset(previous))
            update(previous, new)

        manager.update_bookmarks = noting
        return manager

    monkeypatch.setattr(neo4j.GraphDatabase, "bookmark_manager", watched)
    return seen


@pytest.fixture
def doors(settings: Settings, empty_graph: Graph, begun: Begun) -> Iterator[tuple[Graph, Graph]]:
    """Two doors to the empty graph, as of two processes."""
    with Graph.connect(settings) as one, Graph.connect(settings) as other:
        yield one, other


WAYS: dict[str, Callable[[Graph], object]] = {
    "read": lambda graph: graph.read("all_genres"),
    "write": lambda graph: graph.write("merge_countries", rows=[]),
    "transact": lambda graph: graph.transact(lambda transaction: transaction.run("all_genres")),
    "run": lambda graph: graph.run("RETURN 1 AS one", writes=False),
    "run_alone": lambda graph: graph.run_alone("CALL db.awaitIndexes()"),
}
WRITES: dict[str, Callable[[Graph], object]] = {
    "write": lambda graph: graph.write("merge_countries", rows=[{"code": "CO", "name": "Colombia"}]),
    "transact": lambda graph: graph.transact(
        lambda transaction: transaction.run("merge_countries", rows=[{"code": "CO", "name": "Colombia"}])
    ),
    "run": lambda graph: graph.run("CREATE (:Country {code: 'CO', name: 'Colombia'})", writes=True),
    "run_alone": lambda graph: graph.run_alone(
        "CALL () { CREATE (:Country {code: 'CO', name: 'Colombia'}) } IN TRANSACTIONS"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_session_asks_for_what_was_written_elsewhere(
    way: str, doors: tuple[Graph, Graph], begun: Begun
) -> None:
    writer, reader = doors
    WRITES["write"](writer)
    written = writer.bookmarks
    assert written
    reader.observe(written)
    assert reader.bookmarks >= written
    begun.clear()
    WAYS[way](reader)
    assert begun == [written]


@pytest.mark.parametrize("way", WRITES)
def test_each_write_leaves_its_bookmark_for_the_next_read(
    way: str, doors: tuple[Graph, Graph], begun: Begun
) -> None:
    door, _ = doors
    door.read("all_genres")
    before = door.bookmarks
    WRITES[way](door)
    written = door.bookmarks
    assert written
    assert written != before
    begun.clear()
    door.read("all_genres")
    assert begun == [written]


def test_the_header_of_a_write_carries_over_to_another_process(
    settings: Settings, doors: tuple[Graph, Graph], begun: Begun
) -> None:
    writer, reader = doors
    answer = client(settings, writer).put("/api/v1/users/u1", json={"name": "Ana"})
    assert answer.status_code == 201
    other = client(settings, reader)
    begun.clear()
    assert other.get("/api/v1/users/u1", headers={HEADER: answer.headers[HEADER]}).status_code == 200
    assert begun[0] == writer.bookmarks


def test_without_the_header_another_process_asks_for_nothing(
    settings: Settings, doors: tuple[Graph, Graph], begun: Begun
) -> None:
    writer, reader = doors
    assert client(settings, writer).put("/api/v1/users/u1", json={"name": "Ana"}).status_code == 201
    begun.clear()
    assert client(settings, reader).get("/api/v1/users/u1").status_code == 200
    assert begun == []


def client(settings: Settings, graph: Graph) -> FlaskClient:
    return create_app(settings, graph, sign_in="off").test_client()
