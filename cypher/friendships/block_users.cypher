// Block users, which ends a friendship; an existing block is not changed.
// mode: write
// params: rows: list
// rows: user_id: str, friend_id: str, at: datetime
/* :params {rows: [{user_id: 'u1', friend_id: 'u2', at: datetime()}]} */
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
CALL (u, f) {
  MATCH (u)-[friendship:FRIENDS_WITH]-(f)
  DELETE friendship
}
MERGE (u)-[block:BLOCKED]->(f)
ON CREATE SET block.at = row.at
