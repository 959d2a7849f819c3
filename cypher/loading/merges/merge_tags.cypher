// Write the tags that users gave to artists.
// mode: write
// params: rows: list
// rows: user_id: str, artist_id: str, tag: str
/* :params {rows: [{user_id: 'u1', artist_id: 'a1', tag: 'psychedelic cumbia'}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (a:Artist {artist_id: row.artist_id})
MERGE (u)-[:TAGGED {tag: row.tag}]->(a)
