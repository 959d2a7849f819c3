// Pairs of users whose friendship is more than one relationship, or is beside a block, by check.
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
  MATCH (u)-[r:FRIENDS_WITH]-(f:User)
  WHERE u <> f
  WITH u, f, count(r) AS links WHERE links > 1 AND elementId(u) < elementId(f)
  RETURN 'FRIENDS_WITH once' AS check, f
UNION
  MATCH (u)-[:FRIENDS_WITH]-(f:User)
  WHERE EXISTS { (u)-[:BLOCKED]-(f) } AND elementId(u) < elementId(f)
  RETURN 'FRIENDS_WITH and BLOCKED' AS check, f
}
RETURN DISTINCT check, u.user_id AS user_id, f.user_id AS friend_id
ORDER BY check, user_id, friend_id
