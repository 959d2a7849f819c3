"""Listens on their way in: told apart, placed, folded; what is written is seen by `WritingGraph`."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import pytest

from muse_graph.core.keys import key_of
from muse_graph.core.listening.profiles import MAX_TRACKS, NO_GENRE, pack
from muse_graph.errors import GraphUnavailable, MuseError, Transient
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.queries import load
from muse_graph.service.field_rules import MAX_PLAYS
from muse_graph.service.listens.record import (
    Listen,
    classify,
    listen_id_of,
    record_listens,
    record_outcomes,
    standings_of,
)
from muse_graph.service.outcomes import RECORDED
from muse_graph.timestamps import to_ms
from tests.unit.writes import WritingGraph

AT = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
L1 = Listen("l1", "u1", "t1", AT, 0.9)
GENRES = {"t1": ["pop"], "t2": ["pop", "rock"], "t3": []}
HOMES = {"u1": "CO", "u2": None}
KEYS = {"u1": 7, "u2": 5}


def graph(
    known: dict[str, Listen] | None = None,
    months: Sequence[Sequence[Any]] = (),
    plays: int = 0,
    taken: int | None = 9,
    profiles: dict[str, tuple[bytes, list[int]]] | None = None,
) -> WritingGraph:
    """u1 of Colombia and u2 of nowhere; t1 pop, t2 pop and rock, t3 without a genre.

    Args:
        known: listens by their ids
        plays: of every user and track so far
        taken: what the lock is at when something is written; None lets nothing be written
    """

    def opened(listens: dict[str, list[Any]]) -> list[Row]:
        user_ids, track_ids, pairs, listen_ids, _ = listens.values()
        row = {
            "taken": 8,
            "users": [
                [user, user, KEYS[user], HOMES[user], (profiles or {}).get(user, (None, None))[0]]
                for user in user_ids
                if user in KEYS
            ],
            "recent": [
                [user, (profiles or {}).get(user, (None, None))[1]] for user in user_ids if user in KEYS
            ],
            "tracks": [
                [track, track, key_of(track), [[genre, genre, key_of(genre)] for genre in GENRES[track]]]
                for track in track_ids
                if track in GENRES
            ],
            "heard": [
                [*pair, plays, 0, 0] for pair in pairs if plays and pair[0] in KEYS and pair[1] in GENRES
            ],
            "known": [fact_row(one, known[one]) for one in listen_ids if known and one in known],
            "months": [list(month) for month in months],
        }
        return [row]

    written = [] if taken is None else [{"taken": taken}]
    return WritingGraph({"open_listens": opened, "write_listens": written, "user_tracks": []})


def packed(*entries: tuple[int, int, int, float]) -> bytes:
    """A profile of (track, genre, plays, share heard)."""
    track, genre, plays, heard = zip(*entries, strict=True)
    shares = np.array(heard, np.float64)
    return pack(np.array(track, np.int64), np.array(genre, np.int64), np.array(plays, np.int64), shares)


def fact_row(listen_id: str, listen: Listen) -> list[Any]:
    """A listen as the graph has it."""
    at = None if listen.listened_at is None else to_ms(listen.listened_at)
    shares = [listen.heard, listen.heard_at_least]
    return [listen_id, listen.user_id, listen.track_id, at, *shares, listen.plays]


def rows(found: WritingGraph, name: str) -> list[Row]:
    """The rows of a list of `write_listens`."""
    return [
        row for query, params in found.wrote if query == "write_listens" for row in params["changes"][name]
    ]


def heard(found: WritingGraph) -> list[Row]:
    """What users have listened to of tracks, as written."""
    written = map(named, [*rows(found, "heard_first"), *rows(found, "heard_again")])
    return sorted(written, key=lambda row: (row["user_id"], row["track_id"]))


def plays(found: WritingGraph) -> list[Row]:
    """The listens, as written."""
    return [named(row) for row in rows(found, "plays")]


def months_of(found: WritingGraph) -> list[Row]:
    """The months, as written."""
    return [*rows(found, "first_months"), *rows(found, "further_months")]


def named(row: Row) -> Row:
    """With ids in place of element ids, which are the same here."""
    return {{"user": "user_id", "track": "track_id"}.get(name, name): value for name, value in row.items()}


class TestTellingApart:
    def test_new_listens_are_counted_and_written(self) -> None:
        later = Listen("l2", "u1", "t2", AT + timedelta(minutes=1), 0.9)
        receipt = record_listens(written := graph(), [L1, later])
        assert (receipt.received, receipt.recorded, receipt.repeated, receipt.rejected) == (2, 2, 0, [])
        assert [name for name, _ in written.wrote] == ["open_listens", "write_listens"]
        assert written.transactions == 0
        assert [row["listen_id"] for row in plays(written)] == ["l1", "l2"]

    def test_no_listens_need_no_transaction(self) -> None:
        never = create_autospec(Graph, instance=True)
        receipt = record_listens(never, [])
        assert (receipt.received, receipt.recorded, receipt.repeated, receipt.rejected) == (0, 0, 0, [])
        assert never.method_calls == []

    @pytest.mark.parametrize(
        "change",
        [
            {"heard": 0.8},
            {"heard": None},
            {"heard": None, "heard_at_least": 0.9},
            {"plays": 2},
            {"user_id": "u2"},
            {"track_id": "t2"},
            {"listened_at": AT + timedelta(seconds=1)},
            {"listened_at": None},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("before", [True, False], ids=["earlier request", "same request"])
    def test_an_id_that_stands_for_another_listen_is_refused(
        self, change: dict[str, Any], before: bool
    ) -> None:
        other = replace(L1, **change)
        found = graph({"l1": L1} if before else None)
        receipt = record_listens(found, [other] if before else [L1, other])
        assert receipt.recorded == (0 if before else 1)
        assert receipt.repeated == 0
        (rejected,) = receipt.rejected
        assert (rejected.index, rejected.listen_id) == (0 if before else 1, "l1")
        assert rejected.reason == "listen_id 'l1' is used by another listen"
        assert [row["heard"] for row in plays(found)] == ([] if before else [0.9])

    @pytest.mark.parametrize("before", [True, False], ids=["earlier request", "same request"])
    def test_the_same_again_changes_nothing(self, before: bool) -> None:
        found = graph({"l1": L1} if before else None)
        # Where it was played and by which app is no part of what makes it the same.
        again = replace(L1, country="PT", source="radio")
        receipt = record_listens(found, [again] if before else [L1, again])
        assert (receipt.recorded, receipt.repeated) == (0 if before else 1, 1)
        assert receipt.rejected == []
        if before:
            assert found.names_written() == []

    def test_a_time_the_service_put_in_is_no_part_of_a_listen(self) -> None:
        later = AT + timedelta(minutes=1)
        stamped = replace(L1, listened_at=later, stamped=True)
        assert record_listens(graph({"l1": L1}), [stamped]).repeated == 1
        assert record_listens(graph({"l1": L1}), [replace(stamped, heard=0.1)]).repeated == 0
        assert record_listens(graph({"l1": L1}), [replace(stamped, stamped=False)]).repeated == 0

    def test_an_aggregate_is_known_again(self) -> None:
        aggregate = Listen("l1", "u1", "t1", None, None, 12)
        assert record_listens(graph({"l1": aggregate}), [aggregate]).repeated == 1

    def test_who_or_what_nobody_knows_is_named(self) -> None:
        nobody, nothing = replace(L1, user_id="u9"), replace(L1, track_id="t9")
        found = graph({"l3": L1})
        receipt = record_listens(found, [nobody, nothing, replace(nobody, listen_id="l3"), L1])
        assert [(one.index, one.reason) for one in receipt.rejected] == [
            (0, "no user has the id 'u9'"),
            (1, "no track has the id 't9'"),
            (2, "no user has the id 'u9'"),
        ]
        assert receipt.recorded == 1
        assert [row["user_id"] for row in plays(found)] == ["u1"]

    def test_what_is_written_is_right_for_what_was_read(self) -> None:
        record_listens(found := graph(), [L1])
        assert found.wrote[0][1]["listens"] == {
            "user_ids": ["u1"],
            "track_ids": ["t1"],
            "pairs": [["u1", "t1"]],
            "listen_ids": ["l1"],
            "months": [["u1", "t1", None, 202609]],
        }
        assert found.wrote[1][1]["taken"] == 8

    def test_where_somebody_wrote_in_between_all_is_done_in_one_transaction(self) -> None:
        receipt = record_listens(found := graph(taken=None), [L1])
        assert receipt.recorded == 1
        names = ["open_listens", "write_listens"]
        assert ([name for name, _ in found.wrote], found.steps) == (names * 2, names)

    @pytest.mark.parametrize("error", [Transient("undone"), GraphUnavailable("gone")], ids=str)
    @pytest.mark.parametrize("query", ["open_listens", "write_listens"])
    def test_after_an_error_that_may_pass_the_driver_tries_on(self, query: str, error: MuseError) -> None:
        found, failing = graph(), [error]
        answer = found.rows[query]

        def once(**params: object) -> list[Row]:
            if failing:
                raise failing.pop()
            return answer(**params) if callable(answer) else list(answer)

        found.rows[query] = once
        if query == "write_listens" and not isinstance(error, Transient):
            # It may be written or not: who sent it sends it again, and is told.
            with pytest.raises(GraphUnavailable):
                record_listens(found, [L1])
            return
        assert record_listens(found, [L1]).recorded == 1
        assert found.steps == ["open_listens", "write_listens"]


def test_the_country_is_the_listens_else_the_users_else_unknown() -> None:
    listens = [
        replace(L1, listen_id="own", country="PT"),
        replace(L1, listen_id="home"),
        replace(L1, listen_id="neither", user_id="u2"),
        replace(L1, listen_id="own too", user_id="u2", country="JP"),
    ]
    record_listens(found := graph(), listens)
    assert [(row["listen_id"], row["country"]) for row in plays(found)] == [
        ("own", "PT"),
        ("home", "CO"),
        ("neither", "ZZ"),
        ("own too", "JP"),
    ]
    assert {row["country"] for row in months_of(found)} == {"PT", "CO", "ZZ", "JP"}
    # CO is there, for somebody lives in it.
    assert rows(found, "countries") == [
        {"code": "JP", "name": "Japan"},
        {"code": "PT", "name": "Portugal"},
        {"code": "ZZ", "name": "Unknown"},
    ]


def test_countries_that_are_there_are_not_written() -> None:
    record_listens(found := graph(), [L1])
    assert rows(found, "countries") == []


def test_facts_are_written_as_they_came() -> None:
    record_listens(found := graph(), [replace(L1, source="app", heard=None, listened_at=None, plays=4)])
    assert plays(found) == [
        {
            "user_id": "u1",
            "track_id": "t1",
            "listen_id": "l1",
            "listened_ms": None,
            "heard": None,
            "heard_at_least": None,
            "plays": 4,
            "country": "CO",
            "source": "app",
        }
    ]


class TestFolding:
    """Several listens at once are one row for each thing they change."""

    LISTENS = (
        replace(L1, listen_id="a", heard=0.5, plays=3, listened_at=None),
        replace(L1, listen_id="b", heard=0.9000004),
        replace(L1, listen_id="c", heard=None, listened_at=AT - timedelta(days=40)),
        replace(L1, listen_id="d", user_id="u2", track_id="t2", heard=1.0, plays=2, listened_at=None),
        replace(L1, listen_id="e", user_id="u2", track_id="t3", heard=0.0),
        # What is known at least is no share heard: it counts as a play of which no share is known.
        replace(L1, listen_id="f", user_id="u2", track_id="t3", heard=None, heard_at_least=0.7),
    )

    @pytest.mark.parametrize("order", [1, -1], ids=["as they come", "the other way round"])
    @pytest.mark.parametrize("before", [0, 7])
    def test_listened(self, order: int, before: int) -> None:
        record_listens(found := graph(plays=before), self.LISTENS[::order])
        names = ("user_id", "track_id", "plays", "heard_plays", "heard_ppm", "heard", "last_ms")
        assert [tuple(row[name] for name in names) for row in heard(found)] == [
            ("u1", "t1", before + 5, 4, 3 * 500_000 + 900_000, 0.6, to_ms(AT)),
            ("u2", "t2", before + 2, 2, 2_000_000, 1.0, None),
            ("u2", "t3", before + 2, 1, 0, 0.0, to_ms(AT)),
        ]

    def test_a_play_counts_for_every_genre_of_its_track(self) -> None:
        record_listens(found := graph(), self.LISTENS)
        assert [(row["user"], row["genres"]) for row in rows(found, "genres")] == [
            ("u1", [{"genre": "pop", "plays": 5}]),
            ("u2", [{"genre": "pop", "plays": 2}, {"genre": "rock", "plays": 2}]),
        ]

    def test_tracks(self) -> None:
        record_listens(found := graph(), self.LISTENS)
        assert rows(found, "tracks") == [
            {"track": "t1", "plays": 5, "listeners": 1},
            {"track": "t2", "plays": 2, "listeners": 1},
            {"track": "t3", "plays": 2, "listeners": 1},
        ]
        assert rows(found, "heard_again") == []

    def test_who_has_heard_a_track_is_no_further_listener(self) -> None:
        record_listens(found := graph(plays=7), self.LISTENS)
        assert [row["listeners"] for row in rows(found, "tracks")] == [0, 0, 0]
        assert rows(found, "heard_first") == []

    @pytest.mark.parametrize(("theta", "share"), [(0.35, (7, 20)), (None, (None, None))])
    def test_genres_enter_pools_by_a_share(self, theta: float | None, share: tuple[int | None, ...]) -> None:
        found = graph()
        assert record_outcomes(found, self.LISTENS, theta=theta) == [RECORDED] * 6
        ((_, params),) = [one for one in found.wrote if one[0] == "write_listens"]
        assert (params["theta_num"], params["theta_den"]) == share


class TestProfiles:
    """Profiles and what was heard last follow from what they were."""

    T1 = (key_of("t1"), key_of("pop"), 3, 0.5)
    OTHER = (1, 2, 4, 0.25)

    def test_of_users_who_had_none_and_one(self) -> None:
        before = {"u1": (packed(self.T1, self.OTHER), [1, 5_000, key_of("t1"), 4_000])}
        listens = [replace(L1, heard=1.0), Listen("l2", "u2", "t2", None, None, 2)]
        record_listens(found := graph(plays=3, profiles=before), listens)
        first, second = rows(found, "users")
        assert first["profile"] == packed((*self.T1[:2], 4, 1.0), self.OTHER)
        assert first["recent"] == [key_of("t1"), to_ms(AT), 1, 5_000]
        genres = [key_of("pop"), key_of("rock")]
        assert second["profile"] == packed(*((key_of("t2"), genre, 5, math.nan) for genre in genres))
        # What has no time is not among what was heard last.
        assert second["recent"] is None

    @pytest.mark.parametrize(
        "before",
        [
            (b"no profile", []),
            (packed(*((key, 2, 1, 0.5) for key in range(MAX_TRACKS))), []),
            # Of two tracks of one time, the one that was played more comes first.
            (b"", [1, to_ms(AT)]),
        ],
        ids=["no profile", "full", "two at one time"],
    )
    def test_where_they_cannot_tell_both_are_packed_anew(self, before: tuple[bytes, list[int]]) -> None:
        found = graph(profiles={"u1": before})
        tracks = [[key_of("t1"), 3, 0.9, [4, 2], 7_000], [key_of("t3"), 1, None, [], None]]
        found.rows["user_tracks"] = [{"user_id": "u1", "tracks": tracks}]
        record_listens(found, [L1])
        assert found.steps == ["write_listens", "user_tracks", "put_profiles"]
        (row,) = found.rows_of("put_profiles")
        assert row["recent"] == [key_of("t1"), 7_000]
        entries = [
            (key_of("t1"), 2, 3, 0.9),
            (key_of("t1"), 4, 3, 0.9),
            (key_of("t3"), NO_GENRE, 1, math.nan),
        ]
        assert row["profile"] == packed(*entries)

    def test_nothing_is_packed_where_somebody_wrote_in_between(self) -> None:
        found = graph(taken=None, profiles={"u1": (b"no profile", [])})
        assert record_listens(found, [L1]).recorded == 1
        assert found.steps == ["write_listens", "open_listens", "write_listens"]


class TestMonths:
    def test_months_and_days_are_of_utc(self) -> None:
        bogota = timezone(timedelta(hours=-5))
        evening = replace(L1, listened_at=datetime(2026, 9, 30, 19, 30, tzinfo=bogota))
        record_listens(found := graph(), [evening, replace(L1, listen_id="l2", listened_at=None, plays=3)])
        months = months_of(found)
        assert [(row["month"], row["days"], row["plays"]) for row in months] == [
            (0, [0], 3),
            (202610, [1], 1),
        ]

    def test_a_month_of_its_own_for_each_country_and_track(self) -> None:
        listens = [
            L1,
            replace(L1, listen_id="l2", country="PT"),
            replace(L1, listen_id="l3", track_id="t2"),
            replace(L1, listen_id="l4", user_id="u2", country="CO", heard=None, plays=2),
        ]
        record_listens(found := graph(), listens)
        months = {(row["track_id"], row["country"]): row for row in months_of(found)}
        assert months.keys() == {("t1", "CO"), ("t1", "PT"), ("t2", "CO")}
        assert months["t1", "CO"] == {
            "track": "t1",
            "track_id": "t1",
            "country": "CO",
            "month": 202609,
            "plays": 3,
            "days": [30, 30],
            "day_sources": [0, 0],
            "day_reports": [9, 10],
            "day_plays": [1, 2],
            "listeners": struct.pack("<qBIqBI", 5, 0, 1 << 30, 7, 0, 1 << 30),
            "cells": struct.pack("<IBBIIBBI", 0, 30, 10, 2, 1, 30, 9, 1),
        }

    def test_plays_are_added_to_those_of_the_month(self) -> None:
        stored = (
            "t1",
            "CO",
            202609,
            struct.pack("<qBIqBI", 4, 7, 1 << 3, 7, 0, 1 << 30),
            struct.pack("<IBBIIBBI", 0, 3, 2, 2, 1, 30, 10, 1),
        )
        early = {"listened_at": AT - timedelta(days=28), "source": "feed"}
        listens = [
            replace(L1, heard=0.25),
            replace(L1, listen_id="l2", **early),
            replace(L1, listen_id="l3", heard=None, heard_at_least=0.5, **early),
        ]
        record_listens(found := graph(months=[stored]), listens)
        (row,) = months_of(found)
        sums = zip(row["days"], row["day_sources"], row["day_reports"], row["day_plays"], strict=True)
        assert list(sums) == [(2, 2, 9, 1), (2, 2, 15, 1), (3, 7, 2, 2), (30, 0, 2, 1), (30, 0, 10, 1)]
        assert row["plays"] == 6
        people = [(4, 7, 1 << 3), (7, 0, 1 << 30), (7, 2, 1 << 2)]
        assert row["listeners"] == b"".join(struct.pack("<qBI", *one) for one in people)
        cells = [(0, 3, 2, 2), (1, 30, 2, 1), (1, 30, 10, 1), (2, 2, 9, 1), (2, 2, 15, 1)]
        assert row["cells"] == b"".join(struct.pack("<IBBI", *one) for one in cells)


def test_a_share_cannot_be_known_exactly_and_at_least() -> None:
    (rejected,) = record_listens(graph(), [replace(L1, heard_at_least=0.5)]).rejected
    assert rejected.reason == "give heard or heard_at_least, not both"


def test_ids_are_made_of_who_what_and_when() -> None:
    first = listen_id_of("u1", "t1", 5, "app")
    assert first == listen_id_of("u1", "t1", 5, "radio")
    others = [
        listen_id_of("u2", "t1", 5, "app"),
        listen_id_of("u1", "t2", 5, "app"),
        listen_id_of("u1", "t1", 6, "app"),
        listen_id_of("u1", "t1", None, "app"),
        listen_id_of("u1", "t1", None, "radio"),
        listen_id_of("u1t1", "", 5, "app"),
    ]
    assert len({first, *others}) == 7
    # Loads that were made before find their listens again.
    assert first == "7be7dee5-02ae-5bc9-a4a3-6ddae65ca3e4"


@pytest.mark.parametrize("n", [1, 3])
def test_an_answer_about_more_or_fewer_listens_than_were_asked_for_is_an_error(n: int) -> None:
    written = graph()
    rows = [{"user_known": True, "track_known": True, "plays": 0, "known": None}] * n
    written.rows["listen_context"] = rows
    listens = [L1, replace(L1, listen_id="l2")]
    with pytest.raises(ValueError, match="zip"):
        classify(listens, standings_of(written.read, listens))
    assert written.names_written() == []


class TestMostPlays:
    """No sum of plays or shares heard can leave 64 bits, whatever comes in one request or many."""

    def test_of_one_user_and_track_in_one_request(self) -> None:
        most = [Listen(f"m{n}", "u1", "t1", None, 1.0, MAX_PLAYS // 2) for n in range(3)]
        written = graph()
        receipt = record_listens(written, [*most, Listen("m9", "u1", "t2", None, 1.0, MAX_PLAYS)])
        assert (receipt.recorded, [one.index for one in receipt.rejected]) == (3, [2])
        rule = f"plays of 't1' by 'u1' must add up to at most {MAX_PLAYS:,}, got {MAX_PLAYS * 3 // 2:,}"
        assert receipt.rejected[0].reason == rule
        sums = {row["track_id"]: row["heard_ppm"] for row in heard(written)}
        assert sums == {"t1": MAX_PLAYS * 1_000_000, "t2": MAX_PLAYS * 1_000_000}

    @pytest.mark.parametrize(("before", "recorded"), [(MAX_PLAYS - 1, 1), (MAX_PLAYS, 0)])
    def test_with_those_that_are_there(self, before: int, recorded: int) -> None:
        listens = [L1, Listen("l2", "u1", "t1", AT, None)]
        assert record_listens(graph(plays=before), listens).recorded == recorded

    def test_a_listen_that_was_refused_leaves_its_id_free(self) -> None:
        listens = [Listen("l1", "u1", "t1", None, None, 2), L1]
        receipt = record_listens(graph(plays=MAX_PLAYS - 1), listens)
        assert (receipt.recorded, receipt.rejected[0].index) == (1, 0)


@pytest.mark.parametrize("query", ["open_listens", "write_listens"])
def test_no_list_is_a_parameter_of_its_own(query: str) -> None:
    # For each order of magnitude of a list's length the server makes a plan, for half a second.
    assert [field.name for field in load(query).params if field.type == "list"] == []
