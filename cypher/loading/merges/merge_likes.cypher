// Write liked genres; a like counts as one stream of the genre.
// mode: write
// params: rows: list
// rows: user_id: str, genre_id: str
/* :params {rows: [{user_id: 'u1', genre_id: 'cumbia'}]} */
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.user_id AS user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (g:Genre {genre_id: row.genre_id})
WITH DISTINCT u, g
WHERE NOT EXISTS { (u)-[:LIKES_GENRE]->(g) }
CREATE (u)-[:LIKES_GENRE]->(g)
MERGE (u)-[p:PLAYS_GENRE]->(g)
ON CREATE SET p.plays = 1
ON MATCH SET p.plays = p.plays + 1
