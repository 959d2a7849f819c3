"""Ids whose order is another by code point than by UTF-16 unit: Neo4j has both orders, Python the first.

Stored texts beside one another, and in an index, are ordered by code point; a stored or computed text
beside a parameter by UTF-16 unit. Full-width letters come before emoji in the one, after them in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from muse_graph.answers import Page
from muse_graph.core.keys import key_of
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.catalogue import search
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.pagination import each_id_page
from muse_graph.service.users import friendships, users
from tests.conftest import wipe

#: Letters around the places where the two orders part, and marks that follow another letter.
LETTERS = "aZ~é\u0301\u3099が\ud7ff\ue000ﬀＡｶ\ufffd\uffff😀𝒜𝟙\U00010000\U0010fffd"
IDS = st.lists(st.text(LETTERS, min_size=1, max_size=4), min_size=12, max_size=24, unique=True)
SEEDED = trying(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
THE_TWO = ("🎺1", "Ｂ1")


def write(graph: Graph, table: str, rows: list[Row]) -> list[str | None]:
    """Write rows of a table as a load does; the reasons of those that were rejected."""
    outcomes = graph.transact(lambda transaction: write_rows(transaction, table, rows, LoadedRows()))
    return [outcome.reason for outcome in outcomes if outcome.reason is not None]


def fill(graph: Graph, ids: list[str]) -> None:
    """One user, artist, genre and track of each id; a user's friends are the next one and the first."""
    wipe(graph)
    write(
        graph,
        "users",
        [{"user_id": one, "name": one, "country": None, "listens_visible_to": None} for one in ids],
    )
    write(graph, "artists", [{"artist_id": one, "name": one, "country": None} for one in ids])
    write(graph, "genres", [{"genre_id": one, "name": "same"} for one in ids])
    assert write(graph, "tracks", tracks(ids)) == []
    first, *others = ids
    pairs = {*zip(ids, others, strict=False), *((one, first) for one in others[1:])}
    rows = [{"user_id": one, "friend_id": other, "since": None} for one, other in pairs]
    assert write(graph, "friendships", rows) == []
    listens = [
        dict.fromkeys(("heard", "heard_at_least", "country", "source"))
        | {"listen_id": f"{number}", "user_id": first, "track_id": one, "listened_at": AT, "plays": 1}
        for number, one in enumerate(others)
    ]
    write(graph, "listens", listens)


def tracks(ids: list[str]) -> list[Row]:
    blank = dict.fromkeys(("duration_s", "language", "mbid", "isrc", "features"))
    some = ids[:5]
    return [
        blank | {"track_id": one, "title": one, "artist_ids": [*{one, *some}], "genre_ids": some}
        for one in ids
    ]


def errors(graph: Graph, *, repair: bool = False) -> list[str]:
    found = examine(graph, repair=repair)
    return [f"{one.check}: {one.example}" for one in found if one.severity == "error"]


def pages(ask: Callable[..., Page], limit: int) -> Iterator[str]:
    """Ids of all pages of a list."""
    page = ask(limit=limit)
    while True:
        yield from (next(iter(vars(item).values())) for item in page.items)
        if page.next is None:
            return
        page = ask(limit=limit, cursor=page.next)


@SEEDED
@given(ids=IDS, limit=st.integers(1, 5))
def test_no_list_skips_or_repeats_an_id_and_the_doctor_is_content(
    graph: Graph, ids: list[str], limit: int
) -> None:
    fill(graph, ids)
    assert errors(graph) == []
    lists: dict[str, Callable[..., Page]] = {
        "users": lambda **page: users.list_users(graph, **page),
        "friends": lambda **page: friendships.list_friends(graph, ids[0], **page),
        "tracks": lambda **page: search.search_tracks(graph, "", **page),
        "artists": lambda **page: search.search_artists(graph, "", **page),
        "genres": lambda **page: search.search_genres(graph, "", **page),
        "genres of one name": lambda **page: search.search_genres(graph, "same", **page),
    }
    for name, ask in lists.items():
        listed = [*pages(ask, limit)]
        assert sorted(listed) == sorted(ids[1:] if name == "friends" else ids), name
        # Users and friends are in one order, that of code points.
        assert name not in {"users", "friends"} or listed == sorted(listed), name
    for query in ("user_ids", "track_ids", "artist_ids", "genre_ids"):
        assert [one for page in each_id_page(graph, query, limit) for one in page] == sorted(ids)
    assert sorted(most_heard(graph, limit)) == sorted(ids)
    # Tracks that tie are in this order for the write path and the doctor, and in the files of the importer.
    tied = [key_of(one) for one in sorted(ids[1:])[:limit]]
    for query, asked in (("user_tracks", "user_ids"), ("profile_tracks", "ids")):
        (row,) = graph.read(query, **{asked: ids[:1]}, limit=limit)
        assert [track.key for track in row["tracks"]] == tied
    # Written again, everything is there already.
    assert write(graph, "tracks", tracks(ids)) == []


