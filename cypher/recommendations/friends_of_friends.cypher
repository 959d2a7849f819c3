// Friends of a listener's friends, those with the most friends in common first.
// mode: read
// params: user_id: str, limit: int
// returns: user_id: str, in_common: int, profile: bytes
/* :params {user_id: 'u1', limit: 50} */
MATCH (u:User {user_id: $user_id})-[:FRIENDS_WITH]-(f:User)
WITH u, f ORDER BY f.user_id LIMIT 50
MATCH (f)-[:FRIENDS_WITH]-(other:User)
WHERE other <> u AND other.profile IS NOT NULL AND NOT EXISTS { (u)-[:FRIENDS_WITH]-(other) }
WITH other, count(*) AS in_common
ORDER BY in_common DESC, other.user_id
LIMIT $limit
RETURN other.user_id AS user_id, in_common, other.profile AS profile
ORDER BY in_common DESC, user_id
