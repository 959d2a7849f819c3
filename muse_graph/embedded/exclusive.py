"""A home for one process alone: nobody else starts, stops or uses its Neo4j; its store may be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from muse_graph.config import Settings
from muse_graph.embedded.admin import run_admin
from muse_graph.embedded.conf import conf_text
from muse_graph.embedded.home import Home, HomeInUse
from muse_graph.embedded.memory import importer_memory_mb, machine_memory_mb
from muse_graph.embedded.process import find_server, launch_guard
from muse_graph.embedded.runtime import prepare_runtime
from muse_graph.embedded.server import START_PATIENCE_S, Status, describe, ensure_server, stop_claimed
from muse_graph.embedded.shutdown import signals_as_exit
from muse_graph.errors import EmbeddedError

__all__ = ["Alone", "alone"]

_RULED_OFF = re.compile(r"^-{20,}\n(.*?)(?:^Full exception details.*?)?^-{20,}", re.MULTILINE | re.DOTALL)
_LONGEST_REPORT = 2_000


@dataclass(frozen=True)
class Alone:
    """A home that is ours until the end of `alone`."""

    settings: Settings
    home: Home

    def server(self) -> Status:
        """A server that answers, until the next import or the end."""
        return describe(self.home, ensure_server(self.settings, self.home))

    @contextmanager
    def import_folder(self) -> Iterator[Path]:
        """A folder for the importer's files, deleted at the end; after a crash, by the next start."""
        self.home.discard_import()
        self.home.import_folder.mkdir()
        try:
            yield self.home.import_folder
        finally:
            self.home.discard_import()

    def import_full(self, arguments: Sequence[str], folder: Path) -> None:
        """Replace the store by Neo4j's importer, wholly: after a failure or an interruption it is empty.

        Args:
            arguments: paths among them begin at ``folder``

        Raises:
            EmbeddedError: With what the importer reports.
        """
        runtime = prepare_runtime(self.settings)
        stop_claimed(self.home)
        self.home.conf_file.write_text(conf_text(self.home.ports, runtime), encoding="utf-8")
        self.home.half_imported.touch()
        memory = f"--max-off-heap-memory={importer_memory_mb(runtime.memory, machine_memory_mb())}m"
        command = ["database", "import", "full", "neo4j", "--overwrite-destination=true", memory, *arguments]
        done = run_admin(self.home, runtime, command, capture=True, folder=folder)
        if done.returncode:
            raise EmbeddedError(
                f"Neo4j's importer failed, nothing was loaded: {_reported(done.stderr or done.stdout)}"
            )
        self.home.half_imported.unlink()

    def empty(self) -> None:
        """Delete the store; after an interruption, the next start does."""
        stop_claimed(self.home)
        self.home.half_imported.touch()
        self.home.discard_import()


@contextmanager
def alone(settings: Settings, purpose: str) -> Iterator[Alone]:
    """Have the home alone; its server runs afterwards only if `start` had started it before.

    Args:
        purpose: what others are told who would use it meanwhile

    Raises:
        HomeInUse: Naming who uses it.
        EmbeddedError: If its server does not start or stop.
    """
    home = Home.at(settings.home)
    home.make()
    with signals_as_exit(), home.claim(purpose, START_PATIENCE_S):
        if users := [*home.users(), *_connected(home)]:
            raise HomeInUse(f"the Neo4j in {home.path} is in use by {'; '.join(users)}")
        with home.announce(purpose):
            launch_guard(home)
            keep = home.is_kept and find_server(home) is not None
            try:
                yield Alone(settings, home)
            finally:
                if keep:
                    ensure_server(settings, home)
                    home.keep(True)
                else:
                    stop_claimed(home)


def _connected(home: Home) -> list[str]:
    """Clients of a running server, which need not have it from here."""
    server = find_server(home)
    if server is None:
        return []
    port = home.ports.bolt
    peers = {
        one.raddr.port
        for one in server.net_connections("tcp")
        if one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port
    }
    return [f"clients of {describe(home, server).uri}: {len(peers)}"] if peers else []


def _reported(text: str) -> str:
    """What the importer says of its failure, without its progress and the names of its logs."""
    found = _RULED_OFF.search(text)
    return " ".join((found[1] if found else text[-_LONGEST_REPORT:]).split())[:_LONGEST_REPORT]
