// Write which influencers users follow; who follows one already keeps the time.
// mode: write
// params: rows: list
// rows: user_id: str, influencer_id: str, since: datetime?
/* :params {rows: [{user_id: 'u1', influencer_id: 'i1', since: null}]} */
CALL () {
  UNWIND $rows AS row
  WITH DISTINCT row.user_id AS user_id ORDER BY user_id
  MATCH (u:User {user_id: user_id})
  SET u._lock = true
  REMOVE u._lock
}
UNWIND $rows AS row
MATCH (u:User {user_id: row.user_id})
WITH row, u
MATCH (i:Influencer {influencer_id: row.influencer_id})
WITH u, i, min(row.since) AS since
WHERE NOT EXISTS { (u)-[:FOLLOWS]->(i) }
CREATE (u)-[f:FOLLOWS]->(i)
SET f.since = since
