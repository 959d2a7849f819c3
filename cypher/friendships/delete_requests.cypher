// Delete the requests between two users; declined ones only if `declined` is true.
// mode: write
// params: user_id: str, friend_id: str, declined: bool
/* :params {user_id: 'u1', friend_id: 'u2', declined: false} */
CALL () {
  UNWIND [$user_id, $friend_id] AS wanted
  WITH wanted ORDER BY wanted
  MATCH (u:User {user_id: wanted})
  SET u._lock = true
  REMOVE u._lock
}
MATCH (:User {user_id: $user_id})-[asked:ASKED]-(:User {user_id: $friend_id})
WHERE $declined OR asked.declined_at IS NULL
DELETE asked
