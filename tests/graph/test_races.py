"""Sixteen threads at once on the same and on crossing keys: the doctor finds nothing wrong afterwards.

Every write query has a case. Those that are only safe under the write lock (they add up, or overwrite what is
derived) run through the service that takes it; all others run as an analyst would paste them, too.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from muse_graph.core.keys import key_of
from muse_graph.core.search_text import search_text
from muse_graph.errors import Conflict, UnknownSentTrack, UnknownUser
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.artists import shortlist
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.privacy.erasure import erase_user
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import feedback, friendships, sent_tracks, users
from tests.conftest import load_toy, wipe
from tests.worlds.toy import TABLES

THREADS = 16
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
USERS = [f"u{number}" for number in range(1, 7)]
TRACKS = [f"t{number}" for number in range(1, 9)]
#: Friends of the toy graph and strangers: the same pairs in both directions cross.
PAIRS = [("u1", "u2"), ("u2", "u1"), ("u1", "u4"), ("u4", "u1"), ("u3", "u6"), ("u6", "u3")]
ACTS = (
    friendships.ask,
    friendships.accept,
    friendships.decline,
    friendships.end,
    friendships.block,
    friendships.unblock,
)

#: What one thread does, given its number.
Job = Callable[[Graph, int], object]
#: Parameters of a query for a thread.
Params = Callable[[random.Random, int], dict[str, Any]]


def pasted(name: str, params: Params) -> Job:
    """A query as an analyst runs it: one statement, its rows in an order of its own."""

    def job(graph: Graph, thread: int) -> None:
        rng = random.Random(thread)
        for turn in range(2):
            given = params(rng, thread + turn)
            rng.shuffle(given.get("rows", []))
            graph.write(name, **given)

    return job


def feedback_rows(rng: random.Random, number: int) -> dict[str, Any]:
    at = AT + timedelta(seconds=rng.randrange(4))
    return {
        "rows": [{"user_id": user, "track_id": track, "at": at} for user in USERS for track in TRACKS[:3]]
    }


def pair_of(_: random.Random, number: int) -> dict[str, Any]:
    user_id, friend_id = PAIRS[number % len(PAIRS)]
    return {"user_id": user_id, "friend_id": friend_id}


def pair_rows(more: Row) -> Params:
    return lambda _, number: {
        "rows": [{"user_id": user, "friend_id": friend} | more for user, friend in sorted(PAIRS)]
    }


def found_by(row: Row) -> Row:
    """A row of genres, artists or tracks with what its name is found by."""
    return row | {"search_text": search_text(row.get("title") or row["name"])}


def user_rows(rng: random.Random, number: int) -> dict[str, Any]:
    return {
        "rows": [
            {
                "user_id": user,
                "key": key_of(user),
                "name": None,
                "search_text": None,
                "country": rng.choice(["CO", "PT", "JP", None]),
                "listens_visible_to": rng.choice(["everybody", "friends", "nobody", None]),
            }
            for user in (*USERS, "new1", "new2")
        ]
    }


def similar_rows(rng: random.Random, number: int) -> dict[str, Any]:
    keys = [key_of(user) for user in USERS]
    rows = []
    for key in keys:
        others = rng.sample([one for one in keys if one != key], 2)
        kept = [other for other in others if rng.random() < 0.2]
        new = [other for other in others if other not in kept]
        rows.append({"key": key, "kept": kept, "others": new, "weights": [0.5] * len(new)})
    return {"rows": rows}


def befriend(graph: Graph, thread: int) -> None:
    rng = random.Random(thread)
    for act in rng.sample(ACTS, len(ACTS)):
        with suppress(Conflict):
            act(graph, *rng.choice(PAIRS))


def say(graph: Graph, thread: int) -> None:
    rng = random.Random(thread)
    for _ in range(4):
        action = rng.choice(("save", "discard", "clear"))
        at = AT + timedelta(seconds=rng.randrange(3))
        feedback.give_feedback(graph, rng.choice(USERS[:2]), rng.choice(TRACKS[:2]), action, at)


def keep(graph: Graph, thread: int) -> None:
    """Influencers onto shortlists and off them."""
    rng = random.Random(thread)
    for _ in range(4):
        artist = rng.choice(("a1", "a2"))
        shortlist.add_to_shortlist(graph, artist, rng.sample(["i1", "i2", "i3"], 2))
        shortlist.remove_from_shortlist(graph, artist, rng.choice(("i1", "i2")))


def load_tables(graph: Graph, thread: int) -> None:
    """Loaders beside one another: every table, its rows in an order of their own."""
    rng = random.Random(thread)
    for table, rows in TABLES.items():
        shuffled = rng.sample(rows, len(rows))
        graph.transact(
            lambda transaction, name=table, rows=shuffled: write_rows(transaction, name, rows, LoadedRows())
        )  # type: ignore[misc]


def listen(graph: Graph, thread: int) -> None:
    """Half of a thread's listens are those of the next one, too."""
    rng = random.Random(thread)
    listens = [
        Listen(f"race{number}", USERS[number % 6], TRACKS[number % 7], AT, 0.5, 1 + number % 2, "CO")
        for number in range(4 * thread, 4 * thread + 8)
    ]
    record_listens(graph, rng.sample(listens, 8))


