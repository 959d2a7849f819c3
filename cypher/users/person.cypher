// Two users as the first sees the second: what is between the two, friends in common, and what both play and heard last.
// mode: read
// params: user_id: str, other_id: str, max_common: int
// returns: name: str?, country: str?, listens_visible_to: str?,
//   links: [kind: str, outgoing: bool, declined: bool, since_ms: int?],
//   common_friends: int, some: [user_id: str, name: str?], own_profile: bytes?, profile: bytes?, recent: [int]?
/* :params {user_id: 'u1', other_id: 'u3', max_common: 5} */
MATCH (u:User {user_id: $user_id})
MATCH (p:User {user_id: $other_id})
WITH u, p, COLLECT { MATCH (u)-[:FRIENDS_WITH]-(f) RETURN f } AS friends
RETURN p.name AS name, head(COLLECT { MATCH (p)-[:LIVES_IN]->(c) RETURN c.code }) AS country,
       p.listens_visible_to AS listens_visible_to,
       COLLECT {
         MATCH (u)-[r:FRIENDS_WITH|ASKED|BLOCKED]-(p)
         RETURN [type(r), startNode(r) = u, r.declined_at IS NOT NULL, coalesce(r.declined_at, r.at, r.since).epochMillis]
       } AS links,
       COUNT { (p)-[:FRIENDS_WITH]-(f) WHERE f IN friends } AS common_friends,
       COLLECT {
         MATCH (p)-[:FRIENDS_WITH]-(f) WHERE f IN friends
         WITH f ORDER BY f.user_id LIMIT $max_common
         RETURN [f.user_id, f.name]
       } AS some,
       u.profile AS own_profile, p.profile AS profile, p.recent AS recent
