// Users whom a relationship or a track that was sent links to a user, in the order of their ids; the first of them.
// mode: read
// params: user_id: str, limit: int
// returns: user_id: str, is_friend: bool
/* :params {user_id: 'u1', limit: 200} */
MATCH (u:User {user_id: $user_id})
CALL (u) {
  MATCH (u)-[:FRIENDS_WITH|ASKED|BLOCKED|SIMILAR_TO]-(o:User)
  RETURN o
UNION
  MATCH (u)-[:SENT|SENT_TO]-()-[:SENT|SENT_TO]-(o:User)
  RETURN o
}
WITH u, o WHERE o <> u
WITH u, o ORDER BY o.user_id LIMIT $limit
RETURN o.user_id AS user_id, EXISTS { (u)-[:FRIENDS_WITH]-(o) } AS is_friend
ORDER BY user_id
