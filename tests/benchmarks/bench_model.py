"""Three models of what friends play, beside ``RETURN 1``: each gives the same tracks, genres and weights.

The times run from the question to arrays that the scorer can take; reads only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from muse_graph.core.listening.profiles import MAX_TRACKS, unpack
from muse_graph.graph.connection import Graph, Row
from tests.benchmarks.measuring import FLOOR, Clock, floor, parser, report, some_users, worker_world

MOST_S = 300
WARM_UP = 50
MAX_FRIENDS = 200
VARIANTS = Path(__file__).parent / "variants"

#: What a friend plays: columns (user_id, track, genre, plays, heard).
Table = tuple[Any, ...]


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=300).parse_args(args)
    with worker_world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        clock = run(graph, options.n)
        report(graph, clock, options.output)


def run(graph: Graph, n: int) -> Clock:
    """Measure n users, each by each variant, and compare what comes of it."""
    users, clock, begin = some_users(graph, n + WARM_UP), Clock(), time.monotonic()
    for place, user_id in enumerate(users):
        if place == WARM_UP:
            clock = Clock()
        clock.measure(FLOOR, partial(floor, graph))
        tables = {name: clock.measure(name, partial(read, graph, name, user_id)) for name in READERS}
        compare({name: entries(table) for name, table in tables.items()}, user_id)
        if time.monotonic() - begin > MOST_S:
            break
    return clock


def read(graph: Graph, name: str, user_id: str) -> Table:
    """Ask one variant and bring its answer into columns."""
    params: dict[str, object] = {"user_id": user_id, "max_friends": MAX_FRIENDS}
    return READERS[name](graph.run(TEXTS[name], params, writes=False))


def from_rows(rows: list[Row]) -> Table:
    friends = [row["user_id"] for row in rows]
    numbers = [[row["track"], row["genre"], row["plays"]] for row in rows]
    return (friends, *np.array(numbers, np.int64).reshape(-1, 3).T, shares(row["heard"] for row in rows))


def from_lists(rows: list[Row]) -> Table:
    listed = [(row["user_id"], *entry) for row in rows for entry in row["entries"]]
    numbers = np.array([entry[1:4] for entry in listed], np.int64).reshape(-1, 3)
    return ([entry[0] for entry in listed], *numbers.T, shares(entry[4] for entry in listed))


def from_bytes(rows: list[Row]) -> Table:
    friends = rows[0]["friends"]
    found = unpack([profile for _, profile in friends])
    names = [friends[place][0] for place in found.user_index.tolist()]
    return names, found.track, found.genre, found.plays, found.heard


def shares(heard: Any) -> np.ndarray:
    return np.array([np.nan if share is None else share for share in heard], np.float64)


READERS: dict[str, Callable[[list[Row]], Table]] = {
    "edges_rows": from_rows,
    "edges_lists": from_lists,
    "profile_bytes": from_bytes,
}
TEXTS = {name: (VARIANTS / f"{name}.cypher").read_text("utf-8") for name in READERS}


def entries(table: Table) -> dict[str, set[tuple[Any, ...]]]:
    """By friend what is played; shares as the packed profile rounds them."""
    found: dict[str, set[tuple[Any, ...]]] = {}
    for friend, track, genre, plays, heard in zip(*table, strict=True):
        share = None if np.isnan(heard) else float(np.float32(heard))
        found.setdefault(friend, set()).add((int(track), int(genre), int(plays), share))
    return found


def compare(found: dict[str, dict[str, set[tuple[Any, ...]]]], user_id: str) -> None:
    """Refuse variants that differ; a profile that is cut off holds part of what the edges hold."""
    rows, lists, packed = (found[name] for name in ("edges_rows", "edges_lists", "profile_bytes"))
    assert rows == lists, f"edges differ for the friends of {user_id}"
    assert rows.keys() == packed.keys(), f"friends of {user_id} differ"
    for friend, entry in packed.items():
        cut_off = len({track for track, *_ in entry}) >= MAX_TRACKS
        assert entry <= rows[friend] if cut_off else entry == rows[friend], f"profile of {friend}"


def test_model() -> None:
    main([])


if __name__ == "__main__":
    main()
