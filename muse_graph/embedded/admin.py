"""Neo4j's own admin commands, on a home whose server is stopped."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from muse_graph.config import Settings
from muse_graph.embedded.conf import conf_text
from muse_graph.embedded.home import Home
from muse_graph.embedded.process import admin_mark, find_server, kill_admins
from muse_graph.embedded.runtime import Runtime, prepare_runtime
from muse_graph.errors import EmbeddedError

__all__ = ["admin", "run_admin"]

# What Neo4j's own launcher starts in a second Java, with options it takes from neo4j.conf; ours are the same.
MAIN_CLASS = "org.neo4j.cli.AdminTool"
# What only reads settings, or reports; everything else needs exclusive use of the store.
HARMLESS = ({"--help"}, {"--version"}, {"server", "report"}, {"server", "memory-recommendation"})


def admin(
    settings: Settings, args: Sequence[str], *, capture: bool = False
) -> subprocess.CompletedProcess[str]:
    """``neo4j-admin`` with these arguments: ``["database", "import", "full", "neo4j", …]``.

    Args:
        capture: keep what it prints in the result; else it goes to our own stdout and stderr

    Returns:
        the finished process; its return code is Neo4j's own, 0 when done

    Raises:
        EmbeddedError: If the server of this home runs, or another command works on it.
    """
    home = Home.at(settings.home)
    home.make()
    runtime = prepare_runtime(settings)
    if any(words.issubset(args) for words in HARMLESS):
        return run_admin(home, runtime, args, capture=capture)
    with home.claim(f"neo4j-admin {' '.join(args[:3])}"):
        kill_admins(home)
        home.discard_import()
        if server := find_server(home):
            raise EmbeddedError(f"stop the Neo4j in {home.path} first: process {server.pid} uses its store")
        home.conf_file.write_text(conf_text(home.ports, runtime), encoding="utf-8")
        return run_admin(home, runtime, args, capture=capture)


def run_admin(
    home: Home, runtime: Runtime, args: Sequence[str], *, capture: bool, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """The command itself, for one who has claimed the home; it is killed if its caller is interrupted.

    Args:
        folder: where relative paths among the arguments begin
    """
    environ = {**os.environ, "NEO4J_HOME": str(home.path), "NEO4J_CONF": str(home.conf)}
    return subprocess.run(
        runtime.command(MAIN_CLASS, *args, options=(admin_mark(home),)),
        env=environ,
        cwd=folder,
        # A Ctrl-C in the terminal is for us alone.
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        capture_output=capture,
        text=True,
        check=False,
    )
