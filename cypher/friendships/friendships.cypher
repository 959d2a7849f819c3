// Friends of a user, users with an open or declined request, and users whom the user has blocked; who has blocked the user is without a name.
// mode: read
// params: user_id: str, after: str, limit: int
// returns: user_id: str, name: str?, kind: str, outgoing: bool, declined: bool, since_ms: int?
/* :params {user_id: 'u1', after: '', limit: 20} */
// The first user of this page or after it, as the index orders ids: a stored text, which Neo4j compares with others in
// the order in which it sorts them. Beside $after itself it would compare in another one.
CALL () {
  MATCH (n:User)
  WHERE n.user_id > $after
  RETURN n.user_id AS first
  ORDER BY first
  LIMIT 1
}
MATCH (u:User {user_id: $user_id})-[link:FRIENDS_WITH|ASKED|BLOCKED]-(other)
WHERE other.user_id >= first AND (startNode(link) = u OR NOT link:BLOCKED)
WITH u, other, collect(link) AS links
WITH u, other, coalesce(head([l IN links WHERE l:BLOCKED]), head([l IN links WHERE l:FRIENDS_WITH]), head(links)) AS r
RETURN other.user_id AS user_id, CASE WHEN NOT EXISTS { (other)-[:BLOCKED]->(u) } THEN other.name END AS name, type(r) AS kind, startNode(r) = u AS outgoing,
       r.declined_at IS NOT NULL AS declined, coalesce(r.declined_at, r.at, r.since).epochMillis AS since_ms
ORDER BY user_id
LIMIT $limit
