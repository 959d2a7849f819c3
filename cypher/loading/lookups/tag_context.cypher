// Whether user and artist of each tag exist, and whether the tag is given already.
// mode: read
// params: rows: list
// rows: user_id: str, artist_id: str, tag: str
// returns: user_known: bool, artist_known: bool, repeated: bool
/* :params {rows: [{user_id: 'u1', artist_id: 'a1', tag: 'chicha'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (a:Artist {artist_id: row.artist_id})
RETURN u IS NOT NULL AS user_known, a IS NOT NULL AS artist_known,
       EXISTS { (u)-[:TAGGED {tag: row.tag}]->(a) } AS repeated
ORDER BY position
