// Whether a user and a track exist.
// mode: read
// params: user_id: str, track_id: str
// returns: has_user: bool, has_track: bool
/* :params {user_id: 'u1', track_id: 't1'} */
RETURN EXISTS { (:User {user_id: $user_id}) } AS has_user, EXISTS { (:Track {track_id: $track_id}) } AS has_track
