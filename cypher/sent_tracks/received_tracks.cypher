// Tracks that friends sent to a user, the newest first, after a given one; none beside a block between the two.
// mode: read
// params: user_id: str, before_ms: int, after: str, limit: int
// returns: sent_id: str, sender: {id: str, name: str?}, receiver: {id: str, name: str?}, track_key: int, note: str?,
//   at_ms: int, seen: bool
/* :params {user_id: 'u1', before_ms: 9223372036854775807, after: '', limit: 20} */
MATCH (from:User)-[:SENT]->(s)-[:SENT_TO]->(to:User {user_id: $user_id})
// Computed: a stored text is compared in another way with $after than it is ordered.
WITH from, s, to, s.at.epochMillis AS at_ms, s.sent_id + '' AS sent_id
WHERE (at_ms < $before_ms OR (at_ms = $before_ms AND sent_id > $after)) AND NOT EXISTS { (from)-[:BLOCKED]-(to) }
WITH from, s, to, at_ms, sent_id ORDER BY at_ms DESC, sent_id LIMIT $limit
MATCH (s)-[:OF_TRACK]->(t)
RETURN sent_id, {id: from.user_id, name: from.name} AS sender, {id: to.user_id, name: to.name} AS receiver,
       t.key AS track_key, s.note AS note, at_ms, s.seen_at IS NOT NULL AS seen
ORDER BY at_ms DESC, sent_id
