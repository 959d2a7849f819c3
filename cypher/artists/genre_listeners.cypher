// How many users play a genre in each country where they live.
// mode: read
// params: genre_id: str
// returns: country: str, listeners: int
/* :params {genre_id: 'cumbia'} */
MATCH (g:Genre {genre_id: $genre_id})
MATCH (g)<-[:PLAYS_GENRE]-(u:User)-[:LIVES_IN]->(c:Country)
WITH c.code AS country, count(DISTINCT u) AS listeners
RETURN country, listeners
ORDER BY country
