// Users who have heard an artist, by key and the country where they live.
// mode: read
// params: artist_id: str
// returns: country: str?, keys: [int]
/* :params {artist_id: 'a1'} */
MATCH (:Artist {artist_id: $artist_id})<-[:BY]-(:Track)<-[:LISTENED]-(u:User)
WITH DISTINCT u
OPTIONAL MATCH (u)-[:LIVES_IN]->(c:Country)
WITH c.code AS country, collect(u.key) AS keys
RETURN country, keys
ORDER BY country
