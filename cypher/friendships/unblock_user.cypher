// Delete a block.
// mode: write
// params: user_id: str, friend_id: str
/* :params {user_id: 'u1', friend_id: 'u2'} */
MATCH (:User {user_id: $user_id})-[block:BLOCKED]->(:User {user_id: $friend_id})
DELETE block
