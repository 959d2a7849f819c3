// Delete listens of a user who is being erased; of which tracks none is left, the user is no listener any more.
// mode: write
// params: user_id: str, listen_ids: [str], track_ids: [str]
/* :params {user_id: 'u1', listen_ids: ['l1'], track_ids: ['t1']} */
CALL () {
  // The tracks first: who links something else to one of them holds it, and waits for the relationship.
  UNWIND $track_ids AS track_id
  MATCH (t:Track {track_id: track_id})
  WITH DISTINCT t ORDER BY size(elementId(t)), elementId(t)
  SET t._lock = true
  REMOVE t._lock
}
MATCH (e:ErasedUser {user_id: $user_id})
CALL (e) {
  UNWIND $listen_ids AS listen_id
  MATCH (e)-[p:PLAYED {listen_id: listen_id}]->()
  DELETE p
}
WITH e
UNWIND $track_ids AS track_id
MATCH (t:Track {track_id: track_id})
WHERE NOT EXISTS { (e)-[:PLAYED]->(t) }
CALL (e, t) {
  MATCH (e)-[l:LISTENED]->(t)
  DELETE l
}
SET t.listeners = t.listeners - 1
