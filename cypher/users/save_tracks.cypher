// Write saves; the latest feedback on a track counts.
// mode: write
// params: rows: list
// rows: user_id: str, track_id: str, at: datetime
/* :params {rows: [{user_id: 'u1', track_id: 't1', at: datetime()}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (t:Track {track_id: row.track_id})
OPTIONAL MATCH (u)-[old:SAVED|DISCARDED]->(t)
WITH u, t, row, old
WHERE old IS NULL OR old.at < row.at
DELETE old
CREATE (u)-[:SAVED {at: row.at}]->(t)
