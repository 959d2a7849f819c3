// Mark a track that a user received as seen; without a time as not seen.
// mode: write
// params: user_id: str, sent_id: str, at: datetime?
/* :params {user_id: 'u2', sent_id: 's1', at: datetime()} */
CALL () {
  MATCH (u:User {user_id: $user_id})
  SET u._lock = true
  REMOVE u._lock
}
MATCH (s:SentTrack {sent_id: $sent_id})
WHERE EXISTS { (s)-[:SENT_TO]->(:User {user_id: $user_id}) }
SET s.seen_at = CASE WHEN $at IS NULL THEN NULL ELSE coalesce(s.seen_at, $at) END
