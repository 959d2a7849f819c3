"""The doctor keeps the rule of each field as well: it finds what breaks one and is stored all the same."""

from __future__ import annotations

from typing import Any

import pytest

from muse_graph.graph import queries
from muse_graph.graph.connection import Graph
from muse_graph.service.field_kinds import is_utf8
from muse_graph.service.field_rules import FIELDS, stored_limits
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.maintenance.doctor.field_checks import FIELD_CHECKS
from tests.conftest import wipe
from tests.field_edges import STORED_EDGES

#: Writes one value; `$n` is an id that no other has.
PLACES = {
    "user_id": "CREATE (:User {user_id: $value})",
    "track_id": "CREATE (:Track {track_id: $value, title: 'x'})",
    "artist_id": "CREATE (:Artist {artist_id: $value, name: 'x'})",
    "genre_id": "CREATE (:Genre {genre_id: $value, name: 'x'})",
    "influencer_id": "CREATE (:Influencer {influencer_id: $value, handle: 'x'})",
    "name": "CREATE (:User {user_id: $n, name: $value}), (:Artist {artist_id: $n, name: $value}),"
    " (:Genre {genre_id: $n, name: $value})",
    "title": "CREATE (:Track {track_id: $n, title: $value})",
    "duration_s": "CREATE (:Track {track_id: $n, title: 'x', duration_s: $value})",
    "language": "CREATE (:Track {track_id: $n, title: 'x', language: $value})",
    "mbid": "CREATE (:Track {track_id: $n, title: 'x', mbid: $value})",
    "isrc": "CREATE (:Track {track_id: $n, title: 'x', isrc: $value})",
    "features": "CREATE (:Track {track_id: $n, title: 'x', features: $value})",
    "handle": "CREATE (:Influencer {influencer_id: $n, handle: $value})",
    "avg_likes": "CREATE (:Influencer {influencer_id: $n, handle: 'x', avg_likes: $value})",
    "followers": "CREATE (:Influencer {influencer_id: $n, handle: 'x', followers: $value})",
    "audience": "MERGE (c:Country {code: split($value, ':')[0]})"
    " CREATE (:Influencer {influencer_id: $n, handle: 'x'})"
    "-[:REACHES {share: toFloatOrNull(split($value, ':')[1])}]->(c)",
    "country": "MERGE (c:Country {code: $value})"
    " CREATE (:User {user_id: $n})-[:LIVES_IN]->(c), (:Artist {artist_id: $n, name: 'x'})-[:BASED_IN]->(c),"
    " (:Influencer {influencer_id: $n, handle: 'x'})-[:BASED_IN]->(c)",
    "tag": "CREATE (:User {user_id: $n})-[:TAGGED {tag: $value}]->(:Artist {artist_id: $n, name: 'x'})",
    "since": "CREATE (u:User {user_id: $n})"
    "-[:FRIENDS_WITH {since: datetime({epochMillis: $value})}]->(:User {user_id: $n + '+'})",
    "at": "CREATE (u:User {user_id: $n})"
    "-[:SAVED {at: datetime({epochMillis: $value})}]->(:Track {track_id: $n, title: 'x'})",
}
#: Which kinds of things a place has the value in.
KINDS = {
    **dict.fromkeys(("user_id", "tag", "since", "at"), ("user",)),
    **dict.fromkeys(("track_id", "title", "duration_s", "language", "mbid", "isrc", "features"), ("track",)),
    "artist_id": ("artist",),
    "genre_id": ("genre",),
    **dict.fromkeys(("influencer_id", "handle", "avg_likes", "followers", "audience"), ("influencer",)),
    "name": ("user", "artist", "genre"),
    "country": ("user", "artist", "influencer"),
}
LISTEN_FIELDS = ("listen_id", "source", "heard", "heard_at_least", "plays", "listened_at")
#: `action` is a type of relationship, an id of a list or of a friend that of a node; the note of a sent track
#: and who may see listens are looked at in tests/graph/test_doctor.py.
ELSEWHERE = {"action", "friend_id", "artist_ids", "genre_ids", "note", "listens_visible_to"}
TIMES = ("since", "at", "listened_at")
#: Milliseconds, and whether they may be stored.
TIME_EDGES = [(0, True), (1_700_000_000_001, True), (-1, False), (32_503_680_000_000, False)]


