"""One real Neo4j through its life: started, started again, orphaned, stopped, filled from files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import neo4j
import psutil
import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.embedded.home import Home
from muse_graph.embedded.process import STOP_TIMEOUT_S
from muse_graph.errors import EmbeddedError

pytestmark = pytest.mark.neo4j

# What another process runs: it holds a Neo4j of its own and says so, until it is told to end.
HOLD = """
import json, signal, sys
from pathlib import Path
from muse_graph import embedded
from muse_graph.config import Settings
settings = Settings(home=Path(sys.argv[1]), neo4j_heap_mb=512, neo4j_pagecache_mb=64)
with embedded.running(settings, "holder") as status:
    print(json.dumps(status.as_dict()), flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def settings(own_home: Path) -> Iterator[Settings]:
    settings = Settings(home=own_home, neo4j_heap_mb=512, neo4j_pagecache_mb=64)
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

    # Two start it at once: one does, the other waits and uses the same. The last to go stops it.
    holder = hold(settings)
    assert holder.stdout is not None
    home = Home.at(settings.home)
    while not home.console_log.exists():
        assert holder.poll() is None, holder.communicate()
    with embedded.running(settings, "test") as shared:
        held = json.loads(holder.stdout.readline())
        assert held == shared.as_dict()
        assert names(shared) == ["Ada", "Bo"]
        with (
            pytest.raises(EmbeddedError, match=rf"in use by .*holder, process {holder.pid}"),
            embedded.alone(settings, "import"),
        ):
            pytest.fail("not alone")
        # Not even a user that is killed takes it along, or leaves it behind.
        holder.kill()
        holder.communicate()
        assert names(shared) == ["Ada", "Bo"]
    assert embedded.status(settings).pid is None

    holder = hold(settings)
    assert holder.stdout is not None
    server = psutil.Process(json.loads(holder.stdout.readline())["pid"])
    holder.kill()
    holder.communicate()
    server.wait(STOP_TIMEOUT_S)

    # One that `start` has started stays, whoever uses it.
    adopted = embedded.start(settings)
    with embedded.running(settings) as same:
        assert same == adopted
    with neo4j.GraphDatabase.driver(adopted.uri, auth=(adopted.username, adopted.password)) as driver:
        driver.verify_connectivity()
        with (
            pytest.raises(EmbeddedError, match=rf"in use by clients of {adopted.uri}: [12]$"),
            embedded.alone(settings, "import"),
        ):
            pytest.fail("not alone")
    with embedded.alone(settings, "import") as alone:
        assert alone.server() == adopted
        with pytest.raises(EmbeddedError, match=rf"busy: import, process {os.getpid()}"):
            embedded.stop(settings)
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
