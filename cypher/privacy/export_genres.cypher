// Genres that a user likes, and those of the tracks and influencers of an export, in the order of their ids.
// mode: read
// params: user_id: str
// returns: genre_id: str, name: str, liked: bool
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})
CALL (u) {
  MATCH (u)-[:LISTENED|SAVED|DISCARDED]->(t)
  RETURN t
UNION
  MATCH (u)-[:SENT|SENT_TO]-()-[:OF_TRACK]->(t)
  RETURN t
}
WITH u, collect(t) AS tracks
CALL (u, tracks) {
  UNWIND tracks AS t
  MATCH (t)-[:IN_GENRE]->(g)
  RETURN g
UNION
  MATCH (u)-[:LIKES_GENRE]->(g)
  RETURN g
UNION
  MATCH (u)-[:FOLLOWS]->()-[:POSTS_IN]->(g)
  RETURN g
}
RETURN g.genre_id AS genre_id, g.name AS name, EXISTS { (u)-[:LIKES_GENRE]->(g) } AS liked
ORDER BY genre_id
