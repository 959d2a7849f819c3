// Pairs of users whose friendship is not one relationship from the smaller to the larger id, by check.
// mode: read
// params: ids: [str]
// returns: check: str, user_id: str, friend_id: str
/* :params {ids: ['u1']} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
CALL (u) {
  MATCH (u)-[:FRIENDS_WITH]->(u)
  RETURN 'FRIENDS_WITH oneself' AS check, u AS f
UNION
  MATCH (u)<-[:FRIENDS_WITH]-(f:User)
  WHERE u.user_id < f.user_id
  RETURN 'FRIENDS_WITH direction' AS check, f
UNION
  MATCH (u)-[r:FRIENDS_WITH]-(f:User)
  WHERE u.user_id < f.user_id
  WITH f, count(r) AS links WHERE links > 1
  RETURN 'FRIENDS_WITH once' AS check, f
UNION
  MATCH (u)-[:FRIENDS_WITH]-(f:User)
  WHERE u.user_id < f.user_id AND EXISTS { (u)-[:BLOCKED]-(f) }
  RETURN 'FRIENDS_WITH and BLOCKED' AS check, f
}
RETURN DISTINCT check, u.user_id AS user_id, f.user_id AS friend_id
ORDER BY check, user_id, friend_id
