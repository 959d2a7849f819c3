// Tracks with the most listeners first, after a given one.
// mode: read
// params: listeners: int, after: str, limit: int
// returns: key: int, listeners: int, track_id: str
/* :params {listeners: 100, after: 't9', limit: 1000} */
// The index compares ids with $after as it orders them: beside it, Neo4j compares a stored text in another way.
CALL () {
  MATCH (t:Track)
  USING INDEX t:Track(listeners, track_id)
  WHERE t.listeners = $listeners AND t.track_id < $after
  RETURN t ORDER BY t.listeners DESC, t.track_id DESC LIMIT $limit
UNION ALL
  MATCH (t:Track)
  WHERE t.listeners < $listeners AND t.track_id IS NOT NULL
  RETURN t ORDER BY t.listeners DESC, t.track_id DESC LIMIT $limit
}
RETURN t.key AS key, t.listeners AS listeners, t.track_id AS track_id
ORDER BY listeners DESC, track_id DESC
LIMIT $limit
