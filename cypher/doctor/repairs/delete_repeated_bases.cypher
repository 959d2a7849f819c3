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
WITH collect(r) AS links
// The other ends first: who links something else to one of them holds it, and waits for the relationship.
CALL (links) {
  UNWIND links AS link
  WITH DISTINCT endNode(link) AS end
  WITH end ORDER BY size(elementId(end)), elementId(end)
  SET end._lock = true
  REMOVE end._lock
}
UNWIND links AS link
DELETE link
RETURN count(*) AS deleted