def most_heard(graph: Graph, limit: int) -> Iterator[str]:
    """Ids of the tracks as the cache of tracks reads them."""
    listeners, after = 1 << 62, ""
    while page := graph.read("tracks_by_listeners", listeners=listeners, after=after, limit=limit):
        yield from (row["track_id"] for row in page)
        listeners, after = page[-1]["listeners"], page[-1]["track_id"]


def test_friends_come_in_the_order_of_users_also_after_one_who_is_none_any_more(empty_graph: Graph) -> None:
    ids = sorted(f"{letter * length}{end}" for letter in LETTERS for length in (1, 70) for end in ("", "z"))
    write(
        empty_graph,
        "users",
        [{"user_id": one, "name": None, "country": None, "listens_visible_to": None} for one in ids],
    )
    others = [one for one in ids if one != "é"]
    for one, befriend in zip(others, cycle((True, False)), strict=False):
        if befriend:
            empty_graph.write("merge_friendships", rows=[{"user_id": "é", "friend_id": one, "since": None}])
        else:
            friendships.ask(empty_graph, one, "é")

    def ask(**page: Any) -> Page:
        return friendships.list_friends(empty_graph, "é", **page)

    for limit in (1, 7, 100):
        assert [*pages(ask, limit)] == others
    # The cursor names a user who is no friend any more by the time of the next page.
    first = ask(limit=len(others) // 2)
    last = first.items[-1].user_id
    link = "MATCH ({user_id: 'é'})-[r]-({user_id: $last}) DELETE r"
    empty_graph.run(link, {"last": last}, writes=True)
    rest = ask(limit=100, cursor=first.next)
    assert [one.user_id for one in (*first.items, *rest.items)] == others


@pytest.mark.parametrize("pair", [THE_TWO, THE_TWO[::-1]])
def test_a_friendship_is_left_as_it_is_whichever_of_the_two_is_first(
    empty_graph: Graph, pair: tuple[str, str]
) -> None:
    one, other = pair
    write(
        empty_graph,
        "users",
        [{"user_id": each, "name": None, "country": None, "listens_visible_to": None} for each in THE_TWO],
    )
    friendships.ask(empty_graph, one, other)
    friendships.accept(empty_graph, other, one)
    for named in (pair, pair[::-1]):
        row = dict(zip(("user_id", "friend_id"), named, strict=True)) | {"since": None}
        empty_graph.write("merge_friendships", rows=[row])
    text = "MATCH (a)-[r:FRIENDS_WITH]->() RETURN a.user_id AS first"
    before = empty_graph.run(text, writes=False)
    assert len(before) == 1
    assert errors(empty_graph, repair=True) == []
    assert empty_graph.run(text, writes=False) == before


def test_two_who_befriend_one_another_at_once_are_friends_once(empty_graph: Graph) -> None:
    ids = [f"{letter}{number}" for letter in LETTERS[:4] for number in range(4)]
    write(
        empty_graph,
        "users",
        [{"user_id": each, "name": None, "country": None, "listens_visible_to": None} for each in ids],
    )
    pairs = [(one, other) for one in ids for other in ids if one != other]

    def befriend(pair: tuple[str, str]) -> None:
        row = {"user_id": pair[0], "friend_id": pair[1], "since": None}
        empty_graph.write("merge_friendships", rows=[row])

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(befriend, pairs))
    (row,) = empty_graph.run("MATCH ()-[r:FRIENDS_WITH]->() RETURN count(r) AS links", writes=False)
    assert row["links"] == len(pairs) // 2
    assert errors(empty_graph) == []
