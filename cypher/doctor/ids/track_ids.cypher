// Ids of tracks in order, after a given one.
// mode: read
// params: after: str, limit: int
// returns: track_id: str
/* :params {after: '', limit: 500} */
MATCH (n:Track)
WHERE n.track_id > $after
RETURN n.track_id AS track_id
ORDER BY track_id
LIMIT $limit
