// What users have listened to, latest first and what has no time last, with the genres of each track in any order.
// mode: read
// params: user_ids: [str], limit: int
// returns: user_id: str, tracks: [key: int, plays: int, heard: float?, genres: [int], last_ms: int?]
/* :params {user_ids: ['u1'], limit: 500} */
UNWIND $user_ids AS wanted
MATCH (u:User {user_id: wanted})
RETURN u.user_id AS user_id,
       COLLECT {
         MATCH (u)-[l:LISTENED]->(t)
         WITH l, t ORDER BY l.last_at IS NULL, l.last_at DESC, l.plays DESC, t.track_id LIMIT $limit
         RETURN [t.key, l.plays, l.heard, COLLECT { MATCH (t)-[:IN_GENRE]->(g) RETURN g.key }, l.last_at.epochMillis]
       } AS tracks
ORDER BY user_id
