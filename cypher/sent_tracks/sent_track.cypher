// A track that a user sent or received.
// mode: read
// params: user_id: str, sent_id: str
// returns: sent_id: str, sender: {id: str, name: str?}, receiver: {id: str, name: str?}, track_key: int, note: str?,
//   at_ms: int, seen: bool
/* :params {user_id: 'u1', sent_id: 's1'} */
MATCH (s:SentTrack {sent_id: $sent_id})
MATCH (from:User)-[:SENT]->(s)-[:SENT_TO]->(to:User), (s)-[:OF_TRACK]->(t:Track)
WHERE $user_id IN [from.user_id, to.user_id] AND NOT EXISTS { (from)-[:BLOCKED]-(to) }
// One that is deleted while it is read has no time any more: it is not there.
WITH from, to, t, s, s.at.epochMillis AS at_ms WHERE at_ms IS NOT NULL
RETURN $sent_id AS sent_id, {id: from.user_id, name: from.name} AS sender, {id: to.user_id, name: to.name} AS receiver,
       t.key AS track_key, s.note AS note, at_ms, s.seen_at IS NOT NULL AS seen
