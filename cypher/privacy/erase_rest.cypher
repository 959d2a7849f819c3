// Delete relationships of a user who is being erased other than listens, some of them at a time.
// mode: write
// params: user_id: str, limit: int
// returns: deleted: int
/* :params {user_id: 'u1', limit: 10000} */
MATCH (e:ErasedUser {user_id: $user_id})
WITH COLLECT {
  MATCH (e)-[r]-()
  WHERE NOT r:PLAYED
  RETURN r ORDER BY elementId(r) LIMIT $limit
} AS links
// The other ends first: who links something else to one of them holds it, and waits for the relationship.
CALL (links) {
  UNWIND links AS link
  WITH DISTINCT endNode(link) AS end
  WITH end ORDER BY size(elementId(end)), elementId(end)
  SET end._lock = true
  REMOVE end._lock
}
FOREACH (link IN links | DELETE link)
RETURN size(links) AS deleted
