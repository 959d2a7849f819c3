// What artists hold by field.
// mode: read
// params: ids: [str]
// returns: artist_id: str, name: str?, country: [str]
/* :params {ids: ['a1']} */
UNWIND $ids AS wanted
MATCH (a:Artist {artist_id: wanted})
RETURN a.artist_id AS artist_id, a.name AS name,
       COLLECT { MATCH (a)-[:BASED_IN]->(c:Country) RETURN c.code } AS country
ORDER BY artist_id
