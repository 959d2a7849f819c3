// End the friendship of two users.
// mode: write
// params: user_id: str, friend_id: str
/* :params {user_id: 'u1', friend_id: 'u2'} */
MATCH (:User {user_id: $user_id})-[friendship:FRIENDS_WITH]-(:User {user_id: $friend_id})
DELETE friendship
