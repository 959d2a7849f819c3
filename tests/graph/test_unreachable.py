"""What is told of a database that cannot be used: the setting to correct and its value, no password."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable
from muse_graph.graph.connection import Graph
from muse_graph.graph.unreachable import explain

SECRET = "not-the-password"


def told(settings: Settings, **changed: Any) -> str:
    """What the first query answers with these settings."""
    there = settings.model_copy(update={"is_embedded": False, **changed})
    with pytest.raises(GraphUnavailable) as refused, Graph.connect(there) as graph:
        graph.read("graph_counts")
    assert SECRET not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("login", "got"),
    [
        ({"neo4j_password": SECRET}, "'neo4j' and another password"),
        ({"neo4j_username": "nobody", "neo4j_password": SECRET}, "'nobody' and another password"),
        ({"neo4j_password": ""}, "'neo4j' and no password"),
    ],
    ids=["password", "user", "no password"],
)
def test_a_login_that_is_refused_names_its_variables(
    settings: Settings, login: dict[str, str], got: str
) -> None:
    assert told(settings, **login) == (
        f"{settings.neo4j_uri} refuses the login; NEO4J_USERNAME and NEO4J_PASSWORD must be a user there and "
        f"its password, got {got}"
    )


def test_after_too_many_logins_no_other_is_looked_at(settings: Settings) -> None:
    """Neo4j refuses the user of the other tests, too, so it is not asked."""
    there = settings.model_copy(update={"is_embedded": False, "neo4j_username": "ann"})
    said = explain(there, Exception(), "Neo.ClientError.Security.AuthenticationRateLimit", "")
    assert said.startswith(
        f"{settings.neo4j_uri} takes no login for some seconds, after too many wrong ones; "
    )
    assert "got 'ann' and another password" in said


def test_the_embedded_one_names_the_file_of_its_password(settings: Settings) -> None:
    said = told(settings, neo4j_password=SECRET, is_embedded=True)
    assert f"the file password in {settings.home} must be the one of its first start" in said
    assert "NEO4J_" not in said


def test_a_database_that_is_not_there(settings: Settings) -> None:
    assert told(settings, neo4j_database="music") == (
        f"NEO4J_DATABASE must be a database of {settings.neo4j_uri}, got 'music'"
    )


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_port_where_nobody_listens(settings: Settings, scheme: str, capfd: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        uri = f"{scheme}://127.0.0.1:{closed.getsockname()[1]}"
        said = told(settings, neo4j_uri=uri)
    assert said == f"the database at NEO4J_URI, {uri}, does not answer: Connection refused"
    assert capfd.readouterr().err == ""


def test_a_host_that_has_no_address(settings: Settings) -> None:
    said = told(settings, neo4j_uri="bolt://nowhere.invalid:7687")
    assert said.startswith("the database at NEO4J_URI, bolt://nowhere.invalid:7687, does not answer: ")
