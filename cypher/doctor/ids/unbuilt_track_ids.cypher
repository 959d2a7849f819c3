// Ids of tracks with months that have no cells, in order, after a given one: an older version wrote them.
// mode: read
// params: after: str, limit: int
// returns: track_id: str
/* :params {after: '', limit: 20} */
MATCH (t:Track)
WHERE t.track_id > $after AND EXISTS { (t)-[h:HEARD_IN]->() WHERE h.cells IS NULL }
RETURN t.track_id AS track_id
ORDER BY track_id
LIMIT $limit
