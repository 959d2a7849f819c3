"""What is kept of tracks: asked for once, and read again when it cannot be right any more."""

from __future__ import annotations

from array import array
from typing import Any

from muse_graph.answers import Named
from muse_graph.core.keys import key_of
from muse_graph.core.rerank.track_similarity import name_key
from muse_graph.graph.connection import Row
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.fakes import FakeGraph
from tests.worlds import small

T1, T2, T3, T4 = (key_of(track) for track in ("t1", "t2", "t3", "t4"))
GONE = key_of("gone")


def asked_for(graph: FakeGraph) -> list[object]:
    return [params["keys"] for name, params in graph.asked if name == "track_names"]


def titles(track_cache: TrackCache, graph: FakeGraph, *keys: int) -> list[str | None]:
    return [track and track.title for track in track_cache.reading(graph).get(keys)]


def test_only_what_is_missing_is_asked_for() -> None:
    graph, track_cache = small.small_graph(), TrackCache()
    assert titles(track_cache, graph, T1, T3) == ["Song 1", "Song 3"]
    assert titles(track_cache, graph, T3, T2, T1) == ["Song 3", "Song 2", "Song 1"]
    assert titles(track_cache, graph, T1, T2, T3) == ["Song 1", "Song 2", "Song 3"]
    assert titles(track_cache, graph) == []
    assert asked_for(graph) == [[T1, T3], [T2]]


def test_a_track_tells_what_the_graph_says() -> None:
    (t1, t4) = TrackCache().reading(small.small_graph()).get([T1, T4])
    assert t1 is not None
    assert t4 is not None
    assert (t1.track_id, t1.language, t1.features) == ("t1", "pt", None)
    assert (t1.artists, t4.artists) == ([Named("a1", "The a1")], [Named("a2", "The a2")])
    assert (t1.under_radar, t4.under_radar) == (False, True)
    assert t1.genre(key_of("pop")) == Named("pop", "pop")
    assert t1.genre(key_of("fado")) is None


def test_without_a_radar_line_nobody_is_under_it() -> None:
    def unsettled(keys: list[int]) -> list[Row]:
        return [row | {"radar_plays": None} for row in small.track_names(keys)]

    (track,) = TrackCache().reading(FakeGraph({"track_names": unsettled})).get([T4])
    assert track is not None
    assert not track.under_radar


def test_a_track_that_is_gone_is_none_and_is_asked_for_again() -> None:
    graph, track_cache = small.small_graph(), TrackCache()
    assert titles(track_cache, graph, GONE, T1) == [None, "Song 1"]
    assert titles(track_cache, graph, GONE, T1) == [None, "Song 1"]
    assert asked_for(graph) == [[GONE, T1], [GONE]]


def test_a_track_without_the_genre_it_is_offered_for_is_read_again() -> None:
    graph, track_cache = small.small_graph(), TrackCache()
    graph.rows["track_names"] = lambda keys: moved(keys, "jazz")
    track_cache.reading(graph).get([T3])
    graph.rows["track_names"] = small.track_names
    # Nobody says what genre it has: the track will do.
    track_cache.reading(graph).get([T3])
    (track,) = track_cache.reading(graph).get([T3], [key_of("fado")])
    assert track is not None
    assert track.genre(key_of("fado")) == Named("fado", "fado")
    track_cache.reading(graph).get([T3], [key_of("fado")])
    assert asked_for(graph) == [[T3], [T3]]


def moved(keys: list[int], genre: str) -> list[Row]:
    (row,) = small.track_names(keys)
    return [row | {"tracks": [[*track[:-1], [[1, genre, genre, key_of(genre)]]] for track in row["tracks"]]}]


def test_no_more_are_kept_than_there_is_room_for() -> None:
    graph, track_cache = small.small_graph(), TrackCache(most=3)
    for keys in ([T1, T2], [T3], [T4], [T1, T2, T3]):
        assert None not in titles(track_cache, graph, *keys)
        assert len(track_cache) <= 3


def by_listeners(listeners: int, after: str, limit: int) -> list[Row]:
    """The answer of `tracks_by_listeners`: t1 has 4 listeners, t2 and t3 have 3, t4 has 2."""
    tracks = [(4, "t1"), (3, "t3"), (3, "t2"), (2, "t4")]
    return [
        {"key": key_of(track), "listeners": count, "track_id": track}
        for count, track in tracks
        if (count, track) < (listeners, after)
    ][:limit]


def test_a_refresh_reads_the_most_heard_in_pages_and_forgets_the_rest(monkeypatch: Any) -> None:
    monkeypatch.setattr("muse_graph.service.recommendations.track_cache._PAGE", 2)
    graph, track_cache = small.small_graph(tracks_by_listeners=by_listeners), TrackCache()
    titles(track_cache, graph, key_of("t6"))
    graph.asked.clear()
    track_cache.refresh(graph)
    assert asked_for(graph) == [[T1, T3], [T2, T4]]
    assert len(track_cache) == 4
    assert titles(track_cache, graph, T1, T2, T3, T4) == ["Song 1", "Song 2", "Song 3", "Song 4"]
    assert len(asked_for(graph)) == 2


