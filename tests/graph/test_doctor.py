"""Every kind of damage, done to the toy graph in plain Cypher, is found by name and repaired if it can be."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.maintenance.doctor import RULES, Finding, examine, paged_check
from tests.conftest import toy_batches
from tests.worlds.sample import corner
from tests.worlds.toy import HEARD, STREAMS, TABLES

#: What the toy graph has on purpose: aggregates with a time, which no loader lets in.
TOY_NOTES = {"PLAYED aggregate"}


@dataclass(frozen=True)
class Damage:
    """A statement that harms the toy graph, and the checks that see it."""

    statement: str
    checks: frozenset[str]

    @classmethod
    def of(cls, checks: str, statement: str) -> Damage:
        return cls(statement, frozenset(checks.split(", ")))

    def __str__(self) -> str:
        return self.statement


#: As a load leaves the graph that is cut off before its end.
CUT_OFF = """CREATE (:ImportJob {step: 'rows', command: 'load tables data'})
WITH * MATCH (s:Statistics) DELETE s WITH * MATCH ()-[d:DISCOVERS]->() DELETE d"""

MENDABLE = [
    Damage.of("LISTENED", "MATCH (:User {user_id: 'u1'})-[l:LISTENED]->() SET l.plays = l.plays + 1"),
    Damage.of("LISTENED", "MATCH (:User {user_id: 'u1'})-[l:LISTENED]->() SET l.plays = '30'"),
    Damage.of("LISTENED", "MATCH ()-[l:LISTENED]->() SET l.heard_plays = toFloat(l.heard_plays)"),
    Damage.of("LISTENED", "MATCH ()-[l:LISTENED]->() SET l.heard_ppm = 0"),
    Damage.of("LISTENED", "MATCH ()-[l:LISTENED]->() REMOVE l.heard"),
    Damage.of("LISTENED", "MATCH ()-[l:LISTENED]->() SET l.last_at = datetime('2030-01-01T00:00Z')"),
    Damage.of("LISTENED", "MATCH ()-[l:LISTENED]->() SET l.last_at = 'yesterday'"),
    Damage.of("LISTENED", "MATCH (:User {user_id: 'u4'})-[l:LISTENED]->(:Track {track_id: 't1'}) DELETE l"),
    Damage.of(
        "LISTENED",
        "MATCH (u:User {user_id: 'u6'}), (t:Track {track_id: 't1'}) CREATE (u)-[:LISTENED {plays: 1}]->(t)",
    ),
    Damage.of(
        "LISTENED",
        "MATCH (u:User {user_id: 'u1'})-[l:LISTENED]->(t) CREATE (u)-[m:LISTENED]->(t) SET m = properties(l)",
    ),
    Damage.of("PLAYS_GENRE", "MATCH ()-[f:PLAYS_GENRE]->() SET f.plays = f.plays + 1"),
    Damage.of(
        "PLAYS_GENRE, pool not refreshed", "MATCH (:User {user_id: 'u1'})-[f:PLAYS_GENRE]->() DELETE f"
    ),
    Damage.of(
        "PLAYS_GENRE",
        """MATCH (u:User {user_id: 'u4'}), (g:Genre {genre_id: 'rock'})
        CREATE (u)-[:PLAYS_GENRE {plays: 1}]->(g)""",
    ),
    Damage.of("Track counters", "MATCH (t:Track) SET t.plays = t.plays + 1"),
    Damage.of("Track counters", "MATCH (t:Track {track_id: 't1'}) SET t.listeners = 0"),
    Damage.of("Track counters", "MATCH (t:Track {track_id: 't1'}) REMOVE t.plays, t.listeners"),
    Damage.of("Artist.plays", "MATCH (a:Artist {artist_id: 'a3'}) SET a.plays = 3"),
    Damage.of("Artist.plays", "MATCH (a:Artist {artist_id: 'a8'}) SET a.plays = '1'"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.plays = 0"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN {track_id: 't1'}]->() SET h.days = []"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.day_plays = h.day_plays + 1"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.plays = toFloat(h.plays)"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.day_reports = [n IN h.day_reports | n + 1]"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.day_sources = [n IN h.day_sources | 'feed']"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN {country: 'JP'}]->() REMOVE h.cells"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.listeners = [1, 2]"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN]->() SET h.cells = 'no bytes'"),
    Damage.of(
        "HEARD_IN",
        """MATCH ()-[h:HEARD_IN {track_id: 't1'}]->(), ()-[g:HEARD_IN {track_id: 't6'}]->()
        SET h.listeners = g.listeners, h.cells = g.cells""",
    ),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN {track_id: 't6'}]->() DELETE h"),
    Damage.of("HEARD_IN", "MATCH ()-[h:HEARD_IN {track_id: 't6'}]->() SET h.month = 202609"),
    Damage.of("HEARD_IN names, HEARD_IN", "MATCH ()-[h:HEARD_IN {track_id: 't6'}]->() SET h.track_id = 't1'"),
    Damage.of("HEARD_IN names, HEARD_IN", "MATCH ()-[h:HEARD_IN {track_id: 't6'}]->() REMOVE h.country"),
    Damage.of("User.profile", "MATCH (u:User {user_id: 'u1'}) REMOVE u.profile"),
    Damage.of("User.profile", "MATCH (u:User {user_id: 'u1'}) SET u.profile = 'x'"),
    Damage.of(
        "User.profile",
        "MATCH (u:User {user_id: 'u1'}), (v:User {user_id: 'u6'}) SET v.profile = u.profile",
    ),
    Damage.of("User.profile", "MATCH (u:User {user_id: 'u1'}) SET u.recent = reverse(u.recent)"),
    Damage.of("User.profile", "MATCH (u:User {user_id: 'u1'}) SET u.recent = 'x'"),
    Damage.of("radar plays", "MATCH (s:Statistics) SET s.radar_plays = 7"),
    Damage.of("radar plays", "MATCH (s:Statistics) DELETE s"),
    Damage.of("pool not refreshed", "MATCH (:User {user_id: 'u1'})-[d:DISCOVERS]->() DELETE d"),
    Damage.of("unfinished load, radar plays, pool not refreshed", CUT_OFF),
    Damage.of("Track.search_text", "MATCH (t:Track {track_id: 't1'}) SET t.search_text = 'noche'"),
    Damage.of("Artist.search_text", "MATCH (a:Artist) REMOVE a.search_text"),
    Damage.of("User.search_text", "MATCH (u:User {user_id: 'u1'}) SET u.search_text = 'bea_ bea'"),
    Damage.of("Genre.search_text", "MATCH (g:Genre {genre_id: 'pop'}) SET g.search_text = 1"),
    Damage.of(
        "FRIENDS_WITH once",
        "MATCH (a)-[r:FRIENDS_WITH]->(b) CREATE (a)-[s:FRIENDS_WITH]->(b) SET s = properties(r)",
    ),
    Damage.of(
        "FRIENDS_WITH once",
        "MATCH (a {user_id: 'u1'})-[r:FRIENDS_WITH]->(b) CREATE (b)-[:FRIENDS_WITH]->(a)",
    ),
    Damage.of("FRIENDS_WITH oneself", "MATCH (a:User {user_id: 'u1'}) CREATE (a)-[:FRIENDS_WITH]->(a)"),
    Damage.of(
        "SAVED or DISCARDED",
        """MATCH (u)-[:SAVED]->(t)
        CREATE (u)-[:DISCARDED {at: datetime('2026-01-01T00:00Z')}]->(t)""",
    ),
    Damage.of("SAVED or DISCARDED", "MATCH (u)-[r:DISCARDED]->(t) CREATE (u)-[:DISCARDED {at: r.at}]->(t)"),
    Damage.of("links once, PLAYS_GENRE", "MATCH (u)-[:LIKES_GENRE]->(g) CREATE (u)-[:LIKES_GENRE]->(g)"),
    Damage.of("links once", "MATCH (u)-[:DISCOVERS]->(g) CREATE (u)-[:DISCOVERS]->(g)"),
    Damage.of("links once", "MATCH (u)-[r:TAGGED]->(a) CREATE (u)-[:TAGGED {tag: r.tag}]->(a)"),
    Damage.of("links once", "MATCH (u)-[:FOLLOWS]->(i) CREATE (u)-[:FOLLOWS]->(i)"),
    Damage.of("links once", "MATCH (u)-[:LIVES_IN]->(c) CREATE (u)-[:LIVES_IN]->(c)"),
    Damage.of(
        "LIVES_IN once",
        "MATCH (u:User {user_id: 'u2'}), (c:Country {code: 'CO'}) CREATE (u)-[:LIVES_IN]->(c)",
    ),
    Damage.of(
        "BASED_IN once",
        "MATCH (a:Artist {artist_id: 'a1'}), (c:Country {code: 'JP'}) CREATE (a)-[:BASED_IN]->(c)",
    ),
    Damage.of("BASED_IN once", "MATCH (a:Artist)-[:BASED_IN]->(c) CREATE (a)-[:BASED_IN]->(c)"),
    Damage.of(
        "BASED_IN once",
        "MATCH (i:Influencer {influencer_id: 'i3'}), (c:Country {code: 'CO'}) CREATE (i)-[:BASED_IN]->(c)",
    ),
    Damage.of("track links once", "MATCH (t)-[:BY]->(a) CREATE (t)-[:BY]->(a)"),
    Damage.of(
        "track links once, IN_GENRE.rank",
        "MATCH (t)-[:IN_GENRE]->(g) CREATE (t)-[:IN_GENRE {rank: 9}]->(g)",
    ),
]

#: What no fact tells: it stays as it is and is named.
#: A track that u1 has sent to u2.
SEND = """MATCH (u:User {user_id: 'u1'}), (v:User {user_id: 'u2'}), (t:Track {track_id: 't1'})
    CREATE (s:SentTrack {sent_id: 's', at: datetime()})
    CREATE (u)-[sent:SENT]->(s), (s)-[:SENT_TO]->(v), (s)-[:OF_TRACK]->(t)"""

LASTING = [
    Damage.of("User.user_id", "MATCH (u:User {user_id: 'u1'}) REMOVE u.user_id"),
    Damage.of("User.key", "MATCH (u:User {user_id: 'u1'}) SET u.key = 1"),
    Damage.of("User.key", "MATCH (u:User {user_id: 'u1'}) REMOVE u.key"),
    Damage.of("User.name", "MATCH (u:User {user_id: 'u1'}) SET u.name = 1"),
    Damage.of("User.listens_visible_to", "MATCH (u:User {user_id: 'u1'}) SET u.listens_visible_to = true"),
    Damage.of("Track.track_id", "CREATE (:Track {key: 1, title: 'x', plays: 0, listeners: 0})"),
    Damage.of("Track.key", "MATCH (t:Track {track_id: 't1'}) SET t.key = 'one'"),
    Damage.of("Track.title", "MATCH (t:Track {track_id: 't1'}) REMOVE t.title"),
    Damage.of("Track description", "MATCH (t:Track {track_id: 't1'}) SET t.duration_s = '3:20'"),
    Damage.of("Track.features", "MATCH (t:Track {track_id: 't1'}) SET t.features = [1, 2]"),
    Damage.of("Track.features", "MATCH (t:Track {track_id: 't1'}) SET t.features = 'loud'"),
    Damage.of("Track.features", "MATCH (t:Track {track_id: 't2'}) SET t.features = [1.0, 0.0 / 0.0, 2.0]"),
    Damage.of("Track.features", "MATCH (t:Track {track_id: 't1'}) SET t.features = t.features + 1.0"),
    Damage.of("Track by an artist", "MATCH (:Track {track_id: 't6'})-[r:BY]->() DELETE r"),
    Damage.of("Artist.artist_id", "MATCH (a:Artist {artist_id: 'a1'}) SET a.artist_id = 1"),
    Damage.of("Artist.name", "MATCH (a:Artist {artist_id: 'a1'}) REMOVE a.name"),
    Damage.of("Genre.genre_id", "CREATE (:Genre {name: 'Noise', key: 1})"),
    Damage.of("Genre.key", "MATCH (g:Genre {genre_id: 'pop'}) REMOVE g.key"),
    Damage.of("Genre.name", "MATCH (g:Genre {genre_id: 'pop'}) SET g.name = 5"),
    Damage.of("Country.code", "CREATE (:Country {code: 'Peru', name: 'Peru'})"),
    Damage.of("Country.code", "CREATE (:Country {name: 'Peru'})"),
    Damage.of("Country.name", "MATCH (c:Country {code: 'CO'}) REMOVE c.name"),
    Damage.of("Country in use", "CREATE (:Country {code: 'PE', name: 'Peru'})"),
    Damage.of("Influencer.influencer_id", "MATCH (i:Influencer) REMOVE i.influencer_id"),
    Damage.of("Influencer.handle", "MATCH (i:Influencer) REMOVE i.handle"),
    Damage.of("Influencer figures", "MATCH (i:Influencer) SET i.avg_likes = '12k'"),
    Damage.of("REACHES.share", "MATCH ()-[r:REACHES]->() SET r.share = 80.0"),
    Damage.of(
        "ends of relationships",
        """MATCH (u:User {user_id: 'u1'}), (a:Artist {artist_id: 'a1'})
        CREATE (u)-[:SAVED {at: datetime()}]->(a)""",
    ),
    Damage.of(
        "ends of relationships", "MATCH (u:User {user_id: 'u1'}), (a:Artist) CREATE (u)-[:FOLLOWS]->(a)"
    ),
    Damage.of("FOLLOWS.since", "MATCH ()-[f:FOLLOWS]->() SET f.since = 'June'"),
    Damage.of("SIMILAR_TO", "MATCH (u:User {user_id: 'u1'}) CREATE (u)-[:SIMILAR_TO {weight: 0.5}]->(u)"),
    Damage.of(
        "SIMILAR_TO",
        "MATCH (u:User {user_id: 'u1'})-[:FRIENDS_WITH]-(v) CREATE (u)-[:SIMILAR_TO {weight: 2}]->(v)",
    ),
    Damage.of("PLAYED.listen_id", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() REMOVE p.listen_id"),
    Damage.of("PLAYED.plays", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.plays = 0"),
    Damage.of("PLAYED.plays", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.plays = '10'"),
    Damage.of("PLAYED.heard", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.heard = 70.0"),
    Damage.of("PLAYED.heard", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.heard = 1"),
    Damage.of("PLAYED.heard", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.heard = 0.0 / 0.0"),
    *(
        Damage.of("PLAYED.heard_at_least", f"MATCH ()-[p:PLAYED {{listen_id: 'l04'}}]->() SET p.{wrong}")
        for wrong in ("heard_at_least = 1.5", "heard_at_least = '0.5'", "heard = 0.5")
    ),
    Damage.of("PLAYED.listened_at", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.listened_at = date()"),
    Damage.of("PLAYED.country", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() REMOVE p.country"),
    Damage.of("country of a listen", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.country = 'Peru'"),
    Damage.of("PLAYED.source", "MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() SET p.source = 7"),
    Damage.of("SAVED or DISCARDED.at", "MATCH ()-[r:SAVED]->() REMOVE r.at"),
    Damage.of("TAGGED.tag", "MATCH ()-[r:TAGGED]->() SET r.tag = 1"),
    Damage.of("IN_GENRE.rank", "MATCH ()-[r:IN_GENRE]->() SET r.rank = 2"),
    Damage.of("FRIENDS_WITH.since", "MATCH ()-[r:FRIENDS_WITH]->() SET r.since = 'always'"),
    Damage.of("SentTrack.sent_id", f"{SEND} SET s.sent_id = ''"),
    Damage.of("SentTrack.sent_id", f"{SEND} REMOVE s.sent_id"),
    Damage.of("SentTrack.sent_id", f"{SEND} SET s.sent_id = 7"),
    Damage.of("SentTrack times", f"{SEND} SET s.at = 1"),
    Damage.of("SentTrack times", f"{SEND} SET s.seen_at = 'once'"),
    Damage.of("SentTrack.note", f"{SEND} SET s.note = 'two\nlines'"),
    Damage.of("SentTrack.note", f"{SEND} SET s.note = 7"),
    Damage.of("SentTrack ends", f"{SEND} DELETE sent"),
    Damage.of("SentTrack ends", f"{SEND} CREATE (s)-[:SENT_TO]->(u)"),
    Damage.of("ends of relationships", f"{SEND} CREATE (t)-[:OF_TRACK]->(s)"),
]


def dump(graph: Graph) -> list[str]:
    """All nodes and relationships as text, in order; friends in either order, without the write lock."""
    nodes = "MATCH (n) WHERE NOT n:WriteLock RETURN labels(n) AS l, properties(n) AS p"
    links = """MATCH (a)-[r]->(b)
        RETURN labels(a) AS l, properties(a) AS a, type(r) AS t, properties(r) AS p, properties(b) AS b"""
    rows = [*graph.run(nodes, writes=False), *graph.run(links, writes=False)]
    for row in rows:
        if row.get("t") == "FRIENDS_WITH":
            row["a"], row["b"] = sorted((row["a"], row["b"]), key=repr)
    return sorted(repr(_sorted(row)) for row in rows)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return [(key, _sorted(value[key])) for key in sorted(value)]
    return value


def checks_of(findings: list[Finding]) -> set[str]:
    return {finding.check for finding in findings} - TOY_NOTES


def whole(graph: Graph, users: int) -> None:
    """Fill an empty graph with a corner of a synthetic world, in which all it has is there."""
    rejects = Rejects()
    load(graph, corner(users, 7), rejects, theta=0.2, advance=lambda _step, _rows: None)


def test_a_healthy_graph_has_no_findings(toy_graph: Graph) -> None:
    before = dump(toy_graph)
    assert checks_of(examine(toy_graph)) == set()
    assert checks_of(examine(toy_graph, repair=True)) == set()
    assert dump(toy_graph) == before


def test_an_empty_graph_has_no_findings(empty_graph: Graph) -> None:
    assert examine(empty_graph) == []


def test_a_synthetic_world_has_no_findings(empty_graph: Graph) -> None:
    whole(empty_graph, 150)
    seen: dict[str, int] = {}

    def advance(check: str, more: int) -> None:
        seen[check] = seen.get(check, 0) + more

    assert [one for one in examine(empty_graph, advance=advance) if one.severity == "error"] == []
    assert {"LISTENED": 150, "User.profile": 150, "pool not refreshed": 150}.items() <= seen.items()


def test_a_world_without_anything_derived_gets_it_back(empty_graph: Graph) -> None:
    whole(empty_graph, 60)
    before = dump(empty_graph)
    empty_graph.run("MATCH ()-[r:LISTENED|PLAYS_GENRE|HEARD_IN]->() DELETE r", writes=True)
    empty_graph.run("MATCH (u:User) REMOVE u.profile", writes=True)
    empty_graph.run("MATCH (n:Track|Artist) REMOVE n.plays, n.listeners", writes=True)
    empty_graph.run("MATCH (s:Statistics) DELETE s", writes=True)
    assert all(one.repaired for one in examine(empty_graph, repair=True) if one.severity == "error")
    assert dump(empty_graph) == before


@pytest.mark.parametrize("damage", MENDABLE, ids=str)
def test_damage_to_what_follows_from_facts_is_found_and_mended(toy_graph: Graph, damage: Damage) -> None:
    before = dump(toy_graph)
    toy_graph.run(damage.statement, writes=True)
    harmed = dump(toy_graph)
    assert harmed != before
    found = examine(toy_graph)
    assert damage.checks <= checks_of(found)
    assert dump(toy_graph) == harmed
    repaired = {one.check for one in examine(toy_graph, repair=True) if one.repaired}
    assert repaired & damage.checks
    assert checks_of(examine(toy_graph)) == set()
    assert dump(toy_graph) == before


@pytest.mark.parametrize("damage", LASTING, ids=str)
def test_damage_to_facts_is_reported_and_left_alone(toy_graph: Graph, damage: Damage) -> None:
    toy_graph.run(damage.statement, writes=True)
    harmed = dump(toy_graph)
    for repair in (False, True):
        lasting = {one.check: one for one in examine(toy_graph, repair=repair) if not one.repaired}
        assert damage.checks <= set(lasting)
        for check in damage.checks:
            assert lasting[check].count >= 1
            assert lasting[check].example
            assert lasting[check].rule == RULES[check]
    assert dump(toy_graph) == harmed


def test_a_block_ends_a_friendship(toy_graph: Graph) -> None:
    toy_graph.run(
        """MATCH (a:User {user_id: 'u1'}), (b:User {user_id: 'u2'})
        CREATE (b)-[:BLOCKED {at: datetime()}]->(a)""",
        writes=True,
    )
    (finding,) = (one for one in examine(toy_graph, repair=True) if one.severity == "error")
    assert (finding.check, finding.example, finding.repaired) == ("FRIENDS_WITH and BLOCKED", "u1 u2", True)
    (row,) = toy_graph.run("MATCH ()-[r:FRIENDS_WITH]->() RETURN count(r) AS n", writes=False)
    assert row["n"] == len(TABLES["friendships"]) - 1
    assert checks_of(examine(toy_graph)) == set()


def test_of_two_friendships_the_older_date_is_kept(toy_graph: Graph) -> None:
    toy_graph.run(
        """MATCH (a:User {user_id: 'u1'}), (b:User {user_id: 'u2'})
        CREATE (b)-[:FRIENDS_WITH {since: datetime('2025-06-01T00:00Z')}]->(a),
               (b)-[:FRIENDS_WITH {since: datetime('2027-06-01T00:00Z')}]->(a)""",
        writes=True,
    )
    assert checks_of(examine(toy_graph, repair=True)) >= {"FRIENDS_WITH once"}
    rows = toy_graph.run(
        """MATCH (a:User {user_id: 'u1'})-[r:FRIENDS_WITH]-(:User {user_id: 'u2'})
        RETURN toString(r.since) AS since""",
        writes=False,
    )
    assert rows == [{"since": "2025-06-01T00:00:00Z"}]


def test_thousands_of_relationships_of_a_pair_are_repaired_within_little_memory(
    toy_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(toy_graph)
    monkeypatch.setattr(paged_check, "AT_ONCE", 500)
    toy_graph.run(
        """MATCH (u:User {user_id: 'u2'})-[s:SAVED]->(t)
        MATCH (u)-[f:FRIENDS_WITH]-(v:User {user_id: 'u1'}) MATCH (u)-[l:LISTENED]->(t)
        UNWIND range(1, 3000) AS number
        CREATE (u)-[:SAVED {at: s.at - duration({seconds: number})}]->(t),
               (u)-[:FRIENDS_WITH {since: f.since + duration({seconds: number})}]->(v),
               (u)-[m:LISTENED]->(t)
        SET m = properties(l)""",
        writes=True,
    )
    findings = {one.check: one for one in examine(toy_graph, repair=True)}
    assert findings["SAVED or DISCARDED"].repaired
    assert checks_of(examine(toy_graph)) == set()
    assert dump(toy_graph) == before


def test_a_country_that_listens_name_is_made_again(toy_graph: Graph) -> None:
    toy_graph.run("MATCH (c:Country {code: 'JP'}) DETACH DELETE c", writes=True)
    findings = {one.check: one for one in examine(toy_graph, repair=True)}
    assert findings["country of a listen"].count == 2
    assert findings["HEARD_IN"].repaired
    assert checks_of(examine(toy_graph)) == set()
    (row,) = toy_graph.run("MATCH (c:Country {code: 'JP'}) RETURN c.name AS name", writes=False)
    assert row["name"] == "Japan"


def test_each_place_counts(toy_graph: Graph) -> None:
    toy_graph.run("MATCH ()-[r:LISTENED|PLAYS_GENRE]->() SET r.plays = 0", writes=True)
    counts = {one.check: one.count for one in examine(toy_graph)}
    assert counts["LISTENED"] == len(HEARD)
    assert counts["PLAYS_GENRE"] == sum(map(len, STREAMS.values()))


def test_nothing_is_derived_from_facts_that_cannot_be_read(toy_graph: Graph) -> None:
    toy_graph.run("MATCH ()-[p:PLAYED {listen_id: 'l01'}]->() REMOVE p.plays", writes=True)
    harmed = dump(toy_graph)
    checks = {one.check: one for one in examine(toy_graph, repair=True)}
    assert checks.keys() - TOY_NOTES == {"PLAYED.plays", "derived values"}
    assert checks["derived values"].example == "PLAYED.plays"
    assert dump(toy_graph) == harmed


def test_a_load_finishes_what_a_load_left(toy_graph: Graph) -> None:
    before = dump(toy_graph)
    toy_graph.run(CUT_OFF, writes=True)
    again = "load tables data"
    load(toy_graph, toy_batches(), Rejects(), theta=0.2, advance=lambda _step, _rows: None, command=again)
    assert dump(toy_graph) == before
