"""Listens on their way in: told apart, placed, folded; what is written is seen by `WritingGraph`."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import pytest
from neo4j.time import DateTime

from muse_graph.core.keys import key_of
from muse_graph.core.listening.profiles import NO_GENRE, unpack
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.field_rules import MAX_PLAYS
from muse_graph.service.listens.record import Listen, listen_id_of, record_listens
from tests.unit.writes import WritingGraph

AT = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
L1 = Listen("l1", "u1", "t1", AT, 0.9)
GENRES = {"t1": ["pop"], "t2": ["pop", "rock"], "t3": []}
HOMES = {"u1": "CO", "u2": None}
KEYS = {"u1": 7, "u2": 5}


def graph(
    known: dict[str, dict[str, Any]] | None = None, months: Sequence[Row] = (), plays: int = 0
) -> WritingGraph:
    """u1 of Colombia and u2 of nowhere; t1 pop, t2 pop and rock, t3 without a genre."""

    def context(rows: list[Row]) -> list[Row]:
        return [
            {
                "user_key": KEYS.get(row["user_id"]),
                "home": HOMES.get(row["user_id"]),
                "track_key": key_of(row["track_id"]) if row["track_id"] in GENRES else None,
                "genre_ids": GENRES.get(row["track_id"], []),
                "plays": plays,
                "known": (known or {}).get(row["listen_id"]),
            }
            for row in rows
        ]

    def tracks(user_ids: list[str], limit: int) -> list[Row]:
        found = {"u1": [[key_of("t1"), 3, 0.9, [4, 2], 7_000], [key_of("t3"), 1, None, [], None]], "u2": []}
        return [{"user_id": user, "tracks": found[user]} for user in user_ids]

    return WritingGraph({"listen_context": context, "user_tracks": tracks, "month_buckets": [*months]})


def known(listen: Listen) -> dict[str, Any]:
    """A listen as the graph has it."""
    at = None if listen.listened_at is None else DateTime.from_native(listen.listened_at)
    facts = {"user_id": listen.user_id, "track_id": listen.track_id, "heard": listen.heard}
    facts |= {"heard_at_least": listen.heard_at_least}
    return facts | {"plays": listen.plays, "listened_at": at}


class TestTellingApart:
    def test_new_listens_are_counted_and_written(self) -> None:
        receipt = record_listens(written := graph(), [L1, replace(L1, listen_id="l2", track_id="t2")])
        assert (receipt.received, receipt.recorded, receipt.repeated, receipt.rejected) == (2, 2, 0, [])
        assert written.transactions == 1
        assert [row["listen_id"] for row in written.rows_of("create_plays")] == ["l1", "l2"]

    def test_no_listens_need_no_transaction(self) -> None:
        never = create_autospec(Graph, instance=True)
        receipt = record_listens(never, [])
        assert (receipt.received, receipt.recorded, receipt.repeated, receipt.rejected) == (0, 0, 0, [])
        never.transact.assert_not_called()

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
        found = graph({"l1": known(L1)} if before else None)
        receipt = record_listens(found, [other] if before else [L1, other])
        assert receipt.recorded == (0 if before else 1)
        assert receipt.repeated == 0
        (rejected,) = receipt.rejected
        assert (rejected.index, rejected.listen_id) == (0 if before else 1, "l1")
        assert rejected.reason == "listen_id 'l1' is used by another listen"
        assert [row["heard"] for row in found.rows_of("create_plays")] == ([] if before else [0.9])

    @pytest.mark.parametrize("before", [True, False], ids=["earlier request", "same request"])
    def test_the_same_again_changes_nothing(self, before: bool) -> None:
        found = graph({"l1": known(L1)} if before else None)
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
        assert record_listens(graph({"l1": known(L1)}), [stamped]).repeated == 1
        assert record_listens(graph({"l1": known(L1)}), [replace(stamped, heard=0.1)]).repeated == 0
        assert record_listens(graph({"l1": known(L1)}), [replace(stamped, stamped=False)]).repeated == 0

    def test_an_aggregate_is_known_again(self) -> None:
        aggregate = Listen("l1", "u1", "t1", None, None, 12)
        assert record_listens(graph({"l1": known(aggregate)}), [aggregate]).repeated == 1

    def test_who_or_what_nobody_knows_is_named(self) -> None:
        nobody, nothing = replace(L1, user_id="u9"), replace(L1, track_id="t9")
        found = graph({"l3": known(L1)})
        receipt = record_listens(found, [nobody, nothing, replace(nobody, listen_id="l3"), L1])
        assert [(one.index, one.reason) for one in receipt.rejected] == [
            (0, "no user has the id 'u9'"),
            (1, "no track has the id 't9'"),
            (2, "no user has the id 'u9'"),
        ]
        assert receipt.recorded == 1
        assert [row["user_id"] for row in found.rows_of("create_plays")] == ["u1"]

    def test_all_is_written_with_the_lock_in_hand(self) -> None:
        record_listens(found := graph(), [L1])
        assert found.steps[0] == "acquire_write_lock"
        assert found.wrote[0][1] == {"name": "listens", "user_ids": ["u1"]}
        # What users are about to hear enters their pools first, while they are still below the cap.
        assert found.steps.index("enter_discovery") < found.steps.index("create_plays")
        assert found.steps.index("create_plays") < found.steps.index("add_listened")


def test_the_country_is_the_listens_else_the_users_else_unknown() -> None:
    listens = [
        replace(L1, listen_id="own", country="PT"),
        replace(L1, listen_id="home"),
        replace(L1, listen_id="neither", user_id="u2"),
        replace(L1, listen_id="own too", user_id="u2", country="JP"),
    ]
    record_listens(found := graph(), listens)
    assert [(row["listen_id"], row["country"]) for row in found.rows_of("create_plays")] == [
        ("own", "PT"),
        ("home", "CO"),
        ("neither", "ZZ"),
        ("own too", "JP"),
    ]
    assert {row["country"] for row in found.rows_of("put_month_buckets")} == {"PT", "CO", "ZZ", "JP"}
    # CO is there, for somebody lives in it.
    assert found.rows_of("merge_countries") == [
        {"code": "JP", "name": "Japan"},
        {"code": "PT", "name": "Portugal"},
        {"code": "ZZ", "name": "Unknown"},
    ]


def test_countries_that_are_there_are_not_written() -> None:
    record_listens(found := graph(), [L1])
    assert "merge_countries" not in found.names_written()


def test_facts_are_written_as_they_came() -> None:
    record_listens(found := graph(), [replace(L1, source="app", heard=None, listened_at=None, plays=4)])
    assert found.rows_of("create_plays") == [
        {
            "listen_id": "l1",
            "user_id": "u1",
            "track_id": "t1",
            "listened_at": None,
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
    def test_listened(self, order: int) -> None:
        record_listens(found := graph(), self.LISTENS[::order])
        assert found.rows_of("add_listened") == [
            {
                "user_id": "u1",
                "track_id": "t1",
                "plays": 5,
                "heard_plays": 4,
                "heard_ppm": 3 * 500_000 + 900_000,
                "last_at": AT,
            },
            {
                "user_id": "u2",
                "track_id": "t2",
                "plays": 2,
                "heard_plays": 2,
                "heard_ppm": 2_000_000,
                "last_at": None,
            },
            {
                "user_id": "u2",
                "track_id": "t3",
                "plays": 2,
                "heard_plays": 1,
                "heard_ppm": 0,
                "last_at": AT,
            },
        ]

    def test_a_play_counts_for_every_genre_of_its_track(self) -> None:
        record_listens(found := graph(), self.LISTENS)
        assert found.rows_of("add_plays_genre") == [
            {"user_id": "u1", "genre_id": "pop", "plays": 5},
            {"user_id": "u2", "genre_id": "pop", "plays": 2},
            {"user_id": "u2", "genre_id": "rock", "plays": 2},
        ]

    def test_tracks(self) -> None:
        record_listens(found := graph(), self.LISTENS)
        assert found.rows_of("add_track_plays") == [
            {"track_id": "t1", "plays": 5},
            {"track_id": "t2", "plays": 2},
            {"track_id": "t3", "plays": 2},
        ]

    def test_genres_about_to_be_heard_enter_pools(self) -> None:
        record_listens(found := graph(), self.LISTENS, theta=0.35)
        ((_, params),) = [(name, params) for name, params in found.wrote if name == "enter_discovery"]
        assert params == {
            "rows": [
                {"user_id": "u1", "genre_ids": ["pop"]},
                {"user_id": "u2", "genre_ids": ["pop", "rock"]},
            ],
            "theta_num": 7,
            "theta_den": 20,
        }

    def test_profiles_are_packed_anew(self) -> None:
        record_listens(found := graph(), self.LISTENS[::-1])
        first, second = found.rows_of("put_profiles")
        assert (first["user_id"], second) == ("u1", {"user_id": "u2", "profile": None, "recent": None})
        # What has no time is not among what was heard last.
        assert first["recent"] == [key_of("t1"), 7_000]
        packed = unpack([first["profile"]])
        rows = zip(packed.track.tolist(), packed.genre.tolist(), packed.plays.tolist(), strict=True)
        assert sorted(rows) == sorted(
            [(key_of("t1"), 2, 3), (key_of("t1"), 4, 3), (key_of("t3"), NO_GENRE, 1)]
        )
        assert np.isnan(packed.heard[packed.track == key_of("t3")]).all()


class TestMonths:
    def test_months_and_days_are_of_utc(self) -> None:
        bogota = timezone(timedelta(hours=-5))
        evening = replace(L1, listened_at=datetime(2026, 9, 30, 19, 30, tzinfo=bogota))
        record_listens(found := graph(), [evening, replace(L1, listen_id="l2", listened_at=None, plays=3)])
        rows = found.rows_of("put_month_buckets")
        assert [(row["month"], row["days"], row["plays"]) for row in rows] == [(0, [0], 3), (202610, [1], 1)]

    def test_a_month_of_its_own_for_each_country_and_track(self) -> None:
        listens = [
            L1,
            replace(L1, listen_id="l2", country="PT"),
            replace(L1, listen_id="l3", track_id="t2"),
            replace(L1, listen_id="l4", user_id="u2", country="CO", heard=None, plays=2),
        ]
        record_listens(found := graph(), listens)
        rows = {(row["track_id"], row["country"]): row for row in found.rows_of("put_month_buckets")}
        assert rows.keys() == {("t1", "CO"), ("t1", "PT"), ("t2", "CO")}
        assert rows["t1", "CO"] == {
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
        stored = {
            "track_id": "t1",
            "country": "CO",
            "month": 202609,
            "listeners": struct.pack("<qBIqBI", 4, 7, 1 << 3, 7, 0, 1 << 30),
            "cells": struct.pack("<IBBIIBBI", 0, 3, 2, 2, 1, 30, 10, 1),
        }
        early = {"listened_at": AT - timedelta(days=28), "source": "feed"}
        listens = [
            replace(L1, heard=0.25),
            replace(L1, listen_id="l2", **early),
            replace(L1, listen_id="l3", heard=None, heard_at_least=0.5, **early),
        ]
        record_listens(found := graph(months=[stored]), listens)
        (row,) = found.rows_of("put_month_buckets")
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
    whole = written.rows["listen_context"]
    written.rows["listen_context"] = lambda rows: (whole(rows) * 2)[:n]  # type: ignore[operator]
    with pytest.raises(ValueError, match="zip"):
        record_listens(written, [L1, replace(L1, listen_id="l2")])
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
        sums = {row["track_id"]: row["heard_ppm"] for row in written.rows_of("add_listened")}
        assert sums == {"t1": MAX_PLAYS * 1_000_000, "t2": MAX_PLAYS * 1_000_000}

    @pytest.mark.parametrize(("before", "recorded"), [(MAX_PLAYS - 1, 1), (MAX_PLAYS, 0)])
    def test_with_those_that_are_there(self, before: int, recorded: int) -> None:
        listens = [L1, Listen("l2", "u1", "t1", AT, None)]
        assert record_listens(graph(plays=before), listens).recorded == recorded

    def test_a_listen_that_was_refused_leaves_its_id_free(self) -> None:
        listens = [Listen("l1", "u1", "t1", None, None, 2), L1]
        receipt = record_listens(graph(plays=MAX_PLAYS - 1), listens)
        assert (receipt.recorded, receipt.rejected[0].index) == (1, 0)
