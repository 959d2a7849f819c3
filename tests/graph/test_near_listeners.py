"""Who is near a listener, and what is popular: who is meant, in which order, down to the last tie.

The answers of the toy graph leave much open, so these are graphs made for one question each. A node here has
what its query reads and no more; a profile is a byte that names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from muse_graph.graph.connection import Graph

Edges = Iterable[tuple[str, str]]


def people(graph: Graph, *user_ids: str, without_profile: Iterable[str] = ()) -> None:
    """Users whose profiles are their ids in bytes."""
    rows = [{"id": one, "profile": None if one in set(without_profile) else one.encode()} for one in user_ids]
    graph.run(
        "UNWIND $rows AS row CREATE (:User {user_id: row.id, profile: row.profile})",
        {"rows": rows},
        writes=True,
    )


def link(graph: Graph, kind: str, edges: Iterable[tuple[Any, ...]]) -> None:
    """Relationships between users; a third value is the weight."""
    text = f"""
        UNWIND $rows AS row MATCH (a:User {{user_id: row[0]}}) MATCH (b:User {{user_id: row[1]}})
        CREATE (a)-[r:{kind}]->(b) SET r.weight = row[2]
    """
    rows = [[*edge, None][:3] for edge in edges]
    graph.run(text, {"rows": rows}, writes=True)


def heard(graph: Graph, **by_track: str) -> None:
    """Tracks, each heard by the users named: ``t1="ana ben"``."""
    text = """
        UNWIND $rows AS row
        CREATE (t:Track {track_id: row.track, listeners: size(row.users)})
        WITH t, row UNWIND row.users AS user
        MATCH (u:User {user_id: user}) CREATE (u)-[:LISTENED {plays: 1}]->(t)
    """
    rows = [{"track": track, "users": users.split()} for track, users in by_track.items()]
    graph.run(text, {"rows": rows}, writes=True)


def near(graph: Graph, query: str, user_id: str, limit: int = 50) -> list[tuple[str, float]]:
    """(user, in common) as the query answers, after a look at the profiles."""
    rows = graph.read(query, user_id=user_id, limit=limit)
    assert [bytes(row["profile"]).decode() for row in rows] == [row["user_id"] for row in rows]
    return [(row["user_id"], row["in_common"]) for row in rows]


# Friends of friends


@pytest.fixture
def circle(empty_graph: Graph) -> Graph:
    """Ana's friends Ben, Cleo and Dov; through them zoe (3), eva (2), fay (2), gil (1) and mute."""
    people(
        empty_graph, "zoe", "gil", "fay", "eva", "dov", "cleo", "ben", "ana", "mute", without_profile=["mute"]
    )
    friends = [("ana", "ben"), ("cleo", "ana"), ("ana", "dov"), ("ben", "cleo")]
    others = [("ben", "zoe"), ("zoe", "cleo"), ("dov", "zoe"), ("eva", "ben"), ("cleo", "eva")]
    more = [
        ("fay", "ben"),
        ("fay", "dov"),
        ("gil", "cleo"),
        ("ben", "mute"),
        ("dov", "mute"),
        ("cleo", "mute"),
    ]
    link(empty_graph, "FRIENDS_WITH", [*friends, *others, *more])
    return empty_graph


def test_friends_of_friends_are_neither_friends_nor_oneself(circle: Graph) -> None:
    found = near(circle, "friends_of_friends", "ana")
    assert found == [("zoe", 3), ("eva", 2), ("fay", 2), ("gil", 1)]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_limit_keeps_those_with_most_friends_in_common(circle: Graph, limit: int) -> None:
    found = near(circle, "friends_of_friends", "ana", limit)
    assert found == [("zoe", 3), ("eva", 2), ("fay", 2)][:limit]


def test_who_knows_friends_of_friends_alone_finds_them_from_the_other_side(circle: Graph) -> None:
    assert near(circle, "friends_of_friends", "gil") == [("ana", 1), ("ben", 1), ("eva", 1), ("zoe", 1)]
    assert near(circle, "friends_of_friends", "mute")[:2] == [("ana", 3), ("zoe", 3)]


