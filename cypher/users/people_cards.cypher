// What a user sees of others beside their names: what is between the two, and friends in common, in the order of the given ids.
// mode: read
// params: user_id: str, ids: [str]
// returns: user_id: str, name: str?, country: str?, links: [kind: str, outgoing: bool, declined: bool, since_ms: int?],
//   common_friends: int
/* :params {user_id: 'u1', ids: ['u2', 'u3']} */
MATCH (u:User {user_id: $user_id})
WITH u, COLLECT { MATCH (u)-[:FRIENDS_WITH]-(f) RETURN f } AS friends
UNWIND range(0, size($ids) - 1) AS position
MATCH (p:User {user_id: $ids[position]})
RETURN p.user_id AS user_id, p.name AS name, head(COLLECT { MATCH (p)-[:LIVES_IN]->(c) RETURN c.code }) AS country,
       COLLECT {
         MATCH (u)-[r:FRIENDS_WITH|ASKED|BLOCKED]-(p)
         RETURN [type(r), startNode(r) = u, r.declined_at IS NOT NULL, coalesce(r.declined_at, r.at, r.since).epochMillis]
       } AS links,
       COUNT { (p)-[:FRIENDS_WITH]-(f) WHERE f IN friends } AS common_friends
ORDER BY position
