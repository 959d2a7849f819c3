// Every genre.
// mode: read
// params:
// returns: key: int, genre_id: str, name: str
/* :params {} */
MATCH (g:Genre)
RETURN g.key AS key, g.genre_id AS genre_id, g.name AS name
ORDER BY genre_id
