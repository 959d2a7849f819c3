"""Attack a service of its own: slow bodies and headers, a database that is killed, and one that is paused.

python -m tests.benchmarks.attack --home STORE --pause 20 --listens 10000 --saves 1000

Starts Neo4j and `muse-graph serve`, says what was seen, and exits with 1 if a promise of docs/testing.md was
broken. It writes, so it wants a scratch world. Linux and macOS only: it stops processes by signals.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable
from muse_graph.graph.connection import Graph
from tests.benchmarks.attackers import Crowd, Ledger, Prober, Times, slow_bodies, slow_headers
from tests.benchmarks.measuring import some_users, world

CLIENTS = 8
MANY_CLIENTS = 32
#: What is promised: seconds for /livez, for any answer, and until all is well once Bolt answers again.
LIVEZ_S, ANSWER_S, BACK_S = 0.2, 10.0, 5.0
TIMES_QUIET = 2.0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Service:
    """The server under attack, and what was found broken."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.settings, self.port = settings, port
        with Graph.connect(settings) as graph:
            self.users = some_users(graph, 500)
            (row,) = graph.run("MATCH (t:Track) RETURN collect(t.track_id) AS ids", writes=False)
        self.tracks = sorted(row["ids"])
        self.broken: list[str] = []

    def promise(self, kept: bool, text: str) -> None:
        say(("  kept    " if kept else "  BROKEN  ") + text)
        if not kept:
            self.broken.append(text)

    @contextmanager
    def crowd(self, clients: int, ledger: Ledger | None = None) -> Iterator[Crowd]:
        crowd = Crowd(self.port, clients, self.users, ledger)
        try:
            yield crowd
        finally:
            crowd.stop()

    @contextmanager
    def probed(self) -> Iterator[Prober]:
        prober = Prober(self.port)
        try:
            yield prober
        finally:
            prober.stop()
        self.promise(prober.slowest_s <= LIVEZ_S, f"/livez: {prober}")


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, help="store to write to; else a new world")
    options.add_argument("--users", type=int, default=2_000)
    options.add_argument("--pause", type=float, default=20, help="seconds for which the database is paused")
    options.add_argument("--listens", type=int, default=10_000, help="listens of the ledger, at least")
    options.add_argument("--saves", type=int, default=1_000, help="saves of the ledger, at least")
    options.add_argument("--only", help="kind of attack: slow, killed or paused; else all")
    options.add_argument("--seconds", type=float, default=10, help="of each attack with slow clients")
    given = options.parse_args(arguments)
    with world(given.home, given.users) as settings, serving(settings) as port:
        service = Service(settings, port)
        ledger = Ledger(service.users, service.tracks)
        if given.only in {None, "slow"}:
            slow_clients(service, given.seconds)
        if given.only in {None, "killed"}:
            killed = database_process(settings)
            outage(service, ledger, "killed", lambda: kill_and_restart(settings, killed))
        if given.only in {None, "paused"}:
            paused = database_process(settings)
            outage(service, ledger, f"paused {given.pause:g} s", lambda: pause(paused, given.pause))
        settle(service, ledger, given.listens, given.saves)
        say(f"{len(service.broken)} promises broken")
        if service.broken:
            sys.exit(1)


@contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """`muse-graph serve` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {
        "NEO4J_URI": settings.neo4j_uri or "",
        "NEO4J_PASSWORD": settings.neo4j_password,
        "MUSE_HOME": str(settings.home),
    }
    command = [sys.executable, "-m", "muse_graph", "serve", "--open", "--port", str(port)]
    with (
        (settings.home / "serve.log").open("wb") as log,
        subprocess.Popen(command, env=environment, stderr=log) as process,
    ):
        try:
            prober = Prober(port)
            prober.wait_until_ready()
            prober.stop()
            yield port
        finally:
            process.terminate()
            process.wait(60)


def slow_clients(service: Service, seconds: float) -> None:
    """Other clients are as fast beside slow bodies and headers as in quiet."""
    with service.crowd(CLIENTS) as crowd:
        time.sleep(seconds / 2)  # plans and caches
        crowd.times.clear()
        time.sleep(seconds)
    quiet = Times(crowd.times)
    say(f"quiet: {quiet}")
    attacks: list[tuple[str, Callable[[int], ExitStack]]] = [
        *((f"{n} slow bodies", lambda port, n=n: slow_bodies(port, n)) for n in (8, 40, 200)),  # type: ignore[misc]
        ("200 slow headers", lambda port: slow_headers(port, 200)),
    ]
    for name, attack in attacks:
        say(name)
        with service.probed(), attack(service.port), service.crowd(CLIENTS) as crowd:
            time.sleep(seconds)
        found = Times(crowd.times)
        service.promise(found.p99 <= TIMES_QUIET * quiet.p99, f"other clients: {found}")


def outage(service: Service, ledger: Ledger, name: str, strike: Callable[[], float]) -> None:
    """Every request is answered in time while the database is away, and all is well soon after."""
    say(f"database {name}, {MANY_CLIENTS} clients")
    with service.probed(), service.crowd(MANY_CLIENTS, ledger) as crowd:
        time.sleep(5)
        crowd.times.clear()
        back = strike()
        while crowd.n_good_since(back) < MANY_CLIENTS and time.monotonic() < back + 30:
            time.sleep(0.02)
        time.sleep(2)
    found = Times(crowd.times)
    service.promise(found.slowest <= ANSWER_S, f"answers: {found}, statuses {crowd.statuses()}")
    service.promise(crowd.unanswered == 0, f"requests without an answer: {crowd.unanswered}")
    first_s, half_s, last_s = crowd.good_after(back)
    service.promise(
        first_s <= BACK_S,
        f"the first client is well {first_s:.2f} s after Bolt answered, half of them {half_s:.2f} s, "
        f"the last {last_s:.2f} s",
    )


def database_process(settings: Settings) -> psutil.Process:
    """The server's process."""
    pid = embedded.status(settings).pid
    assert pid is not None
    return psutil.Process(pid)


def kill_and_restart(settings: Settings, server: psutil.Process) -> float:
    """Kill Neo4j, start it again as it was after 10 s; the moment at which Bolt answers again."""
    command, folder, environment = server.cmdline(), server.cwd(), server.environ()
    os.kill(server.pid, signal.SIGKILL)
    with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
        server.wait(10)
    time.sleep(10)
    with (settings.home / "restarted.log").open("wb") as log:
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
    while True:
        with suppress(GraphUnavailable), Graph.connect(settings) as graph:
            graph.run("RETURN 1", writes=False)
            return time.monotonic()
        time.sleep(0.05)


def pause(server: psutil.Process, seconds: float) -> float:
    """Pause Neo4j; the moment at which it goes on."""
    os.kill(server.pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    return time.monotonic()


def settle(service: Service, ledger: Ledger, listens: int, saves: int) -> None:
    """Nothing that was acknowledged is lost, and nothing is counted twice, however often it is sent."""
    say("ledger, all of it sent again")
    ledger.fill(service.port, listens, saves)
    acknowledged = len(ledger.acknowledged)
    with Graph.connect(service.settings) as graph:
        lost = ledger.lost(graph)
        service.promise(not lost, f"acknowledged: {acknowledged}; lost: {len(lost)}")
        ledger.send_everything_again(service.port)
        stored = ledger.stored(graph)
    sent = (ledger.n_listens, ledger.n_saves)
    service.promise(stored == sent, f"(listens, saves) sent {sent}, stored {stored}")


if __name__ == "__main__":
    main()
