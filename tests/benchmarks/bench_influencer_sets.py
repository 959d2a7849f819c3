"""Influencers chosen together against as many with the most likes: new listeners, for 20 artists.

python -m tests.benchmarks.bench_influencer_sets --home STORE --output docs/benchmarks/influencer_sets.csv

The artists are evenly apart in the order of their plays, from the most played to the one of the middle. With
``--follows SEED`` a store of a synthetic world that nobody follows anybody in first gets what its generator
makes for as many users and that seed, which has to be the seed of the world.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from muse_graph.answers import InfluencerSet
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.loaders.synthetic.follows import follow_batches
from muse_graph.loaders.synthetic.influencers import make_influencers
from muse_graph.loaders.synthetic.people import make_people
from muse_graph.loaders.synthetic.world import END
from muse_graph.service.artists.candidates import read_candidates
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.influencer_sets import best_together
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.outcomes import Outcome
from tests.benchmarks.measuring import facts, parser, show, world

_ARTISTS = (
    "MATCH (a:Artist) WHERE a.plays > 0 WITH a ORDER BY a.plays DESC, a.artist_id "
    "WITH collect(a.artist_id) AS ids RETURN [i IN range(0, $n - 1) | ids[i * size(ids) / (2 * $n)]] AS ids"
)
_FOLLOWED = "MATCH ()-[f:FOLLOWS]->() RETURN count(f) AS n"
_FOLLOWERS = (
    "MATCH (i:Influencer) WHERE i.followers IS NOT NULL "
    "RETURN i.influencer_id AS id, i.followers AS followers"
)
_BATCH = 5_000
_SIZES = (3, 5, 10)
_COLUMNS = ["date", "machine", "neo4j", "users", "artist", "listeners", "candidates"]
_COLUMNS += ["k", "together", "by_likes", "gain_percent"]


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=20)
    options.add_argument("--follows", type=int, metavar="SEED", help="add follows of the world of this seed")
    given = options.parse_args(args)
    with world(given.home, given.users) as settings, Graph.connect(settings) as graph:
        about = facts(graph)
        if given.follows is not None:
            sys.stdout.write(f"{add_follows(graph, about[3], given.follows):,} follows added\n")
        (row,) = graph.run(_ARTISTS, {"n": given.n}, writes=False)
        found = [(artist_id, *of_artist(graph, artist_id)) for artist_id in row["ids"]]
        rows = [[*about, *name, *gained(one)] for *name, sets in found for one in sets]
        show([[*map(str, one)] for one in rows], given.output, _COLUMNS)
        summary([sets for *_, sets in found])


def of_artist(graph: Graph, artist_id: str) -> tuple[int, int, list[InfluencerSet]]:
    """Listeners, influencers with known followers, and a set of each size."""
    found = read_candidates(graph, artist_id, Everybody(), None, None, exact=True)
    known = int(np.count_nonzero(found.reach.known))
    return len(found.listeners), known, [best_together(found, k, None) for k in _SIZES]


def gained(found: InfluencerSet) -> list[object]:
    """k, what the set adds, what those with the most likes add, and how much more that is."""
    gain = "" if found.gain is None else f"{100 * found.gain:.1f}"
    return [found.k, found.total.count, found.plain.total.count, gain]


def summary(sets: list[list[InfluencerSet]]) -> None:
    """The median gain of each size, the least and the most."""
    for place, k in enumerate(_SIZES):
        gains = np.array([100 * one[place].gain for one in sets if one[place].gain is not None])
        if len(gains):
            low, middle, high = np.percentile(gains, [0, 50, 100])
            sys.stdout.write(
                f"k = {k}: {middle:.0f} % more ({low:.0f} to {high:.0f}), {len(gains)} artists\n"
            )


def add_follows(graph: Graph, users: int, seed: int) -> int:
    """Add the follows of a synthetic world that has none; how many there are then."""
    (row,) = graph.run(_FOLLOWED, writes=False)
    if row["n"]:
        return 0
    end = int(END.timestamp() * 1000)
    people, influencers = make_people(users, seed, end), make_influencers(users, seed)
    check_seed(graph, influencers.followers.tolist(), seed)
    for batch in follow_batches(people, influencers, seed, end):
        rows = iter(batch.to_pylist())
        while some := list(islice(rows, _BATCH)):
            graph.transact(_writing(some))
    (row,) = graph.run(_FOLLOWED, writes=False)
    return int(row["n"])


def check_seed(graph: Graph, followers: list[float], seed: int) -> None:
    """End if the influencers of the store are not those of the seed."""
    rows = graph.run(_FOLLOWERS, writes=False)
    if not rows or any(followers[int(row["id"][1:]) - 1] != row["followers"] for row in rows):
        raise SystemExit(f"the store is not a synthetic world of seed {seed}")


def _writing(rows: list[Row]) -> Callable[[Transaction], list[Outcome]]:
    return lambda transaction: write_rows(transaction, "follows", rows, LoadedRows())


def test_influencer_sets() -> None:
    main(["--n", "4"])


if __name__ == "__main__":
    main()
