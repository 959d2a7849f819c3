"""Every figure of an artist under random filters, against raw listens counted slowly.

MUSE_FILTERS is how many filters are drawn, 30 if it is not set.
"""

from __future__ import annotations

import itertools
import os
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muse_graph.answers import as_json
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.privacy.erasure import erase_user
from tests.conftest import load_toy, wipe
from tests.reference.audience import ReferenceAudience, same_answer
from tests.worlds.asked import analytics
from tests.worlds.toy import TABLES

EXAMPLES = int(os.environ.get("MUSE_FILTERS", "30"))
#: Two years end and two months begin in it.
BEGIN, DAYS = datetime(2025, 11, 20, tzinfo=UTC), 50
COUNTRIES = ["CO", "PT", "JP", "ZZ"]
ARTISTS = sorted(row["artist_id"] for row in TABLES["artists"])
TRACKS_OF = {
    artist: [row["track_id"] for row in TABLES["tracks"] if artist in row["artist_ids"]] for artist in ARTISTS
}
USERS = [row["user_id"] for row in TABLES["users"]]
TRACKS = [row["track_id"] for row in TABLES["tracks"]]
ERASED = "u3"


def draw_listen(rng: random.Random, number: int) -> dict[str, Any]:
    """A listen with any of its fields unknown; shares on edges of tenths, times on edges of days."""
    at = BEGIN + timedelta(days=rng.randrange(DAYS))
    edge = timedelta(milliseconds=rng.choice([0, 1, 86_399_999, rng.randrange(86_400_000)]))
    share = rng.choice([rng.random(), rng.randrange(11) / 10, 0.1 * rng.randrange(11)])
    heard, at_least = rng.choice([(share, None), (share, None), (None, share), (None, None)])
    ways = [None, *SOURCES, "app", "Feed"]
    return {
        "listen_id": f"drawn-{number}",
        "user_id": rng.choice(TABLES["users"])["user_id"],
        "track_id": rng.choice(TABLES["tracks"])["track_id"],
        "listened_at": rng.choice([None, at + edge, at + edge, at + edge]),
        "heard": heard,
        "heard_at_least": at_least,
        "plays": rng.choice([1, 1, 1, 7, 100_000]),
        "country": rng.choice([None, *COUNTRIES]),
        "source": rng.choice(ways),
    }


@pytest.fixture(scope="module")
def world(graph: Graph) -> ReferenceAudience:
    """The toy graph and a thousand listens more, also as raw rows; one of the users is erased."""
    wipe(graph)
    load_toy(graph)
    raw = ReferenceAudience({table: pd.DataFrame(rows) for table, rows in TABLES.items()})
    rng = random.Random(11)
    listens = [draw_listen(rng, number) for number in range(1_000)]
    saves = [pair for pair in itertools.product(USERS, TRACKS) if rng.random() < 0.4]
    at = datetime(2026, 11, 1, tzinfo=UTC)
    graph.write("save_tracks", rows=[{"user_id": user, "track_id": track, "at": at} for user, track in saves])
    raw.saved |= {*saves}
    for first in range(0, len(listens), 125):
        receipt = record_listens(graph, [Listen(**listen) for listen in listens[first : first + 125]])
        assert receipt.rejected == []
    raw.add(listens)
    erase_user(graph, ERASED)
    raw.remove(ERASED)
    assert [one for one in examine(graph) if one.severity == "error"] == []
    return raw


days = st.none() | st.integers(-3, DAYS + 3).map(lambda day: BEGIN.date() + timedelta(day))


@st.composite
def filters(draw: st.DrawFn) -> tuple[Any, ...]:
    """Artist, tracks, countries, period, sources, segments: each None, one value or several; and a curve."""
    artist = draw(st.sampled_from(ARTISTS))

    def some(values: list[str]) -> Any:
        return draw(st.none() | st.sampled_from(values) | st.lists(st.sampled_from(values), unique=True))

    tracks, countries = some(TRACKS_OF[artist]), some([*COUNTRIES, "TV"])
    period: tuple[date | None, ...] = draw(st.tuples(days, days))
    if None not in period:
        period = tuple(sorted(day for day in period if day))
    beside = draw(st.none() | st.sampled_from(["genre", *TRACKS_OF[artist]]))
    return artist, tracks, countries, *period, some(list(SOURCES)), some(list(SEGMENTS)), beside


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="MUSE_FILTERS" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=filters())
def test_every_figure_is_exact_under_any_filter(
    graph: Graph, world: ReferenceAudience, asked: tuple[Any, ...]
) -> None:
    artist, tracks, countries, first, last, sources, segments, beside = asked
    found = analytics(
        graph,
        artist,
        track=tracks,
        country=countries,
        source=sources,
        segment=segments,
        from_day=first,
        to_day=last,
        beside=beside,
        exact=True,
    )
    assert same_answer(as_json(found), world.answer(*asked))
