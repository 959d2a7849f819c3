// Make a user whom nothing links to others one who is being erased: no other query finds the user any more.
// mode: write
// params: user_id: str
// returns: user_id: str
/* :params {user_id: 'u1'} */
CALL () {
  MATCH (u:User {user_id: $user_id})
  SET u._lock = true
  REMOVE u._lock
}
MATCH (u:User {user_id: $user_id})
WHERE NOT EXISTS { (u)-[:FRIENDS_WITH|ASKED|BLOCKED|SIMILAR_TO]-(o:User) WHERE o <> u }
  AND NOT EXISTS { (u)-[:SENT|SENT_TO]-()-[:SENT|SENT_TO]-(o:User) WHERE o <> u }
REMOVE u:User, u.name, u.search_text, u.profile, u.recent, u.listens_visible_to
SET u:ErasedUser
RETURN u.user_id AS user_id
