// Genres that a listener likes.
// mode: read
// params: user_id: str
// returns: id: str
/* :params {user_id: 'u4'} */
MATCH (:User {user_id: $user_id})-[:LIKES_GENRE]->(g:Genre)
RETURN g.genre_id AS id
ORDER BY id
