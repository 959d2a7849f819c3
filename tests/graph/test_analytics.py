"""An artist's figures: worked by hand on the toy graph, and against a slow twin on a sample world.

MUSE_FILTERS is how many filters are drawn for each state of the worlds, 60 if it is not set.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from muse_graph.answers import CountryAudience, as_json
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownTrack
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.listens.record import Listen, record_listens
from tests.reference.audience import ReferenceAudience, same_answer
from tests.worlds.asked import exact_analytics
from tests.worlds.sample import corner
from tests.worlds.toy import TABLES

Filters = tuple[
    str, str | None, str | None, date | None, date | None, list[str] | None, list[str] | None, str | None
]

USERS, SEED = 200, 20
COMBINATIONS = int(os.environ.get("MUSE_FILTERS", "60"))


def test_all_that_is_known_of_an_artist(toy_graph: Graph) -> None:
    found = exact_analytics(toy_graph, "a1")
    assert (found.name, found.plays, found.unknown, found.listeners) == ("Las Estrellas", 34, 0, 4)
    assert [reach.percent for reach in found.reach] == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    # Ben's play ends at .3, Dov's two at .45, Cleo's at .6, ten of Ana's at .7; her other twenty are whole.
    assert [reach.plays for reach in found.reach] == [34, 34, 34, 33, 31, 31, 30, 20, 20]
    assert [reach.share for reach in found.reach] == [n / 34 for n in (34, 34, 34, 33, 31, 31, 30, 20, 20)]
    assert found.countries == [
        CountryAudience("CO", "Colombia", 31, 2, 31 / 34, 15.5),
        CountryAudience("JP", "Japan", 2, 1, 2 / 34, 2.0),
        CountryAudience("PT", "Portugal", 1, 1, 1 / 34, 1.0),
    ]


def test_plays_of_unknown_share_reach_nothing_and_are_no_part_of_a_share(toy_graph: Graph) -> None:
    found = exact_analytics(toy_graph, "a2")
    assert (found.plays, found.unknown, found.listeners) == (20, 8, 1)
    assert {(reach.plays, reach.share) for reach in found.reach} == {(12, 1.0)}
    radio = exact_analytics(toy_graph, "a2", from_day=date(2026, 9, 3), to_day=date(2026, 9, 3))
    assert (radio.plays, radio.unknown, radio.listeners) == (8, 8, 1)
    assert {(reach.plays, reach.share) for reach in radio.reach} == {(0, None)}


@pytest.mark.parametrize(
    ("filters", "plays", "listeners"),
    [
        ({"track": "t8"}, 1, 1),
        ({"country": "CO"}, 31, 2),
        ({"country": "CO", "track": "t1"}, 30, 1),
        ({"country": "FR"}, 0, 0),
        ({"country": "ZZ"}, 0, 0),
        # Dov's two plays have no time, so any period leaves them out.
        ({"from_day": date(1, 1, 1), "to_day": date(9999, 12, 31)}, 32, 3),
        ({"from_day": date(2026, 9, 2)}, 22, 3),
        ({"from_day": date(2026, 9, 1), "to_day": date(2026, 9, 1)}, 10, 1),
        ({"to_day": date(2026, 9, 30)}, 31, 2),
        ({"to_day": date(2026, 8, 31)}, 0, 0),
        ({"from_day": date(2026, 9, 15), "to_day": date(2026, 10, 10)}, 21, 2),
        ({"from_day": date(2026, 9, 15), "to_day": date(2026, 10, 9)}, 20, 1),
    ],
)
def test_filters(toy_graph: Graph, filters: dict[str, Any], plays: int, listeners: int) -> None:
    found = exact_analytics(toy_graph, "a1", **filters)
    assert (found.plays, found.listeners) == (plays, listeners)
    assert sum(country.plays for country in found.countries) == plays


def test_a_track_counts_for_each_of_its_artists(toy_graph: Graph) -> None:
    assert exact_analytics(toy_graph, "a8").plays == exact_analytics(toy_graph, "a1", track="t8").plays == 1


@pytest.mark.parametrize(
    ("listened_at", "day"),
    [
        ("2026-10-31T23:30:00-05:00", date(2026, 11, 1)),
        ("2026-11-01T01:30:00+02:00", date(2026, 10, 31)),
        ("2026-12-31T23:59:59.999-00:01", date(2027, 1, 1)),
        ("2026-11-01T00:00:00+00:00", date(2026, 11, 1)),
    ],
)
def test_a_day_begins_and_ends_in_utc(toy_graph: Graph, listened_at: str, day: date) -> None:
    at = datetime.fromisoformat(listened_at)
    record_listens(toy_graph, [Listen("new", "u6", "t8", at, 0.5, 3)])
    text = "MATCH ()-[h:HEARD_IN {track_id: 't8', country: 'JP'}]->() RETURN h.month AS month, h.days AS days"
    (month,) = toy_graph.run(text, writes=False)
    assert month == {"month": day.year * 100 + day.month, "days": [day.day]}
    plays = {
        one: exact_analytics(toy_graph, "a8", from_day=one, to_day=one).plays
        for one in (day - timedelta(1), day, day + timedelta(1))
    }
    assert plays == {day - timedelta(1): 0, day: 3, day + timedelta(1): 0}
    # The second artist of a track has all of it, too.
    assert exact_analytics(toy_graph, "a1", track="t8", from_day=day, to_day=day).plays == 3


def test_an_artist_without_plays(toy_graph: Graph) -> None:
    toy_graph.run("CREATE (:Artist {artist_id: 'a9', name: 'Nobody Yet', plays: 0})", writes=True)
    found = exact_analytics(toy_graph, "a9")
    assert (found.plays, found.listeners, found.countries) == (0, 0, [])
    assert {(reach.plays, reach.share) for reach in found.reach} == {(0, None)}


def test_who_is_not_there(toy_graph: Graph) -> None:
    with pytest.raises(UnknownArtist, match="'a99'"):
        exact_analytics(toy_graph, "a99")
    for track_id in ("t99", "t2"):  # t2 is there, and by somebody else
        with pytest.raises(UnknownTrack, match=track_id):
            exact_analytics(toy_graph, "a1", track=track_id)


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"country": "ß"}, "country"),
        ({"country": "Colombia"}, "country"),
        ({"country": ""}, "country"),
        ({"from_day": date(2026, 9, 2), "to_day": date(2026, 9, 1)}, "from"),
    ],
)
def test_what_breaks_a_rule(toy_graph: Graph, filters: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        exact_analytics(toy_graph, "a1", **filters)
    assert [name for name, _ in raised.value.fields] == [field]


def test_the_toy_graph_equals_its_twin(toy_graph: Graph) -> None:
    twin = ReferenceAudience({table: pd.DataFrame(rows) for table, rows in TABLES.items()})
    rng = random.Random(SEED)
    artists = [artist["artist_id"] for artist in TABLES["artists"]]
    for _ in range(COMBINATIONS):
        check(toy_graph, twin, draw_filters(rng, twin, artists, datetime(2026, 9, 1, tzinfo=UTC), 45))


def test_figures_equal_their_twin_under_any_filter(empty_graph: Graph) -> None:
    batches = list(corner(USERS, SEED))
    rejects = Rejects()
    load(empty_graph, iter(batches), rejects, theta=0.2, advance=lambda _step, _rows: None)
    assert not any(tally.rejected for tally in rejects.tally.values())
    tables = frames(batches)
    twin = ReferenceAudience(tables)
    rng = random.Random(SEED)
    artists = busy_artists(tables, twin)
    answers = [check(empty_graph, twin, filters) for filters in sample(rng, twin, artists, COMBINATIONS)]
    # The draw is worth something: there are empty answers, and many that are not.
    assert 0 < sum(not answer["plays"] for answer in answers) < COMBINATIONS / 2

    listens = [draw_listen(rng, tables, number) for number in range(400)]
    receipt = record_listens(empty_graph, [Listen(**listen) for listen in listens + listens[:50]])
    assert (receipt.recorded, receipt.repeated) == (400, 50)
    twin.add(listens)
    for filters in sample(rng, twin, artists, COMBINATIONS):
        check(empty_graph, twin, filters)


def check(graph: Graph, twin: ReferenceAudience, filters: Filters) -> dict[str, Any]:
    """Ask both and compare to the last digit."""
    artist_id, track_id, country, from_day, to_day, source, segment, beside = filters
    found = as_json(
        exact_analytics(
            graph,
            artist_id,
            track=track_id,
            country=country,
            source=source,
            segment=segment,
            from_day=from_day,
            to_day=to_day,
            beside=beside,
        )
    )
    assert isinstance(found, dict)
    assert same_answer(dict(found), twin.answer(*filters))
    return found


def frames(batches: list[tuple[str, pa.RecordBatch]]) -> dict[str, pd.DataFrame]:
    """The tables of a world, each in one piece."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for table, rows in batches:
        parts.setdefault(table, []).append(rows.to_pandas())
    return {table: pd.concat(some, ignore_index=True) for table, some in parts.items()}


