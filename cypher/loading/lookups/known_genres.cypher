// Those of the given ids that are genres.
// mode: read
// params: ids: [str]
// returns: id: str
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:Genre {genre_id: wanted})
RETURN n.genre_id AS id
ORDER BY id
