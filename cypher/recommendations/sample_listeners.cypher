// Listeners with enough friends and tracks to make a good example.
// mode: read
// params: limit: int
// returns: user_id: str, name: str?, friends: int, tracks: int
/* :params {limit: 20} */
MATCH (u:User)
WHERE u.user_id > ''
WITH u, COUNT { (u)-[:FRIENDS_WITH]-() } AS friends, COUNT { (u)-[:LISTENED]->() } AS tracks
WHERE friends >= 5 AND tracks >= 10
RETURN u.user_id AS user_id, u.name AS name, friends, tracks
ORDER BY user_id
LIMIT $limit
