// Tracks of a genre, those with the most listeners first, and what one listener has done with each.
// mode: read
// params: genre_id: str, user_id: str, limit: int
// returns: id: str, plays: int, said: str?
/* :params {genre_id: 'pop', user_id: 'u1', limit: 24} */
OPTIONAL MATCH (u:User {user_id: $user_id})
WITH u
MATCH (:Genre {genre_id: $genre_id})<-[:IN_GENRE]-(t:Track)
WITH u, t ORDER BY t.listeners DESC, t.track_id LIMIT $limit
OPTIONAL MATCH (u)-[l:LISTENED]->(t)
OPTIONAL MATCH (u)-[said:SAVED|DISCARDED]->(t)
RETURN t.track_id AS id, coalesce(l.plays, 0) AS plays, toLower(type(said)) AS said
ORDER BY t.listeners DESC, id