def send(graph: Graph, thread: int) -> None:
    """The same track is sent, seen and deleted by many; friendships end and begin meanwhile."""
    rng, cache = random.Random(thread), TrackCache()
    for turn in range(2):
        user, friend = rng.choice(PAIRS)
        with suppress(Conflict, UnknownSentTrack):
            sent, _ = sent_tracks.send_track(graph, user, friend, "t1", cache, request_id=str(turn))
            sent_tracks.set_seen(graph, friend, sent.sent_id, cache, seen=turn == 0)
            if thread % 2:
                sent_tracks.delete_sent_track(graph, user, sent.sent_id, "sent")
        if thread % 4 == 0:
            befriend(graph, thread)


def sent_rows(rng: random.Random, number: int) -> dict[str, Any]:
    user, friend = rng.choice(PAIRS)
    return {
        "sent_id": f"s{number % 3}",
        "user_id": user,
        "friend_id": friend,
        "track_id": rng.choice(TRACKS),
        "note": None,
        "at": AT,
    }


def seen_of(rng: random.Random, number: int) -> dict[str, Any]:
    return {"user_id": rng.choice(USERS), "sent_id": f"s{number % 3}"}


def everything(graph: Graph, thread: int) -> None:
    """What a busy service does at once."""
    (befriend, say, listen)[thread % 3](graph, thread)
    users.put_user(graph, f"new{thread % 5}", country=("CO", "PT", "FR")[thread % 3], private=thread % 2 == 0)


def erase(graph: Graph, thread: int) -> None:
    """Users are erased by several at once, beside all else that they do, and come back as new ones."""
    user_id, rng = f"gone{thread % 3}", random.Random(thread)
    for turn in range(2):
        with suppress(UnknownUser, Conflict):
            if thread % 4 == turn:
                erase_user(graph, user_id)
            users.put_user(graph, user_id, name=user_id, country="FR")
            friend = rng.choice([*USERS, "gone0", "gone1"])
            if friend != user_id:
                friendships.ask(graph, user_id, friend)
                friendships.ask(graph, friend, user_id)
            listens = [
                Listen(f"gone{thread}-{turn}-{n}", user_id, TRACKS[n], AT, 0.5, 1, "DE") for n in range(3)
            ]
            record_listens(graph, listens)
            feedback.give_feedback(graph, user_id, "t1", "save", AT)
            if friend != user_id:
                sent_tracks.send_track(graph, user_id, friend, "t1", TrackCache())


def repair(graph: Graph, thread: int) -> None:
    """Doctors beside a busy service, in a graph that is broken in all the ways a race has broken one."""
    if thread % 4:
        everything(graph, thread)
    else:
        examine(graph, repair=True)


