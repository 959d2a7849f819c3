// The friendship, requests and blocks between two users.
// mode: read
// params: user_id: str, friend_id: str
// returns: kind: str, outgoing: bool, declined: bool, since_ms: int?
/* :params {user_id: 'u1', friend_id: 'u2'} */
MATCH (u:User {user_id: $user_id})-[r:FRIENDS_WITH|ASKED|BLOCKED]-(other:User {user_id: $friend_id})
RETURN type(r) AS kind, startNode(r) = u AS outgoing,
       r.declined_at IS NOT NULL AS declined, coalesce(r.declined_at, r.at, r.since).epochMillis AS since_ms
ORDER BY kind, outgoing
