// What sending a track needs to know: whether the track exists, what is between the two users, and what the id was used for.
// mode: read
// params: user_id: str, friend_id: str, track_id: str, sent_id: str
// returns: has_track: bool, friends: bool, blocked: bool, known: {sender: str?, receiver: str?, track_id: str?, note: str?}?
/* :params {user_id: 'u1', friend_id: 'u2', track_id: 't1', sent_id: 's1'} */
RETURN EXISTS { (:Track {track_id: $track_id}) } AS has_track,
       EXISTS { (:User {user_id: $user_id})-[:FRIENDS_WITH]-(:User {user_id: $friend_id}) } AS friends,
       EXISTS { (:User {user_id: $user_id})-[:BLOCKED]-(:User {user_id: $friend_id}) } AS blocked,
       head(COLLECT {
         MATCH (s:SentTrack {sent_id: $sent_id})
         RETURN {
           sender: head(COLLECT { MATCH (s)<-[:SENT]-(u) RETURN u.user_id }),
           receiver: head(COLLECT { MATCH (s)-[:SENT_TO]->(f) RETURN f.user_id }),
           track_id: head(COLLECT { MATCH (s)-[:OF_TRACK]->(t) RETURN t.track_id }),
           note: s.note
         }
       }) AS known
