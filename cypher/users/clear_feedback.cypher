// Delete a user's feedback on a track.
// mode: write
// params: user_id: str, track_id: str
/* :params {user_id: 'u1', track_id: 't1'} */
MATCH (u:User {user_id: $user_id})
SET u._lock = true
REMOVE u._lock
WITH u
MATCH (u)-[old:SAVED|DISCARDED]->(:Track {track_id: $track_id})
DELETE old
