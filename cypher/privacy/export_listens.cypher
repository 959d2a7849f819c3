// Listens of a user, in the order of their ids.
// mode: read
// params: user_id: str
// returns: listen_id: str, track_id: str, listened_ms: int?, heard: float?, heard_at_least: float?,
//   plays: int, country: str, source: str?
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})-[p:PLAYED]->(t)
RETURN p.listen_id AS listen_id, t.track_id AS track_id, p.listened_at.epochMillis AS listened_ms, p.heard AS heard,
       p.heard_at_least AS heard_at_least, p.plays AS plays, p.country AS country, p.source AS source
ORDER BY listen_id
