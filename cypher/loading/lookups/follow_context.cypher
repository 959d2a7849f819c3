// Whether user and influencer of each follow exist, and whether the user follows already.
// mode: read
// params: rows: list
// rows: user_id: str, influencer_id: str
// returns: user_known: bool, influencer_known: bool, repeated: bool
/* :params {rows: [{user_id: 'u1', influencer_id: 'i1'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (i:Influencer {influencer_id: row.influencer_id})
RETURN u IS NOT NULL AS user_known, i IS NOT NULL AS influencer_known,
       EXISTS { (u)-[:FOLLOWS]->(i) } AS repeated
ORDER BY position
