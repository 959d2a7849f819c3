// Ids and names of genres.
// mode: read
// params: keys: [int]
// returns: genres: [key: int, genre_id: str, name: str]
/* :params {keys: [1, 2]} */
RETURN COLLECT {
         UNWIND $keys AS wanted
         MATCH (g:Genre {key: wanted})
         RETURN [g.key, g.genre_id, g.name]
       } AS genres
