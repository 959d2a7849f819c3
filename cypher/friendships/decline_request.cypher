// Decline the open request of a friend.
// mode: write
// params: user_id: str, friend_id: str, at: datetime
/* :params {user_id: 'u1', friend_id: 'u2', at: datetime()} */
MATCH (:User {user_id: $friend_id})-[asked:ASKED]->(:User {user_id: $user_id})
WHERE asked.declined_at IS NULL
SET asked.declined_at = $at
