"""Search, lists and cards of tracks, artists and genres on the toy graph; what the graph holds in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from muse_graph.answers import ArtistCard, GenreCard, Named, Page
from muse_graph.core.search_text import search_params
from muse_graph.errors import InvalidRequest, SchemaError, UnknownArtist, UnknownGenre, UnknownTrack
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph
from muse_graph.service.catalogue import search
from muse_graph.service.maintenance import health
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.pagination import write_cursor
from tests.worlds.toy import ARTIST_PLAYS, RADAR_PLAYS, TABLES, TRACK_LISTENERS, TRACK_PLAYS

Search = Callable[..., Page]


def ids(page: Page) -> list[str]:
    """Ids of the cards of a page."""
    return [next(iter(vars(card).values())) for card in page.items]


def all_pages(search: Search, graph: Graph, text: str, limit: int) -> list[str]:
    """Ids of every page, one after the other."""
    page = search(graph, text, limit=limit)
    found = ids(page)
    while page.next is not None:
        page = search(graph, text, limit=limit, cursor=page.next)
        assert page.items
        found += ids(page)
    return found


def write_artists(graph: Graph, names: Mapping[str, str]) -> None:
    rows = [{"artist_id": one, "name": name, "country": None} for one, name in names.items()]
    graph.transact(lambda transaction: write_rows(transaction, "artists", rows, LoadedRows()))


@pytest.mark.parametrize("limit", [1, 3, 8, 100])
def test_without_words_the_most_heard_come_first(toy_graph: Graph, limit: int) -> None:
    tracks = sorted(TRACK_LISTENERS, key=lambda track: (-TRACK_LISTENERS[track], track))
    artists = sorted(ARTIST_PLAYS, key=lambda artist: (-ARTIST_PLAYS[artist], artist))
    assert all_pages(search.search_tracks, toy_graph, "", limit) == tracks
    assert all_pages(search.search_artists, toy_graph, " ", limit) == artists
    assert all_pages(search.search_genres, toy_graph, "", limit) == [
        "cumbia",
        "fado",
        "jazz",
        "pop",
        "rock",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("luna", {"t1", "t8"}),
        ("LUN", {"t1", "t8"}),
        ("luna ll", {"t1"}),
        ("llena luna", {"t1"}),
        ("luna x", set()),
        ("lun llena", set()),  # only the last word may be a beginning
        ("río", {"t5"}),
        ("song", {"t3"}),
        ("de", {"t8"}),
        ("AND", set()),
        ("luna AND", set()),
        ("luna OR song", set()),
        ("*", set()),
        ("!!! ???", set()),
        ('"', set()),
        ("title:luna", set()),
        ("luna~", {"t1", "t8"}),
        ("lu?a", set()),
        ("[a TO z]", set()),
        ("luna/llena", {"t1"}),
        ("(luna", {"t1", "t8"}),
        ("luna \\", {"t1", "t8"}),
        ("\ud800luna", {"t1", "t8"}),
        ("luna\0", {"t1", "t8"}),
    ],
)
def test_search_tracks(toy_graph: Graph, text: str, found: set[str]) -> None:
    assert set(ids(search.search_tracks(toy_graph, text, limit=10))) == found


def test_search_artists_and_genres(toy_graph: Graph) -> None:
    assert ids(search.search_artists(toy_graph, "los mir", limit=10)) == ["a5"]
    assert ids(search.search_artists(toy_graph, "amália", limit=10)) == ["a6"]
    assert ids(search.search_genres(toy_graph, "cum", limit=10)) == ["cumbia"]


@pytest.mark.parametrize("name", ["AC/DC", "R.E.M.", "What's Up", "Sigur_Rós", "3.14", "Earth, Wind & Fire"])
def test_a_name_finds_itself_while_it_is_typed(empty_graph: Graph, name: str) -> None:
    write_artists(empty_graph, {"a": name})
    for length in (1, len(name)):
        assert ids(search.search_artists(empty_graph, name[:length], limit=1)) == ["a"], name[:length]


def test_equals_come_by_id_through_all_pages(empty_graph: Graph) -> None:
    wanted = [f"a{number:02}" for number in range(25)]
    write_artists(empty_graph, dict.fromkeys(reversed(wanted), "Same Name"))
    assert all_pages(search.search_artists, empty_graph, "same", 4) == wanted
    assert all_pages(search.search_artists, empty_graph, "", 4) == wanted


def test_a_closer_fit_comes_first(empty_graph: Graph) -> None:
    names = {"a1": "Sunday Morning", "a2": "Sún", "a3": "Sun", "a4": "Sundown", "a5": "Sun", "a6": "The Sun"}
    write_artists(empty_graph, names)
    plays = {"a1": 5, "a4": 7, "a5": 3, "a6": 6}
    empty_graph.run(
        "UNWIND keys($plays) AS id MATCH (a:Artist {artist_id: id}) SET a.plays = $plays[id]",
        {"plays": plays},
        writes=True,
    )
    assert ids(search.search_artists(empty_graph, "Sun", limit=9)) == ["a5", "a3", "a2", "a4", "a6", "a1"]
    assert ids(search.search_artists(empty_graph, "sun", limit=9)) == ["a5", "a2", "a3", "a4", "a6", "a1"]


def test_tracks_are_found_by_their_artists(toy_graph: Graph) -> None:
    of_artist: dict[str, set[str]] = {}
    for row in TABLES["tracks"]:
        for artist in row["artist_ids"]:
            of_artist.setdefault(artist, set()).add(row["track_id"])
    for row in TABLES["artists"]:
        assert of_artist[row["artist_id"]] <= set(ids(search.search_tracks(toy_graph, row["name"], limit=9)))


def test_titles_come_before_tracks_by_an_artist_of_that_name(empty_graph: Graph) -> None:
    write_artists(empty_graph, {"a1": "Luna", "a2": "Luna Nueva", "a3": "Sol"})
    titles = {"t1": ("Noche", "a1"), "t2": ("Luna", "a3"), "t3": ("Día", "a2"), "t4": ("La luna", "a1")}
    rows = [
        dict.fromkeys(("duration_s", "language", "mbid", "isrc", "features"))
        | {"track_id": one, "title": title, "artist_ids": [artist], "genre_ids": []}
        for one, (title, artist) in titles.items()
    ]
    empty_graph.transact(lambda transaction: write_rows(transaction, "tracks", rows, LoadedRows()))
    assert ids(search.search_tracks(empty_graph, "Luna", limit=9)) == ["t2", "t1", "t4", "t3"]
    assert all_pages(search.search_tracks, empty_graph, "luna", 1) == ["t1", "t2", "t4", "t3"]


def test_cards_of_tracks(toy_graph: Graph) -> None:
    artists = {row["artist_id"]: row["name"] for row in TABLES["artists"]}
    genres = {row["genre_id"]: row["name"] for row in TABLES["genres"]}
    for row in TABLES["tracks"]:
        card = search.get_track(toy_graph, row["track_id"])
        assert card.artists == [Named(one, artists[one]) for one in row["artist_ids"]]
        assert card.genres == [Named(one, genres[one]) for one in row["genre_ids"]]
        assert (card.plays, card.listeners) == (TRACK_PLAYS[card.track_id], TRACK_LISTENERS[card.track_id])
        for field in ("title", "duration_s", "language", "mbid", "isrc"):
            assert getattr(card, field) == row[field]


def test_cards_of_artists(toy_graph: Graph) -> None:
    tracks = {"a1": 2}
    for row in TABLES["artists"]:
        one, plays = row["artist_id"], ARTIST_PLAYS[row["artist_id"]]
        assert search.get_artist(toy_graph, one) == ArtistCard(
            one, row["name"], row["country"], tracks.get(one, 1), plays, plays <= RADAR_PLAYS
        )


def test_without_the_threshold_no_artist_is_under_the_radar(toy_graph: Graph) -> None:
    toy_graph.run("MATCH (s:Statistics) DELETE s", writes=True)
    assert not search.get_artist(toy_graph, "a8").under_the_radar


def test_cards_of_genres(toy_graph: Graph) -> None:
    tracks = {"pop": 3, "rock": 2, "jazz": 2, "cumbia": 2, "fado": 2}
    for row in TABLES["genres"]:
        one = row["genre_id"]
        assert search.get_genre(toy_graph, one) == GenreCard(one, row["name"], tracks[one])


def test_an_empty_graph_has_nothing_to_find(empty_graph: Graph) -> None:
    for find in (search.search_tracks, search.search_artists, search.search_genres):
        for text in ("", "luna"):
            assert find(empty_graph, text, limit=5) == Page([], None)


@pytest.mark.parametrize(
    ("get", "error"),
    [
        (search.get_track, UnknownTrack),
        (search.get_artist, UnknownArtist),
        (search.get_genre, UnknownGenre),
    ],
)
def test_unknown_ids(empty_graph: Graph, get: Callable[..., Any], error: type[Exception]) -> None:
    with pytest.raises(error, match="'nothing'"):
        get(empty_graph, "nothing")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "AAAA",
        write_cursor(("u1",)),
        write_cursor(("name", "a1")),
        write_cursor((2**63, "a1")),
        write_cursor((3, "\ud800")),
        write_cursor((True, "a1")),
        "W" * 1999,
    ],
)
def test_a_cursor_of_another_list_is_refused(empty_graph: Graph, cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="cursor must be"):
        search.search_artists(empty_graph, "", limit=5, cursor=cursor)


def test_limits(empty_graph: Graph) -> None:
    with pytest.raises(InvalidRequest, match="q must have at most 1000"):
        search.search_tracks(empty_graph, "x" * 1_001, limit=5)
    with pytest.raises(InvalidRequest, match="limit must be"):
        search.search_tracks(empty_graph, "x", limit=0)
    for text in ("a-", "a ", "㌖", "ﷺ", "& "):
        assert search.search_tracks(empty_graph, text * (1_000 // len(text)), limit=5).items == []


READS: dict[str, dict[str, object]] = {
    "listener": {"user_id": "u1"},
    "listeners": {"after": "", "limit": 3},
    "friendships": {"user_id": "u1", "after": "", "limit": 3},
    "friendship": {"user_id": "u2", "friend_id": "u1"},
    "feedback_context": {"user_id": "u1", "track_id": "t1"},
    "track_hits": search_params("luna") | {"skip": 0, "limit": 3},
    "artist_hits": search_params("los") | {"skip": 0, "limit": 3},
    "genre_hits": search_params("pop") | {"skip": 0, "limit": 3},
    "most_heard_tracks": {"place": 99, "after": "", "limit": 3},
    "most_played_artists": {"place": 99, "after": "", "limit": 3},
    "genres_by_name": {"place": "", "after": "", "limit": 3},
    "track_cards": {"ids": ["t8", "t1"]},
    "artist_cards": {"ids": ["a8", "a1"]},
    "genre_cards": {"ids": ["pop", "fado"]},
    "graph_counts": {},
}
TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list}


def test_columns_are_as_declared(toy_graph: Graph) -> None:
    for name, params in READS.items():
        rows = toy_graph.read(name, **params)
        assert rows, name
        for row in rows:
            fields = queries.load(name).columns
            assert list(row) == [field.name for field in fields], name
            for field in fields:
                value = row[field.name]
                fits = field.nullable if value is None else type(value) is TYPES[field.type]
                assert fits, (name, field, value)


def test_summary_counts_everything(toy_graph: Graph) -> None:
    assert health.summary(toy_graph) == {
        "users": 6,
        "friendships": 4,
        "tracks": 8,
        "artists": 8,
        "genres": 5,
        "listens": 15,
        "countries": 3,
        "influencers": 3,
    }


def test_ready_tells_what_is_missing(empty_graph: Graph) -> None:
    assert health.ready(empty_graph) == {"database": "ok", "schema": "ok"}
    empty_graph.run("CREATE (:Migration {number: 9999, name: 'newer'})", writes=True)
    try:
        with pytest.raises(SchemaError, match="9999"):
            health.ready(empty_graph)
    finally:
        empty_graph.run("MATCH (m:Migration {number: 9999}) DELETE m", writes=True)
