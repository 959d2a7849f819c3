"""The lock file, and fetching by it from a repository on this machine."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.embedded.install.jars import LOCK_FILE, Jar, fetch_jars, jar_folder, read_lock, server_version
from muse_graph.errors import EmbeddedError


class Repository(ThreadingHTTPServer):
    """Files by path; remembers what was asked, and from which byte."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, int]] = []
        self.ranges = True


class Handler(BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(match[1]) if match else 0
        self.server.asked.append((self.path, first))
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        body = content[first:] if self.server.ranges else content
        self.send_response(206 if match and self.server.ranges else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository() -> Iterator[Repository]:
    with Repository() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(repository: Repository, tmp_path: Path) -> Settings:
    host, port = repository.server_address[:2]
    return Settings(
        home=tmp_path / "home", cache=tmp_path / "cache", maven_url=f"http://{host}:{port}/maven2/"
    )


def publish(repository: Repository, artifact: str, content: bytes) -> Jar:
    jar = Jar("org.neo4j", artifact, "1.0", "", hashlib.sha256(content).hexdigest(), len(content))
    repository.files[f"/maven2/{jar.path}"] = content
    return jar


def test_jars_are_fetched_once(repository: Repository, settings: Settings) -> None:
    jars = [publish(repository, "neo4j", b"first"), publish(repository, "other", b"second" * 1000)]
    folder = fetch_jars(settings, jars)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "neo4j-1.0.jar": b"first",
        "other-1.0.jar": b"second" * 1000,
    }
    asked = len(repository.asked)
    assert fetch_jars(settings, jars) == folder
    assert len(repository.asked) == asked == 2


def test_a_wrong_file_is_refused_and_not_kept(repository: Repository, settings: Settings) -> None:
    jar = publish(repository, "neo4j", b"right")
    repository.files[f"/maven2/{jar.path}"] = b"wrong"
    got = hashlib.sha256(b"wrong").hexdigest()
    with pytest.raises(EmbeddedError, match=rf"neo4j-1\.0\.jar .* expected SHA-256 {jar.sha256}, got {got}"):
        fetch_jars(settings, [jar])
    assert list(jar_folder(settings, [jar]).iterdir()) == []


@pytest.mark.parametrize("ranges", [True, False])
def test_an_interrupted_file_goes_on(repository: Repository, settings: Settings, ranges: bool) -> None:
    jar = publish(repository, "neo4j", b"0123456789")
    repository.ranges = ranges
    folder = jar_folder(settings, [jar])
    folder.mkdir(parents=True)
    (folder / f"{jar.name}.{jar.sha256[:8]}.part").write_bytes(b"0123")
    fetch_jars(settings, [jar])
    assert repository.asked == [(f"/maven2/{jar.path}", 4)]
    assert [path.read_bytes() for path in folder.iterdir()] == [b"0123456789"]


def test_two_at_once_fetch_each_file_once(repository: Repository, settings: Settings) -> None:
    jars = [publish(repository, "neo4j", b"first"), publish(repository, "other", b"second" * 1000)]
    with ThreadPoolExecutor(2) as pool:
        assert len({str(folder) for folder in pool.map(lambda _: fetch_jars(settings, jars), range(2))}) == 1
    assert len(repository.asked) == 2


def test_a_cache_that_cannot_be_written(settings: Settings, repository: Repository) -> None:
    settings.cache.write_text("")
    with pytest.raises(EmbeddedError, match="cannot store the jars of Neo4j in"):
        fetch_jars(settings, [publish(repository, "neo4j", b"x")])


def test_a_missing_file_names_itself(repository: Repository, settings: Settings) -> None:
    jar = publish(repository, "neo4j", b"x")
    repository.files.clear()
    with pytest.raises(EmbeddedError, match=r"cannot download neo4j-1\.0\.jar of Neo4j: 404"):
        fetch_jars(settings, [jar])


def test_the_lock_is_whole() -> None:
    jars = read_lock()
    assert server_version(jars) == "2026.08.1"
    assert len({jar.name for jar in jars}) == len(jars)
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in jars)
    assert {("org.neo4j.app", "neo4j-server"), ("org.neo4j.client", "neo4j-browser")} <= {
        (jar.group, jar.artifact) for jar in jars
    }
    assert "://" not in LOCK_FILE.read_text(encoding="utf-8")
