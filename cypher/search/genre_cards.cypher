// Genres with how many tracks they have, in the order of the given ids.
// mode: read
// params: ids: [str]
// returns: genre_id: str, name: str, tracks: int
/* :params {ids: ['cumbia', 'fado']} */
UNWIND range(0, size($ids) - 1) AS position
MATCH (g:Genre {genre_id: $ids[position]})
RETURN g.genre_id AS genre_id, g.name AS name, COUNT { (g)<-[:IN_GENRE]-() } AS tracks
ORDER BY position
