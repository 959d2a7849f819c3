// Whether the user of each like exists, and likes the genre already.
// mode: read
// params: rows: list
// rows: user_id: str, genre_id: str
// returns: user_known: bool, repeated: bool
/* :params {rows: [{user_id: 'u1', genre_id: 'cumbia'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (g:Genre {genre_id: row.genre_id})
RETURN u IS NOT NULL AS user_known, EXISTS { (u)-[:LIKES_GENRE]->(g) } AS repeated
ORDER BY position
