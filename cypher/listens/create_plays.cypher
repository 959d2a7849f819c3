// Create listens: the facts from which everything about listening is derived.
// mode: write
// params: rows: list
// rows: listen_id: str, user_id: str, track_id: str, listened_at: datetime?, heard: float?, heard_at_least: float?,
//   plays: int, country: str, source: str?
/* :params {rows: [{listen_id: 'l1', user_id: 'u1', track_id: 't1', listened_at: datetime(), heard: 0.9, heard_at_least: null, plays: 1, country: 'CO', source: 'app'}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (t:Track {track_id: row.track_id})
CREATE (u)-[:PLAYED {
  listen_id: row.listen_id, listened_at: row.listened_at, heard: row.heard, heard_at_least: row.heard_at_least,
  plays: row.plays, country: row.country, source: row.source
}]->(t)
