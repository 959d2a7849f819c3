// Those of the given ids that are artists.
// mode: read
// params: ids: [str]
// returns: id: str
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:Artist {artist_id: wanted})
RETURN n.artist_id AS id
ORDER BY id
