// Make a user private (listens count for friends, without the user's name) or public.
// mode: write
// params: user_id: str, private: bool
/* :params {user_id: 'u1', private: true} */
MATCH (u:User {user_id: $user_id})
SET u.private = $private