def test_of_many_friends_the_first_fifty_are_asked(empty_graph: Graph) -> None:
    friends = [f"f{number:02}" for number in range(51)]
    people(empty_graph, "ana", "known", "not", *reversed(friends))
    link(empty_graph, "FRIENDS_WITH", [("ana", friend) for friend in reversed(friends)])
    link(empty_graph, "FRIENDS_WITH", [("f49", "known"), ("f50", "not")])
    assert near(empty_graph, "friends_of_friends", "ana") == [("known", 1)]


# Similar listeners


def test_trained_neighbours_come_by_weight_then_by_id(empty_graph: Graph) -> None:
    people(empty_graph, "zoe", "eva", "dov", "cleo", "ben", "ana", "mute", without_profile=["mute"])
    weights = [("zoe", 0.9), ("dov", 0.5), ("cleo", 0.5), ("ben", 0.1), ("mute", 1.0)]
    link(empty_graph, "SIMILAR_TO", [("ana", *weight) for weight in weights])
    link(empty_graph, "SIMILAR_TO", [("eva", "ana", 1.0)])
    # Where training has found some, what was heard together does not count.
    heard(empty_graph, t1="ana eva")
    for limit in (50, 4, 3, 2, 1):
        found = near(empty_graph, "similar_listeners", "ana", limit)
        assert found == [("zoe", 0.9), ("cleo", 0.5), ("dov", 0.5), ("ben", 0.1)][:limit]


def test_without_training_who_heard_the_same_is_near(empty_graph: Graph) -> None:
    people(empty_graph, "zoe", "eva", "dov", "cleo", "ben", "ana", "mute", without_profile=["mute"])
    heard(empty_graph, t1="ana ben zoe", t2="ana ben", t3="cleo ana ben", t4="ana dov cleo mute", t5="eva")
    expected = [("ben", 3.0), ("cleo", 2.0), ("dov", 1.0), ("zoe", 1.0)]
    for limit in (50, 3, 2, 1):
        assert near(empty_graph, "similar_listeners", "ana", limit) == expected[:limit]


def test_the_ten_rarest_tracks_say_who_is_near(empty_graph: Graph) -> None:
    people(empty_graph, "ana", "rare", "last", "tied", "popular")
    tracks = {f"r{number}": "ana rare" for number in range(8)}
    # Two are left of the ten: of three with as many listeners, those with the smaller ids.
    tied = {"t1": "ana last rare", "t2": "ana last rare", "t3": "ana tied rare"}
    heard(empty_graph, s1="ana popular tied last rare", **dict(reversed(tied.items())), **tracks)
    assert near(empty_graph, "similar_listeners", "ana") == [("rare", 10.0), ("last", 2.0)]


def test_tracks_that_nobody_else_heard_are_not_among_the_ten(empty_graph: Graph) -> None:
    people(empty_graph, "ana", "ben")
    heard(empty_graph, t1="ana ben", **{f"a{number}": "ana" for number in range(12)})
    assert near(empty_graph, "similar_listeners", "ana") == [("ben", 1.0)]


def test_of_a_tracks_listeners_the_first_hundred_count(empty_graph: Graph) -> None:
    crowd = [f"c{number:03}" for number in range(101)]
    people(empty_graph, *reversed(crowd), "a")
    heard(empty_graph, t1=" ".join(["a", *reversed(crowd)]))
    assert [user for user, _ in near(empty_graph, "similar_listeners", "a", 200)] == crowd[:100]


# What is popular


def tracks(graph: Graph, *rows: tuple[str, int, int, str]) -> None:
    """(track, its key, its listeners, its genres), the genres being made in the order given."""
    text = """
        UNWIND $rows AS row
        CREATE (t:Track {track_id: row[0], key: row[1], listeners: row[2], plays: 10 * row[2]})
        WITH t, row UNWIND range(0, size(row[3]) - 1) AS place
        MERGE (g:Genre {genre_id: row[3][place]}) ON CREATE SET g.key = toInteger(substring(row[3][place], 1))
        CREATE (t)-[:IN_GENRE {rank: place + 1}]->(g)
    """
    given = [[track, key, listeners, genres.split()] for track, key, listeners, genres in rows]
    graph.run(text, {"rows": given}, writes=True)


