// Record that genres entered users' discovery pools: friends play them and the user is below the cap.
// mode: write
// params: rows: list, theta_num: int, theta_den: int
// rows: user_id: str, genre_ids: [str]?
/* :params {rows: [{user_id: 'u1', genre_ids: null}], theta_num: 1, theta_den: 5} */
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.user_id AS user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH u, row, reduce(most = 0, plays IN COLLECT { MATCH (u)-[p:PLAYS_GENRE]->() RETURN p.plays } | CASE WHEN plays > most THEN plays ELSE most END) AS favourite
CALL (u, row) {
  WITH u, row WHERE row.genre_ids IS NULL
  MATCH (u)-[:FRIENDS_WITH]-()-[:PLAYS_GENRE]->(g)
  RETURN DISTINCT g
UNION ALL
  // A few genres are looked for among friends, which ends at the first who plays it.
  WITH u, row WHERE row.genre_ids IS NOT NULL
  UNWIND row.genre_ids AS wanted
  MATCH (g:Genre {genre_id: wanted})
  WHERE NOT EXISTS { (u)-[:DISCOVERS]->(g) } AND EXISTS { (u)-[:FRIENDS_WITH]-()-[:PLAYS_GENRE]->(g) }
  RETURN g
}
OPTIONAL MATCH (u)-[own:PLAYS_GENRE]->(g)
WITH u, g, favourite, coalesce(own.plays, 0) AS streams
WHERE (favourite = 0 OR streams * $theta_den < favourite * $theta_num) AND NOT EXISTS { (u)-[:DISCOVERS]->(g) }
WITH DISTINCT u, g
CREATE (u)-[:DISCOVERS]->(g)
