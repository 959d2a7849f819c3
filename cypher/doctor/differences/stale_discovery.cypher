// Genres that qualify for users' discovery pools and are not recorded there.
// mode: read
// params: ids: [str], theta_num: int, theta_den: int
// returns: user_id: str, genre_id: str
/* :params {ids: ['u1'], theta_num: 1, theta_den: 5} */
UNWIND $ids AS wanted
MATCH (u:User {user_id: wanted})
CALL (u) {
  OPTIONAL MATCH (u)-[f:PLAYS_GENRE]->(:Genre)
  RETURN coalesce(max(f.plays), 0) AS favourite
}
MATCH (u)-[:FRIENDS_WITH]-(:User)-[:PLAYS_GENRE]->(g:Genre)
WITH DISTINCT u, g, favourite
WHERE NOT EXISTS { (u)-[:DISCOVERS]->(g) }
OPTIONAL MATCH (u)-[own:PLAYS_GENRE]->(g)
WITH u, g, favourite, coalesce(own.plays, 0) AS streams
WHERE favourite = 0 OR streams * $theta_den < favourite * $theta_num
RETURN u.user_id AS user_id, g.genre_id AS genre_id
ORDER BY user_id, genre_id
