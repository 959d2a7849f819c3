// Add streams to how often a user plays a genre.
// mode: write
// params: rows: list
// rows: user_id: str, genre_id: str, plays: int
/* :params {rows: [{user_id: 'u1', genre_id: 'cumbia', plays: 1}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (g:Genre {genre_id: row.genre_id})
MERGE (u)-[p:PLAYS_GENRE]->(g)
ON CREATE SET p.plays = row.plays
ON MATCH SET p.plays = p.plays + row.plays
