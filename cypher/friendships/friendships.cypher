// Friends of a user, users with an open or declined request, and users whom the user has blocked.
// mode: read
// params: user_id: str, after: str, limit: int
// returns: user_id: str, name: str?, kind: str, outgoing: bool, declined: bool, since_ms: int?
/* :params {user_id: 'u1', after: '', limit: 20} */
MATCH (u:User {user_id: $user_id})-[link:FRIENDS_WITH|ASKED|BLOCKED]-(other)
// A computed text: a stored one is compared in another way with $after than it is ordered.
WITH u, link, other, other.user_id + '' AS user_id
WHERE user_id > $after AND (startNode(link) = u OR NOT link:BLOCKED)
WITH u, other, user_id, collect(link) AS links
WITH u, other, user_id, coalesce(head([l IN links WHERE l:BLOCKED]), head([l IN links WHERE l:FRIENDS_WITH]), head(links)) AS r
RETURN user_id, other.name AS name, type(r) AS kind, startNode(r) = u AS outgoing,
       r.declined_at IS NOT NULL AS declined, coalesce(r.declined_at, r.at, r.since).epochMillis AS since_ms
ORDER BY user_id
LIMIT $limit
