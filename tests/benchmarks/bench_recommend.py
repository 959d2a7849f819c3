"""A recommendation beside ``RETURN 1``: the service in this process, and over HTTP.

First user by user in turns: each is late by what the one before it left in the caches. Then in blocks.
Over HTTP means a bare socket that is kept open: what the service takes, without what a client makes of it.
"""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from typing import Self
from urllib.parse import quote
from urllib.request import urlopen

from muse_graph.api.http.sign_in import SignIn
from muse_graph.config import Settings
from muse_graph.graph.change_log import ChangeLog
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ModelSlot, ServedModel
from muse_graph.service.recommendations.context import (
    RecommendationContext,
    read_context,
    read_neighbourhood,
)
from muse_graph.service.recommendations.kept_lists import KeptLists
from muse_graph.service.recommendations.kept_neighbourhoods import KeptNeighbourhoods
from muse_graph.service.recommendations.lists import rank, recommend
from muse_graph.service.recommendations.model_ranking import rank_neighbourhood
from muse_graph.service.recommendations.model_scores import ModelScores
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.benchmarks.measuring import FLOOR, Clock, floor, parser, report, some_users, worker_world

#: The benchmark ends after this time, whatever is left to do.
MOST_S = 300
WARM_UP = 200
#: Listeners whose lists are asked for again and again.
_FEW = 20
#: Bytes for the neighbourhoods of all listeners asked about.
_ROOM_FOR_ALL = 1_000_000_000
#: A connection that was not used for so long is opened again: the service soon closes it.
_IDLE_S = 5.0
SERVE = """
import sys
from muse_graph.api import server
from muse_graph.config import Settings
if __name__ == "__main__":
    port, sign_in, workers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    server.serve(Settings.from_environment(), port=port, sign_in=sign_in, workers=workers)
"""


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=1_000).parse_args(args)
    with (
        worker_world(options.home, options.users) as settings,
        Graph.connect(settings) as graph,
        served(settings) as wire,
    ):
        model, _ = ModelSlot(settings.models_folder).get()
        track_cache = TrackCache()
        clock, users = run(graph, wire, options.n, model, track_cache)
        report(graph, clock, options.output)
        sys.stdout.write(f"lists by mode: { {mode: len(some) for mode, some in users.items()} }\n")
        blocks = Clock()
        blocks.in_blocks(of_users(graph, wire, users, model, track_cache), n=options.n // 5)
        report(graph, blocks, options.output, ", in blocks")


def of_users(
    graph: Graph, wire: Wire, users: dict[str, list[str]], model: ServedModel | None, track_cache: TrackCache
) -> dict[str, Callable[[], object]]:
    """What is measured in blocks; each is for the next user."""
    everybody = cycle(sorted(user for some in users.values() for user in some))
    few = cycle(sorted(users["discovery"])[:_FEW])
    works: dict[str, Callable[[], object]] = {
        FLOOR: partial(floor, graph),
        "the query of a list": lambda: read_neighbourhood(
            graph, next(everybody), RecommendationOptions().max_friends, trained=model is not None
        ),
        "recommend": lambda: recommend(graph, next(everybody), track_cache=track_cache),
        "recommend, kept": from_kept(graph, track_cache, model, few),
        "recommend over HTTP": lambda: wire.fetch(next(everybody)),
        "recommend over HTTP, kept": lambda: wire.fetch(next(few), anew=False),
    }
    if model is not None:
        works["recommend, trained"] = lambda: recommend(
            graph, next(everybody), track_cache=track_cache, model=model
        )
        changes, kept = ChangeLog(graph), KeptNeighbourhoods(_ROOM_FOR_ALL)
        read = kept.reader(changes, changes.moment())
        for user in sorted(user for some in users.values() for user in some):
            read_context(graph, user, RecommendationOptions(), trained=True, read=read)
        works["recommend, trained, neighbourhood kept"] = lambda: rank(
            graph, next(everybody), RecommendationOptions(), track_cache=track_cache, model=model, read=read
        )
    lonely = cycle([user for mode, some in users.items() if mode != "discovery" for user in some] or [""])
    if any(mode != "discovery" for mode in users):
        works["recommend, fallback"] = lambda: recommend(graph, next(lonely), track_cache=track_cache)
        if model is not None:
            works["recommend, fallback, trained"] = lambda: recommend(
                graph, next(lonely), track_cache=track_cache, model=model
            )
    return works


def from_kept(
    graph: Graph, track_cache: TrackCache, model: ServedModel | None, users: Iterator[str]
) -> Callable[[], bytes]:
    """The list of the next user as JSON, kept as the service keeps it."""
    options, changes, lists = RecommendationOptions(), ChangeLog(graph), KeptLists()

    def fetch() -> bytes:
        user_id, moment = next(users), changes.moment()
        key = lists.basis(model, track_cache.refreshes), user_id, options
        if (kept := lists.get(key, changes, moment)) is not None:
            return kept.value.body
        ranked = rank(graph, user_id, options, track_cache=track_cache, model=model)
        return lists.keep(key, ranked, moment)

    return fetch


def run(
    graph: Graph, wire: Wire, n: int, model: ServedModel | None, track_cache: TrackCache
) -> tuple[Clock, dict[str, list[str]]]:
    """Warm up, then measure n users; with a model also what it takes to score, and its lists.

    Returns:
        the times, and the users by the mode of their lists
    """
    users = some_users(graph, n + WARM_UP)
    begin = time.monotonic()
    track_cache.refresh(graph)
    # As the service does: what stays is not looked through again and again.
    gc.freeze()
    # The service reads its cards at the same time, so each of the two is late by the other.
    time.sleep(time.monotonic() - begin)
    for user_id in users[:WARM_UP]:
        floor(graph)
        recommend(graph, user_id, track_cache=track_cache)
        recommend(graph, user_id, track_cache=track_cache, model=model)
        wire.fetch(user_id)
    clock, modes, begin = Clock(), defaultdict[str, list[str]](list), time.monotonic()
    for user_id in users[WARM_UP:]:
        clock.measure(FLOOR, partial(floor, graph))
        answer = clock.measure("recommend", partial(recommend, graph, user_id, track_cache=track_cache))
        clock.measure("recommend over HTTP", partial(wire.fetch, user_id))
        if model is not None:
            context = read_context(graph, user_id, RecommendationOptions(), trained=True)
            clock.measure("scored by the model", partial(score, context, model))
            clock.measure(
                "recommend, trained", partial(recommend, graph, user_id, track_cache=track_cache, model=model)
            )
        kind = "recommend, by friends" if answer.mode == "discovery" else "recommend, fallback"
        clock.times.setdefault(kind, []).append(clock.times["recommend"][-1])
        modes[answer.mode].append(user_id)
        if time.monotonic() - begin > MOST_S:
            break
    return clock, modes


def score(context: RecommendationContext, model: ServedModel) -> None:
    """Score a listener's candidates, once their surroundings are read."""
    options = RecommendationOptions()
    rank_neighbourhood(ModelScores(context, context.ledger(options), options, model))


@contextmanager
def served(
    settings: Settings, sign_in: SignIn = "off", token: str | None = None, *, workers: int = 1
) -> Iterator[Wire]:
    """The service in a process of its own, and a connection to it that sends a token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {
        "NEO4J_URI": str(settings.neo4j_uri),
        "NEO4J_USERNAME": settings.neo4j_username,
        "NEO4J_PASSWORD": settings.neo4j_password,
        "MUSE_MODELS": str(settings.models_folder),
        "MUSE_ACCOUNTS": str(settings.accounts_file),
        "MUSE_RATE_LIMIT": "100000000/minute",
    }
    command = [sys.executable, "-c", SERVE, str(port), sign_in, str(workers)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        with Wire("127.0.0.1", port, token) as wire:
            yield wire
    finally:
        process.terminate()
        process.wait(timeout=60)


class Wire:
    """A connection that is kept alive, with as little around it as HTTP allows."""

    def __init__(self, host: str, port: int, token: str | None = None) -> None:
        self._headers = f"Host: {host}:{port}\r\n"
        if token is not None:
            self._headers += f"Authorization: Bearer {token}\r\n"
        self.address = (host, port)
        self._socket = self._connected()
        self._used_at = time.monotonic()

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def fetch(self, user_id: str, *, anew: bool = True) -> bytes:
        """One list, made anew or one that may have been kept; raises RuntimeError unless status is 200."""
        more = "Cache-Control: no-cache\r\n" if anew else ""
        return self.get(f"/api/v1/users/{quote(user_id)}/recommendations", more=more)

    def get(self, path: str, cookie: str | None = None, *, more: str = "") -> bytes:
        """One answer; raises RuntimeError unless it comes with status 200.

        Args:
            more: header lines
        """
        if time.monotonic() - self._used_at > _IDLE_S:
            self._socket.close()
            self._socket = self._connected()
        headers = self._headers + more + (f"Cookie: {cookie}\r\n" if cookie else "")
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{head[:20]!r} for {path!r}")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._receive()
        self._used_at = time.monotonic()
        return body

    def _receive(self) -> bytes:
        if not (part := self._socket.recv(1 << 20)):
            raise RuntimeError("the service closed the connection")
        return part


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service answers; raises RuntimeError if it does not."""
    for _ in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/livez", timeout=30):
                return
        except OSError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    raise RuntimeError("the service did not come up")


def test_recommend() -> None:
    main([])


if __name__ == "__main__":
    main()
