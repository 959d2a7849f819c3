// Delete a user's feedback on a track.
// mode: write
// params: user_id: str, track_id: str
/* :params {user_id: 'u1', track_id: 't1'} */
MATCH (u:User {user_id: $user_id})
SET u._lock = true
REMOVE u._lock
WITH u
// The track before its relationship: who links something else to it holds it.
MATCH (t:Track {track_id: $track_id})
SET t._lock = true
REMOVE t._lock
WITH u, t
MATCH (u)-[old:SAVED|DISCARDED]->(t)
DELETE old
