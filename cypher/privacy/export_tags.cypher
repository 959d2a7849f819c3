// Artists that a user has tagged, in the order of their ids, after a given one, with the tags.
// mode: read
// params: user_id: str, after: str, limit: int
// returns: artist_id: str, tags: [str]
/* :params {user_id: 'u2', after: '', limit: 1000} */
MATCH (u:User {user_id: $user_id})-[:TAGGED]->(a)
WITH DISTINCT u, a, a.artist_id + '' AS artist_id
WHERE artist_id > $after
WITH u, a, artist_id ORDER BY artist_id LIMIT $limit
RETURN artist_id, COLLECT { MATCH (u)-[r:TAGGED]->(a) RETURN DISTINCT r.tag ORDER BY r.tag } AS tags
ORDER BY artist_id
