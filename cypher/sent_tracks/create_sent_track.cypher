// Send a track from a user to a friend; an id that is there already changes nothing.
// mode: write
// params: sent_id: str, user_id: str, friend_id: str, track_id: str, note: str?, at: datetime
/* :params {sent_id: 's1', user_id: 'u1', friend_id: 'u2', track_id: 't1', note: null, at: datetime()} */
CALL () {
  UNWIND [$user_id, $friend_id] AS wanted
  WITH DISTINCT wanted ORDER BY wanted
  MATCH (u:User {user_id: wanted})
  SET u._lock = true
  REMOVE u._lock
}
MATCH (u:User {user_id: $user_id})
WITH u
MATCH (f:User {user_id: $friend_id})
WHERE EXISTS { (u)-[:FRIENDS_WITH]-(f) }
WITH u, f
MATCH (t:Track {track_id: $track_id})
// The track before its relationships: who deletes one of them holds it.
SET t._lock = true
REMOVE t._lock
MERGE (s:SentTrack {sent_id: $sent_id})
// Only this statement can have created one without a time.
WITH u, f, t, s WHERE s.at IS NULL
SET s.at = $at, s.note = $note
CREATE (u)-[:SENT]->(s), (s)-[:SENT_TO]->(f), (s)-[:OF_TRACK]->(t)
