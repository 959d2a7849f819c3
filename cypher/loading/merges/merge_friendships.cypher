// Write friendships, once a pair, whichever of the two is named first; a block between the two keeps them out.
// mode: write
// params: rows: list
// rows: user_id: str, friend_id: str, since: datetime?
/* :params {rows: [{user_id: 'u1', friend_id: 'u2', since: null}]} */
CALL () {
  UNWIND $rows AS row
  UNWIND [row.user_id, row.friend_id] AS user_id
  WITH DISTINCT user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (f:User {user_id: row.friend_id})
WITH row, u, f WHERE NOT EXISTS { (u)-[:BLOCKED]-(f) }
MERGE (u)-[r:FRIENDS_WITH]-(f)
ON CREATE SET r.since = row.since
