// Users who play a genre, by key and the country where they live.
// mode: read
// params: genre_id: str
// returns: country: str, keys: [int]
/* :params {genre_id: 'cumbia'} */
MATCH (g:Genre {genre_id: $genre_id})
MATCH (g)<-[:PLAYS_GENRE]-(u:User)-[:LIVES_IN]->(c:Country)
WITH c.code AS country, collect(DISTINCT u.key) AS keys
RETURN country, keys
ORDER BY country
