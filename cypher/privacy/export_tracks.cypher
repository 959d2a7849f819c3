// Tracks that a user has heard, saved, discarded, sent or received, in the order of their ids.
// mode: read
// params: user_id: str
// returns: track_id: str, title: str, artist_ids: [str], genre_ids: [str], duration_s: float?, language: str?, mbid: str?,
//   isrc: str?, features: [float]?
/* :params {user_id: 'u1'} */
MATCH (u:User {user_id: $user_id})
CALL (u) {
  MATCH (u)-[:LISTENED|SAVED|DISCARDED]->(t)
  RETURN t
UNION
  MATCH (u)-[:SENT|SENT_TO]-()-[:OF_TRACK]->(t)
  RETURN t
}
RETURN t.track_id AS track_id, t.title AS title, COLLECT { MATCH (t)-[:BY]->(a) RETURN a.artist_id ORDER BY a.artist_id } AS artist_ids,
       COLLECT { MATCH (t)-[r:IN_GENRE]->(g) RETURN g.genre_id ORDER BY r.rank, g.genre_id } AS genre_ids,
       t.duration_s AS duration_s, t.language AS language, t.mbid AS mbid, t.isrc AS isrc, t.features AS features
ORDER BY track_id
