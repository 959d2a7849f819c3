// Tracks that a user sent or received, in the order of their ids; also beside a block, and without the name and id of who has blocked the user.
// mode: read
// params: user_id: str
// returns: sent_id: str, sent: bool, other_id: str?, other_name: str?, track_id: str, note: str?, at_ms: int, seen_ms: int?
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})-[:SENT|SENT_TO]-(s)
WITH DISTINCT u, s
MATCH (s)-[:SENT|SENT_TO]-(other:User) WHERE other <> u
MATCH (s)-[:OF_TRACK]->(t)
WITH u, s, t, CASE WHEN NOT EXISTS { (other)-[:BLOCKED]->(u) } THEN other END AS other
RETURN s.sent_id AS sent_id, EXISTS { (u)-[:SENT]->(s) } AS sent, other.user_id AS other_id, other.name AS other_name,
       t.track_id AS track_id, s.note AS note, s.at.epochMillis AS at_ms, s.seen_at.epochMillis AS seen_ms
ORDER BY sent_id
