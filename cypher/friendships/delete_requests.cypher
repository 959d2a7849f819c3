// Delete the requests between two users; declined ones only if `declined` is true.
// mode: write
// params: user_id: str, friend_id: str, declined: bool
/* :params {user_id: 'u1', friend_id: 'u2', declined: false} */
MATCH (:User {user_id: $user_id})-[asked:ASKED]-(:User {user_id: $friend_id})
WHERE $declined OR asked.declined_at IS NULL
DELETE asked
