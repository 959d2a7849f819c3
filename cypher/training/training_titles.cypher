// Tracks in the order of their ids, after a given one: title and names of the artists.
// mode: read
// params: after: str, limit: int
// returns: track_id: str, key: int, title: str, artists: [str]
/* :params {after: '', limit: 5000} */
MATCH (t:Track)
WHERE t.track_id > $after
WITH t ORDER BY t.track_id LIMIT $limit
RETURN t.track_id AS track_id, t.key AS key, t.title AS title,
       COLLECT { MATCH (t)-[:BY]->(a) RETURN a.name ORDER BY a.artist_id } AS artists
ORDER BY track_id