#: Links that are there twice or exclude one another, counters and a month that are wrong.
BREAK = """
MATCH (u:User {user_id: 'u1'}), (v:User {user_id: 'u2'}), (w:User {user_id: 'u4'}), (x:User {user_id: 'u5'})
MATCH (t:Track {track_id: 't1'}), (a:Artist {artist_id: 'a1'})
MATCH (g:Genre {genre_id: 'pop'}), (c:Country {code: 'CO'})
UNWIND [1, 2] AS time
CREATE (u)-[:SAVED {at: datetime()}]->(t), (u)-[:DISCARDED {at: datetime()}]->(t),
       (u)-[:DISCOVERS]->(g), (u)-[:PLAYS_GENRE {plays: 1}]->(g), (u)-[:LIVES_IN]->(c),
       (x)-[:FRIENDS_WITH]->(v), (u)-[:BLOCKED {at: datetime()}]->(v), (u)-[:BLOCKED {at: datetime()}]->(w),
       (u)-[:ASKED {at: datetime()}]->(w), (u)-[:SIMILAR_TO {weight: 0.5}]->(w),
       (u)-[:LISTENED {plays: 1, heard_plays: 0, heard_ppm: 0}]->(t),
       (t)-[:BY]->(a), (t)-[:IN_GENRE {rank: 1}]->(g)
WITH DISTINCT t, a, c
CREATE (a)-[:BASED_IN]->(c)
SET t.plays = 99, a.plays = 99, a.search_text = 'wrong'
WITH t, c
MATCH (t)-[h:HEARD_IN]->()
WITH t, c, h LIMIT 1
SET h.country = 'XX'
CREATE (t)-[:HEARD_IN {track_id: 't1', country: 'CO', month: 190001, plays: 1}]->(c)
"""
#: All pairs are friends, whatever other cases have left.
FRIENDS_AGAIN = """
UNWIND [['u1', 'u2'], ['u1', 'u4'], ['u3', 'u6']] AS pair
MATCH (u:User {user_id: pair[0]}) MATCH (f:User {user_id: pair[1]})
OPTIONAL MATCH (u)-[r:FRIENDS_WITH|ASKED|BLOCKED]-(f)
WITH u, f, collect(r) AS links
FOREACH (link IN links | DELETE link)
CREATE (u)-[:FRIENDS_WITH]->(f)
"""
TWICE = """
MATCH (a)-[r]->(b) WHERE NOT type(r) IN ['PLAYED', 'HEARD_IN']
WITH a, b, type(r) AS kind, r.tag AS tag, count(*) AS links WHERE links > 1
RETURN kind, links, tag
"""


@dataclass(frozen=True)
class Case:
    """A job for all threads, the write queries it is sure to run, and what is done to the graph before."""

    job: Job
    covers: set[str]
    prepare: str | None = None


