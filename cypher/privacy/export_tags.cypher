// Artists that a user has tagged, in the order of their ids, with the tags.
// mode: read
// params: user_id: str
// returns: artist_id: str, tags: [str]
/* :params {user_id: 'u2'} */
MATCH (u:User {user_id: $user_id})-[:TAGGED]->(a)
WITH DISTINCT u, a
RETURN a.artist_id AS artist_id, COLLECT { MATCH (u)-[r:TAGGED]->(a) RETURN DISTINCT r.tag ORDER BY r.tag } AS tags
ORDER BY artist_id
