// What genres hold by field.
// mode: read
// params: ids: [str]
// returns: genre_id: str, name: str?
/* :params {ids: ['pop']} */
UNWIND $ids AS wanted
MATCH (g:Genre {genre_id: wanted})
RETURN g.genre_id AS genre_id, g.name AS name
ORDER BY genre_id
