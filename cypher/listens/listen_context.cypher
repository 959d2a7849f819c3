// What the graph knows of each listen that arrives: its user, its track, how often they met so far, a listen with its id.
// mode: read
// params: rows: list
// rows: listen_id: str, user_id: str, track_id: str
// returns: user_known: bool, track_known: bool, plays: int,
//   known: {user_id: str, track_id: str, listened_ms: int?, heard: float?,
//   heard_at_least: float?, plays: int}?
/* :params {rows: [{listen_id: 'l1', user_id: 'u1', track_id: 't1'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (t:Track {track_id: row.track_id})
OPTIONAL MATCH (listener:User)-[p:PLAYED {listen_id: row.listen_id}]->(played:Track)
RETURN u IS NOT NULL AS user_known, t IS NOT NULL AS track_known,
       coalesce(head(COLLECT { MATCH (u)-[l:LISTENED]->(t) RETURN l.plays ORDER BY l.plays DESC }), 0) AS plays,
       CASE WHEN p IS NULL THEN null ELSE {
         user_id: listener.user_id, track_id: played.track_id, listened_ms: p.listened_at.epochMillis, heard: p.heard,
         heard_at_least: p.heard_at_least, plays: p.plays
       } END AS known
ORDER BY position
