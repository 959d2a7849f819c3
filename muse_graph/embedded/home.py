"""The folder of one Neo4j: its store, its password, its ports, and who may work on it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from muse_graph.embedded.ports import Ports
from muse_graph.errors import EmbeddedError
from muse_graph.locks import announce, announced, forget_ended, try_lock

__all__ = ["IN_USE", "POLL_S", "START", "STOP", "Home", "HomeInUse"]

POLL_S = 0.1
#: For so long, what is said of a claim may be missing, or be of the claim before it.
SETTLE_S = 0.5
IN_USE = "in-use"
FOLDERS = ("conf", "data", "import", "logs", "plugins", IN_USE)

#: Purposes of a claim that another may wait for, because they are soon over.
START, STOP = "start", "stop"


class HomeInUse(EmbeddedError):
    """Somebody else is using the Neo4j of this home."""


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
        """Write a new random password, for its owner only."""
        self._write(self.password_file, secrets.token_hex(16))

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
        self._write(self.path / "ports.json", json.dumps(asdict(ports)))

    def _write(self, path: Path, line: str) -> None:
        """Write a file whole or not at all: others may be reading it."""
        descriptor, name = tempfile.mkstemp(dir=self.path)  # mode 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(line + "\n")
        Path(name).replace(path)

    @contextmanager
    def claim(self, purpose: str, patience_s: float = 0.0) -> Iterator[None]:
        """Be the only process that starts, stops or maintains this home; a claim ends with its process.

        Args:
            patience_s: how long to wait for another to start or stop the server

        Raises:
            HomeInUse: Naming who does what here already.
        """
        owner = self.path / "claim.txt"
        began = time.monotonic()
        with (self.path / "claim.lock").open("ab") as lock:
            while not try_lock(lock):
                # Beside the lock, because on Windows others cannot read a locked file.
                said = owner.read_text("utf-8").strip() if owner.exists() else ""
                patience = max(SETTLE_S, patience_s if said.startswith((START, STOP)) else 0.0)
                if time.monotonic() > began + patience:
                    raise HomeInUse(f"the Neo4j in {self.path} is busy: {said or 'another process'}")
                time.sleep(POLL_S)
            owner.write_text(f"{purpose}, process {os.getpid()}\n", "utf-8")
            yield

    def announce(self, purpose: str) -> AbstractContextManager[None]:
        """Use the server of this home for a while; begun by who has claimed it."""
        return announce(self.path / IN_USE, purpose)

    def users(self) -> list[str]:
        """Who uses the server of this home now, for one who has claimed it."""
        forget_ended(self.path / IN_USE)
        return announced(self.path / IN_USE)

    @property
    def is_kept(self) -> bool:
        """Whether its server is to run on when nobody uses it."""
        return self._keep.exists()

    def keep(self, keep: bool) -> None:
        """Decide whether its server is to run on when nobody uses it."""
        if keep:
            self._keep.touch()
        else:
            self._keep.unlink(missing_ok=True)

    @property
    def _keep(self) -> Path:
        return self.path / "keep"

    @property
    def import_folder(self) -> Path:
        """Files for Neo4j's importer; left over from an import that was cut off."""
        return self.path / "importing"

    @property
    def store_folders(self) -> list[Path]:
        """The two folders that are the graph."""
        return [self.path / "data" / folder / "neo4j" for folder in ("databases", "transactions")]

    @property
    def store_mb(self) -> int:
        """What the graph takes on the disk without its log of transactions, in MiB; 0 where there is none."""
        n_bytes = 0
        for path in self.store_folders[0].rglob("*"):
            # A server that runs deletes files of its own.
            with suppress(FileNotFoundError):
                n_bytes += path.lstat().st_size if path.is_file() else 0
        return n_bytes >> 20

    @property
    def half_imported(self) -> Path:
        """A file that is there from the beginning of an import until the store is whole.

        And of a reset, until the store is gone: whoever finds the file deletes what is left.
        """
        return self.path / "half-imported"

    def discard_import(self) -> bool:
        """Delete what an import has left that did not end; return whether there was a half store."""
        if self.import_folder.exists():
            shutil.rmtree(self.import_folder)
        if not self.half_imported.exists():
            return False
        for store in self.store_folders:
            # Neo4j makes an empty store where there is none.
            if store.exists():
                shutil.rmtree(store)
        self.half_imported.unlink()
        return True
