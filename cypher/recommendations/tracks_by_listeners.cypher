// Tracks with the most listeners first, after a given one.
// mode: read
// params: listeners: int, after: str, limit: int
// returns: key: int, listeners: int, track_id: str
/* :params {listeners: 100, after: 't9', limit: 1000} */
MATCH (t:Track)
WHERE t.listeners <= $listeners AND t.track_id >= '' AND (t.listeners < $listeners OR t.track_id < $after)
RETURN t.key AS key, t.listeners AS listeners, t.track_id AS track_id
ORDER BY listeners DESC, track_id DESC
LIMIT $limit
