// Delete links of tracks to an artist or a genre but that of the highest rank, some at a time.
// mode: write
// params: rows: list, limit: int
// rows: track_id: str
// returns: deleted: int
/* :params {rows: [{track_id: 't1'}], limit: 10000} */
UNWIND $rows AS row
WITH DISTINCT row.track_id AS track_id
MATCH (t:Track {track_id: track_id})
SET t._lock = true
REMOVE t._lock
WITH t
MATCH (t)-[r:BY|IN_GENRE]->(other)
WITH t, other, type(r) AS kind, count(r) AS links WHERE links > 1
CALL (t, other, kind) {
  MATCH (t)-[r:BY|IN_GENRE]->(other) WHERE type(r) = kind
  RETURN r AS kept ORDER BY r.rank LIMIT 1
}
MATCH (t)-[r:BY|IN_GENRE]->(other) WHERE type(r) = kind AND r <> kept
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
