// Decline the open request of a friend.
// mode: write
// params: user_id: str, friend_id: str, at: datetime
/* :params {user_id: 'u1', friend_id: 'u2', at: datetime()} */
CALL () {
  UNWIND [$user_id, $friend_id] AS wanted
  WITH wanted ORDER BY wanted
  MATCH (u:User {user_id: wanted})
  SET u._lock = true
  REMOVE u._lock
}
MATCH (:User {user_id: $friend_id})-[asked:ASKED]->(:User {user_id: $user_id})
WHERE asked.declined_at IS NULL
SET asked.declined_at = $at
