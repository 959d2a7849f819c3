// Tracks of the genres that a listener likes, the most heard of each genre first, and what the listener has done with each.
// mode: read
// params: user_id: str, each: int, limit: int
// returns: id: str, plays: int, said: str?
/* :params {user_id: 'u4', each: 8, limit: 24} */
MATCH (u:User {user_id: $user_id})-[:LIKES_GENRE]->(g:Genre)
CALL (g) {
  MATCH (g)<-[:IN_GENRE]-(t:Track)
  WITH t ORDER BY t.listeners DESC, t.track_id LIMIT $each
  RETURN collect(t) AS tracks
}
UNWIND range(0, size(tracks) - 1) AS place
WITH u, tracks[place] AS t, min(place) AS place
OPTIONAL MATCH (u)-[l:LISTENED]->(t)
OPTIONAL MATCH (u)-[said:SAVED|DISCARDED]->(t)
RETURN t.track_id AS id, coalesce(l.plays, 0) AS plays, toLower(type(said)) AS said
ORDER BY place, id
LIMIT $limit
