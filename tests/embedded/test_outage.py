"""A service whose database is paused, then killed: all are answered, in time, and all is well afterwards.

Nothing depends on how fast the machine is: each step lasts until every client has seen what it waits for.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest
import requests

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them"),
]

#: What a request may take, and how much later its answer may come on a busy machine.
TIMEOUT_S, SLACK_S = 2.0, 20.0
#: No step takes so long unless the test fails.
PATIENCE_S = 120.0
PAUSE_S = 3.0
_GRAPH = """CREATE (:User {user_id: 'u1', key: 1}), (:User {user_id: 'u2', key: 2}),
(:Track {track_id: 't1', key: 3, title: 'Saudade', plays: 0, listeners: 0})
    -[:BY]->(:Artist {artist_id: 'a1', name: 'Amália Reis', plays: 0})"""


class Client:
    """Asks the same again and again; what it was answered, and whether a 503 said when to come back."""

    def __init__(self, ask: Callable[[int], requests.Response]) -> None:
        self.statuses: list[int] = []
        self.slowest_s = 0.0
        self.without_retry_after = 0
        self.error: Exception | None = None
        self._ask = ask
        self._ended = Event()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._ended.wait(0.05):
                begun = time.monotonic()
                answer = self._ask(len(self.statuses))
                self.slowest_s = max(self.slowest_s, time.monotonic() - begun)
                if answer.status_code == 503 and int(answer.headers.get("Retry-After", 0)) < 1:
                    self.without_retry_after += 1
                self.statuses.append(answer.status_code)
        except Exception as error:  # noqa: BLE001 - the test says what it was
            self.error = error

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()


@pytest.fixture(scope="module")
def home(own_home: Path) -> Iterator[Settings]:
    """An embedded Neo4j of its own, with two listeners and a track in it."""
    settings = Settings(home=own_home, neo4j_heap_mb=512, neo4j_pagecache_mb=64)
    status = embedded.start(settings)
    try:
        with Graph.connect(settings.at(status.uri, status.username, status.password)) as graph:
            schema.migrate(graph)
            graph.run(_GRAPH, writes=True)
        yield settings
    finally:
        embedded.stop(settings)


@pytest.fixture
def base(home: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of a service over that database, with little time for each request."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    status = embedded.status(home)
    environment = os.environ | {
        "NEO4J_URI": status.uri,
        "NEO4J_PASSWORD": status.password,
        "MUSE_HOME": str(home.home),
        "MUSE_REQUEST_TIMEOUT_S": str(TIMEOUT_S),
    }
    command = [sys.executable, "-m", "muse_graph", "serve", "--open", "--port", str(port)]
    with (
        (tmp_path / "serve.log").open("wb") as log,
        subprocess.Popen(command, env=environment, stderr=log) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def asking(base: str) -> Iterator[dict[str, Client]]:
    """Clients of each kind, until the end."""

    def get(path: str) -> Callable[[int], requests.Response]:
        return lambda _: requests.get(f"{base}{path}", timeout=PATIENCE_S)

    def listen(number: int) -> requests.Response:
        sent = {"listen_id": f"outage{number}", "user_id": "u1", "track_id": "t1", "heard": 0.5}
        return requests.post(f"{base}/api/v1/listens", json=sent, timeout=PATIENCE_S)

    clients = {
        "alive": Client(get("/livez")),
        "ready": Client(get("/readyz")),
        "list": Client(get("/api/v1/users/u1/recommendations?mode=for-you")),
        "user": Client(get("/api/v1/users/u2")),
        "listen": Client(listen),
    }
    try:
        yield clients
    finally:
        for client in clients.values():
            client.stop()


def until(clients: dict[str, Client], wanted: Callable[[int], bool]) -> None:
    """Wait until each client but that of /livez has had such an answer to a request from now on."""
    seen = {name: len(client.statuses) + 1 for name, client in clients.items() if name != "alive"}
    end = time.monotonic() + PATIENCE_S
    while seen:
        assert time.monotonic() < end, {name: clients[name].statuses[-5:] for name in seen}
        seen = {
            name: first
            for name, first in seen.items()
            if not any(map(wanted, clients[name].statuses[first:]))
        }
        for client in clients.values():
            assert client.error is None, client.error
        time.sleep(0.05)


def is_well(status: int) -> bool:
    return status < 300


def is_away(status: int) -> bool:
    return status == 503


def test_a_database_that_is_paused_and_one_that_is_killed(home: Settings, base: str) -> None:
    _wait_until_up(base)
    database = embedded.status(home)
    assert database.pid is not None
    server = psutil.Process(database.pid)
    with asking(base) as clients:
        until(clients, is_well)
        server.suspend()
        try:
            time.sleep(PAUSE_S)
            until(clients, is_away)
        finally:
            server.resume()
        until(clients, is_well)
        os.kill(server.pid, signal.SIGKILL)
        with suppress(psutil.NoSuchProcess):
            server.wait(PATIENCE_S)
        until(clients, is_away)
        assert embedded.start(home).uri == database.uri
        until(clients, is_well)
    assert set(clients["alive"].statuses) == {200}
    for name, client in clients.items():
        assert set(client.statuses) <= {200, 201, 503}, name
        assert client.without_retry_after == 0, name
        assert client.slowest_s <= TIMEOUT_S + SLACK_S, name
    acknowledged = {f"outage{n}" for n, status in enumerate(clients["listen"].statuses) if is_well(status)}
    with Graph.connect(home.at(database.uri, database.username, database.password)) as graph:
        rows = graph.run(
            "MATCH ()-[p:PLAYED]->() WHERE p.listen_id STARTS WITH 'outage' RETURN p.listen_id AS id",
            writes=False,
        )
    assert acknowledged <= {row["id"] for row in rows}


def _wait_until_up(base: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(requests.ConnectionError):
            if requests.get(f"{base}/readyz", timeout=PATIENCE_S).status_code == 200:
                return
        time.sleep(0.1)
    pytest.fail("the service is not ready")
