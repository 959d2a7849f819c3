"""Neo4j's own admin commands, on a home whose server is stopped."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from muse_graph.config import Settings
from muse_graph.embedded.conf import heap_options, jvm_options
from muse_graph.embedded.home import Home
from muse_graph.embedded.jars import fetch_jars
from muse_graph.embedded.java import find_java
from muse_graph.embedded.memory import machine_memory_mb, size_memory
from muse_graph.embedded.process import find_server
from muse_graph.embedded.setup import write_conf
from muse_graph.errors import EmbeddedError

__all__ = ["admin", "run_admin"]

MAIN_CLASS = "org.neo4j.server.startup.Neo4jAdminCommand"


def admin(
    settings: Settings, args: Sequence[str], *, capture: bool = False
) -> subprocess.CompletedProcess[str]:
    """``neo4j-admin`` with these arguments: ``["database", "import", "full", "neo4j", …]``.

    capture : keep what it prints in the result; else it goes to our own stdout and stderr
    returns : the finished process; its return code is Neo4j's own, 0 when done
    raises  : EmbeddedError if the server of this home runs, or another command works on it
    """
    home = Home.at(settings.home)
    home.make()
    with home.claim(f"neo4j-admin {' '.join(args[:3])}"):
        if server := find_server(home):
            raise EmbeddedError(f"stop the Neo4j in {home.path} first: process {server.pid} uses its store")
        write_conf(settings, home, home.ports)
        return run_admin(settings, home, args, capture=capture)


def run_admin(
    settings: Settings, home: Home, args: Sequence[str], *, capture: bool
) -> subprocess.CompletedProcess[str]:
    """The command itself, for one who has claimed the home."""
    java, lib = find_java(), fetch_jars(settings)
    options = jvm_options(java) + heap_options(size_memory(settings, machine_memory_mb()))
    environ = {**os.environ, "NEO4J_HOME": str(home.path), "NEO4J_CONF": str(home.conf)}
    return subprocess.run(
        [str(java.path), *options, "-cp", str(lib / "*"), MAIN_CLASS, *args],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=capture,
        text=True,
        check=False,
    )
