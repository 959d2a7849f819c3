"""Clients for `attack.py`: those that measure, those that attack, and the ledger of what was acknowledged."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, TypeVar

import numpy as np

from muse_graph.graph.connection import Graph

T = TypeVar("T")

HOST = "127.0.0.1"
#: Nobody waits longer for an answer.
PATIENCE_S = 60
BATCH = 20


class Client:
    """One connection that is opened again whenever it was closed."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)

    def __call__(self, method: str, path: str, body: Any = None) -> int:
        """The status of an answer; OSError or HTTPException if there is none."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        return answer.status


class Times:
    """Seconds that requests took."""

    def __init__(self, seconds: Sequence[float]) -> None:
        self.n = len(seconds)
        taken = np.array(seconds or [0.0])
        self.p50, self.p99 = (float(np.quantile(taken, q)) for q in (0.5, 0.99))
        self.slowest = float(taken.max())

    def __str__(self) -> str:
        return (
            f"{self.n} requests, p50 {1000 * self.p50:.1f} ms, p99 {1000 * self.p99:.1f} ms, "
            f"slowest {1000 * self.slowest:.0f} ms"
        )


class Prober:
    """Asks for /livez ten times a second, in a process of its own, each time over a new connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        context = multiprocessing.get_context("spawn")
        self._ended = context.Event()
        self._found: Any = context.Queue()
        self._process = context.Process(target=_probe, args=(port, self._ended, self._found), daemon=True)
        self._process.start()
        self._begun = self._found.get(timeout=60)
        self._times = Times([])

    def wait_until_ready(self) -> None:
        client = Client(self._port)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                if client("GET", "/readyz") == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        raise TimeoutError("the service is not ready")

    def stop(self) -> None:
        self._ended.set()
        self._times = Times(self._found.get(timeout=120))
        self._process.join()

    @property
    def slowest_s(self) -> float:
        return self._times.slowest

    def __str__(self) -> str:
        return str(self._times)


def _probe(port: int, ended: Any, found: Any) -> None:
    found.put("begun")
    seconds = []
    while not ended.wait(0.1):
        begin = time.perf_counter()
        try:
            good = Client(port)("GET", "/livez") == 200
        except (OSError, http.client.HTTPException):
            good = False
        seconds.append(time.perf_counter() - begin if good else float(PATIENCE_S))
    found.put(seconds)


