// Delete a track that one of two users sent to the other: neither has it any more.
// mode: write
// params: user_id: str, friend_id: str, sent_id: str
/* :params {user_id: 'u1', friend_id: 'u2', sent_id: 's1'} */
CALL () {
  UNWIND [$user_id, $friend_id] AS wanted
  WITH DISTINCT wanted ORDER BY wanted
  MATCH (u:User {user_id: wanted})
  SET u._lock = true
  REMOVE u._lock
}
// Only now, for the look-up locks what it finds in the index.
MATCH (s:SentTrack {sent_id: $sent_id})
WHERE EXISTS { (:User {user_id: $user_id})-[:SENT|SENT_TO]-(s)-[:SENT|SENT_TO]-(:User {user_id: $friend_id}) }
CALL (s) {
  // The track before its relationship: who links something else to it holds it.
  MATCH (s)-[:OF_TRACK]->(t)
  SET t._lock = true
  REMOVE t._lock
}
DETACH DELETE s
