// Tracks with the most listeners first, after a given one.
// mode: read
// params: listeners: int, after: str, limit: int
// returns: key: int, listeners: int, track_id: str
/* :params {listeners: 100, after: 't9', limit: 1000} */
MATCH (t:Track)
WHERE t.listeners <= $listeners AND t.track_id IS NOT NULL
// A computed text: a stored one is compared in another way with $after than it is ordered.
WITH t.key AS key, t.listeners AS listeners, t.track_id + '' AS track_id
WHERE listeners < $listeners OR track_id < $after
RETURN key, listeners, track_id
ORDER BY listeners DESC, track_id DESC
LIMIT $limit
