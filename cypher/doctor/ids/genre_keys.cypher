// Keys of genres.
// mode: read
// params: ids: [str]
// returns: id: str, key: int?
/* :params {ids: ['x1', 'x2']} */
UNWIND $ids AS wanted
MATCH (n:Genre {genre_id: wanted})
RETURN n.genre_id AS id, n.key AS key
ORDER BY id
