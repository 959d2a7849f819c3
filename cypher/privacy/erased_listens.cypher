// Listens of a user who is being erased: the first by track.
// mode: read
// params: user_id: str, limit: int
// returns: listen_id: str, track_id: str, listened_at: datetime?, heard: float?, heard_at_least: float?,
//   plays: int, country: str, source: str?
/* :params {user_id: 'u1', limit: 5000} */
MATCH (e:ErasedUser {user_id: $user_id})-[p:PLAYED]->(t)
WITH p, t ORDER BY t.track_id, p.listen_id LIMIT $limit
RETURN p.listen_id AS listen_id, t.track_id AS track_id, p.listened_at AS listened_at, p.heard AS heard,
       p.heard_at_least AS heard_at_least, p.plays AS plays, p.country AS country, p.source AS source
ORDER BY track_id, listen_id