class Ledger:
    """Listens and saves with identities of their own: which were sent, and which acknowledged."""

    def __init__(self, users: Sequence[str], tracks: Sequence[str]) -> None:
        self._users, self._tracks = users, tracks
        self._prefix = f"attack-{time.time_ns()}-"
        self._lock = threading.Lock()
        self.batches: list[list[dict[str, object]]] = []
        self.saves: list[tuple[str, str]] = []
        self.acknowledged: set[object] = set()

    @property
    def n_listens(self) -> int:
        return BATCH * len(self.batches)

    @property
    def n_saves(self) -> int:
        return len(set(self.saves))

    def listens(self, client: Client) -> int:
        """Send a new batch."""
        with self._lock:
            number = len(self.batches)
            choose = random.Random(number)
            batch: list[dict[str, object]] = [
                {
                    "listen_id": f"{self._prefix}{number}-{i}",
                    "user_id": choose.choice(self._users),
                    "track_id": choose.choice(self._tracks),
                    "listened_at": "2026-10-01T12:00:00Z",
                    "heard": 0.5,
                }
                for i in range(BATCH)
            ]
            self.batches.append(batch)
        return self._send_batch(client, batch)

    def save(self, client: Client) -> int:
        """Send a new save."""
        with self._lock:
            number = len(self.saves)
            # A user may be there twice, so may a pair; it then counts once.
            pair = (
                self._users[number % len(self._users)],
                self._tracks[(number // len(self._users)) % len(self._tracks)],
            )
            self.saves.append(pair)
        return self._send_save(client, pair)

    def _send_batch(self, client: Client, batch: list[dict[str, object]]) -> int:
        status = client("POST", "/api/v1/listens", batch)
        if status in {200, 201}:
            self.acknowledged |= {listen["listen_id"] for listen in batch}
        return status

    def _send_save(self, client: Client, pair: tuple[str, str]) -> int:
        status = client("PUT", "/api/v1/users/{}/feedback/{}".format(*pair), {"action": "save"})
        if status == 200:
            self.acknowledged.add(pair)
        return status

    def fill(self, port: int, listens: int, saves: int) -> None:
        """Send new ones until so many were acknowledged."""
        client = Client(port)
        while sum(isinstance(one, str) for one in self.acknowledged) < listens:
            self.listens(client)
        while sum(isinstance(one, tuple) for one in self.acknowledged) < saves:
            self.save(client)

    def send_everything_again(self, port: int) -> None:
        """Send each batch and save until it is acknowledged, whether it was before or not."""
        with ThreadPoolExecutor(4) as pool:
            work = [pool.submit(_insist, self._send_batch, Client(port), batch) for batch in self.batches]
            work += [pool.submit(_insist, self._send_save, Client(port), pair) for pair in self.saves]
            for done in work:
                done.result()

    def lost(self, graph: Graph) -> set[object]:
        """What was acknowledged and is not in the graph."""
        return self.acknowledged - set(self._stored_listens(graph)) - self._stored_saves(graph)

    def stored(self, graph: Graph) -> tuple[int, int]:
        """How many listens and saves of the ledger the graph has, counting what it has twice twice."""
        saves = graph.run(
            "UNWIND $pairs AS p MATCH (:User {user_id: p[0]})-[s:SAVED]->(:Track {track_id: p[1]}) "
            "RETURN count(s) AS n",
            {"pairs": [list(pair) for pair in set(self.saves)]},
            writes=False,
        )
        return len(self._stored_listens(graph)), saves[0]["n"]

    def _stored_listens(self, graph: Graph) -> list[str]:
        rows = graph.run(
            "MATCH ()-[p:PLAYED]->() WHERE p.listen_id STARTS WITH $prefix RETURN p.listen_id AS id",
            {"prefix": self._prefix},
            writes=False,
        )
        return [row["id"] for row in rows]

    def _stored_saves(self, graph: Graph) -> set[object]:
        rows = graph.run(
            "MATCH (u:User)-[:SAVED]->(t:Track) RETURN DISTINCT u.user_id AS user, t.track_id AS track",
            writes=False,
        )
        return {(row["user"], row["track"]) for row in rows}


def _insist(send: Callable[[Client, T], int], client: Client, one: T) -> None:
    for _ in range(60):
        if send(client, one) in {200, 201}:
            return
        time.sleep(1)
    raise TimeoutError("the service does not take what was sent")


class Crowd:
    """Clients that read, and with a ledger write as well, until they are stopped."""

    def __init__(self, port: int, clients: int, users: Sequence[str], ledger: Ledger | None) -> None:
        self._port, self._users, self._ledger = port, users, ledger
        self._ended = threading.Event()
        self._good: list[list[float]] = [[] for _ in range(clients)]
        self._statuses: Counter[int] = Counter()
        self.times: list[float] = []
        self.unanswered = 0
        self._threads = [threading.Thread(target=self._run, args=(i,)) for i in range(clients)]
        for thread in self._threads:
            thread.start()

    def n_good_since(self, moment: float) -> int:
        """How many clients got a good answer after a moment."""
        return sum(bool(times) and times[-1] > moment for times in self._good)

    def good_after(self, moment: float) -> tuple[float, float, float]:
        """Seconds until the first, half of the clients and the last got a good answer after a moment."""
        waits = [next((at - moment for at in times if at > moment), np.inf) for times in self._good]
        return float(min(waits)), float(np.median(waits)), float(max(waits))

    def statuses(self) -> dict[int, int]:
        return dict(self._statuses)

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        client, choose = Client(self._port), random.Random(number)
        while not self._ended.is_set():
            begin = time.monotonic()
            try:
                status = self._ask(client, choose)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
                continue
            self.times.append(time.monotonic() - begin)
            self._statuses[status] += 1
            if status < 400:
                self._good[number].append(time.monotonic())
            else:
                time.sleep(0.2)

    def _ask(self, client: Client, choose: random.Random) -> int:
        lot = choose.random()
        if self._ledger is not None and lot < 0.3:
            return self._ledger.listens(client)
        if self._ledger is not None and lot < 0.5:
            return self._ledger.save(client)
        return client("GET", f"/api/v1/users/{choose.choice(self._users)}/recommendations")


def slow_bodies(port: int, n: int) -> ExitStack:
    """Connections that send headers and one byte of a body, and again once they are closed."""
    head = (
        "POST /api/v1/listens HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        "Content-Length: 100",
    )
    return _slow(port, n, "\r\n".join((*head, "", "[")).encode())


def slow_headers(port: int, n: int) -> ExitStack:
    """Connections that do not end their headers, and again once they are closed."""
    return _slow(port, n, b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ")


def _slow(port: int, n: int, text: bytes) -> ExitStack:
    ended = threading.Event()

    def attack() -> None:
        while not ended.is_set():
            with socket.create_connection((HOST, port), timeout=1) as connection:
                connection.sendall(text)
                while not ended.is_set():
                    try:
                        if not connection.recv(1000):
                            break
                    except TimeoutError:
                        continue
                    except OSError:
                        break

    threads = [threading.Thread(target=attack) for _ in range(n)]
    for thread in threads:
        thread.start()
    stack = ExitStack()
    for thread in threads:
        stack.callback(thread.join)
    stack.callback(ended.set)
    return stack
