"""The jars of Neo4j: what the lock file names, fetched once, checked, kept.

Neo4j is a program of its own, under its own licence: fetched from where it is published, never shipped here.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import requests
from portalocker import Lock
from requests.adapters import HTTPAdapter
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from muse_graph.config import Settings
from muse_graph.errors import EmbeddedError

__all__ = ["LOCK_FILE", "Jar", "fetch_jars", "jar_folder", "read_lock", "server_version"]

LOCK_FILE = Path(__file__).with_name("jars.lock.json")
CONNECTIONS = 16
CHUNK_BYTES = 1 << 17
TIMEOUT_S = (10.0, 60.0)
ATTEMPTS = 3
POLL_S = 0.2


@dataclass(frozen=True)
class Jar:
    """One line of the lock: Maven coordinates, SHA-256 in hex, size in bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """File name, as Maven gives it."""
        return "-".join(part for part in (self.artifact, self.version, self.classifier) if part) + ".jar"

    @property
    def path(self) -> str:
        """Path below a Maven repository."""
        return "/".join((*self.group.split("."), self.artifact, self.version, self.name))


def read_lock(path: Path = LOCK_FILE) -> list[Jar]:
    """The jars of the lock file."""
    return [Jar(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def server_version(jars: Iterable[Jar]) -> str:
    """Version of Neo4j in a lock."""
    return next(jar.version for jar in jars if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))


def jar_folder(settings: Settings, jars: Iterable[Jar]) -> Path:
    """Folder for exactly these jars: a new lock gets a new one, since Neo4j loads all it finds in it."""
    jars = list(jars)
    digest = hashlib.sha256("".join(sorted(jar.sha256 for jar in jars)).encode()).hexdigest()
    return settings.cache / "jars" / f"{server_version(jars)}-{digest[:8]}"


def fetch_jars(settings: Settings, jars: Iterable[Jar] | None = None) -> Path:
    """The folder with all jars in it, fetching what is missing, 16 at once.

    Raises:
        EmbeddedError: If one cannot be downloaded, or differs from the lock.
    """
    jars = read_lock() if jars is None else list(jars)
    folder = jar_folder(settings, jars)
    if _missing(jars, folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _download_lock(folder):
                _fetch_all(_missing(jars, folder), folder, _repository(settings))
        except OSError as error:
            raise EmbeddedError(f"cannot store the jars of Neo4j in {folder}: {error}") from error
    return folder


def _missing(jars: list[Jar], folder: Path) -> list[Jar]:
    # A file gets its final name only after its hash was checked, so name and size are enough from then on.
    return [jar for jar in jars if _size(folder / jar.name) != jar.size]


@contextmanager
def _download_lock(folder: Path) -> Iterator[None]:
    """Wait until no other process downloads into this folder."""
    with Lock(folder.with_name(f"{folder.name}.lock"), timeout=math.inf, check_interval=POLL_S):
        yield


def _repository(settings: Settings) -> str:
    """Address of the Maven repository: MUSE_MAVEN_URL, or the one jgo knows."""
    if settings.maven_url:
        return settings.maven_url.rstrip("/")
    from jgo.constants import MAVEN_CENTRAL_URL  # here, for it is only wanted when something is to be fetched

    return str(MAVEN_CENTRAL_URL).rstrip("/")


def _fetch_all(jars: list[Jar], folder: Path, repository: str) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with (
        requests.Session() as session,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        adapter = HTTPAdapter(pool_maxsize=CONNECTIONS)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        task = progress.add_task(f"Neo4j: {len(jars)} jars", total=sum(jar.size for jar in jars))
        fetch = partial(_fetch, session, repository, folder, partial(progress.advance, task))
        try:
            list(pool.map(fetch, jars))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _fetch(
    session: requests.Session, repository: str, folder: Path, advance: Callable[[float], None], jar: Jar
) -> None:
    """Fetch one jar beside its place, check it, move it there."""
    part = folder / f"{jar.name}.{jar.sha256[:8]}.part"
    for attempt in range(ATTEMPTS):
        try:
            _download(session, f"{repository}/{jar.path}", part, jar.size, advance)
            break
        except requests.RequestException as error:
            if attempt == ATTEMPTS - 1:
                raise EmbeddedError(f"cannot download {jar.name} of Neo4j: {error}") from error
    got = _sha256(part)
    if got != jar.sha256:
        part.unlink()
        raise EmbeddedError(f"{jar.name} is not the locked file: expected SHA-256 {jar.sha256}, got {got}")
    part.replace(folder / jar.name)


def _download(
    session: requests.Session, url: str, part: Path, size: int, advance: Callable[[float], None]
) -> None:
    """Bring ``part`` to its size, from where it stopped if the server can do ranges."""
    have = _size(part) or 0
    if have >= size:
        advance(have)
        return
    headers = {"Range": f"bytes={have}-"} if have else {}
    with session.get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as response:
        response.raise_for_status()
        resumed = response.status_code == requests.codes.partial_content
        if resumed:
            advance(have)
        with part.open("ab" if resumed else "wb") as file:
            for chunk in response.iter_content(CHUNK_BYTES):
                file.write(chunk)
                advance(len(chunk))
            file.flush()
            os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None
