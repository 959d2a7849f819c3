"""A load through the write path, on a graph that remembers what was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from neo4j.time import DateTime

from muse_graph.core.keys import key_of
from muse_graph.graph.connection import Row
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.timestamps import to_ms
from tests.unit.writes import WritingGraph

AT = datetime(2026, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def load_rows(
    table: str, rows: list[Row], answers: dict[str, Any]
) -> tuple[WritingGraph, tuple[int, ...], list[str]]:
    """The graph, how many rows were loaded, repeated and rejected, and why."""
    reasons: list[str] = []

    class Noting(Rejects):
        def reject(self, table: str, line: int, reason: str) -> None:
            reasons.append(reason)
            super().reject(table, line, reason)

    def batches() -> Iterator[tuple[str, pa.RecordBatch]]:
        numbered = [row | {"line": line} for line, row in enumerate(rows, 1)]
        yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])

    graph = WritingGraph(answers)
    rejects = Noting()
    load(graph, batches(), rejects, theta=0.2, advance=lambda _step, _rows: None)
    tally = rejects.tally[table]
    return graph, (tally.loaded, tally.repeated, tally.rejected), reasons


def ids(*known: str) -> Any:
    return lambda ids: [{"id": one} for one in ids if one in known]


def told(action: str | None, at: datetime | None, *, user: bool = True, track: bool = True) -> Row:
    when = None if at is None else DateTime.from_native(at)
    return {"user_known": user, "track_known": track, "action": action, "at": when}


def word(action: str, at: datetime | None, track: str = "t1") -> Row:
    return {"user_id": "u1", "track_id": track, "action": action, "at": at}


def test_progress_names_the_step_and_counts_what_was_done() -> None:
    rows = [{"genre_id": "pop", "name": "Pop", "line": 2}]
    batch = pa.RecordBatch.from_pylist(rows, schema=SCHEMAS["genres"])
    rejects, told = Rejects(), []
    graph = WritingGraph({"user_ids": lambda after, limit: [] if after else [{"user_id": "u1"}]})
    load(graph, [("genres", batch)], rejects, theta=0.2, advance=lambda *step: told.append(step))
    assert told == [("pools before", 1), ("genres", 1), ("pools", 1)]


class TestFeedback:
    """The latest word counts, whichever comes in last."""

    @pytest.mark.parametrize("order", [1, -1], ids=["in order", "the other way round"])
    def test_of_several_words_the_latest(self, order: int) -> None:
        words = [word("save", AT), word("discard", AT + HOUR), word("save", AT + 2 * HOUR)][::order]
        graph, counts, _ = load_rows("feedback", words, {"feedback_known": [told(None, None)] * 3})
        assert graph.rows_of("save_tracks") == [{"user_id": "u1", "track_id": "t1", "at": AT + 2 * HOUR}]
        assert graph.rows_of("discard_tracks") == []
        assert counts == ((3, 0, 0) if order == 1 else (1, 2, 0))

    @pytest.mark.parametrize(
        ("action", "at", "loaded"),
        [
            ("discard", AT + HOUR, True),
            ("save", AT + HOUR, True),
            ("discard", AT, False),
            ("discard", AT - HOUR, False),
            ("save", None, False),
            ("discard", None, True),
        ],
    )
    def test_beside_a_save_on_record(self, action: str, at: datetime | None, loaded: bool) -> None:
        known = {"feedback_known": [told("save", AT)]}
        graph, counts, _ = load_rows("feedback", [word(action, at)], known)
        assert counts == ((1, 0, 0) if loaded else (0, 1, 0))
        written = graph.rows_of("save_tracks") + graph.rows_of("discard_tracks")
        assert len(written) == loaded
        assert len(graph.rows_of(f"{action}_tracks")) == loaded
        assert all(row["at"] >= AT + HOUR for row in written)

    def test_of_and_on_nothing(self) -> None:
        known = [told(None, None, user=False), told(None, None, track=False)]
        words = [word("save", AT), word("save", AT, "t9")]
        graph, counts, reasons = load_rows("feedback", words, {"feedback_known": known})
        assert counts == (0, 0, 2)
        assert reasons == ["user_id: no user has the id 'u1'", "track_id: no track has the id 't9'"]
        assert graph.rows_of("save_tracks") == []


TRACK: Row = {
    "track_id": "t1",
    "title": "Luna",
    "artist_ids": ["a2", "a1"],
    "genre_ids": ["pop", "ska"],
    "duration_s": 200.0,
    "language": "es",
    "mbid": None,
    "isrc": "X",
    "features": [0.5, 1.0],
}


class TestTracks:
    def test_a_new_one_names_its_genres(self) -> None:
        answers = {"known_artists": ids("a1", "a2"), "known_genres": ids("pop"), "track_links": []}
        graph, counts, _ = load_rows("tracks", [TRACK], answers)
        assert counts == (1, 0, 0)
        assert graph.rows_of("merge_tracks") == [TRACK | {"key": key_of("t1"), "search_text": "luna_ luna"}]
        ska = {"genre_id": "ska", "key": key_of("ska"), "name": "ska", "search_text": "ska_ ska"}
        assert graph.rows_of("merge_genres") == [ska]

    @pytest.mark.parametrize(
        ("artists", "genres", "fits"),
        [
            (["a1", "a2"], ["pop", "ska"], True),
            (["a1"], ["pop", "ska"], False),
            (["a1", "a2"], ["ska", "pop"], False),
        ],
    )
    def test_artists_and_genres_of_one_that_is_there_cannot_change(
        self, artists: list[str], genres: list[str], fits: bool
    ) -> None:
        link = {"track_id": "t1", "key": key_of("t1"), "artist_ids": artists, "genre_ids": genres}
        answers = {"known_artists": ids("a1", "a2"), "track_links": [link]}
        graph, counts, reasons = load_rows("tracks", [TRACK], answers)
        assert counts == ((0, 1, 0) if fits else (0, 0, 1))
        assert len(graph.rows_of("merge_tracks")) == fits
        assert all("cannot change once a track is written" in reason for reason in reasons)

    def test_by_an_artist_that_is_not_there(self) -> None:
        answers = {"known_artists": ids("a1"), "track_links": []}
        graph, counts, reasons = load_rows("tracks", [TRACK], answers)
        assert (counts, reasons) == ((0, 0, 1), ["artist_ids: no artist has the id 'a2'"])
        assert (graph.rows_of("merge_tracks"), graph.rows_of("merge_genres")) == ([], [])


@pytest.mark.parametrize(
    ("table", "known", "row", "query", "written"),
    [
        (
            "genres",
            "known_genres",
            {"genre_id": "g", "name": None},
            "merge_genres",
            {"name": "g", "key": key_of("g"), "search_text": "g_ g"},
        ),
        (
            "artists",
            "known_artists",
            {"artist_id": "a", "name": "A", "country": "CO"},
            "merge_artists",
            {"search_text": "a_ a"},
        ),
        (
            "users",
            "known_users",
            {"user_id": "u", "name": "U", "country": "CO", "listens_visible_to": "nobody"},
            "merge_users",
            {"key": key_of("u"), "search_text": "u_ u"},
        ),
    ],
)
def test_things_are_written_and_known_ones_repeated(
    table: str, known: str, row: Row, query: str, written: Row
) -> None:
    (identifier, *_) = row.values()
    for there in ((), (identifier,)):
        graph, counts, _ = load_rows(table, [row], {known: ids(*there)})
        assert counts == ((0, 1, 0) if there else (1, 0, 0))
        assert graph.rows_of(query) == [row | written]
        countries = [{"code": "CO", "name": "Colombia"}] if "country" in row else []
        assert graph.rows_of("merge_countries") == countries


def test_an_influencer_with_shares_and_without() -> None:
    row = {
        "influencer_id": "i1",
        "handle": "@luz",
        "country": "CO",
        "genre_ids": None,
        "avg_likes": 5.0,
        "followers": None,
        "audience": ["PT:0.25", "JP", "PT:0.5"],
    }
    graph, counts, _ = load_rows("influencers", [row], {"known_influencers": ids()})
    assert counts == (1, 0, 0)
    audience = [{"code": "PT", "share": 0.5}, {"code": "JP", "share": None}]
    assert graph.rows_of("merge_influencers") == [row | {"genre_ids": [], "audience": audience}]
    assert {one["code"] for one in graph.rows_of("merge_countries")} == {"CO", "JP", "PT"}


def test_friendships_whichever_is_named_first() -> None:
    def context(rows: list[Row]) -> list[Row]:
        return [
            {
                "user_known": row["user_id"] != "u3",
                "friend_known": row["friend_id"] != "u3",
                "repeated": "u4" in row.values(),
                "blocked": "u5" in row.values(),
            }
            for row in rows
        ]

    pairs = [("u2", "u1"), ("u1", "u3"), ("u3", "u1"), ("u1", "u4"), ("u5", "u1")]
    rows = [{"user_id": user, "friend_id": friend, "since": AT} for user, friend in pairs]
    graph, counts, reasons = load_rows("friendships", rows, {"friendship_context": context})
    assert counts == (1, 1, 3)
    assert reasons == [
        "friend_id: no user has the id 'u3'",
        "user_id: no user has the id 'u3'",
        "one of the users 'u5' and 'u1' has blocked the other",
    ]
    assert graph.rows_of("merge_friendships") == [rows[0]]


def test_likes_and_tags() -> None:
    known = {"user_known": True, "repeated": False}
    like = {"user_id": "u1", "genre_id": "ska"}
    answers = {"known_genres": ids(), "known_users": ids("u1"), "like_context": [known]}
    graph, counts, _ = load_rows("likes", [like], answers)
    assert (counts, graph.rows_of("merge_likes")) == ((1, 0, 0), [like])
    assert [row["genre_id"] for row in graph.rows_of("merge_genres")] == ["ska"]
    tag = {"user_id": "u1", "artist_id": "a9", "tag": "x"}
    graph, counts, reasons = load_rows("tags", [tag], {"tag_context": [known | {"artist_known": False}]})
    assert (counts, reasons) == ((0, 0, 1), ["artist_id: no artist has the id 'a9'"])


USER: Row = {"user_id": "u", "name": "U", "country": None, "listens_visible_to": None}


class TestSteps:
    def test_pools_are_settled_before_and_after(self) -> None:
        pages = {"": [{"user_id": "u1"}], "u1": []}
        answers = {"known_users": ids(), "user_ids": lambda after, limit: pages[after]}
        graph, _, _ = load_rows("users", [USER], answers)
        assert [name for name, _ in graph.wrote] == [
            "enter_discovery",
            "start_import",
            "acquire_write_lock",
            "merge_users",
            "enter_discovery",
            "refresh_radar",
            "finish_imports",
        ]
        pool = {"rows": [{"user_id": "u1", "genre_ids": None}], "theta_num": 1, "theta_den": 5}
        assert graph.wrote[0][1] == pool

    def test_a_load_that_was_cut_off_goes_on(self) -> None:
        answers = {
            "known_users": ids(),
            "unfinished_imports": [{"run": "r1", "command": "load tables data"}],
            "user_ids": lambda after, limit: [{"user_id": "u1"}] if after == "" else [],
        }
        graph, _, _ = load_rows("users", [USER], answers)
        assert [name for name, _ in graph.wrote] == [
            "start_import",
            "acquire_write_lock",
            "merge_users",
            "enter_discovery",
            "refresh_radar",
            "finish_imports",
        ]


def test_tags_that_are_new_and_those_there_already() -> None:
    def context(rows: list[Row]) -> list[Row]:
        return [
            {"user_known": row["user_id"] != "u9", "artist_known": True, "repeated": row["tag"] == "old"}
            for row in rows
        ]

    tags = [{"user_id": user, "artist_id": "a1", "tag": tag} for user, tag in (("u1", "x"), ("u1", "old"))]
    unknown = {"user_id": "u9", "artist_id": "a1", "tag": "x"}
    graph, counts, reasons = load_rows("tags", [*tags, unknown], {"tag_context": context})
    assert (counts, reasons) == ((1, 1, 1), ["user_id: no user has the id 'u9'"])
    assert graph.rows_of("merge_tags") == [tags[0]]


def test_a_listen_is_written_with_all_its_columns() -> None:
    row = {"listen_id": "l1", "user_id": "u1", "track_id": "t1", "listened_at": AT, "heard": 0.5}
    row |= {"plays": 1, "country": "PT", "source": "app", "heard_at_least": None}
    found: Row = {"taken": 4, "users": [["u1", "4:1", 7, "CO", None]]}
    found |= {"recent": [["u1", None]], "tracks": [["t1", "4:2", 3, [["pop", "4:3", 2]]]]}
    found |= {"heard": [], "known": [], "months": []}
    answers = {"open_listens": [found], "write_listens": [{"taken": 5}]}
    graph, counts, _ = load_rows("listens", [row], answers)
    assert counts == (1, 0, 0)
    ((play,),) = [params["changes"]["plays"] for name, params in graph.wrote if name == "write_listens"]
    del row["user_id"], row["track_id"]
    changed = {"user": "4:1", "track": "4:2", "listened_ms": to_ms(row.pop("listened_at"))}
    assert play == row | changed
