// Tracks in the order of their ids, after a given one: the primary genre, and the artists with their plays.
// mode: read
// params: after: str, limit: int
// returns: track_id: str, key: int, genre: int?, artists: [artist_id: str, plays: int]
/* :params {after: '', limit: 5000} */
MATCH (t:Track)
WHERE t.track_id > $after
WITH t ORDER BY t.track_id LIMIT $limit
RETURN t.track_id AS track_id, t.key AS key,
       head(COLLECT { MATCH (t)-[r:IN_GENRE]->(g) RETURN g.key ORDER BY r.rank, g.genre_id LIMIT 1 }) AS genre,
       COLLECT { MATCH (t)-[:BY]->(a) RETURN [a.artist_id, a.plays] ORDER BY a.artist_id } AS artists
ORDER BY track_id
