// Whether both users of each pair exist, whether they are friends already, and whether one has blocked the other.
// mode: read
// params: rows: list
// rows: user_id: str, friend_id: str
// returns: user_known: bool, friend_known: bool, repeated: bool, blocked: bool
/* :params {rows: [{user_id: 'u1', friend_id: 'u2'}]} */
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
OPTIONAL MATCH (u:User {user_id: row.user_id})
OPTIONAL MATCH (f:User {user_id: row.friend_id})
RETURN u IS NOT NULL AS user_known, f IS NOT NULL AS friend_known, EXISTS { (u)-[:FRIENDS_WITH]-(f) } AS repeated,
       EXISTS { (u)-[:BLOCKED]-(f) } AS blocked
ORDER BY position