ALL_TABLES = {
    f"merge_{table}"
    for table in ("genres", "artists", "tracks", "users", "friendships", "likes", "tags", "countries")
}
LISTENING = {"open_listens", "write_listens"}
REPAIRS = {
    "put_month_buckets",
    "put_profiles",
    "put_artist_counters",
    "put_track_counters",
    "put_listened",
    "put_plays_genre",
    "delete_mismatched_months",
    "delete_months",
    "delete_repeated_links",
    "delete_repeated_track_links",
    "delete_repeated_bases",
    "repair_friendships",
    "put_search_texts",
}
CASES = {
    "feedback": Case(say, {"save_tracks", "discard_tracks", "clear_feedback", "log_change"}),
    "friendships": Case(befriend, {"lock_users", "delete_requests", "block_users", "unblock_user"}),
    "listens": Case(listen, LISTENING),
    "everything": Case(everything, {"merge_users", "merge_countries"}),
    "loads": Case(
        load_tables,
        {*ALL_TABLES, "merge_influencers", "merge_follows", "acquire_write_lock", *LISTENING},
        "MATCH (n) WHERE NOT n:Migration DETACH DELETE n",
    ),
    "shortlists": Case(keep, {"add_to_shortlist", "remove_from_shortlist"}),
    "sent tracks": Case(send, {"create_sent_track", "set_seen", "delete_sent_track"}, FRIENDS_AGAIN),
    "erasures": Case(
        erase,
        {
            "erase_links",
            "begin_erasure",
            "erase_listens",
            "erase_rest",
            "finish_erasure",
            "add_track_plays",
        },
    ),
    "doctors": Case(repair, REPAIRS, BREAK),
}
PASTED: dict[str, Params] = {
    "save_tracks": feedback_rows,
    "discard_tracks": feedback_rows,
    "clear_feedback": lambda rng, _: {"user_id": "u1", "track_id": rng.choice(TRACKS[:3])},
    "suppose": lambda rng, _: {
        "user_id": rng.choice(USERS),
        "drop_friends": rng.sample(USERS, 2),
        "like_genres": ["pop", "jazz"],
        "save": TRACKS[:2],
        "discard": TRACKS[2:4],
        "at": AT,
    },
    "lock_users": lambda rng, _: {"user_ids": rng.sample(USERS, 6)},
    "acquire_write_lock": lambda rng, _: {"name": "listens", "user_ids": rng.sample(USERS, 6)},
    "open_requests": pair_rows({"at": AT}),
    "block_users": pair_rows({"at": AT}),
    "merge_friendships": pair_rows({"since": AT}),
    "decline_request": lambda rng, number: pair_of(rng, number) | {"at": AT},
    "delete_requests": lambda rng, number: pair_of(rng, number) | {"declined": True},
    "end_friendship": pair_of,
    "unblock_user": pair_of,
    "merge_users": user_rows,
    "create_sent_track": sent_rows,
    "set_seen": lambda rng, number: seen_of(rng, number) | {"at": rng.choice([AT, None])},
    "delete_sent_track": lambda rng, number: pair_of(rng, number) | {"sent_id": f"s{number % 3}"},
    "merge_countries": lambda *_: {"rows": [{"code": code, "name": code} for code in ("CO", "PT", "JP")]},
    "merge_genres": lambda *_: {
        "rows": [found_by(row) | {"key": key_of(row["genre_id"])} for row in TABLES["genres"]]
    },
    "merge_artists": lambda rng, _: {
        "rows": [found_by(row) | {"country": rng.choice(["CO", "PT"])} for row in TABLES["artists"]]
    },
    "merge_tracks": lambda *_: {
        "rows": [found_by(row) | {"key": key_of(row["track_id"])} for row in TABLES["tracks"]]
    },
    "merge_likes": lambda *_: {
        "rows": [{"user_id": user, "genre_id": genre} for user in USERS for genre in ("pop", "jazz")]
    },
    "merge_tags": lambda *_: {
        "rows": [
            {"user_id": user, "artist_id": artist, "tag": "x"} for user in USERS for artist in ("a1", "a2")
        ]
    },
    "merge_follows": lambda *_: {
        "rows": [
            {"user_id": user, "influencer_id": one, "since": AT} for user in USERS for one in ("i1", "i2")
        ]
    },
    "end_follow": lambda rng, _: {"user_id": rng.choice(USERS), "influencer_id": "i1"},
    "add_to_shortlist": lambda rng, _: {
        "artist_id": rng.choice(["a1", "a2"]),
        "influencer_ids": rng.sample(["i1", "i2", "i3"], 2),
        "at": AT,
    },
    "remove_from_shortlist": lambda rng, _: {"artist_id": rng.choice(["a1", "a2"]), "influencer_id": "i1"},
    "replace_similar": similar_rows,
    "enter_discovery": lambda *_: {
        "rows": [{"user_id": user, "genre_ids": None} for user in USERS],
        "theta_num": 1,
        "theta_den": 5,
    },
    "refresh_radar": lambda *_: {"top_share": 0.2},
    "start_import": lambda *_: {"run": "one", "command": "load"},
    "finish_imports": lambda *_: {"runs": ["one"]},
    "delete_repeated_links": lambda *_: {"rows": [{"user_id": user} for user in USERS], "limit": 5},
    "delete_repeated_track_links": lambda *_: {
        "rows": [{"track_id": track} for track in TRACKS],
        "limit": 5,
    },
    "delete_repeated_bases": lambda *_: {
        "rows": [{"kind": kind, "id": one} for kind in ("Artist", "Influencer") for one in ("a1", "i1")],
        "limit": 5,
    },
    "repair_friendships": lambda *given: pair_rows({})(*given) | {"limit": 5},
    "put_zero_heard": lambda *_: {"limit": 5},
}


#: The folder of each query: its queries run one after the other, each by all threads at once.
FOLDERS = {
    path.stem: path.parent.name for path in Path(queries.__file__).parents[1].glob("cypher/**/*.cypher")
}


@pytest.fixture(scope="module")
def world(graph: Graph) -> Graph:
    wipe(graph)
    load_toy(graph)
    return graph


def test_every_write_query_has_a_case() -> None:
    writes = {query.name for query in queries.all_queries().values() if query.mode == "write"}
    assert set().union(PASTED, *(case.covers for case in CASES.values())) == writes


