"""One real Neo4j through its life: started, started again, orphaned, stopped, filled from files."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.embedded.home import Home
from muse_graph.errors import EmbeddedError

pytestmark = pytest.mark.neo4j

# What another process runs: it holds a Neo4j of its own and says so, until it is told to end.
HOLD = """
import json, signal, sys
from pathlib import Path
from muse_graph import embedded
from muse_graph.config import Settings
with embedded.running(Settings(home=Path(sys.argv[1]), neo4j_heap_mb=512, neo4j_pagecache_mb=64)) as status:
    print(json.dumps(status.as_dict()), flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(home=tmp_path_factory.mktemp("neo4j"), neo4j_heap_mb=512, neo4j_pagecache_mb=64)
    yield settings
    embedded.stop(settings)


def hold(settings: Settings) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(settings.home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def names(status: embedded.Status) -> list[str]:
    with neo4j.GraphDatabase.driver(status.uri, auth=(status.username, status.password)) as driver:
        query = "MATCH (user:User) RETURN user.name AS name ORDER BY name"
        return [record["name"] for record in driver.execute_query(query, database_="neo4j").records]


def recoveries(settings: Settings) -> int:
    """How often a server of this home found its store as a crash leaves it."""
    return (settings.home / "logs" / "debug.log").read_text(encoding="utf-8").count("recovery is required")


def test_life(settings: Settings, tmp_path: Path) -> None:
    assert not embedded.status(settings).running

    # A fresh home is filled from files before its first start.
    users = tmp_path / "users.csv"
    users.write_text("user_id:ID,name\n1,Ada\n2,Bo\n", encoding="utf-8")
    arguments = ["database", "import", "full", "neo4j", f"--nodes=User={users}"]
    done = embedded.admin(settings, arguments, capture=True)
    assert done.returncode == 0, done.stdout + done.stderr

    # Two start it at once: one does, the other is told so.
    holder = hold(settings)
    assert holder.stdout is not None
    home = Home.at(settings.home)
    while not home.console_log.exists():
        assert holder.poll() is None, holder.communicate()
    with pytest.raises(EmbeddedError, match=rf"busy: start, process {holder.pid}"):
        embedded.start(settings)
    held = json.loads(holder.stdout.readline())
    assert held["running"]

    # It outlives a parent that is killed, and the next start takes it over.
    holder.kill()
    holder.communicate()
    adopted = embedded.start(settings)
    assert adopted.as_dict() == held
    assert names(adopted) == ["Ada", "Bo"]
    with embedded.running(settings) as same:
        assert same == adopted
    assert embedded.status(settings) == adopted
    with pytest.raises(EmbeddedError, match=rf"first: process {adopted.pid} uses its store"):
        embedded.admin(settings, ["database", "check", "neo4j"])

    # So does a stop.
    stopped = embedded.stop(settings)
    assert (stopped.running, stopped.pid) == (False, None)
    assert embedded.stop(settings).pid is None

    # A holder that is terminated stops what it started. The stop before it had left nothing to recover.
    holder = hold(settings)
    assert holder.stdout is not None
    again = json.loads(holder.stdout.readline())
    assert (again["uri"], again["password"]) == (adopted.uri, adopted.password)
    holder.send_signal(signal.SIGTERM)
    holder.communicate()
    assert holder.returncode == 128 + signal.SIGTERM
    assert (again["pid"] is not None, embedded.status(settings).pid) == (True, None)
    assert recoveries(settings) == 0

    # The store is whole.
    done = embedded.admin(settings, ["database", "check", "neo4j"], capture=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_lost_password_is_said(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(EmbeddedError, match=r"is lost: restore .*password"):
        embedded.start(Settings(home=tmp_path, cache=settings.cache))