def chart(graph: Graph, query: str, **params: object) -> list[list[Any]]:
    (row,) = graph.read(query, **params)
    return [[*track] for track in row["tracks"]]


def test_the_chart_is_in_one_order(empty_graph: Graph) -> None:
    tracks(
        empty_graph,
        ("b", 2, 5, "g2 g1"),
        ("d", 4, 5, ""),
        ("a", 1, 7, "g3"),
        ("c", 3, 5, "g1"),
        ("e", 5, 0, ""),
    )
    expected = [[1, 70, [3]], [4, 50, []], [3, 50, [1]], [2, 50, [1, 2]]]
    for limit in (10, 3, 2, 1):
        assert chart(empty_graph, "chart", limit=limit) == expected[:limit]


def test_the_most_heard_come_in_pages_that_neither_skip_nor_repeat(empty_graph: Graph) -> None:
    tracks(empty_graph, ("b", 2, 5, ""), ("d", 4, 5, ""), ("a", 1, 7, ""), ("c", 3, 5, ""), ("e", 5, 0, ""))
    for limit in (1, 2, 3, 10):
        found, listeners, after = [], 1 << 62, ""
        # Five tracks are at most five pages, and one that is empty.
        for _ in range(6):
            page = empty_graph.read("tracks_by_listeners", listeners=listeners, after=after, limit=limit)
            if not page:
                break
            found += [row["key"] for row in page]
            listeners, after = page[-1]["listeners"], page[-1]["track_id"]
        assert found == [1, 4, 3, 2, 5], limit


def test_the_chart_of_a_country_is_of_its_latest_month(empty_graph: Graph) -> None:
    tracks(empty_graph, ("a", 1, 0, "g2 g1"), ("b", 2, 0, ""), ("c", 3, 0, ""), ("d", 4, 0, "g1"))
    months = [
        ("a", "CO", 202609, 99),
        ("a", "CO", 202610, 3),
        ("b", "CO", 202610, 7),
        ("d", "CO", 202610, 3),
        ("c", "CO", 202610, 3),
        ("c", "PT", 202611, 50),
        ("d", "PT", 202612, 1),
        ("b", "CO", 0, 200),
    ]
    empty_graph.run(
        """
        UNWIND $rows AS row MATCH (t:Track {track_id: row[0]}) MERGE (c:Country {code: row[1]})
        CREATE (t)-[:HEARD_IN {track_id: row[0], country: row[1], month: row[2], plays: row[3]}]->(c)
        """,
        {"rows": [list(month) for month in months]},
        writes=True,
    )
    expected = [[2, 7, []], [4, 3, [1]], [3, 3, []], [1, 3, [1, 2]]]
    for limit in (10, 3, 2, 1):
        assert chart(empty_graph, "country_chart", country="CO", limit=limit) == expected[:limit]
    assert chart(empty_graph, "country_chart", country="PT", limit=10) == [[4, 1, [1]]]
    assert chart(empty_graph, "country_chart", country="JP", limit=10) == []


def test_a_good_example_has_five_friends_and_ten_tracks(empty_graph: Graph) -> None:
    wanted = [("few-friends", 4, 10), ("few-tracks", 5, 9), ("good", 5, 10), ("better", 6, 11)]
    friends = [f"z{number}" for number in range(6)]
    people(empty_graph, *friends, *(user for user, *_ in wanted))
    link(
        empty_graph,
        "FRIENDS_WITH",
        [
            (user, friend) if user < friend else (friend, user)
            for user, n, _ in wanted
            for friend in friends[:n]
        ],
    )
    heard(empty_graph, **{f"t{n}": " ".join(user for user, _, most in wanted if n < most) for n in range(11)})
    for limit in (5, 1):
        rows = empty_graph.read("sample_listeners", limit=limit)
        found = [(row["user_id"], row["friends"], row["tracks"]) for row in rows]
        assert found == [("better", 6, 11), ("good", 5, 10)][:limit]
