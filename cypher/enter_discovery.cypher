// Record that genres entered users' discovery pools: friends play them and the user is below the cap.
// mode: write
// params: rows: list, theta_num: int, theta_den: int
// rows: user_id: str, genre_ids: list?
/* :params {rows: [{user_id: 'u1', genre_ids: null}], theta_num: 1, theta_den: 5} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH u, row, reduce(most = 0, plays IN COLLECT { MATCH (u)-[p:PLAYS_GENRE]->() RETURN p.plays } | CASE WHEN plays > most THEN plays ELSE most END) AS favourite
CALL (u, row) {
  MATCH (u)-[:FRIENDS_WITH]-(:User)-[:PLAYS_GENRE]->(g:Genre)
  WITH DISTINCT g, row
  WHERE row.genre_ids IS NULL OR g.genre_id IN row.genre_ids
  RETURN g
}
OPTIONAL MATCH (u)-[own:PLAYS_GENRE]->(g)
WITH u, g, favourite, coalesce(own.plays, 0) AS streams
WHERE favourite = 0 OR streams * $theta_den < favourite * $theta_num
MERGE (u)-[:DISCOVERS]->(g)
