// Overwrite LISTENED; without plays it is deleted.
// mode: write
// params: rows: list
// rows: user_id: str, track_id: str, plays: int?, heard_plays: int?, heard_ppm: int?, last_at: datetime?
/* :params {rows: [{user_id: 'u1', track_id: 't1', plays: 1, heard_plays: 1, heard_ppm: 900000, last_at: datetime()}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (t:Track {track_id: row.track_id})
CALL (u, t) {
  MATCH (u)-[old:LISTENED]->(t)
  DELETE old
}
WITH u, t, row WHERE row.plays IS NOT NULL
CREATE (u)-[l:LISTENED {plays: row.plays, heard_plays: row.heard_plays, heard_ppm: row.heard_ppm, last_at: row.last_at}]->(t)
SET l.heard = CASE WHEN row.heard_plays > 0 THEN row.heard_ppm / (1000000.0 * row.heard_plays) END
