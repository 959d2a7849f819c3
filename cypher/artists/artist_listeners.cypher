// Users who have heard an artist, by key; how many live in each country, and of those who play each of the genres given.
// mode: read
// params: artist_id: str, genre_ids: [str]
// returns: keys: [int], homes: [country: str, listeners: int], genre_homes: [genre_id: str, country: str, listeners: int]
/* :params {artist_id: 'a1', genre_ids: ['cumbia', 'pop']} */
CALL () {
  MATCH (:Artist {artist_id: $artist_id})<-[:BY]-(:Track)<-[:LISTENED]-(u:User)
  RETURN collect(DISTINCT u) AS listeners
}
RETURN COLLECT { UNWIND listeners AS u RETURN u.key ORDER BY u.key } AS keys,
       COLLECT {
         UNWIND listeners AS u
         MATCH (u)-[:LIVES_IN]->(c:Country)
         WITH c.code AS code, count(DISTINCT u) AS n
         RETURN [code, n] AS home ORDER BY code
       } AS homes,
       COLLECT {
         UNWIND listeners AS u
         MATCH (u)-[:PLAYS_GENRE]->(g:Genre)
         WHERE g.genre_id IN $genre_ids
         MATCH (u)-[:LIVES_IN]->(c:Country)
         WITH g.genre_id AS genre_id, c.code AS code, count(DISTINCT u) AS n
         RETURN [genre_id, code, n] AS home ORDER BY genre_id, code
       } AS genre_homes
