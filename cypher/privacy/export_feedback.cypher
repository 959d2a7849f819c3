// Tracks that a user has saved or discarded, in the order of their ids.
// mode: read
// params: user_id: str
// returns: track_id: str, saved: bool, at_ms: int?
/* :params {user_id: 'u2'} */
MATCH (u:User {user_id: $user_id})-[said:SAVED|DISCARDED]->(t)
RETURN t.track_id AS track_id, said:SAVED AS saved, said.at.epochMillis AS at_ms
ORDER BY track_id
