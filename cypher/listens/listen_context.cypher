// User, track and genres of each listen that arrives, how often they met so far, and the known listen that has its id.
// mode: read
// params: rows: list
// rows: listen_id: str, user_id: str, track_id: str
// returns: user_key: int?, home: str?, track_key: int?, genre_ids: [str], plays: int,
//   known: {user_id: str, track_id: str, listened_at: datetime?, heard: float?,
//   heard_at_least: float?, plays: int}?
/* :params {rows: [{listen_id: 'l1', user_id: 'u1', track_id: 't1'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (t:Track {track_id: row.track_id})
OPTIONAL MATCH (listener:User)-[p:PLAYED {listen_id: row.listen_id}]->(played:Track)
RETURN u.key AS user_key,
       head(COLLECT { MATCH (u)-[:LIVES_IN]->(c:Country) RETURN c.code ORDER BY c.code LIMIT 1 }) AS home, t.key AS track_key,
       COLLECT { MATCH (t)-[r:IN_GENRE]->(g:Genre) RETURN g.genre_id ORDER BY r.rank, g.genre_id } AS genre_ids,
       coalesce(head(COLLECT { MATCH (u)-[l:LISTENED]->(t) RETURN l.plays ORDER BY l.plays DESC }), 0) AS plays,
       CASE WHEN p IS NULL THEN null ELSE {
         user_id: listener.user_id, track_id: played.track_id, listened_at: p.listened_at, heard: p.heard,
         heard_at_least: p.heard_at_least, plays: p.plays
       } END AS known
ORDER BY position
