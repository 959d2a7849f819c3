// Overwrite PLAYS_GENRE; without plays it is deleted.
// mode: write
// params: rows: list
// rows: user_id: str, genre_id: str, plays: int?
/* :params {rows: [{user_id: 'u1', genre_id: 'cumbia', plays: 1}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (g:Genre {genre_id: row.genre_id})
CALL (u, g) {
  MATCH (u)-[old:PLAYS_GENRE]->(g)
  DELETE old
}
WITH u, g, row WHERE row.plays IS NOT NULL
CREATE (u)-[:PLAYS_GENRE {plays: row.plays}]->(g)
