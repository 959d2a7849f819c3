// Put influencers on the shortlist of an artist; who is on it already keeps the time. No row for an unknown influencer.
// mode: write
// params: artist_id: str, influencer_ids: [str], at: datetime
// returns: influencer_id: str
/* :params {artist_id: 'a1', influencer_ids: ['i1'], at: datetime('2026-10-20T12:00:00Z')} */
MATCH (a:Artist {artist_id: $artist_id})
SET a._lock = true
REMOVE a._lock
WITH a
UNWIND $influencer_ids AS id
WITH DISTINCT a, id
MATCH (i:Influencer {influencer_id: id})
CALL (a, i) {
  WITH a, i
  WHERE NOT EXISTS { (a)-[:SHORTLISTED]->(i) }
  CREATE (a)-[:SHORTLISTED {since: $at}]->(i)
}
RETURN i.influencer_id AS influencer_id
ORDER BY influencer_id
