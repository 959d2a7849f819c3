"""The doctor: what it finds, what it mends and how, what it leaves alone. And: is the service ready?"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from muse_graph.core.keys import key_of
from muse_graph.errors import SchemaError
from muse_graph.graph import schema
from muse_graph.graph.connection import Row
from muse_graph.graph.query_records import UserTracksTrack
from muse_graph.service.listens.profiles import pack_tracks
from muse_graph.service.maintenance import health
from muse_graph.service.maintenance.doctor import (
    RULES,
    Finding,
    derived_checks,
    examine,
    findings,
    paged_check,
)
from tests.unit.writes import WritingGraph

#: Of each page the ids that are wrong, and rows about them.
Wrong = Callable[..., list[Row]]


def pages(column: str, *ids: str) -> Wrong:
    """Pages of ids; a page holds at most two here, whatever is asked."""
    return lambda after, limit: [{column: one} for one in ids if one > after][: min(limit, 2)]


def whole(**more: Any) -> WritingGraph:
    """A graph of u1, u2, u3, of tracks, an artist and a genre, with nothing wrong."""

    def keys(ids: list[str]) -> list[Row]:
        return [{"id": one, "key": key_of(one)} for one in ids]

    rows: dict[str, Any] = {
        "user_ids": pages("user_id", "u1", "u2", "u3"),
        "track_ids": pages("track_id", "t1", "t2"),
        "artist_ids": pages("artist_id", "a1"),
        "genre_ids": pages("genre_id", "g1"),
        "user_keys": keys,
        "track_keys": keys,
        "genre_keys": keys,
        "country_names": [{"code": "CO", "name": "Colombia"}, {"code": "ZZ", "name": "Unknown"}],
        "listen_countries": [{"code": "CO", "listens": 7}],
    }
    return WritingGraph(rows | more)


def about(*wrong: Row, by: str = "user_id") -> Wrong:
    """Rows about the ids of a page."""
    return lambda ids, **_: [row for row in wrong if row[by] in ids]


def brief(findings: list[Finding]) -> list[tuple[str, int, str, bool]]:
    return [(one.check, one.count, one.example, one.repaired) for one in findings]


@pytest.mark.parametrize("stored", [None, "anything else"])
def test_a_search_text_that_is_not_that_of_the_name_is_written_again(stored: str | None) -> None:
    row = {"node_id": "4:x:7", "artist_id": "a1", "name": "Río", "search_text": stored}
    graph = whole(artist_texts=about(row, by="artist_id"))
    assert brief(examine(graph)) == [("Artist.search_text", 1, "a1", False)]
    assert brief(examine(graph, repair=True)) == [("Artist.search_text", 1, "a1", True)]
    assert graph.rows_of("put_search_texts") == [{"node_id": "4:x:7", "search_text": "rio_ rio"}]
    right = row | {"search_text": "rio_ rio"}
    assert examine(whole(artist_texts=about(right, by="artist_id"))) == []


def test_a_graph_that_is_right_has_no_findings_and_everything_was_looked_at() -> None:
    seen: Counter[str] = Counter()

    def advance(check: str, n: int) -> None:
        seen[check] += n

    for repair in (False, True):
        seen.clear()
        assert examine(graph := whole(), repair=repair, advance=advance) == []
        assert graph.wrote == []
        assert graph.transactions == 0
    users = (
        "User.key",
        "friendships",
        "links once",
        "LISTENED",
        "PLAYS_GENRE",
        "User.profile",
        "User.search_text",
        "pool not refreshed",
        "User fields",
    )
    tracks = ("Track.key", "Track fields", "track links once", "Track counters", "HEARD_IN names", "HEARD_IN")
    tracks += ("Track.search_text",)
    once = (
        "countries",
        "radar plays",
        "BASED_IN once",
        "Genre.key",
        "Genre fields",
        "Artist fields",
        "Artist.plays",
        "Artist.search_text",
        "Genre.search_text",
    )
    scans = (
        "user violations",
        "track violations",
        "catalogue violations",
        "listen violations",
        "pair violations",
        "link violations",
        "sent violations",
    )
    assert seen == dict.fromkeys(users, 3) | dict.fromkeys(tracks, 2) | dict.fromkeys((*once, *scans), 1)


MONTH = {"track_id": "t1", "country": "CO", "month": 202610, "stored": None}
MONTH |= {key: [] for key in ("listeners", "days", "sources", "reports", "plays")}
LISTENED = {"track_id": "t1", "plays": 2, "heard_plays": 0, "heard_ppm": 0, "last_at": None}


class TestMending:
    def test_what_is_derived_is_written_anew_with_the_lock_in_hand(self) -> None:
        rows = [LISTENED | {"user_id": user} for user in ("u1", "u3")]
        graph = whole(listened_differences=about(*rows))
        assert brief(examine(graph, repair=True)) == [("LISTENED", 2, "u1 t1", True)]
        # u1 and u3 are on two pages.
        assert graph.transactions == 2
        assert graph.steps[:4] == [
            "acquire_write_lock",
            "listened_differences",
            "delete_repeated_links",
            "put_listened",
        ]
        assert graph.rows_of("put_listened") == rows

    def test_what_is_too_much_for_one_transaction_is_repaired_in_several(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(paged_check, "AT_ONCE", 2)
        wrong = {("u1", "t1"), ("u1", "t2"), ("u1", "t3"), ("u2", "t1")}

        def find(ids: list[str]) -> list[Row]:
            return [
                LISTENED | {"user_id": user, "track_id": track}
                for user, track in sorted(wrong)
                if user in ids
            ]

        def put(rows: list[Row]) -> list[Row]:
            wrong.difference_update((row["user_id"], row["track_id"]) for row in rows)
            return []

        graph = whole(listened_differences=find, put_listened=put)
        assert brief(examine(graph, repair=True)) == [("LISTENED", 4, "u1 t1", True)]
        assert wrong == set()
        assert graph.transactions == 2
        assert [params["ids"] for name, params in graph.asked if name == "listened_differences"][:3] == [
            ["u1", "u2"],
            ["u1", "u2"],
            ["u1", "u2"],
        ]

    def test_what_does_not_become_less_is_not_tried_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paged_check, "AT_ONCE", 1)
        rows = [LISTENED | {"user_id": "u1", "track_id": track} for track in ("t1", "t2", "t3")]
        graph = whole(listened_differences=about(*rows))
        assert brief(examine(graph, repair=True)) == [("LISTENED", 3, "u1 t1", True)]
        assert graph.transactions == 2

    def test_links_are_deleted_until_none_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paged_check, "AT_ONCE", 3)
        row = {"check": "SAVED or DISCARDED", "user_id": "u1", "kind": "SAVED", "other": "t1"}
        deleted = iter([3, 3, 1])
        graph = whole(
            repeated_links=about(row), delete_repeated_links=lambda rows, limit: [{"deleted": next(deleted)}]
        )
        assert brief(examine(graph, repair=True)) == [("SAVED or DISCARDED", 1, "u1 SAVED t1", True)]
        assert next(deleted, None) is None
        assert graph.transactions == 3

    def test_without_repair_nothing_is_written(self) -> None:
        graph = whole(listened_differences=about(LISTENED | {"user_id": "u1"}))
        (found,) = examine(graph)
        assert (found.check, found.repaired, found.severity) == ("LISTENED", False, "error")
        assert found.rule == RULES["LISTENED"]
        assert graph.names_written() == []

    def test_what_is_right_again_by_the_time_of_the_lock_is_no_finding(self) -> None:
        asked: list[str] = []

        def halfway(ids: list[str]) -> list[Row]:
            asked.extend(ids)
            return [LISTENED | {"user_id": "u1"}] if asked.count("u1") == 1 and "u1" in ids else []

        graph = whole(listened_differences=halfway)
        assert examine(graph, repair=True) == []
        assert graph.names_written() == []
        assert graph.transactions == 1

    def test_months_with_plays_are_written_and_those_without_deleted(self) -> None:
        month = {"country": "CO", "month": 202609}
        one = {"listeners": [5], "days": [3], "sources": [2], "reports": [9], "plays": [3]}
        stored = {
            "plays": 3,
            "days": [3],
            "day_sources": [2],
            "day_reports": [9],
            "day_plays": [3],
            "listeners": struct.pack("<qBI", 5, 2, 8),
            "cells": struct.pack("<IBBI", 0, 3, 9, 3),
        }
        rows = [
            {"track_id": "t1", **month, **one, "stored": stored},
            {"track_id": "t2", **month, **{key: [] for key in one}, "stored": stored},
            {"track_id": "t3", **month, **one, "stored": None},
            {"track_id": "t4", **month, **one, "stored": stored | {"cells": b"other"}},
        ]
        tracks = pages("track_id", "t1", "t2", "t3", "t4")
        graph = whole(track_ids=tracks, month_facts=about(*rows, by="track_id"))
        assert brief(examine(graph, repair=True)) == [("HEARD_IN", 3, "t2 CO 202609", True)]
        assert graph.rows_of("delete_months") == [{"track_id": "t2"} | month]
        assert graph.rows_of("put_month_buckets") == [
            {"track_id": track_id} | month | stored for track_id in ("t3", "t4")
        ]

    def test_profiles_that_differ_are_packed_anew(self) -> None:
        tracks = [[5, 2, None, [7], 9]]
        packed = pack_tracks([UserTracksTrack(5, 2, None, [7], 9)])
        stored = [
            {"user_id": "u1", "profile": packed, "recent": [5, 9], "tracks": tracks},
            {"user_id": "u2", "profile": packed, "recent": [5, 8], "tracks": tracks},
            {"user_id": "u3", "profile": b"old", "recent": None, "tracks": []},
        ]
        graph = whole(profile_tracks=about(*stored))
        assert brief(examine(graph, repair=True)) == [("User.profile", 2, "u2", True)]
        assert graph.rows_of("put_profiles") == [
            {"user_id": "u2", "profile": packed, "recent": [5, 9]},
            {"user_id": "u3", "profile": None, "recent": None},
        ]

    def test_pools_are_settled_by_the_cap(self) -> None:
        rows = [{"user_id": "u1", "genre_id": genre} for genre in ("a", "b")]
        graph = whole(stale_discovery=about(*rows))
        (found,) = examine(graph, repair=True, theta=0.35)
        assert (found.check, found.count, found.severity, found.repaired) == (
            "pool not refreshed",
            2,
            "note",
            True,
        )
        ((_, given),) = [one for one in graph.wrote if one[0] == "enter_discovery"]
        numbers = {"theta_num": 7, "theta_den": 20}
        assert given == {"rows": [{"user_id": "u1", "genre_ids": None}]} | numbers
        asked = [params for name, params in graph.asked if name == "stale_discovery"]
        assert all(params | numbers == params for params in asked)

    @pytest.mark.parametrize("repair", [False, True])
    def test_radar_plays(self, repair: bool) -> None:
        graph = whole(radar_difference=[{"name": "radar", "radar_plays": 20}])
        (found,) = examine(graph, repair=repair)
        assert (found.check, found.example, found.repaired) == ("radar plays", "20 by now", repair)
        assert graph.names_written() == (["refresh_radar"] if repair else [])

    def test_friendships_are_mended_with_both_users_in_hand(self) -> None:
        row = {"check": "FRIENDS_WITH once", "user_id": "u2", "friend_id": "u1"}
        oneself = {"check": "FRIENDS_WITH oneself", "user_id": "u3", "friend_id": "u3"}
        graph = whole(friendship_violations=about(row, oneself))
        assert brief(examine(graph, repair=True)) == [
            ("FRIENDS_WITH once", 1, "u2 u1", True),
            ("FRIENDS_WITH oneself", 1, "u3 u3", True),
        ]
        locked = [params["user_ids"] for name, params in graph.wrote if name == "acquire_write_lock"]
        assert locked == [["u1", "u2"], ["u3"]]
        assert graph.rows_of("repair_friendships") == [
            {"user_id": "u2", "friend_id": "u1"},
            {"user_id": "u3", "friend_id": "u3"},
        ]

    def test_links_that_are_there_twice(self) -> None:
        row = {"check": "LIVES_IN once", "user_id": "u1", "kind": "LIVES_IN", "other": "CO"}
        graph = whole(repeated_links=about(row))
        assert brief(examine(graph, repair=True)) == [("LIVES_IN once", 1, "u1 LIVES_IN CO", True)]
        assert graph.rows_of("delete_repeated_links") == [{"user_id": "u1"}]

    def test_links_of_a_track_that_are_there_twice(self) -> None:
        rows = [
            {"check": "track links once", "track_id": track, "kind": "IN_GENRE", "other": "pop"}
            for track in ("t1", "t2")
        ]
        graph = whole(repeated_track_links=about(*rows, by="track_id"))
        assert brief(examine(graph)) == [("track links once", 2, "t1 IN_GENRE pop", False)]
        assert graph.names_written() == []
        assert brief(examine(graph, repair=True)) == [("track links once", 2, "t1 IN_GENRE pop", True)]
        assert graph.rows_of("delete_repeated_track_links") == [{"track_id": "t1"}, {"track_id": "t2"}]


class TestRemedies:
    def test_each_belongs_to_a_check_there_is(self) -> None:
        assert findings._REMEDIES.keys() == RULES.keys()

    @pytest.mark.parametrize("name", [check.name for check in derived_checks._CHECKS if check.repair_rows])
    def test_what_can_be_recomputed_is_left_to_repair(self, name: str) -> None:
        found = findings.finding(name, 1, "u1", repaired=False)
        assert found.remedy == "run `muse-graph doctor --repair`"

    def test_an_unfinished_load_is_run_again(self) -> None:
        found = findings.finding("unfinished load", 1, "load tables data", repaired=False)
        assert "run the same `muse-graph load` again" in found.remedy


class TestWhatStays:
    @pytest.mark.parametrize("key", [None, 5])
    def test_a_wrong_key_is_reported_and_nothing_is_derived_from_it(self, key: int | None) -> None:
        graph = whole(
            user_keys=lambda ids: [{"id": one, "key": key if one == "u2" else key_of(one)} for one in ids],
            month_facts=about(MONTH, by="track_id"),
        )
        found = examine(graph, repair=True)
        assert brief(found) == [("User.key", 1, "u2", False), ("derived values", 1, "User.key", False)]
        assert all("set it in Neo4j Browser" in one.remedy for one in found[:1])
        assert graph.names_written() == []

    def test_beside_a_wrong_key_everything_else_is_looked_at(self) -> None:
        graph = whole(
            user_keys=lambda ids: [{"id": one, "key": 5} for one in ids],
            listened_differences=about(LISTENED | {"user_id": "u1"}),
        )
        assert ("LISTENED", 1, "u1 t1", True) in brief(examine(graph, repair=True))

    def test_who_has_a_listen_that_cannot_be_read_is_left_out_and_no_one_else(self) -> None:
        graph = whole(
            listen_violations=[{"check": "PLAYED.plays", "found": 1, "example": "l'1"}],
            unreadable_listens=[{"user_id": "u2", "track_id": "t2", "artist_ids": ["a1"]}],
            listened_differences=about(*(LISTENED | {"user_id": one} for one in ("u1", "u2", "u3"))),
            artist_differences=about({"artist_id": "a1", "plays": 3}, by="artist_id"),
        )
        found = examine(graph, repair=True)
        assert brief(found) == [
            ("PLAYED.plays", 1, "l'1", False),
            ("derived values", 1, "PLAYED.plays", False),
            ("LISTENED", 2, "u1 t1", True),
        ]
        assert 'PLAYED whose listen_id is "l\'1"' in found[0].remedy

    @pytest.mark.parametrize("repair", [False, True])
    def test_negative_zeros_are_written_anew(self, repair: bool) -> None:
        graph = whole(listen_violations=[{"check": "negative zero", "found": 2, "example": "l1"}])
        (found,) = examine(graph, repair=repair)
        assert (found.check, found.repaired) == ("negative zero", repair)
        assert found.remedy == ("" if repair else "run `muse-graph doctor --repair`")
        assert graph.names_written() == ["put_zero_heard"] * repair

    def test_a_scan_reports_and_what_derives_from_other_facts_goes_on(self) -> None:
        graph = whole(
            user_violations=[{"check": "User.name", "found": 3, "example": "u1"}],
            listened_differences=about(LISTENED | {"user_id": "u1"}),
        )
        found = brief(examine(graph, repair=True))
        assert found == [("User.name", 3, "u1", False), ("LISTENED", 1, "u1 t1", True)]

    @pytest.mark.parametrize("repair", [False, True])
    def test_countries_of_listens(self, repair: bool) -> None:
        listens = [{"code": code, "listens": n} for code, n in (("CO", 9), ("PT", 2), ("JP", 3), ("xx", 4))]
        graph = whole(
            country_names=[{"code": "CO", "name": "Colombia"}, {"code": "C0", "name": None}],
            listen_countries=listens,
        )
        assert brief(examine(graph, repair=repair)) == [
            ("Country.code", 1, "C0", False),
            ("country of a listen", 5, "JP", repair),
            ("country of a listen", 4, "xx", False),
            ("derived values", 2, "Country.code, country of a listen", False),
        ]
        merged = [{"code": "JP", "name": "Japan"}, {"code": "PT", "name": "Portugal"}]
        assert graph.rows_of("merge_countries") == (merged if repair else [])

    @pytest.mark.parametrize("repair", [False, True])
    def test_a_load_that_was_cut_off(self, repair: bool) -> None:
        graph = whole(unfinished_imports=[{"run": "r1", "command": "load tables data"}])
        assert brief(examine(graph, repair=repair)) == [("unfinished load", 1, "load tables data", repair)]
        # Last, for until then another load may go on with it.
        assert graph.names_written()[-1:] == (["finish_imports"] if repair else [])

    def test_a_load_that_was_cut_off_stays_while_facts_are_wrong(self) -> None:
        graph = whole(
            unfinished_imports=[{"run": "r1", "command": "load tables data"}],
            user_violations=[{"check": "User.key", "found": 1, "example": "u1"}],
        )
        assert brief(examine(graph, repair=True)) == [
            ("unfinished load", 1, "load tables data", False),
            ("User.key", 1, "u1", False),
            ("derived values", 1, "User.key", False),
        ]
        assert "finish_imports" not in graph.names_written()


class TestHealth:
    def graph(self, numbers: list[int]) -> WritingGraph:
        class Recorded(WritingGraph):
            def run(self, text: str, params: Any = None, *, writes: bool) -> list[Row]:
                assert not writes
                return [{"number": number} for number in numbers]

        return Recorded()

    def test_ready_where_every_migration_was_made(self) -> None:
        numbers = [migration.number for migration in schema.migrations()]
        assert health.ready(self.graph(numbers)) == {"database": "ok", "schema": "ok"}

    def test_not_ready_where_one_is_missing_or_unknown(self) -> None:
        numbers = [migration.number for migration in schema.migrations()]
        with pytest.raises(SchemaError, match=schema.migrations()[0].name):
            health.ready(self.graph(numbers[1:]))
        with pytest.raises(SchemaError, match=f"has migration {numbers[-1] + 1}, this version knows"):
            health.ready(self.graph([*numbers, numbers[-1] + 1]))

    def test_how_much_there_is(self) -> None:
        names = ("users", "friendships", "tracks", "artists", "genres", "listens", "countries", "influencers")
        counts = {name: place for place, name in enumerate(names)}
        assert health.summary(WritingGraph({"graph_counts": [counts]})) == counts
