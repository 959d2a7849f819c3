// Reduce a friendship to one relationship, with the earliest date, or to none where one blocked the other.
// mode: write
// params: rows: list
// rows: user_id: str, friend_id: str
/* :params {rows: [{user_id: 'u1', friend_id: 'u2'}]} */
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
MATCH (u)-[old:FRIENDS_WITH]-(f)
WITH u, f, collect(DISTINCT old) AS links, min(old.since) AS since
FOREACH (link IN links | DELETE link)
WITH u, f, since WHERE u <> f AND NOT EXISTS { (u)-[:BLOCKED]-(f) }
CREATE (u)-[r:FRIENDS_WITH]->(f)
SET r.since = since
