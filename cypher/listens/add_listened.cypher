// Add plays to what a user has listened to; `heard` is the mean share of the plays whose share is known.
// mode: write
// params: rows: list
// rows: user_id: str, track_id: str, plays: int, heard_plays: int, heard_ppm: int, last_at: datetime?
/* :params {rows: [{user_id: 'u1', track_id: 't1', plays: 1, heard_plays: 1, heard_ppm: 900000, last_at: datetime()}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (t:Track {track_id: row.track_id})
MERGE (u)-[l:LISTENED]->(t)
ON CREATE SET l.plays = 0, l.heard_plays = 0, l.heard_ppm = 0, t.listeners = t.listeners + 1
SET l.plays = l.plays + row.plays,
    l.heard_plays = l.heard_plays + row.heard_plays,
    l.heard_ppm = l.heard_ppm + row.heard_ppm,
    l.last_at = CASE WHEN row.last_at IS NULL OR l.last_at > row.last_at THEN l.last_at ELSE row.last_at END
SET l.heard = CASE WHEN l.heard_plays > 0 THEN l.heard_ppm / (1000000.0 * l.heard_plays) END