@pytest.mark.parametrize("name", CASES)
def test_what_the_service_writes_at_once(
    name: str, world: Graph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case = CASES[name]
    if case.prepare:
        world.run(case.prepare, writes=True)
    with written(monkeypatch) as seen, caplog.at_level(logging.WARNING, logger="neo4j"):
        together(world, case.job)
    assert case.covers <= seen
    assert wrong(world) == []
    # Locks are taken in one order, so that no transaction has to be tried again; but an erasure takes an id
    # away that others hold who look it up.
    tried = [record.getMessage() for record in caplog.records if "retried" in record.getMessage()]
    assert [one for one in tried if not (name == "erasures" and "INDEX_ENTRY" in one)] == []


@pytest.mark.parametrize("folder", sorted({FOLDERS[name] for name in PASTED}))
def test_queries_that_are_pasted_by_many_at_once(folder: str, world: Graph) -> None:
    for name in (name for name in PASTED if FOLDERS[name] == folder):
        together(world, pasted(name, PASTED[name]))
        if name == "start_import":
            assert world.run("MATCH (i:ImportJob) RETURN count(i) AS n", writes=False) == [{"n": 1}]
    assert wrong(world) == []


def together(graph: Graph, job: Job, threads: int = THREADS) -> list[Any]:
    """Let all threads begin at the same moment; what they return, or the first error."""
    gate = Barrier(threads)

    def begin(thread: int) -> object:
        gate.wait(60)
        return job(graph, thread)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


def wrong(graph: Graph) -> list[tuple[str, int, str]]:
    """What the doctor finds, notes apart, and links that are there twice."""
    found = [(one.check, one.count, one.example) for one in examine(graph) if one.severity == "error"]
    return found + [(row["kind"], row["links"], row["tag"]) for row in graph.run(TWICE, writes=False)]


@contextmanager
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of the queries that run in the meantime."""
    seen: set[str] = set()
    for owner, method in ((Graph, "write"), (Graph, "write_once"), (Transaction, "run")):
        monkeypatch.setattr(owner, method, _noting(seen, getattr(owner, method)))
    yield seen
    monkeypatch.undo()


def _noting(seen: set[str], run: Callable[..., Any]) -> Callable[..., Any]:
    def noted(self: object, name: str, /, **params: object) -> Any:
        seen.add(name)
        return run(self, name, **params)

    return noted


def test_saves_and_discards_of_one_pair_leave_one(world: Graph) -> None:
    def job(graph: Graph, thread: int) -> None:
        for turn in range(4):
            action: feedback.Action = "save" if (thread + turn) % 2 else "discard"
            feedback.give_feedback(graph, "u3", "t8", action, datetime.now(UTC))

    together(world, job, 32)
    text = "MATCH (:User {user_id: 'u3'})-[r:SAVED|DISCARDED]->(:Track {track_id: 't8'}) RETURN count(r) AS n"
    assert world.run(text, writes=False) == [{"n": 1}]
    assert wrong(world) == []


def test_a_new_user_is_new_to_one_of_those_who_put_it(world: Graph) -> None:
    for turn in range(5):
        new = together(world, lambda graph, _, n=turn: users.put_user(graph, f"once{n}", name="x")[1], 20)  # type: ignore[misc]
        assert (new.count(True), new.count(False)) == (1, 19)


@pytest.mark.parametrize("table", ["users", "likes", "tags", "friendships", "feedback", "tracks"])
def test_rows_that_many_load_at_once_are_new_once(table: str, empty_graph: Graph) -> None:
    for name, rows in TABLES.items():
        if name == table:
            break
        empty_graph.transact(
            lambda transaction, name=name, rows=rows: write_rows(transaction, name, rows, LoadedRows())
        )  # type: ignore[misc]

    def job(graph: Graph, _: int) -> list[str]:
        outcomes = graph.transact(
            lambda transaction: write_rows(transaction, table, TABLES[table], LoadedRows())
        )
        return [outcome.status for outcome in outcomes]

    statuses = [status for row in together(empty_graph, job) for status in row]
    assert statuses.count("recorded") == len(TABLES[table])
    assert statuses.count("repeated") == (THREADS - 1) * len(TABLES[table])


def test_a_user_has_the_country_that_is_written_last(world: Graph) -> None:
    rows = [
        {"user_id": "u1", "key": key_of("u1"), "name": None, "country": code} for code in ("JP", "PT", "CO")
    ]
    world.write("merge_users", rows=rows)
    assert users.get_user(world, "u1").country == "CO"
    assert wrong(world) == []


def test_a_block_keeps_a_loaded_friendship_out(world: Graph) -> None:
    users.put_user(world, "b1")
    friendships.block(world, "b1", "u1")
    row = {"user_id": "u1", "friend_id": "b1", "since": None}
    (outcome,) = world.transact(
        lambda transaction: write_rows(transaction, "friendships", [row], LoadedRows())
    )
    assert outcome.reason == "one of the users 'u1' and 'b1' has blocked the other"
    assert wrong(world) == []
