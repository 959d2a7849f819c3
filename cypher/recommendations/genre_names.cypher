// Ids and names of genres.
// mode: read
// params: keys: list
// returns: genres: list
/* :params {keys: [1, 2]} */
RETURN COLLECT {
         UNWIND $keys AS wanted
         MATCH (g:Genre {key: wanted})
         RETURN [g.key, g.genre_id, g.name]
       } AS genres
