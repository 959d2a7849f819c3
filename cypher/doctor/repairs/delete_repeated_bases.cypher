// Delete countries that artists and influencers are based in but the one with most of an influencer's audience; some at a time.
// mode: write
// params: rows: list, limit: int
// rows: kind: str, id: str
// returns: deleted: int
/* :params {rows: [{kind: 'Artist', id: 'a1'}], limit: 10000} */
UNWIND $rows AS row
CALL (row) {
  MATCH (n:Artist {artist_id: row.id}) WHERE row.kind = 'Artist'
  RETURN n
UNION
  MATCH (n:Influencer {influencer_id: row.id}) WHERE row.kind = 'Influencer'
  RETURN n
}
SET n._lock = true
REMOVE n._lock
WITH DISTINCT n
CALL (n) {
  MATCH (n)-[:BASED_IN]->(c:Country)
  WITH DISTINCT n, c
  OPTIONAL MATCH (n)-[reach:REACHES]->(c)
  WITH n, c, max(reach.share) AS share
  ORDER BY coalesce(share, 0.0) DESC, c.code LIMIT 1
  MATCH (n)-[r:BASED_IN]->(c)
  RETURN r AS kept LIMIT 1
}
MATCH (n)-[r:BASED_IN]->(:Country) WHERE r <> kept
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
