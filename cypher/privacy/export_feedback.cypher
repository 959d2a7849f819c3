// Tracks that a user has saved or discarded, in the order of their ids, after a given one.
// mode: read
// params: user_id: str, after: str, limit: int
// returns: track_id: str, saved: bool, at_ms: int?
/* :params {user_id: 'u2', after: '', limit: 1000} */
MATCH (u:User {user_id: $user_id})-[said:SAVED|DISCARDED]->(t)
WITH said, t.track_id + '' AS track_id
WHERE track_id > $after
WITH said, track_id ORDER BY track_id LIMIT $limit
RETURN track_id, said:SAVED AS saved, said.at.epochMillis AS at_ms
ORDER BY track_id
