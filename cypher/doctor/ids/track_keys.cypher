// Keys of tracks.
// mode: read
// params: ids: [str]
// returns: id: str, key: int?
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:Track {track_id: wanted})
RETURN n.track_id AS id, n.key AS key
ORDER BY id
