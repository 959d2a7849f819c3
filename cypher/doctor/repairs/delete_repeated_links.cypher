// Delete links that users have twice, saves and discards but the latest, and countries but the one most listened in; some at a time.
// mode: write
// params: rows: list, limit: int
// rows: user_id: str
// returns: deleted: int
/* :params {rows: [{user_id: 'u1'}], limit: 10000} */
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.user_id AS user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
WITH DISTINCT row.user_id AS user_id
MATCH (u:User {user_id: user_id})
CALL (u) {
  MATCH (u)-[r:SAVED|DISCARDED]->(t:Track)
  WITH u, t, count(r) AS links WHERE links > 1
  CALL (u, t) {
    MATCH (u)-[r:SAVED|DISCARDED]->(t)
    RETURN r AS kept ORDER BY r.at IS NULL, r.at DESC, type(r) DESC LIMIT 1
  }
  MATCH (u)-[r:SAVED|DISCARDED]->(t) WHERE r <> kept
  RETURN r
UNION ALL
  MATCH (u)-[r:LIVES_IN]->(:Country)
  WITH u, count(r) AS links WHERE links > 1
  CALL (u) {
    MATCH (u)-[:LIVES_IN]->(c:Country)
    WITH DISTINCT u, c
    ORDER BY COUNT { (u)-[p:PLAYED]->() WHERE p.country = c.code } DESC, c.code LIMIT 1
    MATCH (u)-[r:LIVES_IN]->(c)
    RETURN r AS kept LIMIT 1
  }
  MATCH (u)-[r:LIVES_IN]->(:Country) WHERE r <> kept
  RETURN r
UNION ALL
  MATCH (u)-[r:LIKES_GENRE|DISCOVERS|TAGGED|FOLLOWS|ASKED|BLOCKED|SIMILAR_TO|LISTENED|PLAYS_GENRE]->(other)
  WITH u, other, type(r) AS kind, r.tag AS tag, count(r) AS links WHERE links > 1
  CALL (u, other, kind, tag) {
    MATCH (u)-[r:LIKES_GENRE|DISCOVERS|TAGGED|FOLLOWS|ASKED|BLOCKED|SIMILAR_TO|LISTENED|PLAYS_GENRE]->(other)
    WHERE type(r) = kind AND coalesce(r.tag = tag, r.tag IS NULL AND tag IS NULL)
    RETURN r ORDER BY r.since IS NULL, r.since SKIP 1
  }
  RETURN r
}
WITH r LIMIT $limit
WITH collect(r) AS links
// The other ends first: who links something else to one of them holds it, and waits for the relationship.
CALL (links) {
  UNWIND links AS link
  WITH DISTINCT endNode(link) AS end
  WITH end ORDER BY size(elementId(end)), elementId(end)
  SET end._lock = true
  REMOVE end._lock
}
UNWIND links AS link
DELETE link
RETURN count(*) AS deleted
