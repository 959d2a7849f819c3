// Reduce friendships to one relationship, with the earliest date, or to none where one blocked the other; some at a time.
// mode: write
// params: rows: list, limit: int
// rows: user_id: str, friend_id: str
// returns: deleted: int
/* :params {rows: [{user_id: 'u1', friend_id: 'u2'}], limit: 10000} */
CALL () {
  UNWIND $rows AS row
  UNWIND [row.user_id, row.friend_id] AS user_id
  WITH DISTINCT user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
// A pair counts once, whichever of the two is named first.
WITH DISTINCT CASE WHEN row.user_id < row.friend_id THEN [row.user_id, row.friend_id]
                   ELSE [row.friend_id, row.user_id] END AS pair
WITH pair[0] AS user_id, pair[1] AS friend_id
MATCH (u:User {user_id: user_id})
MATCH (f:User {user_id: friend_id})
WITH u, f, u <> f AND NOT EXISTS { (u)-[:BLOCKED]-(f) } AS stays
CALL (u, f) {
  MATCH (u)-[r:FRIENDS_WITH]-(f)
  RETURN r AS kept ORDER BY r.since, startNode(r) = f LIMIT 1
}
MATCH (u)-[r:FRIENDS_WITH]-(f) WHERE r <> kept OR NOT stays
WITH DISTINCT r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
