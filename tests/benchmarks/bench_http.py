"""Lists over HTTP from 1, 8 and 32 connections beside ``/livez``: kept ones, and such as are made anew.

And how late they are where no more are asked for than 80 % of what 32 connections got: each waits for a while
before it asks again, a time at random, so that now several ask at once and now nobody.

python -m tests.benchmarks.bench_http --home STORE --output docs/benchmarks/http.csv

wrk sends the requests; without it there is nothing to measure with. It runs on the same cores as the service
and Neo4j, so that shares of what ``/livez`` gives travel between machines, and requests a second do not.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

import pytest

from muse_graph.graph.connection import Graph
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.benchmarks.bench_recommend import served
from tests.benchmarks.measuring import facts, parser, show, some_users, world

CONNECTIONS = (1, 8, 32)
WORKERS = 2
#: Listeners whose lists are asked for in turns.
_USERS = 500
_ROUNDS = 3
_WARM_UP_S = 8
COLUMNS = [
    "date",
    "machine",
    "neo4j",
    "users",
    "measure",
    "connections",
    "requests_s",
    "p50_ms",
    "p99_ms",
    "share_of_livez",
]
#: Each connection asks for all listeners in turns, beginning at another one.
_SCRIPT = """
local users = {}
for line in io.lines("%s") do users[#users + 1] = line end
local at = 0
function init()
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%%x+)"), 16) %% 100000)
  at = math.random(#users)
end
function request()
  at = at %% #users + 1
  return wrk.format("GET", "/api/v1/users/" .. users[at] .. "/recommendations%s, {%s})
end
"""
#: For a script that waits for so many ms on average before each request.
_WAIT = """
function delay()
  return -%f * math.log(1 - math.random())
end
"""
#: Part of its capacity that a service is asked for in the end, and how long.
_PART, _PART_S = 0.8, 15


#: What follows in the address, and headers. With another focus a list is made anew, of what is kept.
_LISTS = {
    "made anew": ('"', '["Cache-Control"] = "no-cache"'),
    "neighbourhood kept": ('?focus=0.9" .. math.random(100000, 999999)', ""),
    "kept": ('"', ""),
}


class Load(NamedTuple):
    """What a load gave: requests a second, p50 and p99 in ms."""

    rate: float
    p50: float
    p99: float


def main(args: Sequence[str] | None = None) -> None:
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed")
    options = parser(__doc__, n=5).parse_args(args)
    with (
        world(options.home, options.users) as settings,
        Graph.connect(settings) as graph,
        served(settings, workers=WORKERS) as wire,
        TemporaryDirectory() as folder,
    ):
        host, port = wire.address
        address, scripts = f"http://{host}:{port}", scripts_of(graph, Path(folder))
        ways = {"/livez": partial(wrk, f"{address}/livez")}
        ways |= {way: partial(wrk, address, script=script) for way, script in scripts.items()}
        # The service reads its tracks and Neo4j makes its plans before anything counts.
        begin = time.monotonic()
        TrackCache().refresh(graph)
        time.sleep(2 * WORKERS * (time.monotonic() - begin))
        for way in scripts:
            ways[way](8, _WARM_UP_S)
        rows = []
        for connections in CONNECTIONS:
            found: dict[str, list[Load]] = {way: [] for way in ways}
            for _ in range(_ROUNDS):
                for way, load in ways.items():
                    found[way].append(load(connections, options.n))
            rows += table(graph, connections, found)
        for way, script in scripts.items():
            load = at_part(address, script, median(load.rate for load in found[way]))
            figures = [f"{figure:.2f}" for figure in load]
            rows.append([*facts(graph), f"{way}, at 80 %", CONNECTIONS[-1], *figures, ""])
        show(rows, options.output, COLUMNS)


def at_part(address: str, script: Path, capacity: float) -> Load:
    """What comes of asking for a part of what there could be. capacity : lists a second"""
    connections, late_ms = CONNECTIONS[-1], 0.0
    waiting = script.with_stem(f"{script.stem}_waiting")
    for _ in range(2):
        # What an answer takes counts, too: it is known after the first time.
        wait_ms = max(1e3 * connections / (_PART * capacity) - late_ms, 0.0)
        waiting.write_text(script.read_text() + _WAIT % wait_ms)
        found = wrk(address, connections, _PART_S, waiting)
        late_ms = 1e3 * connections / found.rate - wait_ms
    return found


def table(graph: Graph, connections: int, found: dict[str, list[Load]]) -> list[list[object]]:
    """A row for each way, medians over the rounds; shares are of what ``/livez`` gave in the same round."""
    rows: list[list[object]] = []
    for way, loads in found.items():
        share = median(one.rate / live.rate for one, live in zip(loads, found["/livez"], strict=True))
        figures = [f"{median(column):.2f}" for column in zip(*loads, strict=True)]
        rows.append([*facts(graph), way, connections, *figures, f"{share:.3f}"])
    return rows


def scripts_of(graph: Graph, folder: Path) -> dict[str, Path]:
    """What is asked for, each way as a script of wrk."""
    users = folder / "users"
    users.write_text("\n".join(quote(one) for one in sorted(set(some_users(graph, _USERS)))))
    scripts = {}
    for way, (query, headers) in _LISTS.items():
        scripts[way] = folder / f"{way.replace(' ', '_')}.lua"
        scripts[way].write_text(_SCRIPT % (users, query, headers))
    return scripts


def wrk(url: str, connections: int, seconds: int, script: Path | None = None) -> Load:
    """Load an address; raises RuntimeError where an answer is not 200, or does not come."""
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    command += [] if script is None else ["-s", str(script)]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if wrong := re.search(r"(Non-2xx|Socket errors).*", done):
        raise RuntimeError(f"{url}: {wrong[0]}")
    time.sleep(0.2)
    return Load(float(_found(r"Requests/sec:\s+([\d.]+)", done)), _ms("50%", done), _ms("99%", done))


def _ms(percentile: str, text: str) -> float:
    value, unit = re.fullmatch(
        r"([\d.]+)(us|ms|s|m)", _found(rf"(?m)^\s+{percentile}\s+(\S+)", text)
    ).groups()  # type: ignore[union-attr]
    return float(value) * {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}[unit]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"wrk printed no {pattern}: {text}")
    return match[1]


def test_http() -> None:
    main([])


if __name__ == "__main__":
    sys.exit(main())
