"""What artists ask, for the most played artist, one of the middle and a small one, beside ``RETURN 1``.

python -m tests.benchmarks.bench_artists --home STORE --output docs/benchmarks/artists.csv

Each figure in a block of its own after a warm-up. With ``--grow N`` each play of the artist of the middle is
recorded N - 1 times more, on the same day by the same listener, and the artist is measured again: figures
come from what is kept by listener and day, so their cost is to stay. That changes the store: give a copy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from muse_graph.answers import Analytics, AnalyticsFilters
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.analytics import analytics
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.artists.influencer_sets import influencers_together
from muse_graph.service.artists.influencers import artist_influencers, matches_and_set
from muse_graph.service.artists.interests import interests
from muse_graph.service.artists.overlaps import audience_overlap
from muse_graph.service.artists.spread import artist_spread
from muse_graph.service.listens.record import Listen, record_listens
from tests.benchmarks.measuring import FLOOR, Clock, floor, parser, report, worker_world

Work = Callable[[], object]
_ARTISTS = (
    "MATCH (a:Artist) WHERE a.plays > 0 WITH a ORDER BY a.plays DESC, a.artist_id "
    "WITH collect(a.artist_id) AS ids RETURN ids[0] AS most, ids[size(ids) / 2] AS middle, ids[1] AS other"
)
_PLAYED = (
    "MATCH (:Artist {artist_id: $artist_id})<-[:BY]-(t)<-[p:PLAYED]-(u:User) "
    "RETURN p.listen_id AS listen_id, u.user_id AS user_id, t.track_id AS track_id, "
    "p.listened_at AS listened_at, p.heard AS heard, p.heard_at_least AS heard_at_least, p.plays AS plays, "
    "p.country AS country, p.source AS source ORDER BY listen_id"
)
_BATCH = 1_000


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=60)
    options.add_argument("--grow", type=int, default=1, help="times the plays of the artist of the middle")
    given = options.parse_args(args)
    with worker_world(given.home, given.users) as settings, Graph.connect(settings) as graph:
        (ids,) = graph.run(_ARTISTS, writes=False)
        everybody, clock = Everybody(), Clock()
        for name in ("most", "middle"):
            run(clock, name, of_artist(graph, ids[name], ids["other"], everybody), graph, given.n)
        if given.grow > 1:
            sys.stdout.write(f"{grow(graph, ids['middle'], given.grow):,} plays more\n")
            grown = of_artist(graph, ids["middle"], ids["other"], everybody)
            run(clock, f"middle, {given.grow} times the plays", grown, graph, given.n)
        report(graph, clock, given.output)


def run(clock: Clock, artist: str, works: dict[str, Work], graph: Graph, n: int) -> None:
    """Measure each work in a block of its own, with the floor before it."""
    for name, work in works.items():
        for _ in range(max(n // 4, 2)):
            work()
        for _ in range(n):
            clock.measure(FLOOR, partial(floor, graph))
        for _ in range(n):
            clock.measure(f"{artist}: {name}", work)


def of_artist(graph: Graph, artist_id: str, other_id: str, everybody: Everybody) -> dict[str, Work]:
    """What is asked about one artist."""
    whole = analytics(graph, artist_id, filters_of(), exact=True)
    sys.stdout.write(f"{artist_id}: {whole.plays:,} plays by {whole.listeners:,} listeners\n")
    nothing, narrow, light = filters_of(), narrowed(whole), filters_of(segment="light")
    return {
        "analytics, all": partial(analytics, graph, artist_id, nothing, exact=True),
        "analytics, all, as an artist": partial(analytics, graph, artist_id, nothing, exact=False),
        "analytics, a country and a period": partial(analytics, graph, artist_id, narrow, exact=True),
        "analytics, the same as an artist": partial(analytics, graph, artist_id, narrow, exact=False),
        "analytics, a segment": partial(analytics, graph, artist_id, light, exact=False),
        "analytics beside the genre": partial(
            analytics, graph, artist_id, nothing, exact=False, beside="genre"
        ),
        "influencers": partial(artist_influencers, graph, artist_id, everybody, k=20, exact=False),
        "influencers together": partial(influencers_together, graph, artist_id, k=5, exact=False),
        "influencers and a set of them": partial(matches_and_set, graph, artist_id, everybody, k=100),
        "interests": partial(interests, graph, artist_id, nothing, everybody),
        "overlap": partial(audience_overlap, graph, artist_id, other_id),
        "spread": partial(artist_spread, graph, artist_id, nothing),
    }


def narrowed(whole: Analytics) -> AnalyticsFilters:
    """The country with most plays, and the last 90 days that have any."""
    last = max((date.fromisoformat(one.day) for one in whole.days), default=date(2026, 1, 1))
    return filters_of(country=whole.countries[0].country, from_day=last - timedelta(days=89), to_day=last)


def grow(graph: Graph, artist_id: str, times: int) -> int:
    """Record each play of an artist so many times in all; return how many came in."""
    rows = graph.run(_PLAYED, {"artist_id": artist_id}, writes=False)
    listens = (
        Listen(
            **row | {"listen_id": f"{row['listen_id']}-{number}", "listened_at": native(row["listened_at"])}
        )
        for row in rows
        for number in range(1, times)
    )
    return sum(record_listens(graph, batch).recorded for batch in batches(listens))


def native(moment: Any) -> datetime | None:
    """A time of the graph as Python has it."""
    return None if moment is None else moment.to_native()


def batches(listens: Iterator[Listen]) -> Iterator[list[Listen]]:
    """In parts of a request each."""
    while batch := list(islice(listens, _BATCH)):
        yield batch


def test_artists() -> None:
    main(["--n", "2", "--grow", "2"])


if __name__ == "__main__":
    main()
