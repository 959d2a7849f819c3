// Write friendships, once a pair; which of the two is named first means nothing.
// mode: write
// params: rows: list
// rows: user_id: str, friend_id: str, since: datetime?
/* :params {rows: [{user_id: 'u1', friend_id: 'u2', since: null}]} */
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (f:User {user_id: row.friend_id})
MERGE (u)-[r:FRIENDS_WITH]-(f)
ON CREATE SET r.since = row.since