def test_every_field_that_is_stored_has_a_place() -> None:
    assert PLACES.keys() | {*LISTEN_FIELDS} | ELSEWHERE == FIELDS.keys()
    assert KINDS.keys() == PLACES.keys()


def edges(field: str) -> list[tuple[Any, bool]]:
    """Values that a graph can hold, and whether the field's rule leaves them as they are."""
    if field in TIMES:
        return list(TIME_EDGES)
    return [
        (value, repr(value) == repr(normal))
        for value, normal in STORED_EDGES[field]
        if _can_be_stored(field, value)
    ]


def _can_be_stored(field: str, value: Any) -> bool:
    if isinstance(value, str):
        return is_utf8(value)
    if field.endswith("_id") and field != "listen_id":
        return False  # `User.user_id` and its like tell of ids that are no text.
    if isinstance(value, list):
        return field == "features"
    return not isinstance(value, int) or value < 2**63


@pytest.mark.parametrize("field", PLACES)
def test_a_value_that_breaks_its_rule_is_found_and_no_other(empty_graph: Graph, field: str) -> None:
    expected: set[tuple[str, str]] = set()
    for number, (value, is_legal) in enumerate(edges(field)):
        known = value if field.endswith("_id") else f"n{number}"
        empty_graph.run(PLACES[field], {"n": known, "value": value}, writes=True)
        if not is_legal:
            expected |= {(kind, known) for kind in KINDS[field]}
    found = set()
    for check in FIELD_CHECKS:
        kind = check.pages.removesuffix("_ids")
        rows = check.find(empty_graph.read, _ids(empty_graph, check.pages))
        assert {row["field"] for row in rows} <= {field}
        found |= {(kind, row[f"{kind}_id"]) for row in rows}
    assert found == expected
    assert expected


def _ids(graph: Graph, pages: str) -> list[str]:
    column = pages.removesuffix("s")
    return [row[column] for row in graph.read(pages, after="", limit=1_000)]


@pytest.mark.parametrize("field", LISTEN_FIELDS)
def test_so_is_a_value_of_a_listen(empty_graph: Graph, field: str) -> None:
    legal = {"listen_id": "l1", "plays": 1, "country": "CO"} | (
        {} if field == "heard_at_least" else {"heard": 0.5}
    )
    text = "CREATE (:User)-[p:PLAYED]->(:Track) SET p = $listen"
    if field == "listened_at":
        text += " SET p.listened_at = datetime({epochMillis: $value})"
    for value, is_legal in edges(field):
        wipe(empty_graph)
        listen = legal if field == "listened_at" else legal | {field: value}
        empty_graph.run(text, {"listen": listen, "value": value}, writes=True)
        wanted = {field.name for field in queries.load("listen_violations").params}
        limits = {name: limit for name, limit in stored_limits().items() if name in wanted}
        rows = empty_graph.read("listen_violations", **limits)
        assert bool(rows) != is_legal, (value, rows)


def test_the_whole_doctor_says_so(toy_graph: Graph) -> None:
    toy_graph.run(
        """MATCH (t:Track {track_id: 't2'}) SET t.isrc = 'us-rc1-76-07839', t.duration_s = -1.0
        WITH t MATCH (u:User {user_id: 'u1'}) SET u.name = ' Ana' """,
        writes=True,
    )
    found = {(one.check, one.count, one.example, one.severity) for one in examine(toy_graph)}
    assert found >= {
        ("field values", 2, "t2 duration_s", "error"),
        ("older text", 1, "u1 name", "note"),
    }
