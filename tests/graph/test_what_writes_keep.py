"""What a write changes of what is there, and what it leaves: rows that come a second time and differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from muse_graph.core.keys import key_of
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.catalogue import search
from muse_graph.service.listens.refresh import TOP_SHARE, refresh_radar
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PAIR = {"user_id": "u1", "friend_id": "u2"}
FEEDBACK = {"user_id": "u1", "track_id": "t6"}


def write(graph: Graph, table: str, *rows: Row) -> list[str]:
    return graph.transact(lambda transaction: write_rows(transaction, table, list(rows), LoadedRows()))


def found(graph: Graph, text: str) -> list[Any]:
    """The one column of the rows, times as Python has them."""
    rows = graph.run(f"{text} AS one ORDER BY one", writes=False)
    return [row["one"].to_native() if hasattr(row["one"], "to_native") else row["one"] for row in rows]


@pytest.fixture
def pair(empty_graph: Graph) -> Graph:
    """Two users, a track, a genre and an artist."""
    empty_graph.run(
        """
        CREATE (:User {user_id: 'u1'}), (:User {user_id: 'u2'}),
               (:Genre {genre_id: 'pop', key: 5, name: 'Pop'}),
               (:Track {track_id: 't6'}), (:Track {track_id: 't7'}), (:Artist {artist_id: 'a1', name: 'One'})
        """,
        writes=True,
    )
    return empty_graph


# The catalogue


def test_an_artist_moves_and_takes_a_new_name(empty_graph: Graph) -> None:
    row = {"artist_id": "a1", "name": "Las Estrellas", "country": "CO"}
    write(empty_graph, "artists", row)
    empty_graph.run("MATCH (a:Artist) SET a.plays = 7", writes=True)
    write(empty_graph, "artists", row | {"name": "Estrellas", "country": "PT"})
    card = search.get_artist(empty_graph, "a1")
    assert (card.name, card.country, card.plays) == ("Estrellas", "PT", 7)
    assert found(empty_graph, "MATCH (:Artist)-[:BASED_IN]->(c) RETURN c.code") == ["PT"]
    write(empty_graph, "artists", row | {"country": None})
    assert search.get_artist(empty_graph, "a1").country == "PT"


def test_a_genre_takes_a_new_name_and_keeps_its_key(empty_graph: Graph) -> None:
    row = {"genre_id": "pop", "key": 5, "name": "pop", "search_text": "pop_ pop"}
    empty_graph.write("merge_genres", rows=[row])
    empty_graph.write("merge_genres", rows=[row | {"key": 6, "name": "Pop"}])
    assert found(empty_graph, "MATCH (g:Genre) RETURN [g.key, g.name]") == [[5, "Pop"]]


def test_a_genre_that_is_only_named_leaves_a_known_one_as_it_is(pair: Graph) -> None:
    write(pair, "likes", {"user_id": "u1", "genre_id": "pop"}, {"user_id": "u1", "genre_id": "new"})
    assert found(pair, "MATCH (g:Genre) RETURN [g.genre_id, g.name, g.key]") == [
        ["new", "new", key_of("new")],
        ["pop", "Pop", 5],
    ]


def test_a_track_takes_what_is_new_and_keeps_what_is_not_said_again(empty_graph: Graph) -> None:
    write(empty_graph, "artists", {"artist_id": "a1", "name": "One", "country": None})
    row: Row = {
        "track_id": "t1", "title": "Luna", "artist_ids": ["a1"], "genre_ids": ["pop"], "duration_s": 200.0,
        "language": "es", "mbid": "0a5bd2dc-4a4a-4c1e-9d0c-3f0a5f8f0c04", "isrc": "USAAA2600002",
        "features": [0.5, 1.0],
    }  # fmt: skip
    write(empty_graph, "tracks", row)
    empty_graph.run("MATCH (t:Track) SET t.plays = 9, t.listeners = 3", writes=True)
    unsaid = dict.fromkeys(("duration_s", "language", "mbid", "isrc", "features"))
    write(empty_graph, "tracks", row | unsaid | {"title": "Luna Llena"})
    kept = row | {"title": "Luna Llena", "key": key_of("t1"), "plays": 9, "listeners": 3}
    kept["search_text"] = "luna_llena_ luna llena"
    stored = {name: value for name, value in kept.items() if name not in {"artist_ids", "genre_ids"}}
    assert found(empty_graph, "MATCH (t:Track) RETURN properties(t)") == [stored]
    said = {"duration_s": 201.0, "language": "pt", "mbid": "other", "isrc": "other", "features": [2.0, 3.0]}
    write(empty_graph, "tracks", row | said)
    stored = stored | said | {"title": "Luna", "search_text": "luna_ luna"}
    assert found(empty_graph, "MATCH (t:Track) RETURN properties(t)") == [stored]


def test_genres_of_a_track_are_ranked_from_one_on(empty_graph: Graph) -> None:
    unsaid = dict.fromkeys(("duration_s", "language", "mbid", "isrc", "features"))
    row = {"track_id": "t1", "title": "x", "artist_ids": [], "genre_ids": ["pop", "fado", "jazz"]}
    write(empty_graph, "tracks", row | unsaid)
    ranked = "MATCH (:Track)-[r:IN_GENRE]->(g) RETURN [r.rank, g.genre_id]"
    assert found(empty_graph, ranked) == [[1, "pop"], [2, "fado"], [3, "jazz"]]


def test_all_that_was_said_of_an_influencer_is_replaced(empty_graph: Graph) -> None:
    row: Row = {
        "influencer_id": "i1", "handle": "@luz", "country": "CO", "genre_ids": ["cumbia", "pop"],
        "avg_likes": 1200.0, "followers": 50_000, "audience": ["CO:0.8", "PT"],
    }  # fmt: skip
    write(empty_graph, "influencers", row)
    other: Row = {
        "handle": "@sol", "country": "JP", "genre_ids": ["pop", "rock"], "avg_likes": 3.0, "followers": None,
        "audience": ["PT:0.5"],
    }  # fmt: skip
    write(empty_graph, "influencers", row | other)
    links = "MATCH (i:Influencer)-[r]->(n) RETURN [type(r), coalesce(n.code, n.genre_id), r.share]"
    assert found(empty_graph, links) == [
        ["BASED_IN", "JP", None],
        ["POSTS_IN", "pop", None],
        ["POSTS_IN", "rock", None],
        ["REACHES", "PT", 0.5],
    ]
    properties = {"influencer_id": "i1", "handle": "@sol", "avg_likes": 3.0}
    assert found(empty_graph, "MATCH (i:Influencer) RETURN properties(i)") == [properties]


def test_two_tags_on_one_artist_are_two(pair: Graph) -> None:
    rows = [{"user_id": "u1", "artist_id": "a1", "tag": tag} for tag in ("late", "night", "late")]
    pair.write("merge_tags", rows=rows)
    pair.write("merge_tags", rows=rows[:1])
    assert found(pair, "MATCH (:User)-[r:TAGGED]->(:Artist) RETURN r.tag") == ["late", "night"]


def test_a_like_counts_once_however_often_it_is_sent(pair: Graph) -> None:
    like = {"user_id": "u1", "genre_id": "pop"}
    pair.run(
        "MATCH (u:User {user_id: 'u1'}), (g:Genre) CREATE (u)-[:PLAYS_GENRE {plays: 4}]->(g)", writes=True
    )
    for _ in range(2):
        pair.write("merge_likes", rows=[like, like])
        assert found(pair, "MATCH ()-[p:PLAYS_GENRE]->() RETURN p.plays") == [5]
        assert found(pair, "MATCH ()-[l:LIKES_GENRE]->() RETURN type(l)") == ["LIKES_GENRE"]


def test_artists_nobody_plays_count_among_those_under_the_radar(empty_graph: Graph) -> None:
    text = "UNWIND $plays AS n CREATE (:Artist {artist_id: 'a' + n, plays: n})"
    empty_graph.run(text, {"plays": [40, 30, 20, 10, 0]}, writes=True)
    radar = "MATCH (s:Statistics) RETURN s.radar_plays"
    assert TOP_SHARE == 0.2
    refresh_radar(empty_graph)
    # The most played fifth of five is one.
    assert found(empty_graph, radar) == [30]
    empty_graph.run("UNWIND range(1, 5) AS n CREATE (:Artist {artist_id: 'b' + n, plays: 0})", writes=True)
    refresh_radar(empty_graph)
    assert found(empty_graph, radar) == [20]
    empty_graph.run("MATCH (a:Artist) DELETE a", writes=True)
    refresh_radar(empty_graph)
    assert found(empty_graph, radar) == [0]


# Between users


def test_a_friendship_keeps_the_day_it_began(pair: Graph) -> None:
    for since in (NOON, LATER):
        pair.write("merge_friendships", rows=[PAIR | {"since": since}])
    assert found(pair, "MATCH ()-[r:FRIENDS_WITH]->() RETURN r.since") == [NOON]


@pytest.mark.parametrize(("query", "kind"), [("open_requests", "ASKED"), ("block_users", "BLOCKED")])
def test_a_request_and_a_block_keep_their_time(pair: Graph, query: str, kind: str) -> None:
    for at in (NOON, LATER):
        pair.write(query, rows=[PAIR | {"at": at}])
    assert found(pair, f"MATCH (:User {{user_id: 'u1'}})-[r:{kind}]->() RETURN r.at") == [NOON]


def test_a_request_is_declined_once_and_by_who_was_asked(pair: Graph) -> None:
    pair.write("open_requests", rows=[PAIR | {"at": NOON}])
    declined = "MATCH ()-[r:ASKED]->() RETURN r.declined_at"
    pair.write("decline_request", **PAIR, at=LATER)
    assert found(pair, declined) == [None]
    asked = {"user_id": "u2", "friend_id": "u1"}
    pair.write("decline_request", **asked, at=LATER)
    pair.write("decline_request", **asked, at=LATER + timedelta(hours=1))
    assert found(pair, declined) == [LATER]


def test_what_was_declined_is_so_since_the_decline(pair: Graph) -> None:
    pair.write("open_requests", rows=[PAIR | {"at": NOON}])
    for since in (NOON, LATER):
        (row,) = pair.read("friendship", **PAIR)
        (listed,) = pair.read("friendships", user_id="u1", after="", limit=9)
        expected = (since == LATER, since.timestamp() * 1000)
        assert (row["declined"], row["since_ms"]) == (listed["declined"], listed["since_ms"]) == expected
        pair.write("decline_request", user_id="u2", friend_id="u1", at=LATER)


def test_of_several_links_a_block_is_seen_before_a_friendship(pair: Graph) -> None:
    """Whatever was written first; damage may leave all of them."""
    text = """
        MATCH (u:User {user_id: 'u1'}), (f:User {user_id: 'u2'})
        CALL (u, f) { MATCH (u)-[old]-(f) DELETE old }
    """
    for kinds in (*permutations(["BLOCKED", "ASKED", "FRIENDS_WITH"]), ["BLOCKED"], ["BLOCKED", "ASKED"]):
        create = [f"CREATE (u)-[:{kind} {{at: datetime()}}]->(f)" for kind in kinds]
        pair.run(" ".join([text, *create]), writes=True)
        seen = {user: pair.read("friendships", user_id=user, after="", limit=9) for user in ("u1", "u2")}
        (blocked,) = seen["u1"]
        assert (blocked["user_id"], blocked["kind"], blocked["outgoing"]) == ("u2", "BLOCKED", True), kinds
        others = [kind for kind in ("FRIENDS_WITH", "ASKED") if kind in kinds][:1]
        assert [(row["user_id"], row["kind"]) for row in seen["u2"]] == [("u1", kind) for kind in others]


# What is said of tracks


@pytest.mark.parametrize(("query", "kind"), [("save_tracks", "SAVED"), ("discard_tracks", "DISCARDED")])
def test_of_two_words_at_the_same_moment_the_first_stays(pair: Graph, query: str, kind: str) -> None:
    other = {"save_tracks": "discard_tracks", "discard_tracks": "save_tracks"}[query]
    said = "MATCH (:User)-[r:SAVED|DISCARDED]->() RETURN [type(r), r.at.epochMillis]"
    pair.write(query, rows=[FEEDBACK | {"at": NOON}])
    pair.write(other, rows=[FEEDBACK | {"at": NOON}])
    assert found(pair, said) == [[kind, NOON.timestamp() * 1000]]
    pair.write(query, rows=[FEEDBACK | {"at": LATER}])
    assert found(pair, said) == [[kind, LATER.timestamp() * 1000]]


@pytest.mark.parametrize("query", ["save_tracks", "discard_tracks"])
def test_a_word_is_taken_back_and_the_others_stay(pair: Graph, query: str) -> None:
    words = [
        {"user_id": user, "track_id": track, "at": NOON} for user in ("u1", "u2") for track in ("t6", "t7")
    ]
    pair.write(query, rows=words)
    pair.write("clear_feedback", **FEEDBACK)
    left = "MATCH (u:User)-[:SAVED|DISCARDED]->(t) RETURN [u.user_id, t.track_id]"
    assert found(pair, left) == [["u1", "t7"], ["u2", "t6"], ["u2", "t7"]]


# What training writes


def test_similar_listeners_are_replaced(empty_graph: Graph) -> None:
    empty_graph.run("UNWIND range(1, 4) AS n CREATE (:User {user_id: 'u' + n, key: n})", writes=True)
    similar = "MATCH (a)-[s:SIMILAR_TO]->(b) RETURN [a.key, b.key, s.weight]"
    first = [
        {"key": 1, "kept": [], "others": [2, 3], "weights": [0.5, 0.25]},
        {"key": 2, "kept": [], "others": [1], "weights": [0.5]},
    ]
    empty_graph.write("replace_similar", rows=first)
    assert found(empty_graph, similar) == [[1, 2, 0.5], [1, 3, 0.25], [2, 1, 0.5]]
    row = {"key": 1, "kept": [], "others": [4, 3], "weights": [1.0, 0.75]}
    for _ in range(2):
        empty_graph.write("replace_similar", rows=[row])
        assert found(empty_graph, similar) == [[1, 3, 0.75], [1, 4, 1.0], [2, 1, 0.5]]
    empty_graph.write("replace_similar", rows=[row | {"kept": [3], "others": [2], "weights": [0.1]}])
    assert found(empty_graph, similar) == [[1, 2, 0.1], [1, 3, 0.75], [2, 1, 0.5]]
    empty_graph.write("replace_similar", rows=[row | {"others": [], "weights": []}])
    assert found(empty_graph, similar) == [[2, 1, 0.5]]