def busy_artists(tables: dict[str, pd.DataFrame], twin: ReferenceAudience) -> list[str]:
    """The artists of the twelve most played tracks, and one that hardly anybody plays."""
    plays = twin.listens.groupby("track_id")["plays"].sum()
    some = {*plays.nlargest(12).index, plays.idxmin()}
    played = tables["tracks"][tables["tracks"]["track_id"].isin(some)]["artist_ids"]
    return sorted({artist for artists in played for artist in artists})


def sample(rng: random.Random, twin: ReferenceAudience, artists: list[str], n: int) -> Iterator[Filters]:
    """Filters over the year of a sample world, and a little around it."""
    for _ in range(n):
        yield draw_filters(rng, twin, artists, datetime(2025, 10, 20, tzinfo=UTC), 390)


def draw_filters(
    rng: random.Random, twin: ReferenceAudience, artists: list[str], begin: datetime, n_days: int
) -> Filters:
    """Any combination of filters: one-sided periods, parts of months, whole months, single days."""
    artist = rng.choice(artists)
    track = rng.choice([None, None, *twin.tracks_of(artist)])
    heard_in = sorted(set(twin.listens["country"]))
    country = rng.choice([None, None, rng.choice(heard_in), "ZZ", "TV"]) if rng.random() < 0.5 else None
    first, last = sorted(begin.date() + timedelta(rng.randrange(n_days)) for _ in range(2))
    month = first.replace(day=1)
    month_end = (month + timedelta(31)).replace(day=1) - timedelta(1)
    periods = [(None, None), (first, last), (first, None), (None, last), (first, first), (month, month_end)]
    from_day, to_day = rng.choice([*periods, (first, last), (month, last)])
    source = rng.choice([None, None, None, rng.sample(SOURCES, 5)])
    segment = rng.choice([None, None, None, rng.sample(SEGMENTS, 2)])
    beside = rng.choice([None, None, None, "genre", *twin.tracks_of(artist)[:2]])
    return artist, track, country, from_day, to_day, source, segment, beside


def draw_listen(rng: random.Random, tables: dict[str, pd.DataFrame], number: int) -> dict[str, Any]:
    """A listen that comes later: any field may be null; times on edges of days, shares of tenths."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(300))
    edge = timedelta(milliseconds=rng.choice([0, 1, 86_399_999, rng.randrange(86_400_000)]))
    return {
        "listen_id": f"later-{number}",
        "user_id": rng.choice(tables["users"]["user_id"]),
        "track_id": rng.choice(tables["tracks"]["track_id"][:200]),
        "listened_at": rng.choice([None, at + edge, at + edge, at + edge]),
        "heard": rng.choice([None, rng.random(), rng.randrange(11) / 10, 0.1 * rng.randrange(11)]),
        "plays": rng.choice([1, 1, 1, 7]),
        "country": rng.choice([None, "PT", "ZZ", "TV"]),
        "source": rng.choice([None, "feed", "search", "radio"]),
    }