def test_a_refresh_brings_new_names() -> None:
    graph, track_cache = small.small_graph(tracks_by_listeners=by_listeners), TrackCache()
    titles(track_cache, graph, T1)

    def renamed(keys: list[int]) -> list[Row]:
        (row,) = small.track_names(keys)
        return [row | {"tracks": [[*track[:2], "New", *track[3:]] for track in row["tracks"]]}]

    graph.rows["track_names"] = renamed
    assert titles(track_cache, graph, T1) == ["Song 1"]
    track_cache.refresh(graph)
    assert titles(track_cache, graph, T1) == ["New"]


def test_a_refresh_leaves_room_for_what_lists_ask_for() -> None:
    graph, track_cache = small.small_graph(tracks_by_listeners=by_listeners), TrackCache(most=4)
    track_cache.refresh(graph)
    assert len(track_cache) == 2
    titles(track_cache, graph, T2, T4)
    assert len(track_cache) == 4


def test_where_it_is_full_the_track_not_asked_for_the_longest_goes() -> None:
    graph, track_cache = small.small_graph(tracks_by_listeners=by_listeners), TrackCache(most=4)
    track_cache.refresh(graph)
    titles(track_cache, graph, T2, T4)
    titles(track_cache, graph, T2)
    titles(track_cache, graph, key_of("t6"))
    graph.asked.clear()
    # The most heard stay, and of the rest T2 was asked for after T4.
    assert titles(track_cache, graph, T1, T3, T2) == ["Song 1", "Song 3", "Song 2"]
    assert asked_for(graph) == []
    assert titles(track_cache, graph, T4) == ["Song 4"]
    assert asked_for(graph) == [[T4]]


def test_a_track_of_the_most_heard_that_is_read_again_takes_no_room_of_others() -> None:
    graph, track_cache = small.small_graph(tracks_by_listeners=by_listeners), TrackCache(most=4)
    graph.rows["track_names"] = lambda keys: moved(keys, "jazz")
    track_cache.refresh(graph)
    graph.rows["track_names"] = small.track_names
    track_cache.reading(graph).get([T3], [key_of("fado")])
    assert len(track_cache) == 2
    graph.asked.clear()
    (track,) = track_cache.reading(graph).get([T3], [key_of("fado")])
    assert track is not None
    assert asked_for(graph) == []


def test_every_fact_of_a_track_is_where_it_belongs() -> None:
    """Artists by id, genres by rank; two artists of one name are one to the limit of an artist."""
    artists = [["a2", "The Mar", 30], ["a1", "Ana", 3], ["a3", "the mar", 20]]
    genres = [[2, "pop", "Pop", key_of("pop")], [1, "fado", "Fado", key_of("fado")]]
    track = [T1, "t1", "Luna", "es", [0.5, -1.0], artists, genres]
    graph = FakeGraph({"track_names": [{"tracks": [track], "radar_plays": 30}]})
    (found,) = TrackCache().reading(graph).get([T1])
    assert found is not None
    assert found._asdict() == {
        "key": T1,
        "track_id": "t1",
        "title": "Luna",
        "under_radar": True,
        "language": "es",
        "features": array("d", [0.5, -1.0]),
        "artists": [Named("a1", "Ana"), Named("a2", "The Mar"), Named("a3", "the mar")],
        "genres": [Named("fado", "Fado"), Named("pop", "Pop")],
        "artist_keys": tuple(dict.fromkeys(name_key(name) for name in ("The Mar", "Ana", "the mar"))),
        "genre_keys": (key_of("fado"), key_of("pop")),
    }
    for most, artists_of, under in ((29, artists, False), (30, [], False)):
        rows = [{"tracks": [[*track[:5], artists_of, genres]], "radar_plays": most}]
        (again,) = TrackCache().reading(FakeGraph({"track_names": rows})).get([T1])
        assert again is not None
        assert again.under_radar is under


def test_tracks_of_the_same_artists_or_genres_share_them() -> None:
    """Half of what a track takes, in each worker of the service."""
    ana, mar, pop = ["a1", "Ana", 3], ["a2", "Mar", 3], [1, "pop", "Pop", key_of("pop")]
    tracks = [
        [T1, "t1", "Luna", "es", None, [ana], [pop]],
        [T2, "t2", "Sol", "es", None, [ana], [pop]],
        [T3, "t3", "Mar", "es", None, [ana, mar], [pop]],
        [T4, "t4", "Rio", "es", None, [["a1", "Anna", 3]], [pop]],
    ]
    graph = FakeGraph({"track_names": [{"tracks": tracks, "radar_plays": 0}]})
    found = TrackCache().reading(graph).get([T1, T2, T3, T4])
    first, second, third, renamed = (track for track in found if track is not None)
    assert first.artists is second.artists
    assert first.artist_keys is second.artist_keys
    assert first.genres is second.genres is third.genres is renamed.genres
    assert [one.name for one in third.artists] == ["Ana", "Mar"]
    assert [one.name for one in renamed.artists] == ["Anna"]


def test_a_refresh_ends_though_the_same_page_comes_again_and_again() -> None:
    page = [{"key": key_of("t1"), "listeners": 2, "track_id": "t1"}]
    graph = small.small_graph(tracks_by_listeners=lambda **_: page)
    track_cache = TrackCache(8)
    track_cache.refresh(graph)
    assert len(track_cache) == 1
    assert [name for name, _ in graph.asked].count("tracks_by_listeners") == 4
