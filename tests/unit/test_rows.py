"""Named tuples inside rows: written from the headers, made from what the driver brings."""

from __future__ import annotations

from typing import Any

import pytest

from docs import generate_rows
from muse_graph.errors import QueryError, UnknownQuery
from muse_graph.graph import query_records
from muse_graph.graph.queries import Query, all_queries, load, parse
from tests.fakes import FakeGraph
from tests.worlds.small import small_graph


def test_the_classes_are_as_the_headers_say() -> None:
    written = generate_rows.TARGET.read_text("utf-8")
    assert written == generate_rows.source(all_queries().values()), "stale: run `make docs`"


def converted(query: Query, **row: Any) -> dict[str, Any]:
    query.convert(row)
    return row


def test_records_become_named_tuples_also_inside_others() -> None:
    track = [1, "t1", "Song", None, [0.5], [["a1", "Ana", 7]], [[1, "pop", "Pop", 3], [2, "rap", "Rap", 4]]]
    row = converted(load("track_names"), tracks=[track], radar_plays=9)
    assert row == {
        "tracks": [
            query_records.TrackNamesTrack(
                1,
                "t1",
                "Song",
                None,
                [0.5],
                [query_records.TrackNamesTrackArtist("a1", "Ana", 7)],
                [
                    query_records.TrackNamesTrackGenre(1, "pop", "Pop", 3),
                    query_records.TrackNamesTrackGenre(2, "rap", "Rap", 4),
                ],
            )
        ],
        "radar_plays": 9,
    }
    assert row["tracks"][0].genres[1].name == "Rap"
    assert track[5] == [["a1", "Ana", 7]]


def test_maps_become_named_tuples_by_their_keys_and_null_stays() -> None:
    known = {"plays": 1, "heard": None, "heard_at_least": 0.5, "listened_ms": None}
    known |= {"track_id": "t1", "user_id": "u1"}
    others = {"user_known": True, "track_known": True, "plays": 2}
    row = converted(load("listen_context"), **others, known=known)
    assert row == others | {"known": query_records.ListenContextKnown("u1", "t1", None, None, 0.5, 1)}
    assert converted(load("listen_context"), **others, known=None) == others | {"known": None}


def test_a_record_of_another_length_is_refused() -> None:
    with pytest.raises(TypeError, match="Expected 3 arguments, got 2"):
        converted(load("chart"), tracks=[[1, 2]])


@pytest.mark.parametrize(("name", "record"), [("chart", "ChartTrack"), ("nowhere", "NowhereTrack")])
def test_a_header_that_is_newer_than_the_classes_is_told(name: str, record: str) -> None:
    query = parse(name, "// One.\n// mode: read\n// returns: tracks: [key: int]\nRETURN [[1]] AS tracks\n")
    with pytest.raises(QueryError, match=f"has no {record} of key: run `make docs`"):
        converted(query, tracks=[[1]])


@pytest.mark.parametrize(
    ("canned", "wrong"),
    [
        ({"keys": [1]}, r"it has \['keys'\], declared is tracks: "),
        ({"tracks": [[1, 2]]}, r"tracks\[0\] is \[1, 2\], declared is tracks: "),
        ({"tracks": [[1, 2, [None]]]}, r"tracks\[0\]\.genres\[0\] is null"),
        ({"tracks": [[1, 2, []], [1, 2.5, []]]}, r"tracks\[1\]\.plays is 2\.5, declared is plays: int"),
        ({"tracks": [[1, True, []]]}, r"tracks\[0\]\.plays is True"),
        ({"tracks": None}, "tracks is null"),
    ],
)
def test_a_fake_graph_cannot_lie(canned: dict[str, Any], wrong: str) -> None:
    with pytest.raises(AssertionError, match=f"rows of chart.*{wrong}"):
        FakeGraph({"chart": [canned]}).read("chart", limit=1)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("chart", {"limit": "1"}),
        ("chart", {"limit": None}),
        ("track_names", {"keys": ["t1"]}),
        ("listen_context", {"rows": [{"listen_id": "l1", "user_id": "u1"}]}),
        ("listen_context", {"rows": [{"listen_id": "l1", "user_id": "u1", "track_id": 3}]}),
    ],
)
def test_a_fake_graph_checks_what_it_is_asked(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=f"parameters of {name}"):
        small_graph().read(name, **params)


def test_a_fake_graph_knows_the_queries() -> None:
    with pytest.raises(UnknownQuery):
        FakeGraph({"charts": []}).read("charts", limit=1)
    with pytest.raises(QueryError, match="query chart takes"):
        small_graph().read("chart")
    with pytest.raises(QueryError, match="add_track_plays writes"):
        FakeGraph({"add_track_plays": []}).read("add_track_plays", rows=[])
