// Write discards; the latest feedback on a track counts.
// mode: write
// params: rows: list
// rows: user_id: str, track_id: str, at: datetime
/* :params {rows: [{user_id: 'u1', track_id: 't1', at: datetime()}]} */
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.user_id AS user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
CALL () {
  // The tracks before their relationships, in one order for all who delete some.
  UNWIND $rows AS row
  MATCH (t:Track {track_id: row.track_id})
  WITH DISTINCT t ORDER BY size(elementId(t)), elementId(t)
  SET t._lock = true
  REMOVE t._lock
}
UNWIND $rows AS row
WITH row.user_id AS user_id, row.track_id AS track_id, max(row.at) AS at
MATCH (u:User {user_id: user_id})
WITH u, track_id, at
MATCH (t:Track {track_id: track_id})
OPTIONAL MATCH (u)-[old:SAVED|DISCARDED]->(t)
WITH u, t, at, collect(old) AS earlier
WHERE all(one IN earlier WHERE one.at < at)
FOREACH (one IN earlier | DELETE one)
CREATE (u)-[:DISCARDED {at: at}]->(t)
