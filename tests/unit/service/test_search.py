"""Searching: what the index is asked, what a cursor holds, pages that join."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from muse_graph.answers import ArtistCard, GenreCard, Named
from muse_graph.core.search_text import search_params
from muse_graph.errors import InvalidRequest, UnknownArtist, UnknownGenre, UnknownTrack
from muse_graph.graph.connection import Row
from muse_graph.service.catalogue import search
from tests.unit.writes import WritingGraph


def track(track_id: str) -> Row:
    named = [{"id": "x", "name": "X"}]
    empty = dict.fromkeys(("duration_s", "language", "mbid", "isrc"))
    counts = {"plays": 5, "listeners": 2}
    return (
        {"track_id": track_id, "title": track_id.upper(), "artists": named, "genres": named} | counts | empty
    )


def shelf(places: dict[str, int]) -> WritingGraph:
    """Tracks in the order of their places, the greatest first, with words and without."""
    ordered = sorted(places, key=lambda one: (-places[one], one))

    def hits(skip: int, limit: int, **_asked: str) -> list[Row]:
        return [{"id": one} for one in ordered[skip : skip + limit]]

    def listed(place: int, after: str, limit: int) -> list[Row]:
        rest = [one for one in ordered if (-places[one], one) > (-place, after)]
        return [{"id": one, "place": places[one]} for one in rest[:limit]]

    return WritingGraph(
        {
            "track_hits": hits,
            "most_heard_tracks": listed,
            "track_cards": lambda ids: [track(one) for one in ids],
        }
    )


@pytest.mark.parametrize("text", ["luna", ""])
@pytest.mark.parametrize("limit", [1, 2, 4, 5, 9])
def test_pages_join_without_a_gap(text: str, limit: int) -> None:
    graph = shelf({"t1": 3, "t2": 9, "t3": 3, "t4": 0, "t5": 3})
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = search.search_tracks(graph, text, limit=limit, cursor=cursor)
        assert 1 <= len(page.items) <= limit
        seen += [card.track_id for card in page.items]
        if (cursor := page.next) is None:
            break
    assert seen == ["t2", "t1", "t3", "t5", "t4"]
    assert {name for name, _ in graph.asked} == {"track_hits" if text else "most_heard_tracks", "track_cards"}


def test_a_card_has_its_artists_and_genres() -> None:
    (card,) = search.search_tracks(shelf({"t1": 1}), "", limit=1).items
    assert (card.track_id, card.artists, card.genres) == ("t1", [Named("x", "X")], [Named("x", "X")])


def test_blanks_and_what_no_title_can_hold_are_no_words() -> None:
    for text in ("  ", "\ud800"):
        assert [card.track_id for card in search.search_tracks(shelf({"t1": 1}), text, limit=5).items] == [
            "t1"
        ]
    search.search_tracks(graph := shelf({"t1": 1}), " lu\ud800na ", limit=5)
    assert graph.asked[0] == ("track_hits", search_params("luna") | {"skip": 0, "limit": 6})


def test_texts_that_are_too_long() -> None:
    assert search.search_tracks(shelf({}), "x" * 1_000, limit=5).items == []
    with pytest.raises(InvalidRequest, match="q must have at most 1000 characters, got 1001") as caught:
        search.search_tracks(shelf({}), "x" * 1_001, limit=5)
    assert caught.value.fields[0][0] == "q"


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "Ü",
        "!!!!",
        cursor_of({"a": 1}),
        cursor_of("t1"),
        cursor_of([]),
        cursor_of([1]),
        cursor_of([1, 2]),
        cursor_of([1.5, "t1"]),
        cursor_of([True, "t1"]),
        cursor_of([2**63, "t1"]),
        cursor_of([-(2**63) - 1, "t1"]),
        cursor_of([1, "\ud800"]),
        cursor_of([1, "t1", 2]),
    ],
)
def test_a_cursor_that_was_not_handed_out(cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="cursor must be the `next` of an earlier page") as caught:
        search.search_tracks(shelf({}), "", limit=5, cursor=cursor)
    assert caught.value.fields[0][0] == "cursor"


def test_a_cursor_of_words_is_none_of_the_list() -> None:
    graph = shelf({"t1": 2, "t2": 1})
    for text, other in (("luna", ""), ("", "luna")):
        cursor = search.search_tracks(graph, text, limit=1).next
        assert cursor is not None
        assert "=" not in cursor
        with pytest.raises(InvalidRequest, match="cursor"):
            search.search_tracks(graph, other, limit=1, cursor=cursor)
    assert search.search_tracks(shelf({}), "", limit=1, cursor=cursor_of([2**63 - 1, "t"])).items == []


@pytest.mark.parametrize("skip", [-1, 2_001, 2**63 - 1, 2**63, 1.0, True, "1"])
def test_a_cursor_of_words_counts_hits(skip: object) -> None:
    assert search.search_tracks(shelf({}), "luna", limit=1, cursor=cursor_of([2_000])).items == []
    with pytest.raises(InvalidRequest, match="cursor must be the `next` of an earlier page"):
        search.search_tracks(shelf({}), "luna", limit=1, cursor=cursor_of([skip]))


class TestOtherShelves:
    ARTIST = ("a1", "Ana", "CO", 2, 5, True)

    def graph(self) -> WritingGraph:
        names = ("artist_id", "name", "country", "tracks", "plays", "under_the_radar")
        artist = dict(zip(names, self.ARTIST, strict=True))
        genre = {"genre_id": "g1", "name": "Ska", "tracks": 3}
        return WritingGraph(
            {
                "artist_hits": [{"id": "a1"}],
                "most_played_artists": [{"id": "a1", "place": 5}],
                "artist_cards": lambda ids: [artist] if "a1" in ids else [],
                "genre_hits": [{"id": "g1"}],
                "genres_by_name": [{"id": "g1", "place": "ska"}],
                "genre_cards": lambda ids: [genre] if "g1" in ids else [],
                "track_cards": lambda ids: [track("t1")] if "t1" in ids else [],
            }
        )

    @pytest.mark.parametrize("text", ["", "s"])
    def test_artists_and_genres(self, text: str) -> None:
        graph = self.graph()
        assert search.search_artists(graph, text, limit=2).items == [ArtistCard(*self.ARTIST)]
        assert search.search_genres(graph, text, limit=2).items == [GenreCard("g1", "Ska", 3)]
        asked = [name for name, _ in graph.asked]
        first = (
            ["artist_hits", "artist_cards", "genre_hits"] if text else ["most_played_artists", "artist_cards"]
        )
        assert asked[: len(first)] == first

    def test_by_id(self) -> None:
        graph = self.graph()
        assert search.get_artist(graph, "a1") == ArtistCard(*self.ARTIST)
        assert search.get_genre(graph, "g1").name == "Ska"
        assert search.get_track(graph, "t1").title == "T1"

    @pytest.mark.parametrize(
        ("get", "error"),
        [
            (search.get_artist, UnknownArtist),
            (search.get_genre, UnknownGenre),
            (search.get_track, UnknownTrack),
        ],
    )
    def test_what_is_not_there(self, get: Any, error: type[Exception]) -> None:
        with pytest.raises(error, match="'x9'"):
            get(self.graph(), "x9")
