// Delete all that links a user to others: friendships, requests, blocks, similar taste, and tracks sent either way.
// mode: write
// params: user_id: str, other_ids: [str]
/* :params {user_id: 'u1', other_ids: ['u2']} */
CALL () {
  UNWIND [$user_id] + $other_ids AS wanted
  WITH DISTINCT wanted ORDER BY wanted
  MATCH (u:User {user_id: wanted})
  SET u._lock = true
  REMOVE u._lock
}
CALL () {
  // Then the tracks sent: who links something else to one of them holds it, and waits for the relationship.
  MATCH (:User {user_id: $user_id})-[:SENT|SENT_TO]-()-[:OF_TRACK]->(t)
  WITH DISTINCT t ORDER BY size(elementId(t)), elementId(t)
  SET t._lock = true
  REMOVE t._lock
}
MATCH (u:User {user_id: $user_id})
UNWIND $other_ids AS other_id
MATCH (o:User {user_id: other_id})
WHERE o <> u
CALL (u, o) {
  MATCH (u)-[r:FRIENDS_WITH|ASKED|BLOCKED|SIMILAR_TO]-(o)
  DELETE r
}
CALL (u, o) {
  MATCH (u)-[:SENT|SENT_TO]-(s)-[:SENT|SENT_TO]-(o)
  WITH DISTINCT s
  DETACH DELETE s
}
