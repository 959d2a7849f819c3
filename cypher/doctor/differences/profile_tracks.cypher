// Tracks that users have listened to, computed from their listens, latest first, with the genres of each and what is stored of them.
// mode: read
// params: ids: [str], limit: int
// returns: user_id: str, profile: bytes?, recent: [int]?,
//   tracks: [key: int, plays: int, heard: float?, genres: [int], last_ms: int?]
/* :params {ids: ['u1'], limit: 500} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
RETURN u.user_id AS user_id, u.profile AS profile,
       CASE WHEN u.recent IS :: LIST<INTEGER NOT NULL> THEN u.recent END AS recent,
       COLLECT {
         MATCH (u)-[p:PLAYED]->(t:Track)
         WITH t, sum(p.plays) AS plays, max(p.listened_at) AS last_at,
              sum(CASE WHEN p.heard IS NULL THEN 0 ELSE p.plays END) AS heard_plays,
              sum(CASE WHEN p.heard IS NULL THEN 0 ELSE toInteger(round(p.heard * 1000000, 0, 'HALF_EVEN')) * p.plays END) AS heard_ppm
         ORDER BY last_at IS NULL, last_at DESC, plays DESC, t.track_id LIMIT $limit
         RETURN [t.key, plays, CASE WHEN heard_plays > 0 THEN heard_ppm / (1000000.0 * heard_plays) END,
                 COLLECT { MATCH (t)-[:IN_GENRE]->(g:Genre) RETURN DISTINCT g.key }, last_at.epochMillis]
       } AS tracks
ORDER BY user_id
