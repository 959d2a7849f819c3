// Artists that a user has tagged, and those of the tracks of an export, in the order of their ids.
// mode: read
// params: user_id: str
// returns: artist_id: str, name: str, country: str?
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})
CALL (u) {
  MATCH (u)-[:LISTENED|SAVED|DISCARDED]->(t)
  RETURN t
UNION
  MATCH (u)-[:SENT|SENT_TO]-()-[:OF_TRACK]->(t)
  RETURN t
UNION
  MATCH (u)-[:TAGGED]->(t)
  RETURN t
}
WITH DISTINCT t
CALL (t) {
  WITH t WHERE t:Artist
  RETURN t AS a
UNION ALL
  MATCH (t)-[:BY]->(a)
  RETURN a
}
WITH DISTINCT a
RETURN a.artist_id AS artist_id, a.name AS name, head(COLLECT { MATCH (a)-[:BASED_IN]->(c) RETURN c.code ORDER BY c.code }) AS country
ORDER BY artist_id
