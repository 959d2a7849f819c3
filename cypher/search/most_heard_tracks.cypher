// Tracks with the most listeners first, after a given one.
// mode: read
// params: place: int, after: str, limit: int
// returns: id: str, place: int
/* :params {place: 9223372036854775807, after: '', limit: 20} */
MATCH (t:Track)
WHERE t.listeners <= $place AND t.track_id IS NOT NULL
// A computed text: a stored one is compared in another way with $after than it is ordered.
WITH t.track_id + '' AS id, t.listeners AS place
WHERE place < $place OR id > $after
RETURN id, place
ORDER BY place DESC, id
LIMIT $limit
