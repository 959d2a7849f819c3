"""The folder of one Neo4j: its store, its password, its ports, and who may work on it."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from portalocker import AlreadyLocked, Lock

from muse_graph.embedded.ports import Ports
from muse_graph.errors import EmbeddedError

__all__ = ["Home"]

POLL_S = 0.1
FOLDERS = ("conf", "data", "import", "logs", "plugins")


@dataclass(frozen=True)
class Home:
    """Paths below ``path``, which is absolute and free of links: processes are found by it."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Home:
        """The home at ``path``, made or not."""
        return cls(path.expanduser().resolve())

    @property
    def conf(self) -> Path:
        """Folder of neo4j.conf."""
        return self.path / "conf"

    @property
    def conf_file(self) -> Path:
        """The server's configuration file."""
        return self.conf / "neo4j.conf"

    @property
    def console_log(self) -> Path:
        """What the server's process prints."""
        return self.path / "logs" / "console.log"

    @property
    def password_file(self) -> Path:
        """The password, alone on its line; only its owner reads it."""
        return self.path / "password"

    @property
    def has_users(self) -> bool:
        """Whether a server has been started here, after which the first password is fixed."""
        return (self.path / "data" / "databases" / "system").exists()

    def make(self) -> None:
        """Make the folders, closed to other users.

        Raises:
            EmbeddedError: If they cannot be made.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in FOLDERS:
                (self.path / name).mkdir(exist_ok=True)
        except OSError as error:
            raise EmbeddedError(f"cannot write the folder of Neo4j, {self.path}: {error}") from error

    def make_password(self) -> None:
        """Write a new random password, whole or not at all, for its owner only."""
        descriptor, name = tempfile.mkstemp(dir=self.path)  # mode 0600
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(16) + "\n")
        Path(name).replace(self.password_file)

    @property
    def password(self) -> str:
        """The password; empty before the first start."""
        return self.password_file.read_text(encoding="ascii").strip() if self.password_file.exists() else ""

    @property
    def ports(self) -> Ports:
        """The ports of the last start, Neo4j's own before the first."""
        path = self.path / "ports.json"
        return Ports(**json.loads(path.read_text(encoding="ascii"))) if path.exists() else Ports()

    def remember_ports(self, ports: Ports) -> None:
        """Keep the ports for the next start."""
        (self.path / "ports.json").write_text(json.dumps(asdict(ports)) + "\n", encoding="ascii")

    @contextmanager
    def claim(self, purpose: str, patience_s: float = 0.0) -> Iterator[None]:
        """Be the only process that starts, stops or maintains this home; a claim ends with its process.

        Raises:
            EmbeddedError: Naming who does what here already, after ``patience_s``.
        """
        lock = Lock(self.path / "claim.lock", timeout=patience_s, check_interval=POLL_S)
        # Beside the lock, because on Windows others cannot read a locked file.
        owner = self.path / "claim.txt"
        try:
            lock.acquire()
        except AlreadyLocked:
            said = owner.read_text("utf-8").strip() if owner.exists() else ""
            raise EmbeddedError(f"the Neo4j in {self.path} is busy: {said or 'another process'}") from None
        with lock:
            owner.write_text(f"{purpose}, process {os.getpid()}\n", "utf-8")
            yield
