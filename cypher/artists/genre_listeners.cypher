// How many users play each of these genres in each country where they live.
// mode: read
// params: genre_ids: [str]
// returns: genre_id: str, country: str, listeners: int
/* :params {genre_ids: ['cumbia', 'pop']} */
UNWIND $genre_ids AS wanted
MATCH (g:Genre {genre_id: wanted})
MATCH (g)<-[:PLAYS_GENRE]-(u:User)-[:LIVES_IN]->(c:Country)
WITH g.genre_id AS genre_id, c.code AS country, count(DISTINCT u) AS listeners
RETURN genre_id, country, listeners
ORDER BY genre_id, country
