// Write the tags that users gave to artists.
// mode: write
// params: rows: list
// rows: user_id: str, artist_id: str, tag: str
/* :params {rows: [{user_id: 'u1', artist_id: 'a1', tag: 'psychedelic cumbia'}]} */
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
MATCH (a:Artist {artist_id: row.artist_id})
WITH DISTINCT u, a, row.tag AS tag
WHERE NOT EXISTS { (u)-[:TAGGED {tag: tag}]->(a) }
CREATE (u)-[:TAGGED {tag: tag}]->(a)
